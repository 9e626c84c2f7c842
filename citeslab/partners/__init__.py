"""The directory of partner networks, their offices and their contacts."""
