"""The one refusal of this package."""


class DatabaseUnavailable(Exception):
    """Says in one message what is wrong, why, and the way out; no traceback is needed to understand it."""
