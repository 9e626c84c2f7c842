"""Pages of the agenda, as an advisor, a neighbour, the pilot and a person with her link meet them."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.agenda import services
from citeslab.agenda.models import Appointment, Closure, MoveRequest, Surgery
from citeslab.audit.models import Entry
from citeslab.core.values import instant
from citeslab.network.enums import Role
from citeslab.notifications.models import Message
from citeslab.territories.values import PARIS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


@pytest.fixture
def monday():
    """The Monday after next, as the pages count from the real day."""
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday())


@pytest.fixture
def surgery(site, advisor, monday):
    return factories.AnySurgery(site=site, advisor=advisor, weekdays=[0], begins_on=monday - timedelta(days=21))


def local(moment):
    return moment.astimezone(PARIS).strftime("%a %H:%M")


def slots(page):
    return re.findall(r'name="slot" value="([^"]+)"', page.content.decode())


def booked(site, advisor, monday, **given):
    """At ten that Monday, for someone of the site, unless said otherwise."""
    person = given.pop("person", None) or factories.AnyPerson(site=site)
    return factories.AnyAppointment(
        **{"person": person, "advisor": advisor, "starts_at": instant(monday, time(10))} | given
    )


def test_a_free_slot_is_booked_by_its_button_once(signed_in, samira, surgery):
    address = reverse("agenda:book", args=[samira.pk])
    offered = slots(signed_in.get(address))
    assert len(offered) >= 8  # two Mondays or three, four half-hours each

    sent = {"slot": offered[1], "kind": "MEET", "told_by": "EMAIL", "key": "k" * 32}
    for _twice in range(2):
        answer = signed_in.post(address, sent)
        assert answer.status_code in {302, 422}

    (found,) = Appointment.objects.all()
    assert (local(found.starts_at), found.minutes, found.place) == (
        "Mon 10:30", 30, "Maison de quartier, 2 place des Tilleuls",
    )  # fmt: skip
    assert offered[1] not in slots(signed_in.get(address))


def test_another_hour_is_booked_and_a_taken_one_is_refused_in_words(signed_in, samira, monday):
    address = reverse("agenda:book", args=[samira.pk])
    sent = {"kind": "PHONE", "told_by": "", "day": monday.isoformat(), "from_time": "17:15", "minutes": "15"}

    assert signed_in.post(address, sent).status_code == 302
    refused = signed_in.post(address, sent, headers={"accept-language": "en"})

    assert refused.status_code == 422
    assert "has just been taken" in refused.content.decode()
    assert [(one.kind, one.minutes, local(one.starts_at)) for one in Appointment.objects.all()] == [
        ("PHONE", 15, "Mon 17:15")
    ]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"slot": "2026-11-26T09:00:00+00:00"},
        {"slot": "'); DROP TABLE"},
        {"day": "tomorrow", "from_time": "10:00"},
        {"day": "1899-01-01", "from_time": "10:00"},
        {"day": "2026-11-26", "from_time": "25:00"},
        {"kind": "HOLOGRAM"},
        {"told_by": "PIGEON"},
        {"minutes": "-5", "day": "2126-11-26", "from_time": "10:00"},
        {"place": "x" * 301, "day": "2126-11-26", "from_time": "10:00"},
    ],
    ids=str,
)
def test_a_strange_form_is_answered_not_broken(signed_in, samira, strange):
    answer = signed_in.post(reverse("agenda:book", args=[samira.pk]), {"kind": "MEET"} | strange)

    assert answer.status_code == 422
    assert not Appointment.objects.exists()


def test_an_appointment_moves_from_its_page(signed_in, site, advisor, monday, surgery):
    found = booked(site, advisor, monday)
    address = reverse("agenda:move", args=[found.pk])
    offered = slots(signed_in.get(address))

    answer = signed_in.post(address, {"slot": offered[-1], "kind": "MEET", "seen": "0"})
    stale = signed_in.post(address, {"slot": offered[0], "kind": "MEET", "seen": "0"})

    assert (answer.status_code, stale.status_code) == (302, 422)
    found.refresh_from_db()
    assert (local(found.starts_at), found.sequence) == ("Mon 11:30", 1)


def test_a_cancellation_and_its_undoing(signed_in, site, advisor, monday):
    found = booked(site, advisor, monday)

    page = signed_in.post(reverse("agenda:cancellation", args=[found.pk]), {"reason": "PERSON"}, follow=True)
    assert reverse("agenda:restoration", args=[found.pk]) in page.content.decode()
    found.refresh_from_db()
    assert found.cancel_reason == "PERSON"
    signed_in.post(reverse("agenda:restoration", args=[found.pk]))
    found.refresh_from_db()
    assert found.cancelled_at is None


def test_a_no_show_is_noted_from_home_in_one_tap_and_taken_back(signed_in, site, advisor):
    found = factories.AnyAppointment(
        person__site=site, advisor=advisor, starts_at=timezone.now() - timedelta(minutes=50)
    )
    address = reverse("agenda:outcome", args=[found.pk])

    answer = signed_in.post(address, {"outcome": "NO_SHOW", "back": "today"})
    assert answer["Location"] == reverse("desk:home")
    found.refresh_from_db()
    assert (found.outcome, found.outcome_by) == ("NO_SHOW", advisor)
    signed_in.post(address, {"outcome": ""})
    found.refresh_from_db()
    assert found.outcome == ""


def test_what_has_not_begun_has_no_outcome(signed_in, site, advisor, monday):
    found = booked(site, advisor, monday)
    signed_in.post(reverse("agenda:outcome", args=[found.pk]), {"outcome": "NO_SHOW"})

    found.refresh_from_db()
    assert found.outcome == ""


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.PILOT, Role.FUNDER])
def test_the_agenda_of_another_site_does_not_exist(client, samira, site, advisor, monday, surgery, role):
    found = booked(site, advisor, monday, person=samira)
    at_home = role == Role.ADVISOR
    client.force_login(factories.AnyMandate(role=role, **({} if at_home else {"site": None})).user)

    pages = {
        "book": samira.pk, "appointment": found.pk, "move": found.pk, "cancellation": found.pk,
        "restoration": found.pk, "outcome": found.pk, "surgery": surgery.pk, "surgery_end": surgery.pk,
        "surgery_day": surgery.pk,
    }  # fmt: skip
    for name, pk in pages.items():
        address = reverse(f"agenda:{name}", args=[pk])
        answers = {client.post(address, {"outcome": "HELD"}).status_code, client.get(address).status_code}
        assert answers <= {404, 405}
        assert 404 in answers
    for name in ("week", "surgeries", "new_surgery", "calendar"):
        answer = client.get(reverse(f"agenda:{name}"), {"avec": advisor.pk})
        assert answer.status_code == (200 if at_home else 404)
        assert "Khelifi" not in answer.content.decode()
        assert advisor.name not in answer.content.decode()
    assert client.post(reverse("agenda:closures"), {"day": "2026-11-26", "avec": advisor.pk}).status_code == 404
    found.refresh_from_db()
    assert (found.cancelled_at, found.outcome) == (None, "")


def test_a_week_costs_the_same_for_one_appointment_or_twenty(
    signed_in, site, advisor, monday, surgery, django_assert_num_queries
):
    address = f"{reverse('agenda:week')}?semaine={monday.isoformat()}"
    booked(site, advisor, monday)
    signed_in.get(address)
    with django_assert_num_queries(13) as one:
        signed_in.get(address)
    first = Appointment.objects.get().starts_at
    for number in range(1, 20):
        booked(site, advisor, monday, starts_at=first + timedelta(hours=number))
    with django_assert_num_queries(len(one)):
        page = signed_in.get(address)
    assert page.content.decode().count('class="week-one') == 20


@pytest.mark.parametrize(
    "asked", ["semaine=yesterday", "semaine=9999-12-31", "semaine=0001-01-01", "avec=%00&semaine=%ED"]
)
def test_a_strange_week_is_this_week(signed_in, asked):
    assert signed_in.get(f"{reverse('agenda:week')}?{asked}").status_code == 200


def test_a_day_is_closed_and_opened_from_the_week(signed_in, advisor, monday):
    address = reverse("agenda:closures")
    signed_in.post(address, {"day": monday.isoformat(), "avec": advisor.pk})
    assert Closure.objects.get().advisor == advisor
    signed_in.post(address, {"day": monday.isoformat(), "avec": advisor.pk, "act": "open"})
    assert not Closure.objects.exists()


# -- surgeries --------------------------------------------------------------------------------------------------------

RULE = {
    "place": "Maison de quartier", "access": "OPEN", "rhythm": "MONTHLY", "nth": "-1", "weekdays": ["4"],
    "from_time": "09:30", "until_time": "12:00", "slot_minutes": "30", "begins_on": "2027-01-01",
}  # fmt: skip


def test_the_next_dates_are_shown_before_the_surgery_is_opened(signed_in, site, advisor):
    sent = RULE | {"site": site.pk, "advisor": advisor.pk}
    address = reverse("agenda:new_surgery")

    shown = signed_in.post(address, sent | {"preview": "1"}, headers={"hx-request": "true"})
    page = shown.content.decode()
    assert [page.count(f"{day} 2027") for day in ("29 janvier", "26 février", "26 mars", "30 avril", "28 mai")] == [
        1
    ] * 5
    assert "<html" not in page
    assert not Surgery.objects.exists()

    assert signed_in.post(address, sent).status_code == 302
    (found,) = Surgery.objects.all()
    assert (found.weekdays, found.nth, found.site) == ([4], -1, site)


@pytest.mark.parametrize(
    "wrong",
    [
        {"until_time": "09:00"},
        {"weekdays": []},
        {"nth": ""},
        {"slot_minutes": "1"},
        {"advisor": "999999"},
        {"place": ""},
    ],
    ids=str,
)
def test_a_wrong_rule_is_answered_in_words(signed_in, site, advisor, wrong):
    answer = signed_in.post(reverse("agenda:new_surgery"), RULE | {"site": site.pk, "advisor": advisor.pk} | wrong)

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode() or "notice-wrong" in answer.content.decode()
    assert not Surgery.objects.exists()


def test_a_surgery_cannot_be_opened_at_another_site_or_for_a_stranger(signed_in, site, advisor):
    other = factories.AnyMandate()
    for wrong in ({"site": other.site.pk}, {"advisor": other.user.pk}):
        sent = RULE | {"site": site.pk, "advisor": advisor.pk} | wrong
        assert signed_in.post(reverse("agenda:new_surgery"), sent).status_code == 422


def test_one_date_is_cancelled_moved_and_held_again_from_its_page(signed_in, surgery, monday):
    address, page = reverse("agenda:surgery_day", args=[surgery.pk]), reverse("agenda:surgery", args=[surgery.pk])
    said = {"day": monday.isoformat()}

    tuesday = monday + timedelta(days=1)
    signed_in.post(address, said | {"act": "cancel"})
    assert surgery.changes.get().held_on is None
    moved = {
        "act": "move",
        "held_on": tuesday.isoformat(),
        "from_time": "14:00",
        "until_time": "16:00",
    }
    signed_in.post(address, said | moved)
    assert surgery.changes.get().held_on == tuesday
    signed_in.post(address, said | moved | {"until_time": "13:00"})
    signed_in.post(address, {"act": "cancel", "day": (monday + timedelta(days=2)).isoformat()})
    assert surgery.changes.get().held_on == tuesday
    assert signed_in.get(page).status_code == 200
    signed_in.post(address, said | {"act": "restore"})
    assert not surgery.changes.exists()


def test_a_surgery_is_ended(signed_in, surgery):
    signed_in.post(reverse("agenda:surgery_end", args=[surgery.pk]))

    surgery.refresh_from_db()
    assert surgery.ends_on == timezone.localdate()


# -- her link ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(site, advisor, samira, monday):
    """The address in Samira's message."""
    start = booked(site, advisor, monday, person=samira).starts_at
    Appointment.objects.all().delete()
    services.book(
        person=samira, advisor=advisor, starts_at=start, minutes=45, place="Salle 2", by=advisor, at=timezone.now()
    )
    return re.search(r"/agenda/mon-rendez-vous/[\w-]+/", Message.objects.first().body).group()


def test_reading_the_link_changes_nothing_and_says_no_name(client, link, samira):
    lines = Entry.objects.count()
    for _twice in range(2):
        page = client.get(link)

    assert page.status_code == 200
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
    assert "Khelifi" not in page.content.decode()
    assert samira.email not in page.content.decode()
    assert Appointment.objects.get().cancelled_at is None
    assert Entry.objects.count() == lines


def test_she_cancels_by_her_link_and_cannot_take_it_further(client, link):
    assert client.post(link, {"act": "cancel"}).status_code == 200
    assert client.post(link, {"act": "cancel"}).status_code == 200
    assert client.post(link, {"act": "move", "words": "mardi"}).status_code == 422

    found = Appointment.objects.get()
    assert (found.cancel_reason, found.cancelled_by, found.sequence) == ("HER_LINK", None, 1)
    line = Entry.objects.get(action="agenda.appointment.cancelled")
    assert (line.actor_id, line.subject_id) == (None, found.pk)


def test_she_asks_for_another_time_and_the_move_settles_it(client, link, advisor):
    client.post(link, {"act": "move", "words": "plutôt  le mardi\n<script>alert(1)</script>" + "x" * 500})
    client.post(link, {"act": "move", "words": "le mardi matin"})
    assert MoveRequest.objects.get().words == "le mardi matin"

    client.force_login(advisor)
    assert "le mardi matin" in client.get(reverse("desk:home")).content.decode()
    found = Appointment.objects.get()
    services.move(appointment=found, starts_at=found.starts_at + timedelta(days=1), by=advisor, at=timezone.now())
    assert MoveRequest.objects.get().settled_at is not None


def test_the_link_shows_nothing_once_the_time_has_passed_and_no_other_opens(client, link):
    for wrong in ("x", "a" * 43, "%00", "é"):
        assert client.get(f"/agenda/mon-rendez-vous/{wrong}/").status_code == 404
    Appointment.objects.update(
        starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1)
    )
    assert client.get(link).status_code == 404
    assert client.post(link, {"act": "cancel"}).status_code == 404


def test_home_and_the_person_page_say_what_comes(signed_in, advisor, samira, site):
    soon = factories.AnyAppointment(
        person=samira, advisor=advisor, starts_at=timezone.now() + timedelta(minutes=1), place="Salle 2"
    )
    page = signed_in.get(reverse("desk:person", args=[samira.pk])).content.decode()

    assert reverse("agenda:move", args=[soon.pk]) in page
    assert signed_in.get(reverse("desk:home")).status_code == 200
