"""What a note changes in the agenda: the appointment that it tells is held, the one that it plans is booked."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from citeslab.agenda.enums import Outcome
from citeslab.agenda.models import Appointment
from citeslab.audit.models import Entry
from citeslab.followup import services as followup
from citeslab.followup.enums import Kind, Nature
from citeslab.followup.models import Meeting, NextStep
from citeslab.followup.values import Planned
from citeslab.notifications.models import Message
from tests import factories
from tests.agenda.conftest import paris

pytestmark = pytest.mark.django_db

AGAIN = Planned(Kind.MEET, date(2026, 12, 4), time(10, 30))


@pytest.fixture
def write(samira, advisor, at):
    """A note of the day of `at`, seven days after it unless said otherwise."""

    def written(**changed):
        said = {
            "person": samira, "key": uuid4(), "project": None, "nature": Nature.FOLLOW_UP, "minutes": 45,
            "held_on": date(2026, 11, 26), "text": "Devis recu.", "planned": None, "by": advisor,
            "at": at + timedelta(days=7),
        }  # fmt: skip
        return followup.write_note(**(said | changed))

    return written


def test_the_appointment_that_a_note_tells_was_held(book, write, advisor):
    appointment, another_day = book(), book(starts_at=paris(27, 10))

    write(at=paris(26, 11))

    outcomes = dict(Appointment.objects.values_list("pk", "outcome"))
    assert outcomes == {appointment.pk: Outcome.HELD, another_day.pk: ""}
    line = Entry.objects.get(action="agenda.appointment.outcome_noted")
    assert (line.actor_id, line.subject_id) == (advisor.pk, appointment.pk)


def test_an_outcome_already_said_and_an_hour_to_come_are_left(book, write):
    later = book(starts_at=paris(26, 16))

    write(at=paris(26, 11))

    later.refresh_from_db()
    assert later.outcome == ""


def test_see_again_at_an_hour_books_it_and_tells_her(write, samira, advisor):
    gesture = write(planned=AGAIN, at=paris(26, 11))

    booked = Appointment.objects.get()
    assert (booked.person, booked.advisor, booked.booked_by) == (samira, advisor, advisor)
    assert (booked.starts_at, booked.minutes) == (paris(4, 10, 30, month=12), 45)
    assert Message.objects.filter(recipient=samira.email).exists()
    assert gesture.next_step == NextStep.objects.get()


def test_the_same_note_sent_twice_books_once(write):
    key = uuid4()

    for _ in range(2):
        write(key=key, planned=AGAIN, at=paris(26, 11))

    assert Appointment.objects.count() == 1


def test_see_again_some_day_or_call_books_nothing(write):
    write(planned=Planned(Kind.MEET, date(2026, 12, 4), None), at=paris(26, 11))
    write(planned=Planned(Kind.CALL, date(2026, 12, 4), time(10, 30)), at=paris(26, 11))

    assert not Appointment.objects.exists()
    assert NextStep.objects.count() == 2


def test_an_hour_already_taken_stays_a_next_step_and_the_note_is_kept(book, write, samira, site):
    taken = book(person=factories.AnyPerson(site=site), starts_at=paris(4, 10, 15, month=12))

    gesture = write(planned=AGAIN, at=paris(26, 11))

    assert Appointment.objects.get() == taken
    assert Meeting.objects.get().person == samira
    step = NextStep.objects.get()
    assert (gesture.next_step, step.kind, step.due_on, step.due_time) == (
        step, Kind.MEET, date(2026, 12, 4), time(10, 30),
    )  # fmt: skip
