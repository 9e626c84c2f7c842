"""One cell read with the habits that people have. Each function gives the value, or raises `Bad` with the reason."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from citeslab.core.values import folded
from citeslab.people.values import dialled

EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST_ACT = date(1990, 1, 1)  # the network began in 2002; some hosts kept older workbooks
MOST_MINUTES = 24 * 60
MOST_HEADS = 100_000

CONTROL = frozenset({"Cc", "Cs"})
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0x00AD])
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
FRENCH_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
SHORT_YEAR = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2}")
WHOLE = re.compile(r"[+-]?\d{1,9}")
DECIMAL = re.compile(r"[+-]?\d{1,4}(?:[.,]\d{1,20})?(?:[eE]-\d{1,2})?")
HOURS = re.compile(r"(\d{1,2})\s*(?:h|heures?)\s*(\d{2})?", re.IGNORECASE)
MINUTES = re.compile(r"([+-]?\d{1,9})\s*(?:mn|min|minutes?)?\.?", re.IGNORECASE)
SECTION = re.compile(r"([A-V])(?:\s*[-:.–].*)?")
MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")


def shown(raw: str) -> str:
    """`raw` for a person to read again: a character that cannot be read is shown as such, and stays a fault."""
    return "".join(
        UNREADABLE if unicodedata.category(letter) in CONTROL and not letter.isspace() else letter for letter in raw
    )


class Bad(Exception):
    """This cell keeps its row out: a code that `citeslab.intake.errors` puts in words, and what it needs."""

    def __init__(self, code: str, **details):
        super().__init__(code)
        self.code, self.details = code, details


def text(raw: str, *, most: int) -> str:
    """`raw` with its spaces tidied and its invisible marks gone, at most `most` characters."""
    if not raw:
        return ""
    if raw.isascii() and raw.isprintable():
        tidy = " ".join(raw.split())
    else:
        tidy = " ".join(unicodedata.normalize("NFC", raw).translate(INVISIBLE).split())
        if UNREADABLE in tidy or any(unicodedata.category(letter) in CONTROL for letter in tidy):
            raise Bad("unreadable_character")
    if len(tidy) > most:
        raise Bad("too_long", most=most)
    return tidy


def required(raw: str, *, most: int) -> str:
    if tidy := text(raw, most=most):
        return tidy
    raise Bad("required")


@cache
def meanings(table: tuple) -> dict[str, str]:
    return {word: meaning for meaning, words in table for word in words}


def word(raw: str, table: Mapping[str, tuple[str, ...]], *, is_required: bool = False) -> str:
    """What one of the field's words means, whatever its case and accents."""
    said = folded(text(raw, most=500))
    if is_required and not said:
        raise Bad("required")
    meaning = meanings(tuple(table.items())).get(said)
    if meaning is None:
        raise Bad("unknown_word")
    return meaning


@lru_cache(maxsize=50_000)
def day(raw: str) -> date | None:
    """A real date, `31/12/2024` or `2024-12-31`; a time of day is dropped."""
    said = text(raw, most=500)
    if not said:
        return None
    if found := ISO_DAY.fullmatch(said):
        year, month, number = found.groups()
    elif found := FRENCH_DAY.fullmatch(said):
        number, month, year = found.groups()
    elif SHORT_YEAR.fullmatch(said):
        raise Bad("short_year")
    else:
        raise Bad("not_a_day")
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise Bad("no_such_day") from None


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
    said = text(raw, most=500)
    if not said:
        return 0
    if not WHOLE.fullmatch(said):
        raise Bad("not_a_whole_number")
    return bounded(int(said), most=MOST_HEADS)


def bounded(number: int, *, most: int) -> int:
    if number < 0:
        raise Bad("negative")
    if number > most:
        raise Bad("out_of_range", least=0, most=most)
    return number


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
