"""Doors of agreements and money."""
