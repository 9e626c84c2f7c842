"""The programme: an action is planned, changed, called off, put back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.territories import queries as territories
from citeslab.territories.enums import Answer, Edition
from citeslab.workshops import queries
from citeslab.workshops.enums import Occasion
from citeslab.workshops.models import PlaceAnswer, Presence, Quota, Session, Signature, Workshop
from citeslab.workshops.services import telling
from citeslab.workshops.services.paying import follow_number
from citeslab.workshops.services.registering import locked, promote

PROGRAMME = (
    "site", "held_on", "kind", "title", "theme", "audience", "description", "place", "address", "commune_name",
    "commune_code", "longitude", "latitude", "territory", "capacity", "partner", "agreement", "method", "establishment",
    "class_level", "is_public",
)  # fmt: skip
WHERE = ("place", "address", "commune_name")
POSITION = ("longitude", "latitude")
VERSION = ("sequence", "changed_at")
CALLING_OFF = ("cancelled_at", "cancelled_by", "cancelled_because")
Half = tuple[datetime, datetime]


@dataclass(frozen=True)
class Programme:
    """When an action is held, by half-days; who leads it; seats kept, by the key of an office (`None`: advisors)."""

    sessions: Sequence[Half]
    animators: Collection[User] = ()
    kept: dict[int | None, int] = field(default_factory=dict)


class AlreadyHeld(Exception):
    def __str__(self):
        return _(
            "What was held or marked of this action stays as it is: change the half-days to come, or plan another."
        )


class TooFew(Exception):
    def __str__(self):
        return _("More seats are kept than the action has.")


@transaction.atomic
def plan(*, workshop: Workshop, programme: Programme, by: User, at: datetime) -> Workshop:
    """Put a new action on the programme, with its half-days: it counts once it is closed as held. Raises `TooFew`."""
    check(workshop, programme)
    workshop.held_on = timezone.localdate(programme.sessions[0][0], workshop.site.zone)
    workshop.is_planned = True
    workshop.recorded_at, workshop.recorded_by = at, by
    workshop.save()
    workshop.animators.set(programme.animators)
    Session.objects.bulk_create(
        Session(workshop=workshop, starts_at=start, ends_at=end) for start, end in programme.sessions
    )
    keep(workshop, programme)
    follow_number(workshop)
    locate([workshop], at=at)
    audit.record("workshops.workshop.planned", workshop, by=by, at=at, site_id=workshop.site_id)
    return workshop


@transaction.atomic
def plan_series(
    *, workshop: Workshop, programme: Programme, others: Sequence[Sequence[Half]], by: User, at: datetime
) -> list[Workshop]:
    """The same action on several days, each with its own seats: the first, and one for each of `others`."""
    workshop.series = uuid4() if others else None
    first = plan(workshop=workshop, programme=programme, by=by, at=at)
    made = [first]
    for sessions in others:
        copy = Workshop(
            series=first.series, reference="", **{name: getattr(first, name) for name in PROGRAMME if name != "held_on"}
        )
        one = Programme(sessions, programme.animators, programme.kept)
        made.append(plan(workshop=copy, programme=one, by=by, at=at))
    return made


def check(workshop: Workshop, programme: Programme) -> None:
    if programme.kept and sum(programme.kept.values()) > (workshop.capacity or 0):
        raise TooFew


def keep(workshop: Workshop, programme: Programme) -> None:
    """Seats are kept until the day of the action."""
    workshop.quotas.all().delete()
    Quota.objects.bulk_create(
        Quota(workshop=workshop, office_id=office, seats=seats, kept_until=workshop.held_on)
        for office, seats in programme.kept.items()
        if seats
    )


def locate(workshops: Sequence[Workshop], *, at: datetime) -> None:
    """Is the place in a QPV? The answer of each edition, by its latest release, kept with the action."""
    PlaceAnswer.objects.filter(workshop__in=workshops).delete()
    located = [one for one in workshops if one.longitude is not None]
    if not located:
        return
    for edition in Edition:
        places = territories.locate_many(
            longitudes=np.array([one.longitude for one in located], dtype=float),
            latitudes=np.array([one.latitude for one in located], dtype=float),
            edition=edition,
        )
        if places is None:
            continue
        PlaceAnswer.objects.bulk_create(
            PlaceAnswer(
                workshop=one,
                edition=edition,
                release_id=places.index.release_id,
                answer=answer,
                qpv_code=code,
                border_m=None if np.isnan(border) else round(border, 1),
                made_at=at,
            )
            for one, answer, code, border in zip(
                located, places.answers, places.first_codes, places.borders.tolist(), strict=True
            )
            if answer != Answer.NOT_LOCATED
        )


@transaction.atomic
def change(*, workshop: Workshop, programme: Programme, by: User, at: datetime) -> Workshop:
    """Write a changed programme; who waits is offered the seats that were added. Raises `AlreadyHeld` or `TooFew`.

    Half-days are told apart by their order: registrations follow them when they are moved. Who is registered is told
    of another day, hour or place, as long as something is to come.
    """
    check(workshop, programme)
    before = locked(workshop)
    kept = list(workshop.sessions.order_by("starts_at"))
    moved = [(one.starts_at, one.ends_at) for one in kept] != list(programme.sessions)
    check_halves(before, kept, programme.sessions, at=at)
    for place, (start, end) in enumerate(programme.sessions):
        session = kept[place] if place < len(kept) else Session(workshop=workshop)
        session.starts_at, session.ends_at = start, end
        session.save()
    for session in kept[len(programme.sessions) :]:
        session.delete()
    workshop.held_on = timezone.localdate(programme.sessions[0][0], workshop.site.zone)
    workshop.sequence, workshop.changed_at = before.sequence + 1, at
    # Whether it was held or called off meanwhile is not this form's to say.
    workshop.save(update_fields=[*PROGRAMME, *VERSION])
    starts_at = programme.sessions[0][0]
    workshop.registrations.in_line().filter(offered_until__gt=starts_at).update(offered_until=starts_at)
    workshop.animators.set(programme.animators)
    keep(workshop, programme)
    follow_number(workshop)
    if any(getattr(before, name) != getattr(workshop, name) for name in POSITION):
        locate([workshop], at=at)
    elsewhere = any(getattr(before, name) != getattr(workshop, name) for name in WHERE)
    audit.record("workshops.workshop.changed", workshop, by=by, at=at, moved=moved, elsewhere=elsewhere)
    last_starts_at, last_ends_at = programme.sessions[-1]
    is_to_come = last_starts_at > at or (before.is_planned and last_ends_at > at)
    if (moved or elsewhere) and is_to_come and not before.cancelled_at:
        telling.all_of(workshop, Occasion.MOVED, "moved", at=at)
    workshop.cancelled_at = before.cancelled_at
    promote(workshop, by=by, at=at)
    return workshop


def check_halves(workshop: Workshop, kept: Sequence[Session], halves: Sequence[Half], *, at: datetime) -> None:
    """Once an action was held, its first half-day and those that began or are marked stay, and others begin later.

    What was marked or signed is never taken away with its half-day. Raises `AlreadyHeld`.
    """
    now = [(one.starts_at, one.ends_at) for one in kept]
    if now == list(halves):
        return
    marked = {
        key
        for model in (Presence, Signature)
        for key in model.objects.filter(session__in=kept).values_list("session", flat=True)
    }
    for place, one in enumerate(kept):
        is_gone = place >= len(halves)
        has_happened = place == 0 or one.starts_at <= at or one.pk in marked
        if is_gone and one.pk in marked:
            raise AlreadyHeld
        if not workshop.is_planned and has_happened and (is_gone or now[place] != halves[place]):
            raise AlreadyHeld
    if not workshop.is_planned and any(start <= at for start, end in halves if (start, end) not in now):
        raise AlreadyHeld


@transaction.atomic
def call_off(*, workshop: Workshop, because: str = "", by: User, at: datetime) -> None:
    """Cancel an action: it counts nowhere. Twice is once.

    Unless it is over, who is registered is told so, with these words.
    """
    workshop = locked(workshop)
    if workshop.cancelled_at:
        return
    workshop.cancelled_at, workshop.cancelled_by, workshop.cancelled_because = at, by, because
    workshop.sequence, workshop.changed_at = workshop.sequence + 1, at
    workshop.save(update_fields=[*CALLING_OFF, *VERSION])
    audit.record("workshops.workshop.called_off", workshop, by=by, at=at)
    if queries.ends_at(workshop) > at:
        telling.all_of(workshop, Occasion.CALLED_OFF, "called_off", at=at)


@transaction.atomic
def restore(*, workshop: Workshop, by: User, at: datetime) -> None:
    """Put an action that was called off back on the programme: everyone keeps her seat, and is told. Twice is once."""
    workshop = locked(workshop)
    if not workshop.cancelled_at:
        return
    workshop.cancelled_at, workshop.cancelled_by, workshop.cancelled_because = None, None, ""
    workshop.sequence, workshop.changed_at = workshop.sequence + 1, at
    workshop.save(update_fields=[*CALLING_OFF, *VERSION])
    audit.record("workshops.workshop.restored", workshop, by=by, at=at)
    # Nobody could take what was offered meanwhile: it is offered anew, in the same order.
    workshop.registrations.in_line().exclude(offered_until=None).update(offered_until=None)
    if queries.ends_at(workshop) > at:
        telling.all_of(workshop, Occasion.RESTORED, "restored", at=at)
    promote(workshop, by=by, at=at)
