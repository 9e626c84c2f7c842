"""Where a year that runs leads a count by 31 December: whole numbers throughout, and a rule that one can say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from citeslab.core.values import last_day
from citeslab.figures.definitions.indicators import Indicator
from citeslab.figures.enums import Rule
from citeslab.figures.queries.tabulated import OF_A_YEAR

TOO_EARLY = 60  # days of a year before which nothing is projected
FEWEST = 5  # reached by the same day of an earlier year, for that year to tell anything
SINCE_THE_START = frozenset({"projects"})  # bases that earlier years stay in
YEARS_BEFORE = 2


@dataclass(frozen=True)
class Earlier:
    """An earlier year: what it had reached by the same day, and by its end."""

    year: int
    reached: int
    whole: int


@dataclass(frozen=True)
class Projection:
    """About `middle` on 31 December, between `low` and `high`, by a rule and, where it rests on them, these years."""

    rule: Rule
    middle: int
    low: int
    high: int
    years: tuple[int, ...] = ()


def same_day(day: date, year: int) -> date:
    """29 February is 28 in most years.

    >>> same_day(date(2024, 2, 29), 2023)
    datetime.date(2023, 2, 28)
    """
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def nearest(part: int, whole: int) -> int:
    """Half goes up.

    >>> [nearest(part, 4) for part in (1, 2, 6, -2)]
    [0, 1, 2, 0]
    """
    return (2 * part + whole) // (2 * whole)


def projected(indicator: Indicator, achieved: int, earlier: Sequence[Earlier], *, on: date) -> Projection | None:
    """By 31 December of the year of `on`; nothing while it is too early. `earlier` years come the last one first."""
    since_the_start = indicator.base in SINCE_THE_START
    if indicator.base not in OF_A_YEAR and not since_the_start:
        return Projection(Rule.ENTERED, achieved, achieved, achieved)
    elapsed = on.timetuple().tm_yday
    if elapsed < TOO_EARLY:
        return None
    telling = [one for one in earlier if one.reached >= FEWEST]
    if not telling:
        stood = earlier[0].whole if since_the_start and earlier else 0
        before = stood if stood >= FEWEST else 0
        rest = last_day(on.year).timetuple().tm_yday - elapsed
        likely = achieved + nearest((achieved - before) * rest, elapsed)
        return Projection(Rule.PACE, likely, likely, likely)
    if since_the_start:
        added = [one.whole - one.reached for one in telling]
        middle = achieved + nearest(sum(added), len(added))
        low, high = achieved + min(added), achieved + max(added)
    else:
        middle = nearest(achieved * sum(one.whole for one in telling), sum(one.reached for one in telling))
        each = [(achieved * one.whole, one.reached) for one in telling]
        low = min(part // whole for part, whole in each)
        high = max(-(-part // whole) for part, whole in each)
    return Projection(Rule.EARLIER, middle, low, high, tuple(sorted(one.year for one in telling)))
