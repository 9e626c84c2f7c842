"""What the territory room answers, and when each edition is in force."""

from dataclasses import dataclass
from datetime import date

from citeslab.territories.enums import Answer, Edition, Territory

# In force from (included) until (excluded). Before 2015 the 2015 edition is applied, and figures say so.
FIRST_DAY = date(2015, 1, 1)
METROPOLITAN_CHANGE = date(2024, 1, 1)
OVERSEAS_CHANGE = date(2025, 1, 1)
BORDER_BAND_M = 20


def change_day(territory: Territory) -> date:
    """The day from which the 2024 edition is in force there."""
    return METROPOLITAN_CHANGE if territory == Territory.METROPOLE else OVERSEAS_CHANGE


def edition_in_force(territory: Territory, on: date) -> Edition:
    """The edition that a place of `territory` is read in, on that day."""
    return Edition.E2024 if on >= change_day(territory) else Edition.E2015


@dataclass(frozen=True, slots=True)
class Located:
    """The answer for one place in one release.

    `codes` are the QPV that the answer is about: those that cover the place, then those whose border is less
    than 20 m away, nearest first; empty when it is out. `border_m` is metres to the nearest border of the
    release in the territory's legal projection, `None` when nothing was located.
    """

    answer: Answer
    edition: Edition
    release_id: int | None
    released_on: date | None
    codes: tuple[str, ...] = ()
    border_m: float | None = None

    @property
    def code(self) -> str:
        return self.codes[0] if self.codes else ""
