"""Acts told without network: each counts once, in whatever order, from whatever clock."""

import json
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citeslab.people.models import Person
from citeslab.workshops import queries, services
from citeslab.workshops.enums import Kind, State
from citeslab.workshops.models import Act, Attendance, HeadCount, Presence, Registration, Signature
from citeslab.workshops.readers import acts as readers
from tests import factories

pytestmark = pytest.mark.django_db
FORMAT = readers.FORMAT


@pytest.fixture
def workshop(site, at):
    found = factories.AnyWorkshop(site=site, held_on=at.date(), is_planned=True)
    factories.AnySession(workshop=found, starts_at=at - timedelta(hours=2))
    return found


@pytest.fixture
def session(workshop):
    return workshop.sessions.get()


@pytest.fixture
def someone(workshop, site):
    return factories.AnyRegistration(workshop=workshop, person=factories.AnyPerson(site=site))


@pytest.fixture
def receive(workshop, advisor, at):
    def received(*acts, sent_at=at, at=at, device=None):
        receipts = services.receive(workshop=workshop, acts=acts, sent_at=sent_at, device=device, by=advisor, at=at)
        return [one.end for one in receipts]

    return received


def mark(session, who, state=State.PRESENT, *, told_at, key=None, **more):
    about = {"walk_in": who} if isinstance(who, str) else {"registration": who.pk}
    return {
        "key": str(key or uuid4()), "kind": "mark", "session": session.pk, **about, "state": str(state),
        "told_at": told_at.isoformat(), **more,
    }  # fmt: skip


def walk_in(told_at, *, first_name="Nour", preferred_name="Bensaïd", contact="", key=None):
    return {
        "key": str(key or uuid4()), "kind": "walk_in", "first_name": first_name, "preferred_name": preferred_name,
        "contact": contact, "told_at": told_at.isoformat(),
    }  # fmt: skip


def sign(session, who, *, told_at, strokes=((1, 1), (200, 200))):
    about = {"walk_in": who} if isinstance(who, str) else {"registration": who.pk}
    return {
        "key": str(uuid4()), "kind": "sign", "session": session.pk, **about, "strokes": [list(map(list, strokes))],
        "told_at": told_at.isoformat(),
    }  # fmt: skip


def heads(told_at, women, key=None):
    return {
        "key": str(key or uuid4()), "kind": "heads", "heads": [["WOMAN", "UNKNOWN", women]],
        "told_at": told_at.isoformat(),
    }  # fmt: skip


def test_an_act_sent_three_times_is_accepted_once(receive, session, someone, at):
    act = mark(session, someone, told_at=at)

    assert receive(act, act) == ["accepted", "already"]
    assert receive(act) == ["already"]
    assert Presence.objects.get().state == State.PRESENT
    assert Attendance.objects.standing().get().person == someone.person


def test_of_two_advisors_the_later_told_counts_whichever_comes_first(receive, session, someone, at):
    later = mark(session, someone, State.ABSENT, told_at=at - timedelta(minutes=1))
    earlier = mark(session, someone, State.PRESENT, told_at=at - timedelta(minutes=5))

    assert receive(later, device=uuid4()) == ["accepted"]
    assert receive(earlier, device=uuid4()) == ["accepted"]
    assert Presence.objects.standing().get().state == State.ABSENT
    assert not Attendance.objects.standing().exists()


@pytest.mark.parametrize("wrong", [timedelta(days=1), timedelta(days=-400)])
def test_a_clock_wrong_by_a_day_changes_nothing_in_the_order(receive, session, someone, at, wrong):
    at = at.astimezone(UTC)
    right = mark(session, someone, State.PRESENT, told_at=at - timedelta(minutes=10))
    wrongly = mark(session, someone, State.ABSENT, told_at=at - timedelta(minutes=20) + wrong)

    receive(right, device=uuid4())
    receive(wrongly, sent_at=at + wrong, device=uuid4())

    standing = Presence.objects.standing().get()
    assert standing.state == State.PRESENT
    late = Presence.objects.exclude(pk=standing.pk).get()
    assert (late.told_at, late.clock_at) == (at - timedelta(minutes=20), at - timedelta(minutes=20) + wrong)


def test_a_slow_network_does_not_change_the_order_of_one_phone(receive, session, someone, at):
    phone = uuid4()
    first = mark(session, someone, State.ABSENT, told_at=at)
    second = mark(session, someone, State.PRESENT, told_at=at + timedelta(seconds=1))

    receive(first, sent_at=at, at=at + timedelta(seconds=12), device=phone)  # twelve seconds on the way
    receive(second, sent_at=at + timedelta(seconds=13), at=at + timedelta(seconds=13), device=phone)

    assert Presence.objects.standing().get().state == State.PRESENT


def test_what_is_told_of_a_walk_in_waits_for_her(receive, session, at):
    her = walk_in(at, contact="06 39 98 00 11")
    here = mark(session, her["key"], told_at=at)

    assert receive(here) == ["later"]
    assert not Presence.objects.exists()
    assert receive(her) == ["accepted"]
    assert receive(here) == ["accepted"]
    assert Registration.objects.get().person.first_name == "Nour"
    assert Person.objects.get().phone == "+33639980011"


def test_in_one_batch_a_walk_in_may_come_after_what_is_told_of_her(receive, session, at):
    her = walk_in(at)

    assert (
        receive(sign(session, her["key"], told_at=at), mark(session, her["key"], told_at=at), her) == ["accepted"] * 3
    )
    assert Signature.objects.get().registration == Registration.objects.get()


@pytest.mark.parametrize("first", [State.PRESENT, State.ABSENT])
def test_a_slip_opens_no_file_whichever_comes_first(receive, workshop, session, first, at):
    guest = factories.AnyRegistration(
        workshop=workshop, person=None, first_name="Nour", preferred_name="Bensaïd", phone="+33639980011"
    )
    slip = mark(session, guest, State.PRESENT, told_at=at - timedelta(minutes=2))
    right = mark(session, guest, State.ABSENT, told_at=at - timedelta(minutes=1))
    for act in (slip, right) if first == State.PRESENT else (right, slip):
        receive(act, device=uuid4())

    guest.refresh_from_db()
    assert (guest.person, guest.name, guest.phone) == (None, "Nour Bensaïd", "+33639980011")
    assert not Person.objects.exists()
    assert not Attendance.objects.exists()
    assert Presence.objects.count() == 2


def test_she_who_came_after_all_has_a_file_again(receive, workshop, session, at):
    guest = factories.AnyRegistration(workshop=workshop, person=None, first_name="Nour", preferred_name="Bensaïd")
    for minutes, state in enumerate([State.PRESENT, State.ABSENT, State.PART]):
        receive(mark(session, guest, state, told_at=at - timedelta(minutes=9 - minutes)))

    assert Attendance.objects.standing().get().person == Person.objects.get()


def test_a_file_used_since_is_not_taken_back(receive, workshop, session, at):
    guest = factories.AnyRegistration(workshop=workshop, person=None, first_name="Nour", preferred_name="Bensaïd")
    receive(mark(session, guest, State.PRESENT, told_at=at - timedelta(minutes=2)))
    factories.AnyMeeting(person=Person.objects.get())
    receive(mark(session, guest, State.ABSENT, told_at=at))

    assert Person.objects.get().name == "Nour Bensaïd"
    assert not Attendance.objects.standing().exists()


def test_a_file_opened_the_day_before_is_not_taken_back(receive, workshop, session, at):
    guest = factories.AnyRegistration(workshop=workshop, person=None, first_name="Nour", preferred_name="Bensaïd")
    receive(mark(session, guest, State.PRESENT, told_at=at - timedelta(minutes=2)))
    tomorrow = at + timedelta(days=1)
    receive(mark(session, guest, State.ABSENT, told_at=tomorrow), sent_at=tomorrow, at=tomorrow)

    assert Person.objects.exists()


def test_many_acts_are_noted_as_a_few_would_be(receive, workshop, session, at):
    """More than one transaction takes: who walked in is known to all of them."""
    acts = []
    for number in range(120):
        her = walk_in(at - timedelta(minutes=5), first_name=f"Nour{number}")
        acts += [mark(session, her["key"], told_at=at - timedelta(minutes=4)), her]
    acts += [heads(at, 7)]

    assert receive(*acts) == ["accepted"] * 241
    assert receive(*acts) == ["already"] * 241
    assert Attendance.objects.standing().count() == 120
    assert HeadCount.objects.standing().get().heads == 7


def test_two_phones_that_note_one_walk_in_are_one_person(receive, session, at):
    one, other = walk_in(at, contact="nour@exemple.fr"), walk_in(at, contact="nour@exemple.fr")

    receive(one, mark(session, one["key"], told_at=at), device=uuid4())
    receive(other, mark(session, other["key"], State.PART, told_at=at + timedelta(seconds=9)), device=uuid4())

    assert Registration.objects.get().presences.standing().get().state == State.PART
    assert Person.objects.count() == 1


def test_the_count_told_last_stands_and_one_made_on_the_page_too(receive, workshop, advisor, at):
    receive(heads(at - timedelta(minutes=1), 7))
    receive(heads(at - timedelta(minutes=9), 3))
    assert HeadCount.objects.standing().get().heads == 7

    counted = {("WOMAN", "UNKNOWN"): 8}
    services.count_heads(workshop=workshop, heads=counted, by=advisor, at=at)
    receive(heads(at - timedelta(seconds=30), 5), at=at + timedelta(hours=1), sent_at=at + timedelta(hours=1))
    assert HeadCount.objects.standing().get().heads == 8


def test_a_refused_act_says_why_and_stops_no_other(receive, workshop, session, someone, advisor, at):
    elsewhere = factories.AnySession()
    stranger = factories.AnyRegistration()
    gone = factories.AnyRegistration(
        workshop=workshop, withdrawn_at=factories.LONG_AGO, withdrawn_by=factories.AnyUser(), number=900
    )
    acts = [
        mark(elsewhere, someone, told_at=at),
        mark(session, stranger, told_at=at),
        mark(session, gone, told_at=at),
        sign(session, someone, told_at=at, strokes=((1, 1),)),
        walk_in(at, contact="12"),
        mark(session, someone, told_at=at),
    ]
    receipts = services.receive(workshop=workshop, acts=acts, sent_at=at, by=advisor, at=at)

    assert [one.end for one in receipts] == ["refused"] * 5 + ["accepted"]
    assert all(one.reason for one in receipts[:5])
    assert Presence.objects.get().registration == someone


@pytest.mark.parametrize(
    ("acts", "is_held"),
    [
        (lambda session, who, at: [mark(session, who, State.EXCUSED, told_at=at)], False),
        (lambda session, who, at: [mark(session, who, State.PART, told_at=at)], True),
        (lambda session, who, at: [walk_in(at)], False),
        (lambda session, who, at: [heads(at, 3)], True),
    ],
)
def test_only_who_was_there_or_was_counted_says_that_an_action_was_held(
    receive, workshop, session, someone, at, acts, is_held
):
    receive(*acts(session, someone, at))
    workshop.refresh_from_db()

    assert workshop.is_planned is not is_held


def test_an_act_of_another_action_is_not_one_of_this(receive, session, someone, site, at):
    act = mark(session, someone, told_at=at)
    factories.AnyPresence(key=UUID(act["key"]))

    assert receive(act) == ["refused"]


def test_an_action_called_off_takes_nothing(receive, workshop, session, someone, advisor, at):
    services.call_off(workshop=workshop, by=advisor, at=at)
    assert receive(mark(session, someone, told_at=at), walk_in(at), heads(at, 2)) == ["refused"] * 3
    workshop.refresh_from_db()
    assert (workshop.is_planned, Act.objects.count()) == (True, 0)


def test_in_a_school_only_heads_are_taken(receive, workshop, at):
    workshop.kind = Kind.SCHOOL
    workshop.save()
    assert receive(walk_in(at), heads(at, 24)) == ["refused", "accepted"]


NONSENSE = [
    None, 7, "mark", [], {}, {"key": 3}, {"key": "x" * 90, "kind": "mark"},
    {"key": str(UUID(int=1)), "kind": "mark"},
    {"key": str(UUID(int=1)), "kind": ["mark"], "told_at": "2026-11-20T10:00:00Z"},
    {"key": str(UUID(int=1)), "kind": "mark", "told_at": "2026-11-20T10:00:00"},
    {"key": str(UUID(int=1)), "kind": "mark", "told_at": "0001-01-01T00:00:00+14:00"},
    {"key": str(UUID(int=1)), "kind": "mark", "told_at": "2026-11-20T10:00:00Z", "session": True, "registration": 1},
    {"key": str(UUID(int=1)), "kind": "mark", "told_at": "2026-11-20T10:00:00Z", "session": 10**40,
     "registration": 10**40, "state": "PRESENT"},
    {"key": str(UUID(int=1)), "kind": "mark", "told_at": "2026-11-20T10:00:00Z", "session": 1, "registration": 1,
     "state": {"a": 1}},
    {"key": str(UUID(int=1)), "kind": "mark", "told_at": "2026-11-20T10:00:00Z", "session": 1, "registration": 1,
     "state": "PRESENT", "how": "CODE"},
    {"key": str(UUID(int=1)), "kind": "walk_in", "told_at": "2026-11-20T10:00:00Z", "first_name": "a\0",
     "preferred_name": "b"},
    {"key": str(UUID(int=1)), "kind": "walk_in", "told_at": "2026-11-20T10:00:00Z", "first_name": "\ud800",
     "preferred_name": "b"},
    {"key": str(UUID(int=1)), "kind": "walk_in", "told_at": "2026-11-20T10:00:00Z", "first_name": " ",
     "preferred_name": "b"},
    {"key": str(UUID(int=1)), "kind": "heads", "told_at": "2026-11-20T10:00:00Z", "heads": {"WOMAN": 3}},
    {"key": str(UUID(int=1)), "kind": "heads", "told_at": "2026-11-20T10:00:00Z", "heads": [["WOMAN", "UNKNOWN", -1]]},
    {"key": str(UUID(int=1)), "kind": "heads", "told_at": "2026-11-20T10:00:00Z", "heads": [["WOMAN", "UNKNOWN", 1.5]]},
]  # fmt: skip


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_refused_with_words_and_stops_no_other(receive, session, someone, at, said):
    assert receive(said, mark(session, someone, told_at=at)) == ["refused", "accepted"]


@pytest.mark.parametrize(
    "strokes", [None, 3, "ab", {"a": 1}, [[1, 2]], [[["a", 2], [3, 4]]], [[[1, 2]]], [[[1e400, 2], [1, 1]]]]
)
def test_what_is_no_drawing_signs_nothing(receive, session, someone, at, strokes):
    act = sign(session, someone, told_at=at) | {"strokes": strokes}
    assert receive(act) == ["refused"]
    assert not Signature.objects.exists()


@pytest.fixture
def send(client, advisor, workshop):
    client.force_login(advisor)

    def sent(body, **more):
        return client.post(
            reverse("workshops:acts", args=[workshop.pk]),
            body if isinstance(body, bytes | str) else json.dumps(body),
            content_type="application/json",
            **more,
        )

    return sent


def batch(*acts, sent_at, **more):
    return {"format": FORMAT, "sent_at": sent_at.isoformat(), "acts": list(acts), **more}


def test_the_door_answers_what_became_of_each_and_the_list(send, session, someone, workshop):
    from django.utils import timezone

    now = timezone.now()
    answer = send(batch(mark(session, someone, told_at=now), {"key": "?"}, sent_at=now, workshop=workshop.pk)).json()

    assert [one["end"] for one in answer["results"]] == ["accepted", "refused"]
    assert answer["list"]["marks"][0][:3] == [session.pk, someone.pk, "PRESENT"]
    assert answer["list"]["people"] == [
        {"pk": someone.pk, "number": someone.number, "name": someone.name, "waiting": False}
    ]


BROKEN = [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": "citeslab.acts.1"}',
    b'{"format": "citeslab.acts.1", "acts": {}, "sent_at": "2026-11-20T10:00:00Z"}',
    b'{"format": "citeslab.acts.1", "acts": [], "sent_at": "yesterday"}',
    b'{"format": "citeslab.acts.1", "acts": [], "sent_at": "2026-11-20T10:00:00Z", "device": 4}',
    b'{"format": "citeslab.acts.1", "acts": [NaN], "sent_at": "2026-11-20T10:00:00Z"}',
    b'{"format": "citeslab.acts.1", "acts": [], "sent_at": "2026-11-20T10:00:00Z", "workshop": 999999999}',
    b'{"format": "citeslab.acts.1", "acts": [' + b"0," * 2_001 + b'0], "sent_at": "2026-11-20T10:00:00Z"}',
    b" " * 1_000_001, b" " * 3_000_000,
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_batch_is_refused_with_words(send, body):
    answer = send(body)
    assert answer.status_code == 422
    assert answer.json()["said"]


@pytest.mark.parametrize("count", [1, 20])
def test_a_list_costs_the_same_for_one_or_twenty(client, advisor, workshop, site, count, django_assert_num_queries):
    client.force_login(advisor)
    for person in factories.AnyPerson.create_batch(count, site=site):
        registered = factories.AnyRegistration(workshop=workshop, person=person)
        factories.AnyPresence(registration=registered, session=workshop.sessions.get())
    with django_assert_num_queries(16):
        client.get(reverse("workshops:list", args=[workshop.pk]))


def test_names_of_other_sites_are_not_on_the_list(client, advisor, workshop):
    stranger = factories.AnyRegistration(workshop=workshop)
    client.force_login(advisor)
    page = client.get(reverse("workshops:list", args=[workshop.pk]))
    assert stranger.person.preferred_name not in page.content.decode()
    user, until, now = page["Citeslab-Keep"].split()
    assert (user, until) == (str(advisor.pk), workshop.held_on.isoformat())
    assert abs(datetime.fromisoformat(now) - timezone.now()) < timedelta(minutes=1)


def test_a_mark_typed_from_paper_says_so(client, advisor, workshop, session, someone):
    client.force_login(advisor)
    said = {"session": session.pk, "registration": someone.pk, "state": "PART", "key": uuid4(), "how": "PAPER"}
    answer = client.post(reverse("workshops:list", args=[workshop.pk]) + "?papier=1", said)
    assert answer["Location"].endswith("?papier=1")
    assert Presence.objects.get().how == "PAPER"


def test_a_file_is_looked_at_then_taken_in_as_often_as_one_likes(client, advisor, workshop, session, someone, at):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(advisor)
    address = reverse("workshops:file", args=[workshop.pk])
    wrong = timedelta(days=3)
    told = datetime(2026, 11, 20, 9, 0, tzinfo=at.tzinfo)
    acts = [mark(session, someone, told_at=told + wrong), walk_in(told + wrong), heads(told + wrong, 4)]
    text = json.dumps(batch(*acts, sent_at=told + wrong, shift=-wrong.total_seconds(), workshop=workshop.pk))

    looked = client.post(address, {"acts": SimpleUploadedFile("actes.json", text.encode())})
    assert (looked.context["many"], looked.context["known"]) == (3, 0)
    taken = client.post(address, {"content": looked.context["content"]})
    assert (taken.context["taken"], taken.context["already"], taken.context["others"]) == (3, 0, [])
    again = client.post(address, {"acts": SimpleUploadedFile("actes.json", text.encode())})
    assert again.context["known"] == 3
    assert client.post(address, {"content": text}).context["already"] == 3
    assert Presence.objects.get().told_at == told

    for broken in (b"no", json.dumps(batch(sent_at=at, workshop=1)).encode()):
        assert client.post(address, {"acts": SimpleUploadedFile("a.json", broken)}).status_code == 422
    assert client.post(address, {}).status_code == 422


# What phones may have told: who, which act, at which second, by which of two phones.
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), st.integers(0, 5), st.sampled_from(list(State)), st.integers(0, 30)),
        st.tuples(st.just("sign"), st.integers(0, 5), st.just(None), st.integers(0, 30)),
        st.tuples(st.just("heads"), st.integers(0, 9), st.just(None), st.integers(0, 30)),
    ),
    min_size=1,
    max_size=14,
)
SKEWS = [timedelta(), timedelta(days=1, minutes=7)]


@pytest.mark.django_db
class TestAnyOrder(TestCase):
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(acts=ACTS, phones=st.lists(st.integers(0, 1), min_size=20, max_size=20), seed=st.integers(0, 10_000))
    def test_any_acts_sent_thrice_shuffled_and_cut_end_in_the_same_state(self, acts, phones, seed):
        at = datetime(2026, 11, 20, 10, 0, tzinfo=factories.LONG_AGO.tzinfo)
        chance = random.Random(seed)
        orders = []
        for shuffled in (False, True):
            room = room_of(at)
            told = told_by(phones, acts, room, at, random.Random(seed))
            if shuffled:
                sent = told * 3
                chance.shuffle(sent)
                cuts = [sent[place : place + 9] for place in range(0, len(sent), 9)]
                deliver([*cuts, told, told], room, at)  # what had to wait is sent again
            else:
                deliver([told, told], room, at)  # a mark may have come before the walk-in of another phone
            orders.append(state_of(room["workshop"]))
        assert orders[0] == orders[1]


def room_of(at):
    site = factories.AnySite()
    advisor = factories.AnyMandate(site=site).user
    workshop = factories.AnyWorkshop(site=site, held_on=at.date(), is_planned=True)
    sessions = [factories.AnySession(workshop=workshop, starts_at=at + timedelta(hours=n)) for n in range(2)]
    people = [
        factories.AnyRegistration(
            workshop=workshop, person=factories.AnyPerson(site=site, first_name=f"Person {n}", preferred_name="On file")
        )
        for n in range(2)
    ]
    people.append(factories.AnyGuest(workshop=workshop, first_name="Guest", phone="+33639980099"))
    return {"workshop": workshop, "by": advisor, "sessions": sessions, "people": people}


def told_by(phones, acts, room, at, chance):
    """The acts of the phones, each by its own clock; the last two people walk in, one of them on both phones."""
    walk_ins = [
        walk_in(at, first_name="Alone", preferred_name="In", key=a_key(room, chance)),
        walk_in(at, first_name="Both", contact="06 39 98 00 77", key=a_key(room, chance)),
        walk_in(at, first_name="Both", contact="06 39 98 00 77", key=a_key(room, chance)),
    ]
    told = [(0, walk_ins[0]), (0, walk_ins[1]), (1, walk_ins[2])]
    for place, (kind, who, state, second) in enumerate(acts):
        phone, when = phones[place], at + timedelta(seconds=second)
        whom = room["people"][who] if who < 3 else walk_ins[who - 3]["key"] if who < 6 else None
        session = room["sessions"][place % 2]
        if kind == "mark":
            act = mark(session, whom, state, told_at=when)
        elif kind == "sign":
            act = sign(session, whom, told_at=when, strokes=((place, 1), (200, 200)))
        else:
            act = heads(when, who)
        act |= {"key": str(a_key(room, chance))}
        told.append((phone, act))
    return [
        (phone, act | {"told_at": (datetime.fromisoformat(act["told_at"]) + SKEWS[phone]).isoformat()})
        for phone, act in told
    ]


def a_key(room, chance):
    """The same order of keys in each room, and no key twice."""
    return UUID(int=room["workshop"].pk % 2**16 << 112 | chance.getrandbits(100))


def deliver(batches, room, at):
    devices = [uuid4(), uuid4()]
    for number, sent in enumerate(batches):
        now = at + timedelta(minutes=10 + number)
        for phone in (0, 1):
            services.receive(
                workshop=room["workshop"],
                acts=[act for of, act in sent if of == phone],
                sent_at=now + SKEWS[phone],
                device=devices[phone],
                by=room["by"],
                at=now,
            )


def state_of(workshop):
    first = {session.pk: place for place, session in enumerate(workshop.sessions.all())}
    return (
        sorted(
            (first[one.session_id], one.registration.name, one.state)
            for one in Presence.objects.standing()
            .filter(session__workshop=workshop)
            .select_related("registration__person")
        ),
        sorted(
            (first[one.session_id], one.registration.name, str(one.strokes))
            for one in Signature.objects.standing().filter(session__workshop=workshop)
        ),
        sorted(one.person.name for one in Attendance.objects.standing().filter(workshop=workshop)),
        list(HeadCount.objects.standing().filter(workshop=workshop).values_list("sex", "heads")),
        sorted(one.name for one in Person.objects.filter(site=workshop.site)),
        sorted(one.name for one in workshop.registrations.standing()),
    )


def test_the_known_acts_are_those_of_any_door(workshop, session, someone, advisor, at):
    key = uuid4()
    services.mark(session=session, registration=someone, state=State.PRESENT, key=key, told_at=at, by=advisor, at=at)
    assert queries.acts_known(workshop, [key, uuid4()]) == {key: None}
