"""The cells of a caseload workbook. Each function gives the value, or raises `Bad` with the reason."""

import re
from datetime import date

from citeslab.core.readers.cells import Bad, bounded, day, required, shown, text, whole, word
from citeslab.core.values import dialled

__all__ = [
    "Bad", "act", "birth", "bounded", "day", "degrees", "heads", "mailbox", "minutes", "phone", "references",
    "required", "section", "shown", "text", "word",
]  # fmt: skip

EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST_ACT = date(1990, 1, 1)  # the network began in 2002; some hosts kept older workbooks
MOST_MINUTES = 24 * 60
MOST_HEADS = 100_000

DECIMAL = re.compile(r"[+-]?\d{1,4}(?:[.,]\d{1,20})?(?:[eE]-\d{1,2})?")
HOURS = re.compile(r"(\d{1,2})\s*(?:h|heures?)\s*(\d{2})?", re.IGNORECASE)
MINUTES = re.compile(r"([+-]?\d{1,9})\s*(?:mn|min|minutes?)?\.?", re.IGNORECASE)
MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
SECTION = re.compile(r"([A-V])(?:\s*[-:.–].*)?")


def birth(raw: str, *, today: date) -> date | None:
    found = day(raw)
    if found is not None and found > today:
        raise Bad("future", today=today.isoformat())
    if found is not None and found < EARLIEST_BIRTH:
        raise Bad("too_early", earliest=EARLIEST_BIRTH.isoformat())
    return found


def act(raw: str, *, today: date, may_come: bool = False) -> date:
    """The day of something that happened; with `may_come`, a day ahead is right too."""
    found = day(raw)
    if found is None:
        raise Bad("required")
    if found > today and not may_come:
        raise Bad("future", today=today.isoformat())
    if found < EARLIEST_ACT:
        raise Bad("too_early", earliest=EARLIEST_ACT.isoformat())
    return found


def degrees(raw: str, *, most: int) -> float | None:
    """A coordinate, with a point or a comma, between -`most` and `most`."""
    said = text(raw, most=500)
    if not said:
        return None
    if not DECIMAL.fullmatch(said):
        raise Bad("not_a_number")
    found = float(said.replace(",", "."))
    if not -most <= found <= most:
        raise Bad("out_of_range", least=-most, most=most)
    return found


def minutes(raw: str) -> int | None:
    """`45`, `45 min` or `1 h 30`."""
    said = text(raw, most=500)
    if not said:
        return None
    if found := HOURS.fullmatch(said):
        return bounded(int(found[1]) * 60 + int(found[2] or 0), most=MOST_MINUTES)
    if found := MINUTES.fullmatch(said):
        return bounded(int(found[1]), most=MOST_MINUTES)
    raise Bad("not_a_duration")


def heads(raw: str) -> int:
    return whole(raw, most=MOST_HEADS) or 0


def section(raw: str) -> str:
    """A section of the French activity code, alone or before its title (`C - Industrie`)."""
    said = text(raw, most=500).upper()
    if not said:
        return ""
    if found := SECTION.fullmatch(said):
        return found[1]
    raise Bad("unknown_word")


def references(raw: str) -> tuple[str, ...]:
    """Several references with `;` between them, each once."""
    said = (text(one, most=64) for one in raw.split(";"))
    return tuple(dict.fromkeys(one for one in said if one))


def phone(raw: str) -> tuple[str, bool]:
    """The number as the world dials it (`+33…`), and whether it was understood; if not, it is kept as written."""
    said = text(raw, most=32)
    return (dialled(said), True) if said and dialled(said) else (said, not said)


def mailbox(raw: str) -> tuple[str, bool]:
    """The address, and whether it looks like one; if not, it is kept as written."""
    said = text(raw, most=254)
    return said, not said or bool(MAILBOX.fullmatch(said))
