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
from citeslab.workshops.queries.sheets import Attested, HalfDay, attested, counted, made_here

__all__ = [
    "Attested", "Balance", "HalfDay", "Line", "Wanted", "attested", "balances", "before_in_line", "begins_at",
    "by_agreement", "by_department", "by_secret", "calls_to_make", "counted", "for_calendars", "lines", "made_here",
    "opinions", "past", "seats_and_last_number", "seats_of", "sheet", "spots", "to_close", "to_come", "to_register",
    "with_counts",
]  # fmt: skip
