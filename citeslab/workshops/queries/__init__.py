"""Reading collective actions: the programme, the seats, who is registered, who was there."""

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

__all__ = [
    "Balance", "Line", "acts_known", "balances", "before_in_line", "begins_at", "by_agreement", "by_secret",
    "calls_to_make", "heads_told_last", "in_hand", "is_kept_until", "of_first_name", "opinions", "past", "present",
    "seats_and_last_number", "seats_of", "session_now", "sheet", "to_close", "to_come", "to_register", "who_says",
    "with_counts",
]  # fmt: skip
