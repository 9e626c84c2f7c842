"""Doors: the advisor's pages, and the space of the person herself."""
