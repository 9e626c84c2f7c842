"""What an attendance sheet says of an action, and which sheets were made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from citeslab.people.models import Person
from citeslab.workshops.enums import THERE, AgeBand, Channel, How, Kind, State
from citeslab.workshops.models import Attendance, HeadCount, Presence, Registration, Session, Sheet, Signature, Workshop


@dataclass
class HalfDay:
    """How someone attended a half-day, as it was told, and what she drew; nothing where nothing was."""

    state: State | None = None
    told_at: datetime | None = None
    how: How | None = None
    strokes: list | None = None


@dataclass
class Attested:
    """A line of the sheet. `name` is empty when it was forgotten; `is_hidden` when who asks may not see it."""

    number: int | None
    name: str
    channel: Channel | None = None
    office: str = ""
    halves: list[HalfDay] = field(default_factory=list)
    is_hidden: bool = False


def attested(workshop: Workshop, sessions: Sequence[Session], visible: QuerySet[Person] | None) -> list[Attested]:
    """Who has a seat or came, by number, then who came by a workbook; nobody in a school.

    Of people outside `visible` (`None`: nobody is) neither the name nor the hand is told.
    """
    if workshop.kind == Kind.SCHOOL:
        return []
    there = Presence.objects.standing().filter(registration=OuterRef("pk"), state__in=THERE)
    registered = list(
        workshop.registrations.standing()
        .filter(Q(is_waiting=False) | Exists(there))
        .select_related("person", "office__network")
        .order_by("number", "pk")
    )
    came = workshop.attendances.standing().exclude(person__in=[one.person_id for one in registered if one.person_id])
    others = list(came.select_related("person").order_by("person__sort_key", "pk"))
    seen = None
    if visible is not None:
        keys = [one.person_id for one in [*registered, *others]]
        seen = set(visible.filter(pk__in=[key for key in keys if key]).values_list("pk", flat=True))
    halves: dict[tuple[int, int], HalfDay] = {}
    for told in Presence.objects.standing().filter(session__workshop=workshop):
        halves[told.registration_id, told.session_id] = HalfDay(State(told.state), told.told_at, How(told.how))
    for hand in Signature.objects.standing().filter(session__workshop=workshop):
        halves.setdefault((hand.registration_id, hand.session_id), HalfDay()).strokes = hand.strokes
    lines = [registered_line(one, sessions, halves, seen) for one in registered]
    return lines + [other_line(one, seen) for one in others]


def registered_line(
    one: Registration, sessions: Sequence[Session], halves: dict[tuple[int, int], HalfDay], seen: set[int] | None
) -> Attested:
    is_hidden = one.person_id is not None and seen is not None and one.person_id not in seen
    return Attested(
        number=one.number,
        name="" if is_hidden else one.name.strip(),
        channel=Channel(one.channel),
        office=one.office.whole_name if one.office else "",
        halves=[halves.get((one.pk, session.pk), HalfDay()) for session in sessions],
        is_hidden=is_hidden,
    )


def other_line(one: Attendance, seen: set[int] | None) -> Attested:
    is_hidden = seen is not None and one.person_id not in seen
    return Attested(number=None, name="" if is_hidden else one.person.name.strip(), is_hidden=is_hidden)


def counted(workshop: Workshop) -> list[HeadCount]:
    """Heads without a name, women first, the young first."""
    order = {str(band): rank for rank, band in enumerate(AgeBand)}
    rows = HeadCount.objects.standing().filter(workshop=workshop, heads__gt=0)
    return sorted(rows, key=lambda row: (row.sex != "WOMAN", row.sex, order[row.age_band]))


def made_here(*, digest: str, head: str) -> tuple[Sheet | None, bool]:
    """The sheet of this network that a file is or was; whether it is that very file."""
    found = Sheet.objects.filter(digest=digest).first()
    if found or not head:
        return found, found is not None
    return Sheet.objects.filter(head=head).order_by("pk").first(), False
