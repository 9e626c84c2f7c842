"""Working days: nothing happens and nothing is written down on a weekend or a public holiday."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

DAY = np.timedelta64(1, "D")
FIXED_HOLIDAYS = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")
CALENDAR = np.busdaycalendar(holidays=[f"{year}-{day}" for year in range(2002, 2100) for day in FIXED_HOLIDAYS])


@cache
def working_days(year: int) -> NDArray:
    every = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    return every[np.is_busday(every, busdaycal=CALENDAR)]


def day_of(year: int, day: NDArray) -> NDArray:
    """Dates of days of the year (from 1), spread over its working days: the order of facts is kept."""
    working = working_days(year)
    return working[(day.astype(np.int64) - 1) * len(working) // 366]


def working(days: NDArray) -> NDArray:
    """These dates, or the next working day."""
    return np.busday_offset(days.astype("datetime64[D]"), 0, roll="forward", busdaycal=CALENDAR)


def written_down(rng: np.random.Generator, on: NDArray) -> NDArray:
    """Instants (UTC) when facts of these days are noted: mostly the same day, some later, a few weeks later."""
    draws = rng.random((len(on), 2))
    some, many = 1 + draws[:, 0] * 97 % 9, 20 + draws[:, 0] * 97 % 40
    late = np.where(draws[:, 0] < 0.85, 0, np.where(draws[:, 0] < 0.99, some, many))
    return at_work(working(on + late.astype("timedelta64[D]")), draws[:, 1])


def at_work(days: NDArray, part: NDArray) -> NDArray:
    """Instants of these days between eight and five o'clock in winter Paris; `part` of the way from 0 to 1."""
    return days.astype("datetime64[s]") + (7 * 60 + part * 9 * 60).astype("timedelta64[m]")
