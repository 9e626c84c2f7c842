"""Doors of the life of the network, one module a subject."""
