"""Acts on agreements and money. Each amount is in whole cents, each act journaled."""

from citeslab.funding.services.agreements import (
    AgreementKnown,
    AlreadySigned,
    HoldsMore,
    NoSuchPlace,
    Terms,
    change,
    owe_report,
    record,
    send_report,
    sign,
    withdraw_report,
)
from citeslab.funding.services.funders import AlreadyReads, FunderKnown, add_funder, end_reading, let_read
from citeslab.funding.services.money import (
    AboveInstalment,
    AbovePromise,
    AlreadyPaid,
    InstalmentGone,
    NotPaid,
    NotSigned,
    StandsOnIt,
    agree,
    justify,
    pay,
    plan_instalment,
    take_back,
    withdraw_instalment,
)
from citeslab.funding.services.shares import AboveWhole, AlreadyShared, OutsideDays, share_post, withdraw_share

__all__ = [
    "AboveInstalment", "AbovePromise", "AboveWhole", "AgreementKnown", "AlreadyPaid", "AlreadyReads", "AlreadyShared",
    "AlreadySigned", "FunderKnown", "HoldsMore", "InstalmentGone", "NoSuchPlace", "NotPaid", "NotSigned", "OutsideDays",
    "StandsOnIt", "Terms", "add_funder", "agree", "change", "end_reading", "justify", "let_read", "owe_report", "pay",
    "plan_instalment", "record", "send_report", "share_post", "sign", "take_back", "withdraw_instalment",
    "withdraw_report", "withdraw_share",
]  # fmt: skip
