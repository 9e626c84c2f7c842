"""Attempts are counted, sessions end, passwords are found again, and nothing tells who has an account."""

import re
import threading
import time
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts import services
from citeslab.accounts.models import Kept, Session, User
from citeslab.accounts.receivers import TOO_MANY
from citeslab.audit.models import Entry
from citeslab.network.enums import Role
from citeslab.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("accounts:sign_in")
FORGOTTEN = reverse("accounts:forgotten_password")
SECURITY = reverse("accounts:security")
PASSWORD = "une phrase assez longue"
OTHER = "une autre phrase, bien plus longue"


@pytest.fixture
def amel(at):
    """Somebody whose mandate shows no name: a password is enough."""
    user = services.create_user(email="Amel@exemple.fr", name="Amel Roux", password=PASSWORD, at=at)
    factories.AnyMandate(user=user, role=Role.PILOT, site=None)
    return user


def attempt(client, address, password=PASSWORD, **headers):
    return client.post(SIGN_IN, {"username": address, "password": password}, **headers)


def said(answer) -> list[str]:
    return answer.context["form"].non_field_errors()


def test_after_five_wrong_passwords_an_account_waits_even_for_the_right_one(client, amel):
    for _time in range(5):
        assert attempt(client, amel.email, "wrong").status_code == 422
    refused = attempt(client, amel.email.upper())

    assert refused.status_code == 422
    assert str(TOO_MANY) in said(refused)[0]
    assert attempt(client, "autre@exemple.fr", "wrong").status_code == 422
    assert str(TOO_MANY) not in said(attempt(client, "autre@exemple.fr", "wrong"))[0]


def test_an_unknown_address_is_limited_the_same_way(client, amel):
    told = {}
    for address in (amel.email, "inconnue@exemple.fr"):
        told[address] = [said(attempt(client, address, "wrong")) for _time in range(7)]
        Kept.objects.all().delete()
    assert told[amel.email] == told["inconnue@exemple.fr"]


def test_the_right_password_costs_no_attempt(client, amel):
    for _time in range(8):
        assert attempt(client, amel.email).status_code == 302
        client.post(reverse("accounts:sign_out"))


def test_one_network_address_cannot_try_every_account(client, amel):
    for number in range(20):
        attempt(client, f"personne{number}@exemple.fr", "wrong")

    assert str(TOO_MANY) in said(attempt(client, amel.email))[0]
    assert attempt(client, amel.email, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_an_invented_forwarding_header_is_not_believed(client, amel):
    for number in range(20):
        attempt(client, f"personne{number}@exemple.fr", "wrong", headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert str(TOO_MANY) in said(attempt(client, amel.email, headers={"X-Forwarded-For": "192.0.2.99"}))[0]


@pytest.mark.django_db(transaction=True)
def test_attempts_made_together_are_all_counted(at):
    """Eight at once, as from several processes: each counts, since the count is in the database."""
    user = services.create_user(email="amel@exemple.fr", name="Amel Roux", password=PASSWORD, at=at)
    start = threading.Barrier(8)
    statuses = []

    def guess(number):
        try:
            start.wait(20)
            statuses.append(attempt(Client(), user.email, f"wrong {number}").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert statuses == [422] * 8
    assert str(TOO_MANY) in said(attempt(Client(), user.email))[0]


def test_a_page_that_reads_may_find_an_old_count(client, amel):
    cache.set("old", 1, timeout=60)
    Kept.objects.update(expires=timezone.now() - timedelta(days=1))
    client.force_login(amel)

    assert client.get("/").status_code == 200
    assert cache.get("old") is None


# -- a password found again


def link_of(message) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/connexion/mot-de-passe/\S+)", message.body).group(1)


def test_the_answer_is_the_same_with_and_without_an_account(client, amel, at):
    closed = services.create_user(email="close@exemple.fr", name="X", password=PASSWORD, at=at)
    services.close_account(user=closed, by=amel, at=at)
    robot = services.command_line_user(at=at)
    pages = {}
    for address in (amel.email, "inconnue@exemple.fr", closed.email, robot.email):
        answer = client.post(FORGOTTEN, {"email": address})
        pages[address] = (answer.status_code, answer.content.decode().replace(address, "@"))

    assert {status for status, _page in pages.values()} == {200}
    bare = {re.sub(r'value="[^"]{64}"|X-CSRFToken": "[^"]+"', "", page) for _status, page in pages.values()}
    assert len(bare) == 1
    assert [message.recipient for message in Message.objects.all()] == [amel.email]


def test_the_link_of_the_message_changes_the_password_once_and_ends_every_session(client, amel):
    elsewhere = Client()
    attempt(elsewhere, amel.email)
    client.post(FORGOTTEN, {"email": amel.email.lower()})
    link = link_of(Message.objects.get())
    form = client.get(link)
    assert form["Location"].endswith("/set-password/")
    assert client.get(form["Location"])["Referrer-Policy"] == "same-origin"
    weak = client.post(form["Location"], {"password": "court", "again": "court"})
    different = client.post(form["Location"], {"password": OTHER, "again": PASSWORD})
    done = client.post(form["Location"], {"password": OTHER, "again": OTHER})

    assert (weak.status_code, different.status_code, done["Location"]) == (422, 422, SIGN_IN)
    assert authenticate(username=amel.email, password=OTHER) == amel
    assert elsewhere.get("/")["Location"].startswith(SIGN_IN)
    assert not client.get(link).context["validlink"]
    assert Entry.objects.filter(action="accounts.password.changed").count() == 1


def test_a_made_up_link_shows_nothing(client, amel):
    for link in [("MQ", "c0ffee-0123456789abcdef"), ("zzz", "x-y"), ("..", "a-b")]:
        page = client.get(reverse("accounts:new_password", args=link))
        assert (page.status_code, b'<form method="post" class="form"' in page.content) == (200, False)


def test_links_cannot_be_asked_without_end(client, amel):
    answers = [client.post(FORGOTTEN, {"email": amel.email}).status_code for _time in range(5)]

    assert answers == [200, 200, 200, 422, 422]
    assert Message.objects.count() == 3


# -- sessions


def test_a_session_ends_after_eight_hours_whatever_is_done_with_it(client, amel):
    attempt(client, amel.email)
    session = Session.objects.get(user=amel)
    left = session.expire_date - timezone.now()
    assert timedelta(hours=7, minutes=59) < left <= timedelta(hours=8)
    store = client.session
    store["seen_at"] = time.time() - 1000
    store.save()
    client.get("/")

    assert Session.objects.get(user=amel).expire_date == session.expire_date
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/")["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize(("idle", "ends"), [(7100, False), (7300, True), (-3600, True)])
def test_a_session_left_alone_closes(client, amel, idle, ends):
    """The last line: a clock that jumps back by an hour is no proof of life."""
    attempt(client, amel.email)
    store = client.session
    store["seen_at"] = time.time() - idle
    store.save()

    answer = client.get("/")
    assert (answer.status_code == 302) is ends
    assert Session.objects.filter(user=amel).exists() is not ends


def test_being_there_is_noted_now_and_then(client, amel):
    attempt(client, amel.email)
    store = client.session
    store["seen_at"] = time.time() - 301
    store.save()
    client.get(SECURITY)
    assert time.time() - client.session["seen_at"] < 10


def test_one_sees_where_one_is_signed_in_and_signs_out_there(client, amel):
    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    attempt(client, amel.email)
    attempt(elsewhere, amel.email)
    listed = client.get(SECURITY).context["sessions"]
    other = next(session for session in listed if not session["is_current"])

    assert (len(listed), other["device"]) == (2, "Firefox, Windows")
    assert elsewhere.session.session_key not in client.get(SECURITY).content.decode()
    client.post(reverse("accounts:end_of_sessions"), {"session": other["mark"]})
    assert elsewhere.get("/")["Location"].startswith(SIGN_IN)
    assert client.get("/").status_code == 200


def test_one_cannot_end_the_session_of_somebody_else(client, amel):
    from citeslab.core.values import digest_of

    theirs = Client()
    theirs.force_login(factories.AnyUser())
    attempt(client, amel.email)
    client.post(reverse("accounts:end_of_sessions"), {"session": digest_of(theirs.session.session_key)})

    assert theirs.get(SECURITY).status_code == 200


def test_signing_out_everywhere_else_keeps_this_session(client, amel):
    others = [Client(), Client()]
    for one in [client, *others]:
        attempt(one, amel.email)
    client.post(reverse("accounts:end_of_sessions"))

    assert client.get(SECURITY).status_code == 200
    assert [one.get(SECURITY).status_code for one in others] == [302, 302]


def test_changing_the_password_signs_the_others_out(client, amel):
    other = Client()
    attempt(client, amel.email)
    attempt(other, amel.email)
    path = reverse("accounts:password")
    wrong = client.post(path, {"password": "x", "new-password": OTHER, "new-again": OTHER})
    done = client.post(path, {"password": PASSWORD, "new-password": OTHER, "new-again": OTHER})

    assert (wrong.status_code, done.status_code) == (422, 302)
    assert (client.get(SECURITY).status_code, other.get(SECURITY).status_code) == (200, 302)
    assert Message.objects.get().recipient == amel.email


def test_a_closed_account_is_out_at_once(client, amel, at):
    attempt(client, amel.email)
    services.close_account(user=amel, by=amel, at=at)
    services.close_account(user=amel, by=amel, at=at)

    assert client.get("/")["Location"].startswith(SIGN_IN)
    assert attempt(client, amel.email).status_code == 422
    assert Entry.objects.filter(action="accounts.account.closed").count() == 1
    assert not User.objects.get(pk=amel.pk).is_active


def test_sessions_that_are_over_are_forgotten(client, amel):
    attempt(client, amel.email)
    assert services.forget_sessions(at=timezone.now()) == 0
    assert services.forget_sessions(at=timezone.now() + timedelta(hours=9)) >= 1
