"""An action planned, registered for, attended: the seats, the line, the half-days, and what the figures make of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from citeslab.figures.queries import figures_of_year
from citeslab.people.enums import Sex
from citeslab.workshops import services
from citeslab.workshops.enums import AgeBand, Channel, Kind, State
from citeslab.workshops.models import Attendance, HeadCount, Presence, Registration, Workshop
from tests import factories

pytestmark = pytest.mark.django_db
HALF = timedelta(hours=3)


@pytest.fixture
def plan(site, advisor, at):
    def planned(*, capacity=None, starts_at=at + 3 * HALF, halves=1, **more):
        sessions = [(starts_at + place * 2 * HALF / 2, starts_at + place * HALF + HALF) for place in range(halves)]
        workshop = Workshop(site=site, kind=Kind.GENERAL, title="Oser son idée", capacity=capacity, **more)
        return services.plan(workshop=workshop, programme=services.Programme(sessions, [advisor]), by=advisor, at=at)

    return planned


@pytest.fixture
def come(site, advisor, at):
    def registered(workshop, count=1):
        people = factories.AnyPerson.create_batch(count, site=site)
        return [services.register(workshop=workshop, who=one, by=advisor, at=at) for one in people]

    return registered


@pytest.fixture
def mark(advisor, at):
    def marked(registration, state, *, session=None, key=None, told_at=None, at=at):
        return services.mark(
            session=session or registration.workshop.sessions.first(),
            registration=registration,
            state=state,
            key=key or uuid4(),
            told_at=told_at or at,
            by=advisor,
            at=at,
        )

    return marked


def offered(workshop, at):
    return [bool(one.offered_until and one.offered_until > at) for one in standing(workshop)]


def heads(*, women=0, men=0, unknown=0):
    counted = {Sex.WOMAN: women, Sex.MAN: men, Sex.UNKNOWN: unknown}
    return {(sex, AgeBand.UNKNOWN): number for sex, number in counted.items()}


def standing(workshop):
    return workshop.registrations.standing().order_by("pk")


def in_line(workshop):
    return [one.is_waiting for one in workshop.registrations.standing().order_by("pk")]


def test_the_line_begins_when_the_seats_end_and_moves_in_order(plan, come, advisor, at):
    workshop = plan(capacity=2)
    first, second, third, fourth = come(workshop, 4)
    assert in_line(workshop) == [False, False, True, True]

    services.unregister(registration=first, by=advisor, at=at)
    services.unregister(registration=first, by=advisor, at=at)  # twice is once
    assert offered(workshop, at) == [False, True, False]
    services.accept(registration=third, by=advisor, at=at)
    assert in_line(workshop) == [False, False, True]

    workshop.capacity = 5
    halves = [(one.starts_at, one.ends_at) for one in workshop.sessions.all()]
    services.change(workshop=workshop, programme=services.Programme(halves), by=advisor, at=at)
    assert offered(workshop, at) == [False, False, True]
    services.accept(registration=fourth, by=advisor, at=at)
    assert in_line(workshop) == [False, False, False]


def test_registered_twice_is_registered_once(plan, come, advisor, at):
    workshop = plan(capacity=1)
    (one,) = come(workshop)

    assert services.register(workshop=workshop, who=one.person, by=advisor, at=at) == one


def test_nobody_is_registered_for_what_was_called_off(plan, come, advisor, at):
    workshop = plan()
    services.call_off(workshop=workshop, by=advisor, at=at)
    with pytest.raises(services.CalledOff):
        come(workshop)


def test_no_pupil_is_registered_by_name(come, site):
    workshop = factories.AnyWorkshop(site=site, kind=Kind.SCHOOL)
    with pytest.raises(services.NoNames):
        come(workshop)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_and_one_seat(site, advisor, at):
    workshop = factories.AnyWorkshop(site=site, capacity=1, is_planned=True)
    people = factories.AnyPerson.create_batch(8, site=site)

    def register(person):
        try:
            return services.register(workshop=workshop, who=person, by=advisor, at=at).is_waiting
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        waiting = list(threads.map(register, people))

    assert sorted(waiting) == [False] + [True] * 7


@pytest.mark.django_db(transaction=True)
def test_two_seats_freed_at_once_are_two_people_promoted(site, advisor, at):
    workshop = factories.AnyWorkshop(site=site, capacity=2, is_planned=True)
    factories.AnySession(workshop=workshop, starts_at=at + HALF)
    people = factories.AnyPerson.create_batch(5, site=site)
    made = [services.register(workshop=workshop, who=one, by=advisor, at=at) for one in people]

    def leave(registration):
        try:
            services.unregister(registration=registration, by=advisor, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(leave, made[:2]))

    assert offered(workshop, at) == [True, True, False]


def test_a_person_came_when_she_was_there_for_one_half_day(plan, come, mark):
    workshop = plan(halves=2)
    (one,) = come(workshop)
    morning, afternoon = workshop.sessions.all()

    mark(one, State.EXCUSED, session=morning)
    assert not Attendance.objects.standing().exists()
    mark(one, State.PART, session=afternoon)
    assert Attendance.objects.standing().get().person == one.person
    mark(one, State.ABSENT, session=afternoon)
    assert not Attendance.objects.standing().exists()
    assert Presence.objects.standing().count() == 2


def test_who_is_taken_off_the_list_did_not_come(plan, come, mark, advisor, at):
    workshop = plan()
    (one,) = come(workshop)
    mark(one, State.PRESENT)
    services.unregister(registration=one, by=advisor, at=at)

    assert not Attendance.objects.standing().exists()
    assert not Presence.objects.standing().exists()


def test_a_change_begun_before_the_action_was_closed_does_not_open_it_again(plan, come, mark, advisor, at):
    workshop = plan()
    (one,) = come(workshop)
    stale = Workshop.objects.get(pk=workshop.pk)
    mark(one, State.PRESENT)
    stale.title = "Oser"
    halves = [(half.starts_at, half.ends_at) for half in workshop.sessions.all()]
    services.change(workshop=stale, programme=services.Programme(halves), by=advisor, at=at)

    workshop.refresh_from_db()
    assert (workshop.title, workshop.is_planned) == ("Oser", False)


def test_one_act_sent_three_times_counts_once_and_the_later_told_wins(plan, come, mark, at):
    workshop = plan()
    (one,) = come(workshop)
    key = uuid4()
    here = mark(one, State.PRESENT, key=key)
    assert mark(one, State.PRESENT, key=key) == mark(one, State.PRESENT, key=key) == here

    mark(one, State.ABSENT, told_at=at - timedelta(hours=1))  # an older tap that comes late
    assert Presence.objects.standing().get() == here
    mark(one, State.EXCUSED, told_at=at + timedelta(days=1))  # a clock wrong by a day
    assert Presence.objects.standing().get().told_at == at
    mark(one, State.PRESENT, told_at=at)
    assert Presence.objects.standing().get().state == State.PRESENT


def test_an_action_counts_once_it_is_held_and_nothing_twice(plan, come, mark, site, advisor, at):
    workshop = plan()
    one, _other = come(workshop, 2)
    year = workshop.held_on.year
    counted = figures_of_year(year=year, site=site)
    assert counted["actions_held"]["total"] == 0

    mark(one, State.PRESENT)
    mark(one, State.PART)
    services.count_heads(workshop=workshop, heads=heads(women=4, unknown=1), by=advisor, at=at)
    services.count_heads(workshop=workshop, heads=heads(women=3, unknown=1), by=advisor, at=at)
    counted = figures_of_year(year=year, site=site)
    assert (counted["actions_held"]["total"], counted["attendances_named"]) == (1, 1)
    assert sum(HeadCount.objects.standing().values_list("heads", flat=True)) == 4


@pytest.mark.parametrize(
    ("state", "days", "is_held"),
    [
        (State.EXCUSED, 0, False),
        (State.ABSENT, 0, False),
        (State.PART, 0, True),
        (State.PRESENT, 0, True),
        (State.PRESENT, -1, False),
    ],
)
def test_only_who_was_there_on_the_day_says_that_an_action_was_held(plan, come, mark, at, state, days, is_held):
    workshop = plan()
    (one,) = come(workshop)
    mark(one, state, at=at + timedelta(days=days))
    workshop.refresh_from_db()

    assert workshop.is_planned is not is_held


def test_heads_counted_before_the_day_do_not_say_that_it_was_held(plan, advisor, at):
    workshop = plan()
    for days, is_planned in ((-1, True), (0, False)):
        services.count_heads(workshop=workshop, heads=heads(women=4), by=advisor, at=at + timedelta(days=days))
        workshop.refresh_from_db()
        assert workshop.is_planned is is_planned


def test_the_day_is_that_of_the_site_of_the_action(site, advisor, come, mark):
    site.commune_code = "97611"  # Mayotte, two or three hours ahead of Paris
    site.save()
    late = datetime(2026, 11, 20, 22, 30, tzinfo=ZoneInfo("Europe/Paris"))
    workshop = factories.AnyWorkshop(site=site, held_on=date(2026, 11, 21), is_planned=True)
    factories.AnySession(workshop=workshop, starts_at=late)
    mark(factories.AnyRegistration(workshop=workshop, person__site=site), State.PRESENT, at=late)
    workshop.refresh_from_db()

    assert not workshop.is_planned


def test_a_day_moved_keeps_who_is_registered_but_a_day_held_stays(plan, come, mark, advisor, at):
    workshop = plan()
    (one,) = come(workshop)
    later = [(at + timedelta(days=7), at + timedelta(days=7) + HALF)]

    services.change(workshop=workshop, programme=services.Programme(later, [advisor]), by=advisor, at=at)
    assert workshop.held_on == (at + timedelta(days=7)).date()
    assert Registration.objects.standing().get() == one
    mark(one, State.PRESENT, at=at + timedelta(days=7))
    workshop.refresh_from_db()
    with pytest.raises(services.AlreadyHeld):
        programme = services.Programme([(at, at + HALF)], [advisor])
        services.change(workshop=workshop, programme=programme, by=advisor, at=at + timedelta(days=8))


# -- pages ------------------------------------------------------------------------------------------------------------


def form(**more):
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "kind": "THEMATIC",
        "title": "Entreprendre au féminin",
        "day_0": tomorrow.isoformat(),
        "starts_0": "09:00",
        "ends_0": "12:00",
        "capacity": "1",
    } | more


def test_from_the_programme_to_the_figures(signed_in, site, advisor):
    made = signed_in.post(reverse("workshops:new"), form(starts_1="13:30", ends_1="16:00"))
    workshop = Workshop.objects.get()
    page = reverse("workshops:workshop", args=[workshop.pk])
    assert made["Location"] == page
    assert workshop.sessions.count() == 2
    nadia, lila = (
        factories.AnyPerson(site=site, preferred_name=name, sort_key=name.lower()) for name in ("Nadia", "Lila")
    )
    assert signed_in.get(page, {"words": "nad"}).context["found"] == [nadia]

    for person in (nadia, lila):
        signed_in.post(reverse("workshops:registering", args=[workshop.pk]), {"person": person.pk})
    context = signed_in.get(page).context
    assert [line.registration.person for line in context["seats"]] == [nadia]
    assert [line.registration.person for line in context["line"]] == [lila]

    session, registration = workshop.sessions.first(), workshop.registrations.first()
    tap = {"session": session.pk, "registration": registration.pk, "state": "PRESENT", "key": str(uuid4())}
    assert signed_in.post(reverse("workshops:marking", args=[workshop.pk]), tap).status_code == 302
    signed_in.post(
        reverse("workshops:counting", args=[workshop.pk]),
        {"woman_unknown": "1", "woman_from_18": "2", "man_unknown": ""},
    )
    listed = signed_in.get(reverse("workshops:workshops")).context
    held = listed["to_come"][0]
    assert (held.registered, held.waiting, held.came, held.heads) == (1, 1, 1, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_0": "08:00"},
        {"starts_1": "11:00", "ends_1": "13:00"},
        {"starts_1": "14:00"},
        {"capacity": "0"},
        {"day_0": "yesterday"},
        {"kind": "SCHOOL"},
        {"repeat": "7"},
        {"kept_for_partner": "2"},
        {"kept_for_advisors": "2"},
        {"commune": "Nulle-Part-sur-Mer"},
        {"title": ""},
    ],
)
def test_a_wrong_programme_is_told_and_nothing_is_planned(signed_in, wrong):
    assert signed_in.post(reverse("workshops:new"), form(**wrong)).status_code == 422
    assert not Workshop.objects.exists()


def test_a_copy_starts_from_the_other_without_its_day(signed_in, plan):
    workshop = plan(capacity=12)
    page = signed_in.get(reverse("workshops:new"), {"comme": workshop.pk})

    assert page.context["form"].initial["title"] == "Oser son idée"
    assert page.context["form"].initial["day_0"] is None


def test_on_the_day_she_who_is_not_marked_yet_is_taken_off_and_her_seat_goes_to_the_next(signed_in, site, advisor):
    at = timezone.now()
    workshop = factories.AnyWorkshop(site=site, held_on=timezone.localdate(at), capacity=1, is_planned=True)
    session = factories.AnySession(workshop=workshop, starts_at=at + HALF)
    people = factories.AnyPerson.create_batch(3, site=site)
    seated, waits = (services.register(workshop=workshop, who=one, by=advisor, at=at) for one in people[:2])
    walks_in = services.register(workshop=workshop, who=people[2], channel=Channel.WALK_IN, by=advisor, at=at)
    off = {one: reverse("workshops:unregistering", args=[workshop.pk, one.pk]) for one in (seated, waits, walks_in)}

    def shown():
        page = signed_in.get(reverse("workshops:workshop", args=[workshop.pk])).content.decode()
        return [one for one, address in off.items() if address in page]

    assert shown() == [seated, waits, walks_in]
    services.mark(
        session=session, registration=walks_in, state=State.PRESENT, key=uuid4(), told_at=at, by=advisor, at=at
    )
    assert shown() == [seated, waits]
    signed_in.post(off[seated])
    assert offered(workshop, at) == [True, False]


@pytest.mark.parametrize("tap", [{}, {"state": "GONE"}, {"key": "x"}, {"session": "0"}])
def test_a_strange_tap_marks_nothing(signed_in, plan, come, tap):
    workshop = plan()
    (one,) = come(workshop)
    sent = {"session": workshop.sessions.get().pk, "registration": one.pk, "state": "PRESENT", "key": str(uuid4())}
    answer = signed_in.post(reverse("workshops:marking", args=[workshop.pk]), (sent | tap) if tap else {})

    assert answer.status_code in {302, 404}
    assert not Presence.objects.exists()


def test_nobody_of_another_site_is_registered_by_an_address(signed_in, plan):
    workshop = plan()
    other = factories.AnyPerson()

    assert signed_in.post(reverse("workshops:registering", args=[workshop.pk]), {"person": other.pk}).status_code == 404


def test_who_leads_elsewhere_sees_the_action_and_not_the_names_of_the_site(signed_in, advisor):
    workshop = factories.AnyWorkshop(is_planned=True)
    workshop.animators.add(advisor)
    factories.AnySession(workshop=workshop)
    factories.AnyRegistration(
        workshop=workshop, person=factories.AnyPerson(site=workshop.site, preferred_name="Secret")
    )
    page = signed_in.get(reverse("workshops:workshop", args=[workshop.pk]))

    assert page.context["hidden"] == 1
    assert "Secret" not in page.content.decode()


def test_home_tells_what_waits_to_be_closed(signed_in, plan):
    assert signed_in.get(reverse("desk:home")).context["later"] == []
    plan(starts_at=timezone.now() - timedelta(days=3))
    (line,) = signed_in.get(reverse("desk:home")).context["later"]

    assert line["url"] == reverse("workshops:workshops")


def test_the_list_and_an_action_cost_the_same_for_one_or_twenty(signed_in, plan, come):
    workshop = plan()
    come(workshop)
    pages = [reverse("workshops:workshops"), reverse("workshops:workshop", args=[workshop.pk])]
    costs = []
    for _round in range(2):
        for page in pages:
            signed_in.get(page)
            with CaptureQueriesContext(connection) as asked:
                signed_in.get(page)
            costs.append(len(asked))
        come(workshop, 19)
        for _ in range(19):
            plan()

    assert costs[:2] == costs[2:]
