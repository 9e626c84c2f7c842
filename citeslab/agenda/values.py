"""Small values of the agenda: days of Paris, occurrences, slots."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def instant(day: date, clock: time) -> datetime:
    """What the clock on the wall says, that day, as an instant.

    >>> instant(date(2026, 3, 28), time(10)).isoformat(), instant(date(2026, 3, 29), time(10)).isoformat()
    ('2026-03-28T09:00:00+00:00', '2026-03-29T08:00:00+00:00')
    """
    return datetime.combine(day, clock, tzinfo=PARIS).astimezone(UTC)


def midnight(day: date) -> datetime:
    return instant(day, time())


def day_of(moment: datetime) -> date:
    """The day of Paris."""
    return moment.astimezone(PARIS).date()


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
