"""The demonstration network made: drawn year by year, copied room by room, in one transaction."""

from citeslab.demo.services.making import NotInvented, make_demonstration
from citeslab.demo.services.reports import publish_last_year

__all__ = ["NotInvented", "make_demonstration", "publish_last_year"]
