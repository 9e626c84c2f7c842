"""Seats, the line, the calls to make."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from citeslab.core.values import midnight, sort_key, whole_number
from citeslab.people.models import Person
from citeslab.workshops import rules
from citeslab.workshops.models import Call, Registration, Session, Workshop, holding
from citeslab.workshops.values import ADVISORS, Group, Seats

MOST_FOUND = 8


def begins_at(workshop: Workshop) -> datetime:
    """When its first half-day begins; one that a workbook told has a day alone.

    Half-days that were fetched with it are not fetched again.
    """
    first = next(iter(workshop.sessions.all()), None)
    return first.starts_at if first else midnight(workshop.held_on, workshop.site.zone)


def ends_at(workshop: Workshop) -> datetime:
    """When its last half-day ends; one that has a day alone, with that day."""
    last = max((session.ends_at for session in workshop.sessions.all()), default=None)
    return last or midnight(workshop.held_on + timedelta(days=1), workshop.site.zone)


def next_half(halves: Collection[Session], *, at: datetime) -> Session | None:
    """The first half-day that has not begun, else the last one; nothing of an action that has a day alone."""
    return next((half for half in halves if half.starts_at > at), None) or (list(halves)[-1] if halves else None)


def tells_until(workshop: Workshop, *, at: datetime) -> datetime:
    """Until when it is of use to tell who is registered: its next half-day, else its end."""
    half = next_half(workshop.sessions.all(), at=at)
    starts_at = half.starts_at if half else begins_at(workshop)
    return starts_at if starts_at > at else ends_at(workshop)


@dataclass(frozen=True)
class Room:
    """The seats, the last number, how many of those asked about are registered, how many offers are over."""

    seats: Seats
    last: int
    known: int
    passed: int


def seats_of(workshop: Workshop, *, at: datetime) -> Seats:
    """The seats at that instant; right under the lock of the action."""
    if workshop.capacity is None:
        return Seats(None)
    return room_of(workshop, at=at).seats


def room_of(workshop: Workshop, *, at: datetime) -> Room:
    return Prepared.of(workshop, at=at).read()


@dataclass(frozen=True)
class Prepared:
    """All that a registration asks of those before it, by one pass over them: written before the lock, read behind it,
    where others wait. `kept` are the seats kept for some, by office.
    """

    capacity: int | None
    kept: dict[Group, int]
    by_group: QuerySet

    @classmethod
    def of(cls, workshop: Workshop, *, who: Q | None = None, at: datetime) -> "Prepared":
        """`who` tells those that are the same."""
        by_group = (
            Registration.objects.filter(workshop=workshop)
            .order_by()
            .values("office", "channel")
            .annotate(
                seated=Count("pk", filter=holding(at)),
                last=Max("number"),
                known=Count("pk", filter=who or Q(pk=0)),
                passed=Count("pk", filter=Q(withdrawn_at=None, offered_until__lte=at)),
            )
            .values_list("office", "channel", "seated", "last", "known", "passed")
        )
        if workshop.capacity is None:
            return cls(None, {}, by_group)
        kept = workshop.quotas.kept_on(timezone.localdate(at)).values_list("office", "seats")
        return cls(workshop.capacity, {office or ADVISORS: seats for office, seats in kept}, by_group)

    def read(self) -> Room:
        taken: Counter[Group] = Counter()
        last = known = passed = 0
        for office, channel, seated, number, same, over in self.by_group.all():
            taken[rules.group(office, channel)] += seated
            last = max(last, number)
            known += same
            passed += over
        seats = Seats(None) if self.capacity is None else Seats(self.capacity, taken, self.kept)
        return Room(seats, last, known, passed)


def by_secret(secret: str) -> Registration | None:
    """The registration that a private address opens; one that was withdrawn says so itself."""
    key, _dash, _mac = secret.partition("-")
    hers = Registration.objects.select_related("workshop__site", "workshop__partner__network").prefetch_related(
        "workshop__sessions"
    )
    found = hers.filter(pk=whole_number(key)).first()
    return found if found and rules.is_secret_of(secret, found) else None


def before_in_line(registration: Registration) -> int:
    """How many are offered a seat before her."""
    line = registration.workshop.registrations.in_line().values_list("pk", flat=True)
    return list(line).index(registration.pk)


def calls_to_make(workshops: QuerySet[Workshop], *, on: date) -> QuerySet[Call]:
    """Who is to be called about these actions, while it is of use; the nearest action first, then in order."""
    here = timezone.get_current_timezone()
    later = Session.objects.filter(workshop=OuterRef("registration__workshop"), ends_at__gte=midnight(on, here))
    return (
        Call.objects.to_make()
        .filter(Q(registration__workshop__held_on__gte=on) | Exists(later), registration__workshop__in=workshops)
        .select_related("registration__workshop", "registration__person")
        .order_by("registration__workshop__held_on", "asked_at", "pk")
    )


def to_register(workshop: Workshop, visible: QuerySet[Person], *, words: str) -> list[Person]:
    """People whose name holds every word, and who are not registered yet."""
    pieces = sort_key(words).split()
    if not pieces:
        return []
    for piece in pieces:
        visible = visible.filter(sort_key__contains=piece)
    registered = workshop.registrations.standing().values("person")
    return list(visible.exclude(pk__in=registered).order_by("sort_key", "pk")[:MOST_FOUND])
