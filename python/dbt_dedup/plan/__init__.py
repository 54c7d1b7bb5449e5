"""Say what the next build would change, without changing a table of the project."""
