"""Small pure values: text folded for comparison, days and hours, secrets that open one thing."""

import hashlib
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import phonenumbers
from django.conf import settings
from django.utils import timezone

FEW = 5  # fewer people than this are not counted out loud to who does not know them by name


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


def whole_number(said: str, *, digits: int = 18) -> int | None:
    """The number that an address or a form says by its digits alone; nothing when it is none, or a longer one.

    >>> whole_number("42"), whole_number("-42"), whole_number("4" * 19)
    (42, None, None)
    """
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= digits else None


def last_day(year: int) -> date:
    """The reference day of a year's figures."""
    return date(year, 12, 31)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def instant(day: date, clock: time, zone: tzinfo | None = None) -> datetime:
    """What the clock on the wall says, that day, as an instant. The wall is where the page is read, unless `zone` says.

    >>> from zoneinfo import ZoneInfo
    >>> [instant(date(2026, 3, day), time(10), ZoneInfo("Europe/Paris")).hour for day in (28, 29)]
    [9, 8]
    """
    return datetime.combine(day, clock, tzinfo=zone or timezone.get_current_timezone()).astimezone(UTC)


def midnight(day: date, zone: tzinfo | None = None) -> datetime:
    """When that day begins."""
    return instant(day, time(), zone)


def new_secret() -> str:
    """What stands in a private address or link: 256 bits, said once. Only its digest is stored."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """SHA-256 (hex) of a secret that nobody can guess: enough to know it again, useless to who reads the table."""
    return hashlib.sha256(secret.encode()).hexdigest()


LA_POSTE = "356000000"


def is_siret(number: str) -> bool:
    """Whether 14 digits are a SIRET by their keys (Luhn, of the whole and of the SIREN that begins it).

    La Poste's own offices have another key: their digits sum to a multiple of five.

    >>> is_siret("73282932000074")
    True
    """
    if not (len(number) == 14 and number.isascii() and number.isdecimal()) or not number.strip("0"):
        return False
    is_office = number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0
    return is_office or (luhn(number) and luhn(number[:9]))


def luhn(digits: str) -> bool:
    """The key of payment cards and of companies: every second digit from the right doubled, the sum ends in zero."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def origin(meta: Mapping[str, str]) -> str:
    """Where a request comes from, of its WSGI variables: what the first of our own proxies saw, else the socket.

    Each proxy adds at the right whom it saw; what stands further left is said by the caller. Of an IPv6 address the
    network alone (/64) is told: whoever is given one is given them all.
    """
    seen = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    ours = settings.TRUSTED_PROXIES
    said = parsed(seen[-ours]) if 0 < ours <= len(seen) else None
    address = said or parsed(meta.get("REMOTE_ADDR", ""))
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address or meta.get("REMOTE_ADDR", ""))


def parsed(said: str) -> IPv4Address | IPv6Address | None:
    """The network address that was written, with a port or without."""
    host = said.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return ip_address(host)
    except ValueError:
        return None


# A national number of ten digits may be of any of these: the first that knows it gives its country code.
PHONE_REGIONS = ("FR", "RE", "GP", "GF", "MQ", "YT", "PM", "PF", "NC")


@lru_cache(maxsize=50_000)
def dialled(said: str) -> str:
    """`said` as the world dials it (`+33…`), or nothing when it is no number.

    >>> dialled("06 39 98 01 42")
    '+33639980142'
    """
    for region in PHONE_REGIONS:
        try:
            number = phonenumbers.parse(said, region)
        except phonenumbers.NumberParseException:
            return ""
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    number = phonenumbers.parse(said, "FR")
    if phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ""


# A spreadsheet reads a cell that begins so as a formula, even from plain text.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """The text as a spreadsheet will show it: never computed."""
    starts = text.startswith(STARTS_A_FORMULA) or text.lstrip(" \u00a0").startswith(STARTS_A_FORMULA)
    return f"'{text}" if starts else text
