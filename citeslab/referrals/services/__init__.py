"""Acts on referrals: sent, answered by link, reminded, expired, taken back."""

from citeslab.referrals.services.answering import (
    REFUSALS,
    LinkClosed,
    ReasonUnsaid,
    TooMany,
    WrongDay,
    WrongSiret,
    answer,
    knock,
    note_by_phone,
    open_sheet,
    renew,
    take_back,
    take_back_noted,
    undo_move,
)
from citeslab.referrals.services.reminding import expire, remind_partners
from citeslab.referrals.services.sending import (
    AlreadySent,
    ContactRetired,
    NothingAgreed,
    NotPossible,
    SheetChanged,
    forget,
    hand_over,
    resend,
    revoke_consent,
    send,
    sheet_now,
    withdraw,
)

__all__ = [
    "REFUSALS", "AlreadySent", "ContactRetired", "LinkClosed", "NotPossible", "NothingAgreed", "ReasonUnsaid",
    "SheetChanged", "TooMany", "WrongDay", "WrongSiret", "answer", "expire", "forget", "hand_over", "knock",
    "note_by_phone", "open_sheet", "remind_partners", "renew", "resend", "revoke_consent", "send", "sheet_now",
    "take_back", "take_back_noted", "undo_move", "withdraw",
]  # fmt: skip
