"""Attendance: who was there, by half-day, and the heads without a name."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.workshops.enums import THERE, State
from citeslab.workshops.models import Attendance, Presence, Registration, Session, Workshop
from citeslab.workshops.services.recording import set_head_counts
from citeslab.workshops.services.registering import locked


@transaction.atomic
def mark(
    *, session: Session, registration: Registration, state: State, key: UUID, told_at: datetime, by: User, at: datetime
) -> Presence:
    """Say how a person attended a half-day. Sent twice (`key`) it is one act; of two, the later told counts.

    Acts may come late and in any order, from a phone that had no network. Who was there at any half-day came to the
    action; the others did not.
    """
    workshop = locked(session.workshop)
    if existing := Presence.objects.filter(key=key).first():
        return existing
    # A phone's clock may be wrong: what it tells of the future is told now.
    act = Presence(
        session=session,
        registration=registration,
        state=state,
        key=key,
        told_at=min(told_at, at),
        recorded_at=at,
        recorded_by=by,
    )
    before = Presence.objects.standing().filter(session=session, registration=registration).first()
    if before and before.told_at > act.told_at:
        act.withdrawn_at, act.withdrawn_by = at, by
    elif before:
        before.withdrawn_at, before.withdrawn_by = at, by
        before.save(update_fields=["withdrawn_at", "withdrawn_by"])
    act.save()
    held(workshop, by=by, at=at)
    settle(workshop, registration, by=by, at=at)
    return act


def settle(workshop: Workshop, registration: Registration, *, by: User, at: datetime) -> None:
    """The named attendance that the half-days make."""
    came = registration.presences.standing().filter(state__in=THERE).exists()
    standing = Attendance.objects.standing().filter(workshop=workshop, person=registration.person_id)
    if came and not standing.exists():
        Attendance.objects.create(workshop=workshop, person_id=registration.person_id, recorded_at=at, recorded_by=by)
    elif not came:
        standing.update(withdrawn_at=at, withdrawn_by=by)


@transaction.atomic
def count_heads(*, workshop: Workshop, heads: Mapping[str, int], by: User, at: datetime) -> None:
    """Make these the heads without a name, by sex."""
    workshop = locked(workshop)
    set_head_counts(head_counts={workshop.pk: heads}, by=by, at=at)
    audit.record("workshops.workshop.heads_counted", workshop, by=by, at=at, heads=sum(heads.values()))
    held(workshop, by=by, at=at)


@transaction.atomic
def close(*, workshop: Workshop, by: User, at: datetime) -> None:
    """Say that a planned action was held, though nothing else is noted of it."""
    held(locked(workshop), by=by, at=at)


def held(workshop: Workshop, *, by: User, at: datetime) -> None:
    if workshop.is_planned:
        workshop.is_planned = False
        workshop.save(update_fields=["is_planned"])
        audit.record("workshops.workshop.held", workshop, by=by, at=at)
