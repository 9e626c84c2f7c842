"""Small pure values of the rights room: codes that nobody misreads, answers that prove who she is."""

import hmac
import re
from datetime import date

from citeslab.ui.values import day

# No 0 or O, no 1, I or L, no 5 or S, no 2 or Z, no U or V, no B or 8: read aloud, each is one sign.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 10


def plain_code(written: str) -> str:
    """A code as it was typed, without its dashes, spaces and small letters.

    >>> plain_code(" acd3e-fghj7 ")
    'ACD3EFGHJ7'
    """
    return re.sub(r"[^0-9A-Z]", "", written.upper())


def shown_code(code: str) -> str:
    """In two halves, which a person can read aloud.

    >>> shown_code("ACD3EFGHJ7")
    'ACD3E-FGHJ7'
    """
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def same_phone(one: str, other: str) -> bool:
    """Nine last digits, however the number is written; a shorter one is nobody's.

    >>> same_phone("+33639980142", "06 39 98 01 42")
    True
    """
    ends = [digits(number)[-9:] for number in (one, other)]
    return len(ends[0]) == 9 and ends[0] == ends[1]


def day_written(text: str) -> date | None:
    """A birth date in the ways that people write it: 12/3/1987, 12 03 1987, 12031987, 1987-03-12.

    >>> day_written("12/3/1987")
    datetime.date(1987, 3, 12)
    """
    parts = re.findall(r"\d+", text)
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) != 3:
        return None
    if len(parts[0]) == 4:
        parts.reverse()
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except (ValueError, OverflowError):
        return None


def knows(answer: str, *, born_on: date | None, phone: str) -> bool:
    """Is `answer` her birth date, or the last four digits of her phone (when one is given)?"""
    said = day_written(answer)
    if said is not None:
        return said == born_on
    last = digits(phone)[-4:]
    return len(last) == 4 and hmac.compare_digest(digits(answer), last)


def month_of(version: str) -> str:
    """The version of a text, "2026-11", as its month in words."""
    return day(date.fromisoformat(f"{version}-01"), "month")
