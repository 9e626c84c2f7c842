"""Doors of the public site."""
