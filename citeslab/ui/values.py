"""Numbers, shares, money and days, written the way of the language that is active.

French: 65 412, 41 %, 1 234,50 (and the euro sign after it), 12 mars 2017, 10 h 30. English: 65,412, 41%,
March 12, 2017, 10:30 AM. The spaces inside a number never break. `None` is written as a dash: a figure that
is not known is not a zero.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, format_percent
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext, to_locale

Number = int | float | Decimal

UNKNOWN = "\N{EN DASH}"
NO_BREAK = "\N{NO-BREAK SPACE}"
THIN_NO_BREAK = "\N{NARROW NO-BREAK SPACE}"


def locale() -> Locale:
    return Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))


def number(value: Number | None, decimals: int = 0) -> str:
    """`value` with its thousands apart, and exactly `decimals` figures after the mark."""
    if value is None:
        return UNKNOWN
    return format_decimal(value, format="#,##0" + _after_the_mark(decimals), locale=locale())


def share(value: Number | None, decimals: int = 0) -> str:
    """A ratio between 0 and 1 as a percentage."""
    if value is None:
        return UNKNOWN
    pattern = locale().percent_formats[None].pattern.replace("#,##0", "#,##0" + _after_the_mark(decimals))
    # The same thin space before the sign as between the thousands.
    return format_percent(value, format=pattern.replace(NO_BREAK, THIN_NO_BREAK), locale=locale())


def money(cents: int | None) -> str:
    """An amount in euros, from its integer cents."""
    if cents is None:
        return UNKNOWN
    return format_currency(Decimal(cents) / 100, "EUR", locale=locale())


def day(value: date | None, style: str = "long") -> str:
    """A day in words; a moment is first brought to the hour of the page, which is that of the site.

    `style`: "long" (12 mars 2017), "weekday" (dimanche 12 mars 2017), "near" (dimanche 12 mars), "short" (12 mars),
    "month" (mars 2017).
    """
    if value is None:
        return UNKNOWN
    value = _local(value)
    here = locale()
    match style:
        case "long":
            written = format_date(value, "long", locale=here)
        case "weekday":
            written = format_date(value, "full", locale=here)
        case "near":
            # No skeleton has the weekday in full without the year.
            written = format_date(value, re.sub(r"[, ]*y$", "", here.date_formats["full"].pattern), locale=here)
        case "short":
            written = format_skeleton("MMMMd", value, locale=here)
        case "month":
            written = format_skeleton("yMMMM", value, locale=here)
        case _:
            raise ValueError(f'A day is written "long", "weekday", "near", "short" or "month", not "{style}".')
    if here.language == "fr" and value.day == 1 and style != "month":
        # Only the first of a month is an ordinal in French.
        written = written.replace("1 ", "1er ", 1)
    return written


def near_day(value: date | None, today: date) -> str:
    """A day as one says it on `today`: today, yesterday, tomorrow, the year only when it is another."""
    if value is None:
        return UNKNOWN
    value = _local(value)
    today = _local(today)
    match (value - today).days:
        case 0:
            return gettext("today")
        case -1:
            return gettext("yesterday")
        case 1:
            return gettext("tomorrow")
    return day(value, "short" if value.year == today.year else "long")


def clock(value: datetime | time | None) -> str:
    """An hour of the day: 10 h 30, 10:30 AM."""
    if value is None:
        return UNKNOWN
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    here = locale()
    if here.language == "fr":
        return f"{value.hour}{NO_BREAK}h{NO_BREAK}{value.minute:02}"
    return format_time(value, "short", locale=here)


def moment(value: datetime | None) -> str:
    """A day and its hour."""
    if value is None:
        return UNKNOWN
    return pgettext("a moment", "%(day)s at %(clock)s") % {"day": day(value), "clock": clock(value)}


def phone(number: str) -> str:
    """A number as one dials it from France; what is no number is shown as it was typed."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number, "FR"), phonenumbers.PhoneNumberFormat.NATIONAL)
    except phonenumbers.NumberParseException:
        return number


def siret(number: str) -> str:
    """A SIRET as it is written: the three groups of its SIREN, then its office.

    >>> siret("73282932000074").replace(chr(0xA0), " ")
    '732 829 320 00074'
    """
    return NO_BREAK.join(part for part in (number[:3], number[3:6], number[6:9], number[9:]) if part)


def initials(name: str) -> str:
    """The one or two letters that stand for a person's name in a circle."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


def _after_the_mark(decimals: int) -> str:
    return "." + "0" * decimals if decimals else ""


def _local(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return value
