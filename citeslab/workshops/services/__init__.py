"""Acts on collective actions: planned, registered for, attended, counted."""

from citeslab.workshops.services.attending import close, count_heads, mark
from citeslab.workshops.services.planning import AlreadyHeld, call_off, change, plan
from citeslab.workshops.services.recording import BATCH, save_workshops, set_attendances, set_head_counts
from citeslab.workshops.services.registering import CalledOff, NoNames, register, unregister

__all__ = [
    "BATCH", "AlreadyHeld", "CalledOff", "NoNames", "call_off", "change", "close", "count_heads", "mark", "plan",
    "register", "save_workshops", "set_attendances", "set_head_counts", "unregister",
]  # fmt: skip
