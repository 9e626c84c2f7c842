"""Reading collective actions: the programme, the seats, who is registered, who was there."""

from citeslab.workshops.queries.agenda import (
    Announced,
    Found,
    Wanted,
    announced,
    for_calendars,
    town_of,
    upcoming,
    with_seats,
)
from citeslab.workshops.queries.attendance import Line, sheet
from citeslab.workshops.queries.balance import Balance, Funded, balances, by_agreement, funded, gave, opinions
from citeslab.workshops.queries.paying import payable
from citeslab.workshops.queries.programme import past, to_close, to_come, with_counts
from citeslab.workshops.queries.registration import (
    Prepared,
    before_in_line,
    begins_at,
    by_secret,
    calls_to_make,
    ends_at,
    next_half,
    seats_of,
    tells_until,
    to_register,
)
from citeslab.workshops.queries.reuse import Given, Use, may_become_a_method, reuse
from citeslab.workshops.queries.room import (
    acts_known,
    heads_told_last,
    in_hand,
    is_kept_until,
    of_first_name,
    present,
    session_now,
    who_says,
)
from citeslab.workshops.queries.sheets import Attested, HalfDay, attested, counted, made_here

__all__ = [
    "Announced", "Attested", "Balance", "Found", "Funded", "Given", "HalfDay", "Line", "Prepared", "Use", "Wanted",
    "acts_known", "announced", "attested", "balances", "before_in_line", "begins_at", "by_agreement", "by_secret",
    "calls_to_make", "counted", "ends_at", "for_calendars", "funded", "gave", "heads_told_last", "in_hand",
    "is_kept_until", "made_here", "may_become_a_method", "next_half", "of_first_name", "opinions", "past", "payable",
    "present", "reuse", "seats_of", "session_now", "sheet", "tells_until", "to_close", "to_come", "to_register",
    "town_of", "upcoming", "who_says", "with_counts", "with_seats",
]  # fmt: skip
