"""Registration: a seat or a place in the line, whatever comes at the same instant."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.people.models import Person
from citeslab.workshops.enums import Kind
from citeslab.workshops.models import Attendance, Presence, Registration, Workshop


class CalledOff(Exception):
    def __str__(self):
        return _("This action was called off: nobody can be registered for it.")


class NoNames(Exception):
    def __str__(self):
        return _("In a school nobody is registered by name: count the heads.")


def locked(workshop: Workshop) -> Workshop:
    """The action as the table says now; until the act ends, nobody else gives a seat of it."""
    return Workshop.objects.select_for_update(of=["self"]).get(pk=workshop.pk)


@transaction.atomic
def register(*, workshop: Workshop, person: Person, by: User, at: datetime) -> Registration:
    """Give a seat, or a place in the line when there is none. Twice is once. Raises `CalledOff`, or `NoNames`
    in a school.
    """
    workshop = locked(workshop)
    if workshop.cancelled_at:
        raise CalledOff
    if workshop.kind == Kind.SCHOOL:
        raise NoNames
    existing = workshop.registrations.standing().filter(person=person).first()
    if existing:
        return existing
    made = Registration.objects.create(
        workshop=workshop, person=person, is_waiting=workshop.seats_left == 0, recorded_at=at, recorded_by=by
    )
    audit.record(
        "workshops.person.registered", person, by=by, at=at, workshop_id=workshop.pk, is_waiting=made.is_waiting
    )
    return made


@transaction.atomic
def unregister(*, registration: Registration, by: User, at: datetime) -> None:
    """Free the seat: the first of the line takes it. What was marked at the action goes with it. Twice is once."""
    workshop = locked(registration.workshop)
    registration = Registration.objects.get(pk=registration.pk)
    if registration.withdrawn_at:
        return
    registration.withdrawn_at, registration.withdrawn_by = at, by
    registration.save(update_fields=["withdrawn_at", "withdrawn_by"])
    gone = {"withdrawn_at": at, "withdrawn_by": by}
    Presence.objects.standing().filter(registration=registration).update(**gone)
    Attendance.objects.standing().filter(workshop=workshop, person=registration.person_id).update(**gone)
    audit.record("workshops.person.unregistered", registration.person, by=by, at=at, workshop_id=workshop.pk)
    promote(workshop, by=by, at=at)


def promote(workshop: Workshop, *, by: User, at: datetime) -> None:
    """The first of the line take the seats that are free, in their order. The action is locked."""
    free = workshop.seats_left
    line = workshop.registrations.standing().filter(is_waiting=True).select_related("person").order_by("pk")
    for registration in line if free is None else line[:free]:
        registration.is_waiting = False
        registration.save(update_fields=["is_waiting"])
        audit.record("workshops.person.promoted", registration.person, by=by, at=at, workshop_id=workshop.pk)
