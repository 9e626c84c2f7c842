"""Money in whole cents, shares in basis points: read, split, never rounded away."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

WHOLE = 10_000  # basis points: the hundredth of a percent
MOST_CENTS = 10_000_000_000  # a hundred million euros: more is a slip of the keyboard
SPACES = re.compile(r"[\s\u00a0\u202f]")
DECIMAL = re.compile(r"(-?\d+)(?:[.,](\d*))?")


class NotANumber(ValueError):
    """`why` is "shape", "sign" or "decimals"."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


def hundredths(text: str) -> int:
    """A decimal number with two figures at most after its mark, in hundredths. Raises `NotANumber`.

    >>> [hundredths(text) for text in ("12", "1 234,5", "0.07")]
    [1200, 123450, 7]
    """
    found = DECIMAL.fullmatch(SPACES.sub("", text).removesuffix("€").removesuffix("%"))
    if not found or not found[0].isascii():
        raise NotANumber("shape")
    if found[1].startswith("-"):
        raise NotANumber("sign")
    decimals = found[2] or ""
    if len(decimals) > 2:
        raise NotANumber("decimals")
    return int(found[1]) * 100 + int(decimals.ljust(2, "0"))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts as the weights say, by the largest remainder: the parts sum to it, whatever it is.

    Of equal remainders the first is served first, so the same question has the same answer.

    >>> split(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0 or total < 0:
        raise ValueError("An amount is split by weights that are not negative, and not all zero.")
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_remainder[:left]:
        parts[place] += 1
    return parts


def days_by_year(begins_on: date, ends_on: date) -> dict[int, int]:
    """How many days of a period (its end excluded) are in each year.

    >>> days_by_year(date(2016, 12, 31), date(2017, 1, 3))
    {2016: 1, 2017: 2}
    """
    return {
        year: (min(ends_on, date(year + 1, 1, 1)) - max(begins_on, date(year, 1, 1))).days
        for year in range(begins_on.year, (ends_on - timedelta(days=1)).year + 1)
    }


def by_year(cents: int, begins_on: date, ends_on: date) -> dict[int, int]:
    """What is promised for a period, shared out among its years by their days; no cent is lost."""
    days = days_by_year(begins_on, ends_on)
    return dict(zip(days, split(cents, list(days.values())), strict=True))


def spaced(first: date, last: date, number: int) -> list[date]:
    """So many days, from the first on, as far from each other as can be before the last.

    >>> spaced(date(2026, 1, 1), date(2026, 1, 31), 3)
    [datetime.date(2026, 1, 1), datetime.date(2026, 1, 11), datetime.date(2026, 1, 21)]
    """
    return [first + (last - first) * place // number for place in range(number)]


def reports_of(begins_on: date, ends_on: date) -> list[date]:
    """When reports are due: on 31 March of the year after each, and for the last at the end of June.

    >>> reports_of(date(2024, 1, 1), date(2026, 1, 1))
    [datetime.date(2025, 3, 31), datetime.date(2026, 6, 30)]
    """
    years = list(days_by_year(begins_on, ends_on))
    return [*(date(year + 1, 3, 31) for year in years[:-1]), date(years[-1] + 1, 6, 30)]
