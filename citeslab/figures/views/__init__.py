"""Doors of the figures, by subject."""
