"""The exception that people see."""


class DedupError(Exception):
    """An error the user can fix. The message says what is wrong, where, what was expected and how to fix it."""
