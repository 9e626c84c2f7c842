"""What a note must not speak of, and what is planned after it: small values, without a database."""

import re
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path

from citeslab.core.values import folded
from citeslab.followup.enums import Kind

DATA = Path(__file__).resolve().parent / "data"
# Sex, year, month, department (or 2A, 2B), commune, order, and the key; spaces where people put them.
NIR = re.compile(r"\b([12]) ?(\d{2}) ?(\d{2}) ?(\d{2}|2[AB]) ?(\d{3}) ?(\d{3}) ?(\d{2})\b", re.I)
NUMBER = "social_security_number"


@dataclass(frozen=True)
class Planned:
    """What comes next, as the note says it."""

    kind: Kind
    due_on: date
    due_time: time | None = None
    about: str = ""


@dataclass(frozen=True)
class Attention:
    """A subject that a note seems to speak of, and the word that made us think so."""

    subject: str  # "health", "origin", "religion", "justice" or "social_security_number"
    word: str


def attention(text: str) -> list[Attention]:
    """The subjects that `text` seems to speak of, each once. It warns, and never refuses: words have other senses."""
    plain = folded(text)
    found = {}
    for subject, pattern in watched().items():
        if said := pattern.search(plain):
            found[subject] = Attention(subject, as_written(said.group(), text))
    if any(is_nir(said) for said in NIR.finditer(text)):
        found[NUMBER] = Attention(NUMBER, "")  # the number itself is written nowhere else
    return list(found.values())


def as_written(word: str, text: str) -> str:
    """A word with the accents and capitals that it has in the text; a group of words as it was compared."""
    return next((written for written in re.findall(r"[\w-]+", text) if folded(written) == word), word)


def is_nir(said: re.Match) -> bool:
    """Whether the key fits: 97 less the rest of the number by 97; Corsica counts as 19 and 18."""
    *body, key = said.groups()
    number = "".join(body).upper().replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(key)


@cache
def watched() -> dict[str, re.Pattern]:
    """The words of every language, whatever the page's: notes are written in the language of the talk."""
    words: dict[str, list[str]] = {}
    subject = ""
    for path in sorted(DATA.glob("attention.*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                subject = line.strip("[]")
            elif line and not line.startswith("#"):
                words.setdefault(subject, []).append(re.escape(folded(line)).replace(r"\*", r"\w*"))
    return {subject: re.compile(rf"\b(?:{'|'.join(parts)})\b") for subject, parts in words.items()}


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
