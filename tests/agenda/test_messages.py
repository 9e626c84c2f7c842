"""What a person is told: once, never of an appointment that is no more, and with a calendar entry that follows."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from icalendar import Calendar

from citeslab.agenda import services
from citeslab.agenda.enums import Kind, Reason
from citeslab.agenda.models import PersonLink
from citeslab.core.values import digest_of
from citeslab.notifications import services as notifications
from citeslab.notifications.models import Message
from tests import factories
from tests.agenda.conftest import paris

pytestmark = pytest.mark.django_db

DAY_BEFORE = paris(25, 10)


def waiting():
    return {
        message.key.split(":")[0].rpartition(".")[2]: message for message in Message.objects.waiting().order_by("pk")
    }


def send(at):
    before = len(mail.outbox)
    notifications.send_due(at=at)
    return mail.outbox[before:]


def event(message):
    calendar = Calendar.from_ical(message.calendar)
    (found,) = calendar.walk("VEVENT")
    return str(calendar["method"]), int(found["sequence"]), str(found["uid"]), str(found["status"])


def test_a_booking_is_confirmed_and_a_reminder_waits_for_the_day_before(book, at):
    found = book()

    messages = waiting()
    assert {name: (message.recipient, message.send_after) for name, message in messages.items()} == {
        "booked": ("samira@example.org", at),
        "reminder": ("samira@example.org", DAY_BEFORE),
    }
    assert event(messages["booked"]) == ("REQUEST", 0, f"{found.uid}@agenda.citeslab", "CONFIRMED")
    assert messages["booked"].subject == "Votre rendez-vous du jeudi 26 novembre 2026 à 10 h 00"


def test_a_reminder_leaves_once_whatever_the_clock_does(book, at):
    book()
    assert len(send(at)) == 1  # the confirmation
    assert len(send(DAY_BEFORE - timedelta(seconds=1))) == 0
    assert [letter.subject[:6] for letter in send(DAY_BEFORE)] == ["Rappel"]

    for jump in (timedelta(days=-400), timedelta(hours=-2), timedelta(0), timedelta(days=400)):
        assert send(DAY_BEFORE + jump) == []


def test_a_reminder_of_a_cancelled_appointment_never_leaves(book, advisor, at, later):
    found = book()
    send(at)
    services.cancel(appointment=found, reason=Reason.ADVISOR, by=advisor, at=later)

    assert "reminder" not in waiting()
    told = [letter.subject for letter in send(at + timedelta(hours=1))]
    assert told == ["Votre rendez-vous du jeudi 26 novembre 2026 est annulé"]
    assert send(DAY_BEFORE) == send(paris(26, 9)) == []


def test_a_reminder_that_comes_too_late_to_be_one_never_leaves(book, at):
    """The machine was off for three days."""
    book()
    send(at)

    assert send(paris(26, 10)) == []
    notifications.forget_old(at=paris(27, 3))
    assert waiting() == {}
    assert send(DAY_BEFORE) == []  # even if the clock goes back


def test_the_calendar_entry_follows_each_change(book, advisor, at, later):
    found = book()
    send(at)
    moved = services.move(appointment=found, starts_at=paris(27, 14), by=advisor, at=later)
    told = waiting()
    assert event(told["moved"])[:3] == ("REQUEST", 1, f"{found.uid}@agenda.citeslab")
    assert told["reminder"].send_after == paris(26, 10)
    assert Message.objects.filter(key__contains="reminder").count() == 1
    send(later)

    services.cancel(appointment=moved, reason=Reason.PERSON, by=advisor, at=later)
    assert event(waiting()["cancelled"]) == ("CANCEL", 2, f"{found.uid}@agenda.citeslab", "CANCELLED")
    assert waiting().keys() == {"cancelled"}


def test_what_was_never_announced_is_not_called_off(book, advisor, later):
    services.cancel(appointment=book(), reason=Reason.MISTAKE, by=advisor, at=later)

    assert waiting() == {}


def test_what_moved_before_it_was_announced_is_announced_as_it_is(book, advisor, later):
    services.move(appointment=book(), starts_at=paris(27, 14), by=advisor, at=later)

    messages = waiting()
    assert messages.keys() == {"booked", "reminder"}
    assert "vendredi 27 novembre" in messages["booked"].subject


def test_a_cancellation_undone_in_time_is_never_told_and_the_reminder_comes_back(book, advisor, at, later):
    found = book()
    send(at)
    found = services.cancel(appointment=found, reason=Reason.PERSON, by=advisor, at=later)
    assert send(later) == []  # a little time to undo
    services.restore(appointment=found, by=advisor, at=later)

    assert waiting().keys() == {"reminder"}
    assert waiting()["reminder"].send_after == DAY_BEFORE


def test_a_cancellation_undone_after_it_was_told_is_told_again(book, advisor, at):
    found = book()
    send(at)
    found = services.cancel(appointment=found, reason=Reason.PERSON, by=advisor, at=at)
    assert len(send(at + timedelta(hours=1))) == 1
    services.restore(appointment=found, by=advisor, at=at + timedelta(hours=2))

    assert event(waiting()["booked"])[:2] == ("REQUEST", 2)


def test_someone_without_an_address_gets_a_text_and_someone_without_either_gets_nothing(book, site):
    rachid = factories.AnyPerson(site=site, phone="06 39 98 01 77")
    nobody = factories.AnyPerson(site=site, phone="+33145678901")
    book(person=rachid, starts_at=paris(27, 9))
    book(person=nobody, starts_at=paris(27, 10))

    assert {(one.channel, one.recipient, one.calendar) for one in Message.objects.all()} == {
        ("SMS", "06 39 98 01 77", "")
    }
    text = waiting()["booked"].body
    assert (
        text.startswith(
            "CitésLab\xa0: rendez-vous noté le vendredi 27 novembre 2026 à 9\xa0h\xa000. Maison de quartier."
        )
        or "Maison de quartier." in text
    )


def test_a_text_is_sent_to_who_prefers_it_and_no_reminder_to_who_wants_none(book):
    book(told_by="SMS")
    book(told_by="", starts_at=paris(27, 10))

    assert {one.channel for one in Message.objects.all()} == {"SMS"}
    assert Message.objects.count() == 2  # the booking and its reminder


def test_no_reminder_for_what_is_booked_on_the_eve(book):
    book(starts_at=paris(20, 15))
    book(starts_at=paris(21, 9))

    assert waiting().keys() == {"booked"}


def test_the_words_say_when_where_and_with_whom_and_nothing_else(book, samira, advisor):
    book(kind=Kind.PHONE, starts_at=paris(27, 9))
    book()

    for message in Message.objects.all():
        said = f"{message.subject} {message.body} {message.calendar}".casefold()
        for word in ("qpv", "quartier prioritaire", "khelifi", "projet", "entreprise", "chômage"):
            assert word not in said
        assert advisor.name.casefold() in message.body.casefold()
        assert "samira" not in f"{message.subject} {message.body}".casefold()


def test_each_message_has_a_link_that_no_table_can_give_back(book, settings):
    found = book()

    secrets = set(re.findall(r"/agenda/mon-rendez-vous/([\w-]+)/", waiting()["booked"].body))
    assert len(secrets) == 1
    (secret,) = secrets
    assert len(secret) >= 43
    assert list(PersonLink.objects.values_list("appointment", "digest")) == [(found.pk, digest_of(secret))]
    assert f"{settings.PUBLIC_URL}/agenda/mon-rendez-vous/{secret}/" in waiting()["reminder"].body


def test_the_letter_that_leaves_is_one_that_mail_programs_read(book, at):
    book()
    (letter,) = send(at)

    read = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    (attached,) = read.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_filename() == "rendez-vous.ics"
    assert str(Calendar.from_ical(attached.get_payload(decode=True))["method"]) == "REQUEST"
