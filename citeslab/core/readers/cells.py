"""One cell read with the habits that people have. Each function gives the value, or raises `Bad` with the reason."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from citeslab.core.values import folded

CONTROL = frozenset({"Cc", "Cs"})
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0x00AD])
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
FRENCH_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
SHORT_YEAR = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2}")
WHOLE = re.compile(r"[+-]?\d{1,9}")


def shown(raw: str) -> str:
    """`raw` for a person to read again: a character that cannot be read is shown as such, and stays a fault."""
    return "".join(
        UNREADABLE if unicodedata.category(letter) in CONTROL and not letter.isspace() else letter for letter in raw
    )


class Bad(Exception):
    """This cell keeps its row out: a code that `citeslab.core.errors` or its room puts in words, and what it needs."""

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


def bounded(number: int, *, most: int) -> int:
    if number < 0:
        raise Bad("negative")
    if number > most:
        raise Bad("out_of_range", least=0, most=most)
    return number


def whole(raw: str, *, most: int) -> int | None:
    """A whole number from zero to `most`; nothing when the cell is empty."""
    said = text(raw, most=500)
    if not said:
        return None
    if not WHOLE.fullmatch(said):
        raise Bad("not_a_whole_number")
    return bounded(int(said), most=most)
