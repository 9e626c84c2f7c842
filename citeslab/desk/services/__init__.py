"""Acts of the desk, one module a noun."""
