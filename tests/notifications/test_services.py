"""Messages: posted with their act, sent once, patient with a server that is down."""

import email
import email.policy
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction

from citeslab.notifications import services
from citeslab.notifications.enums import Channel
from citeslab.notifications.models import Message
from tests.desk.test_serve import free_port

pytestmark = pytest.mark.django_db


class Inbox:
    """What a real mail server received."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def mail_server(settings):
    """`(inbox, start, stop)` of a mail server that one can switch off."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    inbox = Inbox()
    controllers = []

    def start():
        controllers.append(Controller(inbox, hostname="127.0.0.1", port=settings.EMAIL_PORT))
        controllers[-1].start()

    def stop():
        controllers.pop().stop()

    yield inbox, start, stop
    while controllers:
        stop()


def post(at, **details):
    wanted = {"key": "test:1", "to": "samira@example.org", "subject": "Demain", "body": "À demain.", "at": at}
    wanted |= details
    services.post(**wanted)
    return Message.objects.get(key=wanted["key"])


def test_a_message_leaves_once_with_its_words_and_its_calendar(mail_server, at):
    inbox, start, _stop = mail_server
    start()
    post(at, calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")

    assert services.send_due(at=at) == 1
    assert services.send_due(at=at) == 0

    (received,) = inbox.messages
    assert (received["To"], received["Subject"]) == ("samira@example.org", "Demain")
    assert received.get_body().get_content().strip() == "À demain."
    assert [part.get_content_type() for part in received.iter_attachments()] == ["text/calendar"]


def test_the_same_occasion_is_posted_once(at):
    first = post(at)
    again = post(at + timedelta(hours=1), body="Encore")

    assert (again.pk, again.body) == (first.pk, "À demain.")


def test_an_act_undone_posts_nothing(at):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post(at)
        raise ZeroDivisionError

    assert not Message.objects.exists()


def test_nothing_leaves_before_its_time(mail_server, at):
    inbox, start, _stop = mail_server
    start()
    post(at, send_after=at + timedelta(days=1))

    assert services.send_due(at=at + timedelta(hours=23)) == 0
    assert services.send_due(at=at + timedelta(hours=24)) == 1
    assert len(inbox.messages) == 1


def test_a_server_that_is_down_is_waited_for_and_the_identifier_stays(mail_server, at):
    inbox, start, _stop = mail_server
    message = post(at)

    assert services.send_due(at=at) == 0
    message.refresh_from_db()
    assert (message.attempts, message.sent_at, message.send_after) == (1, None, at + timedelta(minutes=1))
    assert message.last_error.startswith("ConnectionRefusedError")
    assert list(Message.objects.held_up()) == [message]

    start()
    assert services.send_due(at=at) == 0  # it is not its turn yet
    assert services.send_due(at=at + timedelta(minutes=1)) == 1
    message.refresh_from_db()
    assert (message.sent_at, message.last_error) == (at + timedelta(minutes=1), "")
    assert inbox.messages[0]["Message-ID"].startswith(f"<{services.identifier(message)}@")


def test_a_message_is_given_up_after_the_last_attempt_and_stays_visible(mail_server, at):
    message = post(at)
    now = at
    for _attempt in range(len(services.PATIENCE) + 1):
        services.send_due(at=now)
        message.refresh_from_db()
        now = message.send_after

    assert message.given_up_at is not None
    assert message.attempts == len(services.PATIENCE) + 1
    assert services.send_due(at=now + timedelta(days=9)) == 0


def test_one_refused_address_holds_up_no_other(mail_server, at):
    inbox, start, _stop = mail_server
    start()
    post(at, key="bad", to="not an address\r\nBcc: all@example.org")
    post(at, key="good")

    assert services.send_due(at=at) == 1
    assert [message["To"] for message in inbox.messages] == ["samira@example.org"]
    assert Message.objects.get(key="bad").given_up_at == at  # waiting would not mend it


def test_what_will_not_happen_is_taken_back_unless_it_left(mail_server, at):
    _inbox, start, _stop = mail_server
    start()
    post(at, key="agenda:1:reminder", send_after=at + timedelta(days=1))
    post(at, key="agenda:1:booked")
    post(at, key="agenda:10:reminder", send_after=at + timedelta(days=1))
    services.send_due(at=at)

    assert services.take_back(prefix="agenda:1:") == 1
    assert sorted(Message.objects.values_list("key", flat=True)) == ["agenda:10:reminder", "agenda:1:booked"]


def test_texts_go_by_the_gateway_that_is_set(settings, tmp_path, at):
    settings.HOME = tmp_path
    message = post(at, channel=Channel.SMS, to="+33639980142")

    assert services.send_due(at=at) == 1
    text = (tmp_path / "sms" / f"{services.identifier(message)}.txt").read_text()
    assert text == "+33639980142\n\nÀ demain.\n"


def test_words_are_forgotten_after_a_month_and_the_fact_stays(mail_server, at):
    _inbox, start, _stop = mail_server
    start()
    post(at, key="old")
    post(at, key="waiting", send_after=at + timedelta(days=60))
    services.send_due(at=at)

    assert services.forget_old(at=at + timedelta(days=31)) == 1
    assert list(Message.objects.order_by("key").values_list("key", "recipient", "body")) == [
        ("old", "", ""),
        ("waiting", "samira@example.org", "À demain."),
    ]


def test_the_first_that_is_due_is_found_without_sorting_those_behind_it(at):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    first = Message.objects.due(at).order_by("send_after", "pk")[:1]

    plan = first.explain()
    assert "notifications_message_due" in plan
    assert "Sort" not in plan
