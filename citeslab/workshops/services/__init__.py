"""Acts on collective actions: planned, registered for, attended, counted."""

from citeslab.workshops.services.attending import (
    Forgotten,
    NobodyLeft,
    NotADrawing,
    OffProgramme,
    TooEarly,
    check_in,
    close,
    count_heads,
    give_opinion,
    mark,
    name_head,
    sign,
)
from citeslab.workshops.services.paying import AboveWhole, NotPayable, adopt, pay_by
from citeslab.workshops.services.planning import (
    AlreadyHeld,
    Programme,
    TooFew,
    call_off,
    change,
    plan,
    plan_series,
    restore,
)
from citeslab.workshops.services.receiving import receive
from citeslab.workshops.services.recording import BATCH, save_workshops, set_attendances, set_head_counts
from citeslab.workshops.services.registering import (
    CalledOff,
    NoNames,
    NotRegistered,
    OfferOver,
    Over,
    accept,
    forget_guests,
    give_back,
    let_offers_pass,
    note_call,
    participants_user,
    register,
    unregister,
)
from citeslab.workshops.services.sharing import NotToShare, share
from citeslab.workshops.services.sheets import (
    NoNamesToSign,
    NotHeld,
    NothingToAttest,
    NothingToSign,
    make_sheet,
    print_sheet,
)

__all__ = [
    "AboveWhole", "AlreadyHeld", "BATCH", "CalledOff", "Forgotten", "NoNames", "NoNamesToSign", "NobodyLeft",
    "NotADrawing", "NotHeld", "NotPayable", "NotRegistered", "NotToShare", "NothingToAttest", "NothingToSign",
    "OffProgramme", "OfferOver", "Over", "Programme", "TooEarly", "TooFew", "accept", "adopt", "call_off", "change",
    "check_in", "close", "count_heads", "forget_guests", "give_back", "give_opinion", "let_offers_pass", "make_sheet",
    "mark", "name_head", "note_call", "participants_user", "pay_by", "plan", "plan_series", "print_sheet", "receive",
    "register", "restore", "save_workshops", "set_attendances", "set_head_counts", "share", "sign", "unregister",
]  # fmt: skip
