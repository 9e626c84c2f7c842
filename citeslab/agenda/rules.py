"""When surgeries are held, and what is left free of them. Nothing here asks the database."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.timezone import localdate

from citeslab.agenda.enums import Rhythm
from citeslab.agenda.models import FirstContact, Surgery, SurgeryChange
from citeslab.agenda.values import Occurrence, Slot, monday_of
from citeslab.core.values import instant, sort_key
from citeslab.notifications.enums import Channel as Way
from citeslab.people.models import Person
from citeslab.people.values import is_mobile

Busy = tuple[datetime, datetime]


def days(surgery: Surgery, first: date, last: date) -> Iterator[date]:
    """The days that the rule gives from `first` to `last`, both included, in order."""
    first = max(first, surgery.begins_on)
    if surgery.ends_on:
        last = min(last, surgery.ends_on - timedelta(days=1))
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() in surgery.weekdays and in_rhythm(surgery, day):
            yield day


def in_rhythm(surgery: Surgery, day: date) -> bool:
    match surgery.rhythm:
        case Rhythm.FORTNIGHTLY:
            # Counted from the week it began in, so that a year of 53 weeks changes nothing.
            return (monday_of(day) - monday_of(surgery.begins_on)).days // 7 % 2 == 0
        case Rhythm.MONTHLY:
            rank = (day.day - 1) // 7 + 1
            is_last = day.day + 7 > calendar.monthrange(day.year, day.month)[1]
            return is_last if surgery.nth == -1 else rank == surgery.nth
        case _:
            return True


def occurrences(surgery: Surgery, changed: Iterable[SurgeryChange], first: date, last: date) -> list[Occurrence]:
    """Where and when it is held from `first` to `last`, both included, the days that were `changed` heeded."""
    changes = {change.day: change for change in changed}
    held = []
    for day in days(surgery, first, last):
        if day not in changes:
            held.append(occurrence(surgery, day, day, surgery.from_time, surgery.until_time))
    for day, change in changes.items():
        if change.held_on and change.from_time and change.until_time and first <= change.held_on <= last:
            held.append(occurrence(surgery, day, change.held_on, change.from_time, change.until_time, is_moved=True))
    return sorted(held, key=lambda one: (one.starts_at, one.day))


def occurrence(
    surgery: Surgery, day: date, held_on: date, from_time: time, until_time: time, *, is_moved: bool = False
) -> Occurrence:
    return Occurrence(
        surgery_id=surgery.pk,
        advisor_id=surgery.advisor_id,
        site_id=surgery.site_id,
        place=surgery.place,
        address=surgery.address,
        access=surgery.access,
        slot_minutes=surgery.slot_minutes,
        day=day,
        starts_at=instant(held_on, from_time, surgery.site.zone),
        ends_at=instant(held_on, until_time, surgery.site.zone),
        is_moved=is_moved,
    )


def next_days(surgery: Surgery, changed: Iterable[SurgeryChange], since: date, count: int = 5) -> list[Occurrence]:
    """The next `count` times from that day on: what makes a rule understood. Looks a year ahead."""
    return occurrences(surgery, changed, since, since + timedelta(days=366))[:count]


def slots(held: Iterable[Occurrence], busy: dict[int, list[Busy]], *, since: datetime) -> list[Slot]:
    """What can be booked in these hours, without what is busy for each advisor and what has begun by `since`.

    An appointment of another length than the rule's hides each slot it touches.
    """
    free: dict[tuple[int, datetime], Slot] = {}
    for one in held:
        length = timedelta(minutes=one.slot_minutes)
        starts_at = one.starts_at
        while starts_at + length <= one.ends_at:
            ends_at = starts_at + length
            taken = any(begun < ends_at and ended > starts_at for begun, ended in busy.get(one.advisor_id, ()))
            if starts_at > since and not taken:
                slot = Slot(one.advisor_id, one.site_id, one.where, starts_at, ends_at)
                free.setdefault((one.advisor_id, starts_at), slot)
            starts_at = ends_at
    return sorted(free.values(), key=lambda slot: (slot.starts_at, slot.advisor_id))


def reminder_at(starts_at: datetime, zone: tzinfo) -> datetime:
    """The day before, at ten in the morning there: late enough to be remembered, early enough to cancel."""
    return instant(localdate(starts_at, zone) - timedelta(days=1), time(10), zone)


def ways_to_tell(person: Person | FirstContact) -> list[Way]:
    """How a message can reach this person, the surest first: an e-mail takes the calendar entry along."""
    return [way for way, is_there in [(Way.EMAIL, bool(person.email)), (Way.SMS, is_mobile(person.phone))] if is_there]


def is_named_alike(one: str, other: str) -> bool:
    """Whether two names may be of one person: all the words of the shorter are in the longer.

    >>> is_named_alike("Nour", "BENSAID Nour"), is_named_alike("Ali", "Alima"), is_named_alike("Nour", "Zoé Bensaïd")
    (True, False, False)
    """
    words, others = set(sort_key(one).split()), set(sort_key(other).split())
    return words <= others or others <= words
