"""What is asked of an action, and of who comes to it."""

from citeslab.workshops.forms.agenda import NEAR, Block, Poster, Wanted
from citeslab.workshops.forms.attending import Heads, ListMark, Mark, Named, SheetToCheck
from citeslab.workshops.forms.paying import MOST_SHARES, Paying
from citeslab.workshops.forms.planning import CallingOff, Programme, of_place
from citeslab.workshops.forms.registering import AdvisorsGuest, Guest
from citeslab.workshops.forms.room import ActsFile, CheckIn, Opinion, WalkIn

__all__ = [
    "MOST_SHARES", "NEAR", "ActsFile", "AdvisorsGuest", "Block", "CallingOff", "CheckIn", "Guest", "Heads",
    "ListMark", "Mark", "Named", "Opinion", "Paying", "Poster", "Programme", "SheetToCheck", "WalkIn", "Wanted",
    "of_place",
]  # fmt: skip
