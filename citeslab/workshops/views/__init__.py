"""Doors of collective actions."""
