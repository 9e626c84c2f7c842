"""Who was there, by half-day."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet

from citeslab.people.models import Person
from citeslab.workshops import rules
from citeslab.workshops.models import Presence, Registration, Session, Workshop
from citeslab.workshops.queries.registration import seats_of


@dataclass
class Line:
    """Someone registered, and how she attended each half-day (`None`: nothing is marked)."""

    registration: Registration
    states: list[tuple[Session, str | None]] = field(default_factory=list)
    is_offered: bool = False  # a seat, until `registration.offered_until`
    may_sit: bool = False  # a seat is offered, or free for her

    @property
    def is_marked(self) -> bool:
        return any(state is not None for _session, state in self.states)


def is_offered(registration: Registration, at: datetime) -> bool:
    return registration.offered_until is not None and registration.offered_until > at


def sheet(
    workshop: Workshop, sessions: list[Session], visible: QuerySet[Person], *, at: datetime
) -> tuple[list[Line], list[Line], int]:
    """The seats, the line, and how many registered whose name this user may not see."""
    standing = (
        workshop.registrations.standing()
        .select_related("person", "office__network")
        .order_by("is_waiting", F("passed_at").asc(nulls_first=True), "pk")
    )
    named = set(visible.filter(registrations__workshop=workshop).values_list("pk", flat=True))
    marked = {
        (presence.session_id, presence.registration_id): presence.state
        for presence in Presence.objects.standing().filter(session__workshop=workshop)
    }
    everyone = list(standing)
    free = seats_of(workshop, at=at)
    lines = [
        Line(
            one,
            [(session, marked.get((session.pk, one.pk))) for session in sessions],
            is_offered=is_offered(one, at),
            may_sit=one.is_waiting and (is_offered(one, at) or free.has_one_for(rules.group_of(one))),
        )
        for one in everyone
        if one.person_id is None or one.person_id in named
    ]
    return (
        [line for line in lines if not line.registration.is_waiting],
        [line for line in lines if line.registration.is_waiting],
        len(everyone) - len(lines),
    )
