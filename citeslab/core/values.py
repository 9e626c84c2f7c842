"""Small pure values: text folded for comparison, days and years."""

import unicodedata
from datetime import date


def folded(text: str) -> str:
    """`text` without accents, case or doubled spaces: how headings and names are compared.

    >>> folded("  Étapes  DÉBUT ")
    'etapes debut'
    """
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(kept.replace("’", "'").casefold().split())


def sort_key(*parts: str) -> str:
    """The key of French alphabetical order, stored because no collation of ours knows it everywhere."""
    return folded(" ".join(parts)).replace("-", " ").replace("'", " ")


def last_day(year: int) -> date:
    """The reference day of a year's figures."""
    return date(year, 12, 31)
