"""Behind the code of a room: who scans is there, once, when it was on the screen; nothing of anybody is shown back."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts.models import Knock
from citeslab.audit.models import Entry, Waiting
from citeslab.people.models import Person
from citeslab.workshops import rules, services
from citeslab.workshops.enums import Channel, How, Kind, State
from citeslab.workshops.models import Attendance, Opinion, Presence, Registration, Signature
from citeslab.workshops.views import scan as doors
from tests import factories

pytestmark = pytest.mark.django_db
DRAWN = json.dumps([[[10, 10], [300, 200], [500, 90]]])


@pytest.fixture
def session(site):
    workshop = factories.AnyWorkshop(site=site, held_on=timezone.localdate(), is_planned=True)
    return factories.AnySession(workshop=workshop, starts_at=timezone.now())


@pytest.fixture
def come(session, site):
    def registered(number, **who):
        person = factories.AnyPerson(site=site, **who)
        return factories.AnyRegistration(workshop=session.workshop, person=person, number=number)

    return registered


def code_of(session, *, ago=timedelta()):
    return rules.code_of(session, timezone.now() - ago)


def address(session, code, door="scan"):
    return reverse(f"workshops:{door}", args=[session.pk, code])


@pytest.fixture
def say(client, session):
    """What the page of a code sends; `ago`: when that code was shown."""

    def said(who="", *, ago=timedelta(), code=None, **more):
        code = code or code_of(session, ago=ago)
        asked = {"who": who, "strokes": DRAWN, "key": uuid4(), "ticket": rules.ticket_of(session, code)}
        return client.post(address(session, code), asked | more)

    return said


@pytest.mark.parametrize("who", ["7", "n° 7", "06 39 98 00 07", "LILA@exemple.fr"])
def test_she_says_who_she_is_by_what_she_has(say, come, who):
    hers = come(7, phone="+33639980007", email="lila@exemple.fr")
    come(8, phone="+33639980008")

    answer = say(who)

    assert answer.status_code == 302
    assert answer["Location"].endswith("/avis/?note=1")
    told, signed = Presence.objects.get(), Signature.objects.get()
    assert (told.registration, told.state, told.how) == (hers, State.PRESENT, How.CODE)
    assert (signed.registration, signed.strokes) == (hers, json.loads(DRAWN))
    assert Attendance.objects.standing().get().person == hers.person


def test_who_registered_without_a_file_is_known_by_what_she_gave(say, session):
    guest = factories.AnyGuest(workshop=session.workshop, number=3, phone="+33639980011")
    say("06 39 98 00 11")
    guest.refresh_from_db()
    assert guest.person.first_name == "Nour"
    assert Presence.objects.get().registration == guest


def test_one_scan_sent_three_times_an_hour_late_is_once_and_counts_from_the_screen(say, come, session):
    come(7)
    code, key = code_of(session, ago=timedelta(hours=1)), uuid4()

    answers = [say("7", code=code, key=key).status_code for _time in range(3)]

    assert answers == [302] * 3
    assert Presence.objects.get().told_at == rules.shown_at(session, code, at=timezone.now())
    assert Signature.objects.count() == Attendance.objects.count() == 1


def test_what_the_advisor_said_after_the_scan_counts_even_when_the_scan_arrives_last(say, come, session, advisor):
    hers = come(7)
    factories.AnyPresence(
        session=session, registration=hers, state=State.PART, told_at=timezone.now() - timedelta(minutes=30)
    )
    say("7", ago=timedelta(hours=1))
    assert Presence.objects.standing().get().state == State.PART
    say("7")
    assert Presence.objects.standing().get().state == State.PRESENT


def test_a_code_too_old_of_another_half_day_forged_or_to_come_says_to_scan_again(client, session):
    other = factories.AnySession(workshop=session.workshop)
    step, _dash, letters = code_of(session).partition("-")
    wrong = [
        code_of(session, ago=timedelta(minutes=12)),
        code_of(session, ago=timedelta(minutes=-2)),
        code_of(other),
        f"{int(step) + 1}-{letters}",
        f"{step}-{letters[:-1]}",
        "x", "1-", "-", f"{'9' * 40}-{letters}", "é-è",
    ]  # fmt: skip
    for code in wrong:
        page = client.get(address(session, code))
        assert (page.status_code, "workshops/scan_again.html") == (410, page.templates[0].name), code
    assert client.get(address(session, code_of(session, ago=timedelta(minutes=8)))).status_code == 200


def test_nothing_is_told_without_the_page_of_that_code(say, come, session):
    come(7)
    old = code_of(session, ago=timedelta(minutes=30))  # seen on a photograph: its page no longer opens
    for ticket in ("", "é", rules.ticket_of(session, code_of(session))):
        assert say("7", code=old, ticket=ticket).status_code == 410
    assert say("7", ago=rules.CODE_LATE + timedelta(minutes=1)).status_code == 410
    assert not Presence.objects.exists()


def test_a_number_of_nobody_is_said_and_no_name_is_shown(say, come):
    hers = come(7, first_name="Zélie", preferred_name="Inoubliable", phone="+33639980007")
    for who in ("9", "06 39 98 00 99", "a@b.fr", "7" * 30, "what?", "", "\0"):
        answer = say(who)
        assert answer.status_code == 422, who
        assert hers.person.preferred_name not in answer.content.decode()
    assert "Inoubliable" not in say("7").content.decode()
    assert Presence.objects.count() == 1


def test_a_household_that_shares_a_phone_is_asked_a_first_name_and_shown_none(say, come):
    come(1, first_name="Aïcha", phone="+33639980007")
    his = come(2, first_name="Élie", phone="+33639980007")

    asked = say("06 39 98 00 07")
    assert asked.status_code == 422
    assert asked.context["form"].asks_first_name
    assert not {"Aïcha", "Élie"} & set(asked.content.decode().split())
    assert say("06 39 98 00 07", first_name="Zoé").status_code == 422
    assert say("06 39 98 00 07", first_name="elie").status_code == 302
    assert Presence.objects.get().registration == his


def test_who_neither_draws_nor_ticks_has_not_signed(say, come):
    come(7)
    for strokes in ("", "[]", "{", "[[[1,1]]]", '[["a"]]', "[" * 50_000, "x" * 70_000):
        assert say("7", strokes=strokes).status_code == 422
    assert not Presence.objects.exists()
    assert say("7", strokes="", agreed="on").status_code == 302
    assert Signature.objects.get().strokes == []


def test_who_is_not_on_the_list_walks_in_once(say, session):
    her = {"act": "walk_in", "first_name": "Nour", "preferred_name": "Bensaïd", "contact": "06 39 98 00 11"}
    key = uuid4()
    assert [say(**her, key=key).status_code for _time in range(3)] == [302] * 3

    made = Registration.objects.get()
    assert (made.channel, made.person.phone, made.is_waiting) == (Channel.WALK_IN, "+33639980011", False)
    assert Presence.objects.get().how == How.CODE
    say(**her)  # another phone, the same person
    assert (Registration.objects.count(), Person.objects.count()) == (1, 1)
    assert say(act="walk_in", first_name="Nour").status_code == 422


def test_numbers_are_not_tried_one_after_another(say, come, monkeypatch):
    come(7)
    monkeypatch.setattr(doors, "FROM_ONE_ORIGIN", 2)
    assert [say(str(number)).status_code for number in (1, 2, 7)] == [422, 422, 429]
    assert not Presence.objects.exists()
    assert Knock.objects.count() == 4  # two tries, each at the door of an origin and of the room


def test_a_school_has_no_code_and_an_action_called_off_none_that_works(client, session, advisor):
    code = code_of(session)
    session.workshop.cancelled_at, session.workshop.cancelled_by = timezone.now(), advisor
    session.workshop.save()
    assert client.get(address(session, code)).status_code == 410
    session.workshop.cancelled_at = session.workshop.cancelled_by = None
    session.workshop.kind = Kind.SCHOOL
    session.workshop.save()
    assert client.get(address(session, code)).status_code == 404
    client.force_login(advisor)
    assert client.get(reverse("workshops:room", args=[session.workshop_id, session.pk])).status_code == 404


def test_the_codes_of_ten_minutes_are_those_of_the_screen_and_people_are_counted(client, session, come, advisor):
    factories.AnyPresence(session=session, registration=come(7))
    factories.AnyPresence(session=session, registration=come(8), state=State.ABSENT)
    client.force_login(advisor)

    said = client.get(reverse("workshops:codes", args=[session.workshop_id, session.pk]))
    ahead = said.json()

    assert (ahead["present"], len(ahead["codes"])) == (1, 20)
    assert -rules.CODE_CHANGES <= ahead["codes"][0]["after"] <= 0
    assert len({one["address"] for one in ahead["codes"]}) == 20
    assert len(said.content) < 80_000  # of a phone's plan, every two minutes
    page = client.get(reverse("workshops:room", args=[session.workshop_id, session.pk])).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page
    few = client.get(reverse("workshops:codes", args=[session.workshop_id, session.pk]) + "?codes=0").json()
    assert few == {"codes": [], "present": 1}


FACES = {"useful": 3, "understood": 2, "next_step": 1}


def test_an_opinion_is_three_faces_and_a_day_and_leads_back_to_nobody(client, session, say, come):
    come(7)
    say("7")
    lines = Entry.objects.count() + Waiting.objects.count()
    code, key = code_of(session), uuid4()
    door = address(session, code, "opinion")

    answers = [client.post(door, FACES | {"key": key})["Location"] for _time in range(2)]

    assert answers == [f"{door}?merci=1"] * 2
    row = Opinion.objects.values().get()
    assert {name: row[name] for name in ("given_on", "key", *FACES)} == {
        "given_on": timezone.localdate(), "key": key, **FACES,
    }  # fmt: skip
    assert set(row) == {"id", "workshop_id", "given_on", "key", "is_shown", *FACES}
    assert row["id"] > 2**32  # drawn at random, and not the next of a sequence
    assert Entry.objects.count() + Waiting.objects.count() == lines


def test_an_opinion_is_three_faces_or_none(client, session):
    door = address(session, code_of(session), "opinion")
    for wrong in ({}, FACES | {"useful": 4}, FACES | {"useful": ""}, FACES | {"useful": "x"}):
        assert client.post(door, {"key": uuid4()} | wrong).status_code == 422
    assert client.post(door, FACES | {"key": "no"}).status_code == 422
    assert client.post(address(session, "1-x", "opinion"), FACES | {"key": uuid4()}).status_code == 410
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(("given", "is_shown"), [(4, False), (5, True)])
def test_opinions_are_shown_from_five_on(client, session, advisor, given, is_shown):
    for _opinion in range(given):
        services.give_opinion(workshop=session.workshop, faces=FACES, key=uuid4(), on=session.workshop.held_on)
    client.force_login(advisor)
    page = client.get(reverse("workshops:workshop", args=[session.workshop_id]))
    assert (page.context["given"], page.context["opinions"] is not None) == (given, is_shown)
