"""What the public site writes."""

from citeslab.website.services.announcements import announce, withdraw_announcement
from citeslab.website.services.stories import (
    AlreadyTold,
    Gone,
    NotAgreed,
    OfAnotherSite,
    agree,
    change,
    illustrate,
    publish,
    take_picture_away,
    withdraw,
    write,
)

__all__ = [
    "AlreadyTold",
    "Gone",
    "NotAgreed",
    "OfAnotherSite",
    "agree",
    "announce",
    "change",
    "illustrate",
    "publish",
    "take_picture_away",
    "withdraw",
    "withdraw_announcement",
    "write",
]
