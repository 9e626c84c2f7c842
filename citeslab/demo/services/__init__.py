"""The demonstration network made: drawn year by year, copied room by room, in one transaction."""

from citeslab.demo.services.making import NotInvented, make_demonstration

__all__ = ["NotInvented", "make_demonstration"]
