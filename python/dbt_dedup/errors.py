"""The one exception that people see."""


class DedupError(Exception):
    """Something the user can mend: the message says what is wrong, where, what was expected and the way out."""
