"""Reading collective actions: the programme, the seats, who is registered, who was there."""

from citeslab.workshops.queries.agenda import Wanted, by_department, for_calendars, lines, spots
from citeslab.workshops.queries.attendance import Line, sheet
from citeslab.workshops.queries.balance import Balance, balances, by_agreement, opinions
from citeslab.workshops.queries.programme import past, to_close, to_come, with_counts
from citeslab.workshops.queries.registration import (
    before_in_line,
    begins_at,
    by_secret,
    calls_to_make,
    seats_and_last_number,
    seats_of,
    to_register,
)
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
    "Attested", "Balance", "HalfDay", "Line", "Wanted", "acts_known", "attested", "balances", "before_in_line",
    "begins_at", "by_agreement", "by_department", "by_secret", "calls_to_make", "counted", "for_calendars",
    "heads_told_last", "in_hand", "is_kept_until", "lines", "made_here", "of_first_name", "opinions", "past",
    "present", "seats_and_last_number", "seats_of", "session_now", "sheet", "spots", "to_close", "to_come",
    "to_register", "who_says", "with_counts",
]  # fmt: skip
