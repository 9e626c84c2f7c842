"""The programme: an action is planned, changed, called off."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.workshops.models import Session, Workshop
from citeslab.workshops.services.registering import locked, promote

PROGRAMME = (
    "site", "held_on", "kind", "title", "audience", "description", "place", "commune_name", "capacity",
)  # fmt: skip


class AlreadyHeld(Exception):
    def __str__(self):
        return _("This action was held: its day and its half-days stay as they are. Plan another one.")


@transaction.atomic
def plan(
    *,
    workshop: Workshop,
    sessions: Sequence[tuple[datetime, datetime]],
    animators: Collection[User],
    by: User,
    at: datetime,
) -> Workshop:
    """Put a new action on the programme, with its half-days: it counts once it is closed as held."""
    workshop.held_on = timezone.localdate(sessions[0][0])
    workshop.is_planned = True
    workshop.recorded_at, workshop.recorded_by = at, by
    workshop.save()
    workshop.animators.set(animators)
    Session.objects.bulk_create(Session(workshop=workshop, starts_at=start, ends_at=end) for start, end in sessions)
    audit.record("workshops.workshop.planned", workshop, by=by, at=at, site_id=workshop.site_id)
    return workshop


@transaction.atomic
def change(
    *,
    workshop: Workshop,
    sessions: Sequence[tuple[datetime, datetime]],
    animators: Collection[User],
    by: User,
    at: datetime,
) -> Workshop:
    """Write a changed programme; who waits takes the seats that were added. Raises `AlreadyHeld`.

    Half-days are told apart by their order: registrations follow them when they are moved.
    """
    is_planned = locked(workshop).is_planned
    kept = list(workshop.sessions.order_by("starts_at"))
    moved = [(one.starts_at, one.ends_at) for one in kept] != list(sessions)
    if moved and not is_planned:
        raise AlreadyHeld
    for place, (start, end) in enumerate(sessions):
        session = kept[place] if place < len(kept) else Session(workshop=workshop)
        session.starts_at, session.ends_at = start, end
        session.save()
    for session in kept[len(sessions) :]:
        session.delete()
    workshop.held_on = timezone.localdate(sessions[0][0])
    workshop.save(update_fields=PROGRAMME)  # whether it was held or called off meanwhile is not this form's to say
    workshop.animators.set(animators)
    audit.record("workshops.workshop.changed", workshop, by=by, at=at, moved=moved)
    promote(workshop, by=by, at=at)
    return workshop


@transaction.atomic
def call_off(*, workshop: Workshop, by: User, at: datetime) -> None:
    """Cancel an action: it counts nowhere. Twice is once."""
    workshop = locked(workshop)
    if workshop.cancelled_at:
        return
    workshop.cancelled_at, workshop.cancelled_by = at, by
    workshop.save(update_fields=["cancelled_at", "cancelled_by"])
    audit.record("workshops.workshop.called_off", workshop, by=by, at=at)
