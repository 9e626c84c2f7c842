"""Reads of agreements and money."""

from citeslab.funding.queries.accounts import Accounts, Entry, Line, Sums, accounts, entries
from citeslab.funding.queries.listed import ORDERS, USUAL, Question, Waiting, late_instalments, listed, waiting
from citeslab.funding.queries.paid_for import (
    Calendar,
    PaidActions,
    PaidFor,
    actions_outside,
    actions_paid,
    calendar_of,
    funders,
    paid_for,
    posts_of,
    readers,
)
from citeslab.funding.queries.places import choices, name_of, region_of
from citeslab.funding.queries.shares import FundedPost, funded, left_of, posts_paid, posts_seen, shared_out, unfunded
from citeslab.funding.queries.told import Told, instalments_of, paid_by_use, told

__all__ = [
    "Accounts", "Calendar", "Entry", "FundedPost", "Line", "ORDERS", "PaidActions", "PaidFor", "Question", "Sums",
    "Told", "USUAL", "Waiting", "accounts", "actions_outside", "actions_paid", "calendar_of", "choices", "entries",
    "funded", "funders", "instalments_of", "late_instalments", "left_of", "listed", "name_of", "paid_by_use",
    "paid_for", "posts_of", "posts_paid", "posts_seen", "readers", "region_of", "shared_out", "told", "unfunded",
    "waiting",
]  # fmt: skip
