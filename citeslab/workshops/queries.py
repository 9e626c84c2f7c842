"""Reading the programme: what is to come, who is registered, who was there."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from citeslab.core.values import sort_key
from citeslab.people.models import Person
from citeslab.workshops.models import Presence, Registration, Session, Workshop

MOST_FOUND = 8


def to_come(workshops: QuerySet[Workshop], *, on: date) -> QuerySet[Workshop]:
    return workshops.filter(held_on__gte=on, cancelled_at=None).order_by("held_on", "pk")


def to_close(workshops: QuerySet[Workshop], *, on: date) -> QuerySet[Workshop]:
    """Planned, past, and not said to be held: they count nowhere yet."""
    return workshops.filter(held_on__lt=on, is_planned=True, cancelled_at=None).order_by("held_on", "pk")


def past(workshops: QuerySet[Workshop], *, on: date) -> QuerySet[Workshop]:
    """Held, or called off; the latest first."""
    return workshops.filter(Q(held_on__lt=on, is_planned=False) | ~Q(cancelled_at=None)).order_by("-held_on", "-pk")


def to_register(workshop: Workshop, visible: QuerySet[Person], *, words: str) -> list[Person]:
    """People whose name holds every word, and who are not registered yet."""
    pieces = sort_key(words).split()
    if not pieces:
        return []
    for piece in pieces:
        visible = visible.filter(sort_key__contains=piece)
    registered = workshop.registrations.standing().values("person")
    return list(visible.exclude(pk__in=registered).order_by("sort_key", "pk")[:MOST_FOUND])


@dataclass
class Line:
    """A registered person, and how she attended each half-day (`None`: nothing is marked)."""

    registration: Registration
    states: list[tuple[Session, str | None]] = field(default_factory=list)


def sheet(workshop: Workshop, sessions: list[Session], visible: QuerySet[Person]) -> tuple[list[Line], list[Line], int]:
    """The seats, the line, and how many registered whose name this user may not see."""
    standing = workshop.registrations.standing().select_related("person").order_by("is_waiting", "pk")
    named = set(visible.filter(registrations__workshop=workshop).values_list("pk", flat=True))
    marked = {
        (presence.session_id, presence.registration_id): presence.state
        for presence in Presence.objects.standing().filter(session__workshop=workshop)
    }
    lines = [
        Line(one, [(session, marked.get((session.pk, one.pk))) for session in sessions])
        for one in standing
        if one.person_id in named
    ]
    hidden = len({one.pk for one in standing}) - len(lines)
    return (
        [line for line in lines if not line.registration.is_waiting],
        [line for line in lines if line.registration.is_waiting],
        hidden,
    )
