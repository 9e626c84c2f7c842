"""Eight desks, one slot: real connections to PostgreSQL, exactly one wins."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, OperationalError, connection

from citeslab.agenda import services
from citeslab.agenda.models import Appointment
from citeslab.audit.models import Entry
from tests import factories
from tests.agenda.conftest import paris

pytestmark = pytest.mark.django_db(transaction=True)

DESKS = 8


def at_once(act):
    """`act(number)` from eight threads that start together, each with its own connection; what each gave."""
    barrier, given = Barrier(DESKS), {}

    def desk(number):
        try:
            barrier.wait()
            given[number] = act(number)
        except (services.SlotTaken, IntegrityError, OperationalError) as refusal:
            given[number] = type(refusal).__name__
        finally:
            connection.close()

    threads = [Thread(target=desk, args=[number]) for number in range(DESKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return given


@pytest.mark.parametrize("round_number", range(3))
def test_eight_desks_and_one_slot_make_one_appointment(site, advisor, at, round_number):
    people = factories.AnyPerson.create_batch(DESKS, site=site)

    def book(number):
        starts_at = paris(26, 10) + timedelta(minutes=number)  # not the same minute, the same time all the same
        return services.book(
            person=people[number], advisor=advisor, starts_at=starts_at, minutes=45, by=advisor, at=at
        ).pk

    given = at_once(book)

    assert sorted(map(str, given.values()))[1:] == ["SlotTaken"] * (DESKS - 1)
    assert Appointment.objects.count() == 1
    assert Entry.objects.filter(action="agenda.appointment.booked").count() == 1


def test_without_the_service_the_database_still_gives_the_slot_once(site, advisor):
    people = factories.AnyPerson.create_batch(DESKS, site=site)
    doer = factories.AnyUser()

    given = at_once(lambda number: factories.AnyAppointment(person=people[number], advisor=advisor, booked_by=doer).pk)

    refused = [one for one in given.values() if not isinstance(one, int)]
    assert len(refused) == DESKS - 1
    # Who waits for each other in a ring is refused too, as a deadlock: the service's lock keeps that from users.
    assert set(refused) <= {"IntegrityError", "OperationalError"}
    assert Appointment.objects.count() == 1


def test_one_slot_given_back_is_taken_once(site, advisor, at):
    people = factories.AnyPerson.create_batch(DESKS, site=site)
    kept = services.book(person=people[0], advisor=advisor, starts_at=paris(26, 10), minutes=45, by=advisor, at=at)
    services.cancel(appointment=kept, reason="PERSON", by=advisor, at=at)

    def book_or_undo(number):
        if number == 0:
            return services.restore(appointment=kept, by=advisor, at=at).pk
        return services.book(
            person=people[number], advisor=advisor, starts_at=paris(26, 10), minutes=45, by=advisor, at=at
        ).pk

    given = at_once(book_or_undo)

    assert sum(isinstance(one, int) for one in given.values()) == 1
    assert Appointment.objects.standing().count() == 1


def test_the_same_sending_eight_times_is_one_appointment(site, advisor, at):
    person = factories.AnyPerson(site=site)

    given = at_once(
        lambda number: (
            services.book(
                person=person, advisor=advisor, starts_at=paris(26, 10), minutes=45, by=advisor, at=at, key="phone-1"
            ).pk
        )
    )

    assert len(set(given.values())) == 1
    assert Appointment.objects.count() == 1
