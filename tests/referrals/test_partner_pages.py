"""The partner's link in the hands of a partner, of a mail scanner, and of someone who should not have it."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.followup.models import Transition
from citeslab.notifications.models import Message
from citeslab.referrals import queries, services
from citeslab.referrals.enums import Kind
from citeslab.referrals.models import Answer, Knock, Referral
from tests import factories
from tests.referrals.conftest import secret_of

pytestmark = pytest.mark.django_db
TOLD = ("Khelifi", "Samira", "06 39 98 01 42", "39980142", "Traiteur", "triporteur")


@pytest.fixture
def at():
    """These pages live at the hour of the machine."""
    return timezone.now() - timedelta(days=3)


@pytest.fixture
def partner(client, referral):
    return Partner(client, secret_of(referral))


class Partner:
    def __init__(self, client, secret):
        self.client, self.secret = client, secret
        self.url = reverse("referrals:answer", args=[secret])

    def get(self):
        return self.client.get(self.url)

    def post(self, act="open", **fields):
        return self.client.post(self.url, {"act": act, **fields})

    def say(self, kind, key="k", **fields):
        prefix = kind.lower()
        return self.post(
            "answer",
            kind=kind,
            **{f"{prefix}-form_key": key},
            **{f"{prefix}-{name}": value for name, value in fields.items()},
        )


def text(response) -> str:
    return response.content.decode()


def shows_nothing(response) -> bool:
    return not [told for told in TOLD if told in text(response)]


def test_a_get_changes_nothing_and_shows_no_sheet(partner, referral):
    lines = Entry.objects.count()
    for _scanner in range(3):
        response = partner.get()

    assert response.status_code == 200
    assert shows_nothing(response)
    assert queries.state_of(referral) == Kind.SENT
    assert (Entry.objects.count(), Knock.objects.count()) == (lines, 0)


def test_opening_is_seen_once_and_each_opening_is_a_read(partner, referral, samira, contact):
    for _time in range(2):
        response = partner.post()

    assert [told for told in TOLD if told not in text(response)] == []
    assert referral.answers.filter(kind=Kind.SEEN).count() == 1
    reads = Entry.objects.filter(action="referrals.sheet.read", subject_kind="people.person", subject_id=samira.pk)
    assert [entry.details["contact_id"] for entry in reads] == [contact.pk] * 2


def test_the_page_shows_nothing_but_the_sheet(partner, samira):
    samira.first_name, samira.email, samira.diploma = "Autre", "secret@exemple.fr", "Niveau 7"
    samira.save()
    page = text(partner.post())

    assert "Samira Khelifi" in page
    for hidden in ("Autre", "secret@exemple.fr", "Niveau 7", samira.reference):
        assert hidden not in page


def test_what_the_page_tells_browsers_and_robots(partner):
    unknown = Partner(partner.client, "x" * 43)
    for response in (partner.get(), partner.post(), unknown.get(), unknown.post()):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Cache-Control"] == "no-store, private"
        assert response.cookies == {}
        assert "<script" not in text(response)


def test_a_browser_that_hides_its_origin_may_answer(referral):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    response = strict.post(reverse("referrals:answer", args=[secret_of(referral)]), {"act": "open"})

    assert response.status_code == 200


def test_an_answer_is_two_presses_and_moves_the_path(partner, referral, samira):
    partner.post()
    assert partner.say("ACCEPTED", text="Je la vois jeudi.").status_code == 200
    day = timezone.localdate().isoformat()
    assert partner.say("FIRST_MEETING", key="k2", occurred_on=day).status_code == 200
    response = partner.say("OUTCOME", key="k3", outcome="LOAN", occurred_on=day, amount="6000,50")

    assert response.status_code == 200
    assert list(referral.answers.order_by("pk").values_list("kind", "amount_cents"))[1:] == [
        ("SEEN", None),
        ("ACCEPTED", None),
        ("FIRST_MEETING", None),
        ("OUTCOME", 600_050),
    ]
    step = Transition.objects.get(person=samira)
    assert (step.stage, step.evidence) == ("PARC", "PARTNER")
    assert "Je la vois jeudi." in text(response)


def test_a_double_press_is_one_answer(partner, referral):
    partner.post()
    first, second = partner.say("ACCEPTED"), partner.say("ACCEPTED")

    assert (first.status_code, second.status_code) == (200, 200)
    assert referral.answers.filter(kind=Kind.ACCEPTED).count() == 1


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("REFUSED", {}),
        ("REFUSED", {"reason": "OTHER"}),
        ("REFUSED", {"reason": "<script>"}),
        ("OUTCOME", {"outcome": "REGISTERED", "siret": "12345678901234", "occurred_on": "2026-11-20"}),
        ("OUTCOME", {"outcome": "LOAN", "occurred_on": "2026-11-20", "amount": "-5"}),
        ("OUTCOME", {"outcome": "LOAN", "occurred_on": "2026-11-20", "amount": "1e99"}),
        ("OUTCOME", {"outcome": "LOAN", "occurred_on": "2026-11-20", "amount": "NaN"}),
        ("OUTCOME", {"outcome": "LOAN", "occurred_on": "demain"}),
        ("OUTCOME", {"outcome": "LOAN", "occurred_on": "1899-01-01"}),
        ("FIRST_MEETING", {"occurred_on": "2099-01-01"}),
        ("ACCEPTED", {"text": "x" * 2_001}),
        ("ACCEPTED", {"text": "nul \x00"}),
        ("ACCEPTED", {}),
    ],
)
def test_a_wrong_answer_is_said_and_nothing_is_written(partner, referral, kind, fields):
    partner.post()
    if kind in {"OUTCOME", "FIRST_MEETING"} or (kind == "ACCEPTED" and not fields):
        partner.say("ACCEPTED", key="before")
    count = referral.answers.count()
    response = partner.say(kind, **fields)

    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert referral.answers.count() == count


@pytest.mark.parametrize(
    "alter", [lambda s: s[:-1], lambda s: s + "A", lambda s: s.swapcase(), lambda s: "0" * 43, lambda s: "é" * 3]
)
def test_an_altered_secret_opens_nothing(client, referral, alter):
    url = reverse("referrals:answer", args=[alter(secret_of(referral))])
    for response in (client.get(url), client.post(url, {"act": "open"}), client.post(url, {"act": "renew"})):
        assert response.status_code == 404
        assert shows_nothing(response)
    assert queries.state_of(referral) == Kind.SENT


def test_a_link_reaches_its_own_referral_whatever_the_form_says(client, send, referral):
    other = send(contact=factories.AnyContact())
    mine = Partner(client, secret_of(referral))
    mine.post(referral=other.pk, pk=other.pk, id=other.pk)
    mine.post("answer", kind="ACCEPTED", referral=other.pk, **{"accepted-form_key": "k", "accepted-referral": other.pk})

    assert queries.state_of(referral) == Kind.ACCEPTED
    assert queries.state_of(other) == Kind.SENT


def test_a_recorded_request_replayed_on_another_referral_writes_nothing(client, send, referral):
    other = send(contact=factories.AnyContact())
    mine, theirs = Partner(client, secret_of(referral)), Partner(client, secret_of(other))
    mine.say("ACCEPTED", key="same")
    assert theirs.say("FIRST_MEETING", key="same", occurred_on=timezone.localdate().isoformat()).status_code == 422

    assert queries.state_of(other) == Kind.SENT


@pytest.mark.parametrize("act", ["open", "answer", "take-back", "other"])
def test_after_its_time_the_link_shows_nothing_and_takes_nothing(partner, referral, act):
    partner.post()
    Referral.objects.update(open_until=timezone.now())
    count = Answer.objects.count()

    for response in (partner.get(), partner.post(act, kind="ACCEPTED", **{"accepted-form_key": "k"})):
        assert response.status_code == 410
        assert shows_nothing(response)
        assert referral.advisor.name not in text(response)
    assert Answer.objects.count() == count


def test_a_new_link_goes_to_the_known_address_and_the_page_says_the_same_to_everyone(partner, referral, contact):
    Referral.objects.update(open_until=timezone.now())
    first = partner.post("renew", to="pirate@exemple.fr", email="pirate@exemple.fr")
    second = partner.post("renew")

    assert text(first) == text(second)
    assert shows_nothing(first)
    assert [message.recipient for message in Message.objects.filter(key__startswith="referrals.link")] == [
        contact.email
    ]
    assert Partner(partner.client, secret_of(referral)).post().status_code == 200
    assert partner.post().status_code == 410


@pytest.mark.parametrize("closing", [services.withdraw, services.revoke_consent])
def test_a_referral_taken_back_is_closed_and_says_so(partner, referral, advisor, closing):
    partner.post()
    closing(referral=referral, by=advisor, at=timezone.now())

    for response in (partner.get(), partner.post(), partner.say("ACCEPTED"), partner.post("renew")):
        assert shows_nothing(response)
    assert partner.get().status_code == 410
    assert partner.post("renew").status_code == 200
    assert not Message.objects.filter(key__startswith="referrals.link").exists()


def test_a_contact_who_left_opens_nothing(partner, contact, advisor):
    from citeslab.partners.services import retire_contact

    retire_contact(contact=contact, by=advisor, at=timezone.now())

    assert partner.post().status_code == 410
    assert shows_nothing(partner.post())


NASTY = [
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "{{ 7|add:7 }}",
    "\u202egnp.exe",
    "🌱" * 50,
    '"><img src=x onerror=alert(1)>',
]


@pytest.mark.parametrize("nasty", NASTY)
def test_words_of_both_sides_stay_words(client, send, samira, contact, advisor, nasty):
    samira.first_name = nasty
    samira.save()
    contact.name = nasty[:160]
    contact.save()
    referral = send(message=nasty)
    partner = Partner(client, secret_of(referral))
    partner.post()
    partner.say("REFUSED", reason="OTHER", text=nasty)
    client.force_login(advisor)
    pages = [text(partner.post())] + [
        text(client.get(url))
        for url in (
            reverse("referrals:referral", args=[referral.pk]),
            reverse("referrals:referrals"),
            reverse("desk:person", args=[samira.pk]),
            reverse("desk:home"),
            reverse("partners:offices"),
        )
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{" not in nasty or "14" not in re.findall(r"answer\"><p[^>]*>(.*?)<", page)
    assert Message.objects.filter(subject__contains="\n").count() == 0


def test_addresses_tried_at_random_are_slowed_and_a_right_link_still_opens(client, partner):
    wrong = reverse("referrals:answer", args=["x" * 43])
    answers = [client.get(wrong).status_code for _try in range(32)]

    assert answers == [404] * 30 + [429] * 2
    assert partner.post().status_code == 200
    assert not Knock.objects.filter(source__contains="127").exists()


def test_knocks_are_forgotten(client, referral):
    client.get(reverse("referrals:answer", args=["x" * 43]))
    services.expire(at=timezone.now() + timedelta(days=3))

    assert not Knock.objects.exists()


def test_the_page_is_in_english_too(partner):
    page = text(partner.client.get(partner.url + "?langue=en"))

    assert 'lang="en"' in page
    assert "Open the sheet" in page


def test_a_strange_language_is_left_aside(partner):
    assert partner.client.get(partner.url + "?langue=xx%00").status_code == 200


def test_the_link_of_the_message_begins_with_the_public_address(referral):
    assert f"{settings.PUBLIC_URL}/orientations/reponse/" in Message.objects.get(key__startswith="referrals.link").body
    assert isinstance(referral.sent_at, datetime)
