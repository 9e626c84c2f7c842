"""Small values of the agenda: weeks, occurrences, slots."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Occurrence:
    """One day of a surgery. `day` is the one that its rule gives, `starts_at` where it is held in truth."""

    surgery_id: int
    advisor_id: int
    site_id: int
    place: str
    address: str
    access: str
    slot_minutes: int
    day: date
    starts_at: datetime
    ends_at: datetime
    is_moved: bool = False

    @property
    def where(self) -> str:
        return ", ".join(filter(None, [self.place, self.address]))


@dataclass(frozen=True)
class Slot:
    """A time that can be booked."""

    advisor_id: int
    site_id: int
    place: str
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60
