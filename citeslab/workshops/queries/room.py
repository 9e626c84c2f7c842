"""What is known of a room while people are in it: the list, the acts told, who is there."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from citeslab.core.values import folded, whole_number
from citeslab.people.models import Person
from citeslab.workshops.enums import THERE, ActKind
from citeslab.workshops.models import Act, Presence, Registration, Session, Signature, Workshop


def acts_known(workshop: Workshop, keys: Collection[UUID]) -> dict[UUID, Registration | bool | None]:
    """Of these keys, those that told something already: whom a walk-in made, or `False` when of another action."""
    known: dict[UUID, Registration | bool | None] = {}
    for model, field in ((Presence, "session__workshop"), (Signature, "session__workshop"), (Registration, "workshop")):
        for key, of in model.objects.filter(key__in=keys).values_list("key", field):
            if model is not Registration or of != workshop.pk:
                known[key] = None if of == workshop.pk else False
    for act in Act.objects.filter(key__in=keys).select_related("registration"):
        known[act.key] = act.registration if act.workshop_id == workshop.pk else False
    return known


def heads_told_last(workshop: Workshop) -> tuple[datetime, UUID] | None:
    return workshop.acts.filter(kind=ActKind.HEADS).order_by("told_at", "key").values_list("told_at", "key").last()


def present(session: Session) -> int:
    return session.presences.standing().filter(state__in=THERE, registration__withdrawn_at=None).count()


def in_hand(workshop: Workshop, names: QuerySet[Person], *, after: int = 0, at: datetime) -> dict[str, object]:
    """The list as a phone keeps it: numbers, names of those whom she may see, marks. Nothing else about anybody.

    `after`: names of registrations made since that one only; the phone has the others.
    """
    standing = workshop.registrations.standing().select_related("person").order_by("is_waiting", "pk")
    named = set(names.filter(registrations__workshop=workshop).values_list("pk", flat=True))
    everyone = list(standing)
    listed = {"session__workshop": workshop, "registration__withdrawn_at": None}
    marks = Presence.objects.standing().filter(**listed).order_by("pk")
    signed = Signature.objects.standing().filter(**listed).order_by("pk")
    return {
        "now": at.isoformat(),
        "standing": [one.pk for one in everyone],
        "people": [
            {
                "pk": one.pk,
                "number": one.number,
                "name": one.name if one.person_id is None or one.person_id in named else "",
                "waiting": one.is_waiting,
            }
            for one in everyone
            if one.pk > after
        ],
        "marks": [
            [session, registration, state, told_at.isoformat()]
            for session, registration, state, told_at in marks.values_list(
                "session", "registration", "state", "told_at"
            )
        ],
        "signed": [list(pair) for pair in signed.values_list("session", "registration")],
        "heads": sum(workshop.head_counts.standing().values_list("heads", flat=True)),
    }


def session_now(sessions: Collection[Session], *, at: datetime) -> Session | None:
    """The half-day that a list opens on: the first that is not over, else the last."""
    return next((session for session in sessions if session.ends_at >= at), None) or (
        list(sessions)[-1] if sessions else None
    )


def who_says(workshop: Workshop, said: str, *, phone: str = "", email: str = "") -> list[Registration]:
    """Who on the list has this number, or gave this phone number or address."""
    standing = workshop.registrations.standing().select_related("person", "workshop").order_by("pk")
    if phone:
        return list(standing.filter(phone=phone) | standing.filter(person__phone=phone))
    if email:
        return list(standing.filter(email__iexact=email) | standing.filter(person__email__iexact=email))
    return list(standing.filter(number=whole_number(said)))


def of_first_name(found: list[Registration], first_name: str) -> list[Registration]:
    """Of a household that shares a phone, who has this first name."""
    said = folded(first_name)
    return [one for one in found if folded(one.person.first_name if one.person else one.first_name) == said]


def is_kept_until(workshop: Workshop, sessions: Collection[Session]) -> date:
    """The last day on which a phone keeps the list."""
    return max((timezone.localdate(session.ends_at) for session in sessions), default=workshop.held_on)
