"""Small pure values: text folded for comparison, days and years, secrets that open one thing."""

import hashlib
import secrets
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


def new_secret() -> str:
    """What stands in a private address or link: 256 bits, said once. Only its digest is stored."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """SHA-256 (hex) of a secret that nobody can guess: enough to know it again, useless to who reads the table."""
    return hashlib.sha256(secret.encode()).hexdigest()


LA_POSTE = "356000000"


def is_siret(number: str) -> bool:
    """Whether 14 digits are a SIRET by their key (Luhn); La Poste's own offices sum to a multiple of five.

    >>> is_siret("73282932000074")
    True
    """
    if not (len(number) == 14 and number.isascii() and number.isdecimal()):
        return False
    digits = [int(digit) for digit in number]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[0::2]) + sum(digits[1::2])
    return doubled % 10 == 0 or (number.startswith(LA_POSTE) and sum(digits) % 5 == 0)
