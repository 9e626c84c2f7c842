"""Rows of the public site."""

from citeslab.website.models.announcements import Announcement
from citeslab.website.models.stories import Picture, Story

__all__ = ["Announcement", "Picture", "Story"]
