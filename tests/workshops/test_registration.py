"""Registration by everyone: seats, kept seats, the line and its offers, people without a file, the public doors."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts.models import Knock
from citeslab.audit.models import Entry
from citeslab.figures.queries import figures_of_year
from citeslab.notifications.models import Message
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.workshops import queries, rules, services
from citeslab.workshops.enums import AgeBand, Channel, Kind, Occasion, State
from citeslab.workshops.models import Attendance, Call, HeadCount, Registration, Workshop
from citeslab.workshops.values import Guest
from tests import factories

pytestmark = pytest.mark.django_db
HALF = timedelta(hours=3)
MOBILE = "+33639980142"


def offered(workshop, at):
    line = workshop.registrations.in_line()
    return [one for one in line if one.offered_until and one.offered_until > at]


def refreshed(registration):
    return Registration.objects.get(pk=registration.pk)


# -- seats ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_and_one_seat(site, at):
    workshop = factories.AnyWorkshop(site=site, capacity=1, is_planned=True, held_on=at.date() + timedelta(days=9))
    by = services.participants_user(at=at)

    def register(number):
        try:
            return services.register(
                workshop=workshop, who=Guest(f"Nour{number}"), channel=Channel.HERSELF, by=by, at=at
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:  # as many as the test server lets in at once
        made = list(threads.map(register, range(200)))

    assert [one.is_waiting for one in made].count(False) == 1
    assert sorted(one.number for one in made) == list(range(1, 201))
    assert queries.seats_of(workshop, at=at).left == 0


@pytest.mark.django_db(transaction=True)
def test_seats_freed_and_taken_at_once_are_never_oversold_nor_stuck(site, at):
    workshop = factories.AnyWorkshop(site=site, capacity=5, is_planned=True, held_on=at.date() + timedelta(days=9))
    by = services.participants_user(at=at)

    def register(number):
        return services.register(workshop=workshop, who=Guest(f"Nour{number}"), channel=Channel.HERSELF, by=by, at=at)

    made = [register(number) for number in range(20)]

    def act(number):
        try:
            if number < 5:
                services.unregister(registration=made[number], by=by, at=at)
            elif number < 10:
                register(100 + number)
            else:
                with suppress(services.OfferOver):
                    services.accept(registration=made[number], by=by, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(act, [*range(20)]))

    holding = workshop.registrations.holding(at).count()
    assert holding == 5  # none too many, and none left empty while people wait


def test_seats_kept_for_a_partner_and_for_advisors_are_theirs_alone(action, join, advisor, at):
    workshop = action(capacity=4)
    office = factories.AnyOffice()
    factories.AnyQuota(workshop=workshop, office=office, seats=1)
    factories.AnyQuota(workshop=workshop, office=None, seats=1)

    assert [join(workshop).is_waiting for _ in range(3)] == [False, False, True]
    assert not join(workshop, channel=Channel.PARTNER, office=office).is_waiting
    assert join(workshop, channel=Channel.PARTNER, office=office).is_waiting
    hers = services.register(workshop=workshop, who=factories.AnyPerson(site=workshop.site), by=advisor, at=at)
    assert not hers.is_waiting
    assert queries.seats_of(workshop, at=at).is_full


def test_seats_are_kept_until_a_day(action, join, at):
    workshop = action(capacity=1)
    factories.AnyQuota(workshop=workshop, office=None, seats=1, kept_until=timezone.localdate(at) - timedelta(days=1))

    assert not join(workshop).is_waiting


def test_who_walks_in_takes_no_seat_of_those_who_registered(action, join, at):
    workshop = action(capacity=1, starts_at=at - timedelta(minutes=5))
    there = join(workshop, channel=Channel.WALK_IN)

    assert not there.is_waiting
    assert queries.seats_of(workshop, at=at).left == 1


# -- the line and its offers ------------------------------------------------------------------------------------------


def test_a_freed_seat_is_offered_in_order_for_a_day_then_to_the_next(action, join, at):
    workshop = action(capacity=1)
    first, second, third = (join(workshop, phone=f"+3363998014{n}") for n in range(3))
    services.unregister(registration=first, by=first.recorded_by, at=at)
    assert offered(workshop, at) == [second]
    assert refreshed(second).offered_until == at + timedelta(hours=24)
    assert join(workshop).is_waiting  # the seat is hers while it is offered

    late = at + timedelta(hours=24, seconds=1)
    assert services.let_offers_pass(at=late) == 1
    assert services.let_offers_pass(at=late) == 0
    assert offered(workshop, late) == [third]
    services.accept(registration=third, by=third.recorded_by, at=late)
    assert not refreshed(third).is_waiting
    with pytest.raises(services.OfferOver):
        services.accept(registration=second, by=second.recorded_by, at=late)


def test_who_let_an_offer_pass_may_still_take_a_seat_that_is_free(action, join, at):
    workshop = action(capacity=1)
    first, second = (join(workshop) for _ in range(2))
    services.unregister(registration=first, by=first.recorded_by, at=at)
    late = at + timedelta(days=2)
    services.let_offers_pass(at=late)

    assert offered(workshop, late) == []  # nobody else waits: she is not asked again and again
    services.accept(registration=second, by=second.recorded_by, at=late)
    assert not refreshed(second).is_waiting


def test_a_seat_is_free_at_the_very_second_whatever_the_clock_task_does(action, join, at):
    workshop = action(capacity=1)
    first, _second = (join(workshop) for _ in range(2))
    services.unregister(registration=first, by=first.recorded_by, at=at)

    assert queries.seats_of(workshop, at=at + timedelta(hours=23)).left == 0
    assert queries.seats_of(workshop, at=at + timedelta(hours=24)).left == 1


@pytest.mark.parametrize(
    ("before", "lasts"),
    [
        (timedelta(days=30), timedelta(hours=24)),
        (timedelta(hours=10), timedelta(hours=5)),
        (timedelta(minutes=40), timedelta(minutes=30)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_an_offer_is_shorter_when_the_action_is_near(at, before, lasts):
    assert rules.offered_until(starts_at=at + before, at=at) == at + lasts


def test_who_can_be_written_to_is_and_who_cannot_is_called(action, join, advisor, at):
    workshop = action(capacity=1)
    first = join(workshop)
    by_mail = join(workshop, email="nour@example.org")
    unreached = join(workshop, phone="+33139980142")
    assert Message.objects.get(recipient="nour@example.org").subject.startswith("Vous êtes en liste d’attente")

    services.unregister(registration=first, by=advisor, at=at)
    asked = Message.objects.filter(recipient="nour@example.org").latest("pk")
    assert rules.secret_of(by_mail) in asked.body
    assert asked.useless_after == at + timedelta(hours=24)
    services.unregister(registration=by_mail, by=advisor, at=at)
    assert not Message.objects.filter(recipient="nour@example.org", key__contains=":offered:").exists()
    call = Call.objects.to_make().get()
    assert (call.registration, call.occasion) == (unreached, Occasion.OFFER)

    services.accept(registration=unreached, by=advisor, at=at)
    assert not Call.objects.to_make().exists()


def test_when_all_may_come_the_whole_line_has_a_seat(action, join, advisor, at):
    workshop = action(capacity=1)
    for _ in range(3):
        join(workshop)
    workshop.capacity = None
    halves = [(one.starts_at, one.ends_at) for one in workshop.sessions.all()]
    services.change(workshop=workshop, programme=services.Programme(halves), by=advisor, at=at)

    assert not workshop.registrations.in_line().exists()


def test_called_off_people_are_told_and_put_back_they_kept_their_seat(action, join, advisor, at):
    workshop = action(capacity=1)
    seated = join(workshop, email="nour@example.org")
    waits = join(workshop)
    services.call_off(workshop=workshop, because="La salle est fermée.", by=advisor, at=at)
    services.call_off(workshop=workshop, because="Autre chose.", by=advisor, at=at)

    assert "La salle est fermée." in Message.objects.get(key__contains=":called_off:").body
    assert not Message.objects.waiting().filter(key__contains=":reminder:").exists()
    assert Call.objects.to_make().get().registration == waits
    with pytest.raises(services.CalledOff):
        join(workshop)
    with pytest.raises(services.CalledOff):
        services.accept(registration=waits, by=advisor, at=at)

    services.restore(workshop=workshop, by=advisor, at=at)
    workshop.refresh_from_db()
    assert workshop.cancelled_because == ""
    assert [refreshed(one).is_waiting for one in (seated, waits)] == [False, True]
    assert Message.objects.waiting().filter(key__contains=":reminder:").count() == 1


def test_a_day_moved_is_told_with_its_new_reminder(action, join, advisor, at):
    workshop = action()
    join(workshop, email="nour@example.org")
    start = at + timedelta(days=20)
    services.change(workshop=workshop, programme=services.Programme([(start, start + HALF)]), by=advisor, at=at)

    assert Message.objects.filter(key__contains=":moved:").count() == 1
    reminder = Message.objects.get(key__contains=":reminder:")
    assert timezone.localdate(reminder.send_after) == timezone.localdate(start) - timedelta(days=1)


@pytest.fixture
def over_weeks(action, join, at):
    """Three half-days, the first a week ago, the others to come; two people, one of whom no message reaches."""
    workshop = action(starts_at=at - timedelta(days=7))
    for days in (3, 5):
        start = at + timedelta(days=days)
        factories.AnySession(workshop=workshop, starts_at=start, ends_at=start + HALF)
    long_ago = at - timedelta(days=20)
    join(workshop, email="nour@example.org", at=long_ago)
    join(workshop, at=long_ago)
    return workshop


def halves_of(workshop):
    return [(one.starts_at, one.ends_at) for one in workshop.sessions.all()]


def test_each_day_of_an_action_has_its_reminder(over_weeks):
    reminders = Message.objects.filter(key__contains=":reminder:").order_by("send_after")
    starts = [start for start, _end in halves_of(over_weeks)]

    assert [one.useless_after for one in reminders] == starts
    assert [timezone.localdate(one.send_after) for one in reminders] == [
        timezone.localdate(start) - timedelta(days=1) for start in starts
    ]


def test_two_half_days_of_one_day_have_one_reminder(action, join, at):
    workshop = action()
    first = workshop.sessions.get()
    factories.AnySession(workshop=workshop, starts_at=first.ends_at, ends_at=first.ends_at + HALF)
    join(workshop, email="nour@example.org")

    assert Message.objects.get(key__contains=":reminder:").useless_after == first.starts_at


@pytest.mark.parametrize("is_held", [False, True])
def test_of_an_action_that_has_begun_who_registered_is_told_of_what_is_to_come(over_weeks, advisor, at, is_held):
    if is_held:
        services.close(workshop=over_weeks, by=advisor, at=at)
    first, second, third = halves_of(over_weeks)
    moved = (third[0] + timedelta(days=1), third[1] + timedelta(days=1))
    services.change(workshop=over_weeks, programme=services.Programme([first, second, moved]), by=advisor, at=at)
    told = Message.objects.get(key__contains=":moved:")
    assert told.useless_after == second[0]
    assert str(timezone.localdate(second[0]).day) in told.subject
    assert Call.objects.to_make().get().occasion == Occasion.MOVED

    services.call_off(workshop=over_weeks, by=advisor, at=at + timedelta(hours=1))
    assert Message.objects.get(key__contains=":called_off:").useless_after == second[0]
    assert not Message.objects.waiting().filter(key__contains=":reminder:").exists()
    actions = Workshop.objects.filter(pk=over_weeks.pk)
    assert queries.calls_to_make(actions, on=timezone.localdate(at)).get().occasion == Occasion.CALLED_OFF
    assert not queries.calls_to_make(actions, on=timezone.localdate(moved[1]) + timedelta(days=1)).exists()

    services.restore(workshop=over_weeks, by=advisor, at=at + timedelta(hours=2))
    assert Message.objects.get(key__contains=":restored:").useless_after == second[0]
    assert Message.objects.waiting().filter(key__contains=":reminder:").count() == 2


def test_while_the_last_half_day_lasts_people_are_told_until_it_ends_and_then_no_more(over_weeks, advisor):
    start, end = halves_of(over_weeks)[-1]
    services.call_off(workshop=over_weeks, by=advisor, at=start + HALF / 2)
    assert Message.objects.get(key__contains=":called_off:").useless_after == end

    services.restore(workshop=over_weeks, by=advisor, at=end)
    assert not Message.objects.filter(key__contains=":restored:").exists()


def test_what_is_called_off_once_it_is_over_does_not_say_that_people_are_told(signed_in, site, advisor):
    past = factories.AnyWorkshop(site=site)
    factories.AnySession(workshop=past)
    answer = signed_in.post(reverse("workshops:calling_off", args=[past.pk]), {"because": "x"}, follow=True)

    assert [str(one) for one in answer.context["messages"]] == [
        "L’action est annulée\u00a0: elle ne compte nulle part."
    ]


def test_of_an_action_held_only_what_is_to_come_and_not_marked_may_move(over_weeks, advisor, at):
    services.close(workshop=over_weeks, by=advisor, at=at)
    first, second, third = halves_of(over_weeks)
    her = over_weeks.registrations.first()
    marked = over_weeks.sessions.all()[1]
    factories.AnyPresence(registration=her, session=marked, state=State.EXCUSED)
    yesterday = (at - timedelta(days=1), at - timedelta(days=1) + HALF)
    hour = timedelta(hours=1)
    for halves in (
        [(first[0] - hour, first[1]), second, third],
        [first, (second[0] - hour, second[1]), third],
        [first, yesterday, third],
        [first],
        [first, second, yesterday],
    ):
        with pytest.raises(services.AlreadyHeld):
            services.change(workshop=over_weeks, programme=services.Programme(halves), by=advisor, at=at)
    assert halves_of(over_weeks) == [first, second, third]

    services.change(workshop=over_weeks, programme=services.Programme([first, second]), by=advisor, at=at)
    assert halves_of(over_weeks) == [first, second]


def test_a_half_day_with_a_mark_is_not_taken_away_though_the_action_was_not_held(over_weeks, advisor, at):
    halves = halves_of(over_weeks)
    factories.AnyPresence(
        registration=over_weeks.registrations.first(), session=over_weeks.sessions.last(), state=State.EXCUSED
    )
    with pytest.raises(services.AlreadyHeld):
        services.change(workshop=over_weeks, programme=services.Programme(halves[:2]), by=advisor, at=at)


def test_guests_are_forgotten_after_the_last_half_day(over_weeks, at):
    last = timezone.localdate(halves_of(over_weeks)[-1][1])

    assert services.forget_guests(before=last, at=at) == 0
    assert services.forget_guests(before=last + timedelta(days=1), at=at) == 2


# -- without a file ---------------------------------------------------------------------------------------------------


def mark(registration, advisor, at, state=State.PRESENT):
    session = registration.workshop.sessions.first()
    at = max(at, session.starts_at)
    services.mark(session=session, registration=registration, state=state, key=uuid4(), told_at=at, by=advisor, at=at)


def test_who_comes_without_a_file_has_one_and_counts_once(action, join, advisor, at):
    workshop = action()
    one = join(workshop, first_name="Nour", phone=MOBILE)
    mark(one, advisor, at)
    mark(one, advisor, at, State.PART)

    person = Person.objects.get()
    assert (person.name, person.phone, person.site) == ("Nour Bensaïd", MOBILE, workshop.site)
    assert (refreshed(one).person, refreshed(one).first_name, refreshed(one).phone) == (person, "", "")
    counted = figures_of_year(year=workshop.held_on.year, site=workshop.site)
    assert (counted["actions_held"]["total"], counted["attendances_named"]) == (1, 1)


def test_who_is_known_at_the_site_is_recognised_and_her_sister_is_not(action, join, advisor, at):
    workshop = action()
    known = factories.AnyPerson(
        site=workshop.site, first_name="Nour", preferred_name="Bensaïd", sort_key="bensaid nour", phone=MOBILE
    )
    one = join(workshop, first_name="NOUR", phone=MOBILE)
    sister = join(workshop, first_name="Lila", phone=MOBILE)
    for registration in (one, sister):
        mark(registration, advisor, at)

    assert refreshed(one).person == known
    assert refreshed(sister).person not in {known, None}
    assert Attendance.objects.standing().count() == 2


def test_who_is_absent_has_no_file_and_is_forgotten_after_three_months(action, join, advisor, at):
    workshop = action()
    gone = join(workshop, email="nour@example.org")
    came = join(workshop)
    mark(gone, advisor, at, State.ABSENT)
    mark(came, advisor, at)
    assert Person.objects.count() == 1

    services.forget_guests(before=workshop.held_on + timedelta(days=1), at=at)
    assert (refreshed(gone).name, refreshed(gone).email, refreshed(gone).forgotten_at) == ("", "", at)
    assert refreshed(came).person is not None
    assert not Message.objects.filter(recipient="nour@example.org").exists()
    assert services.forget_guests(before=workshop.held_on + timedelta(days=1), at=at) == 0


def test_a_head_that_gives_her_name_counts_as_a_person_and_as_a_head_no_more(action, advisor, at):
    workshop = action()
    of = (Sex.WOMAN, AgeBand.FROM_18)
    services.count_heads(workshop=workshop, heads={of: 2}, by=advisor, at=at)
    key = uuid4()
    for _twice in range(2):
        services.name_head(
            workshop=workshop, who=Guest("Nour", "Bensaïd"), sex=of[0], age_band=of[1], key=key, by=advisor, at=at
        )

    assert HeadCount.objects.standing().get().heads == 1
    assert Attendance.objects.standing().count() == 1
    services.name_head(workshop=workshop, who=Guest("Lila"), sex=of[0], age_band=of[1], key=uuid4(), by=advisor, at=at)
    with pytest.raises(services.NobodyLeft):
        services.name_head(
            workshop=workshop, who=Guest("Ana"), sex=of[0], age_band=of[1], key=uuid4(), by=advisor, at=at
        )
    counted = figures_of_year(year=workshop.held_on.year, site=workshop.site)
    assert counted["attendances_named"] == 2
    assert not HeadCount.objects.standing().exists()


# -- the public doors -------------------------------------------------------------------------------------------------


def fields(**more):
    return {"first_name": "Nour", "preferred_name": "Bensaïd", "contact": "", "key": str(uuid4())} | more


@pytest.fixture
def public(action):
    return action(capacity=1, is_public=True, title="Oser son idée", starts_at=timezone.now() + timedelta(days=9))


def test_registered_without_an_address_she_has_a_number_and_a_page_of_her_own(client, public):
    address = reverse("workshops:public", args=[public.pk])
    assert client.get(address).status_code == 200
    sent = fields()
    made = client.post(address, sent)
    assert client.post(address, sent)["Location"] == made["Location"]  # the same form twice

    registration = public.registrations.get()
    assert (registration.channel, registration.number) == (Channel.HERSELF, 1)
    page = client.get(made["Location"])
    assert "Bensaïd" not in page.content.decode()
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert client.get(reverse("workshops:entry", args=[rules.secret_of(registration)])).status_code == 200
    client.post(made["Location"], {"act": "cancel"})
    assert not public.registrations.standing().exists()
    assert client.get(made["Location"]).status_code == 200


def test_full_she_waits_then_takes_the_seat_that_is_offered_in_one_tap(client, public):
    address = reverse("workshops:public", args=[public.pk])
    first = client.post(address, fields())["Location"]
    second = client.post(address, fields(first_name="Lila"))["Location"]
    assert client.get(second).context["before"] == 0
    client.post(first, {"act": "cancel"})
    assert client.get(second).context["is_offered"]
    client.post(second, {"act": "accept"})

    assert [one.first_name for one in public.registrations.seated()] == ["Lila"]


def test_the_same_person_again_is_told_nothing_of_her_registration(client, public):
    address = reverse("workshops:public", args=[public.pk])
    client.post(address, fields(contact="06 39 98 01 42"))
    again = client.post(address, fields(contact="06 39 98 01 42"))

    assert (again.status_code, public.registrations.count()) == (200, 1)
    said = again.content.decode()
    assert rules.secret_of(public.registrations.get()) not in said
    assert "Nour" not in said


@pytest.mark.parametrize("wrong", ["0", "1-", "x-y", "99999999999999999999-abc", "1-abcdefghijkmnpqrstuvwxyz23"])
def test_a_guessed_address_opens_nothing(client, public, wrong):
    client.post(reverse("workshops:public", args=[public.pk]), fields())

    assert client.get(reverse("workshops:hers", args=[wrong])).status_code == 404


def test_an_action_on_invitation_opens_by_its_address_alone(client, action):
    workshop = action(starts_at=timezone.now() + timedelta(days=9))
    assert client.get(reverse("workshops:public", args=[workshop.pk])).status_code == 404
    right = reverse("workshops:invited", args=[workshop.pk, rules.invitation_to(workshop)])
    other = reverse("workshops:invited", args=[workshop.pk, rules.invitation_to(action())])

    assert (client.get(right).status_code, client.get(other).status_code) == (200, 404)
    client.post(right, fields())
    assert workshop.registrations.count() == 1


def test_a_partner_registers_by_its_own_door_and_sees_how_many_but_no_name(client, public):
    office = factories.AnyOffice()
    door = reverse("workshops:door", args=[public.pk, rules.door_of(public, office.pk)])
    client.post(door, fields())
    registration = public.registrations.get()

    assert (registration.channel, registration.office) == (Channel.PARTNER, office)
    page = client.get(door)
    assert page.context["sent"] == 1
    assert "Nour" not in page.content.decode()
    stolen = rules.door_of(public, office.pk).replace(str(office.pk), str(office.pk + 1), 1)
    assert client.get(reverse("workshops:door", args=[public.pk, stolen])).status_code == 404


def test_a_link_shared_everywhere_is_slowed_down(client, public, monkeypatch):
    monkeypatch.setattr("citeslab.workshops.views.public.REGISTRATIONS_AN_HOUR", 3)
    address = reverse("workshops:public", args=[public.pk])
    answers = [client.post(address, fields(first_name=f"Nour{n}")).status_code for n in range(5)]

    assert answers == [302, 302, 302, 429, 429]
    assert public.registrations.count() == 3
    assert not any("127.0.0.1" in knock.source for knock in Knock.objects.all())


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": ""},
        {"first_name": "x" * 201},
        {"contact": "06 12"},
        {"contact": "nour@"},
        {"key": "x"},
        {"first_name": "No\x00ur"},
    ],
)
def test_what_cannot_be_read_registers_nobody(client, public, wrong):
    assert client.post(reverse("workshops:public", args=[public.pk]), fields(**wrong)).status_code == 422
    assert not Registration.objects.exists()


@pytest.mark.parametrize("name", ["O’Neill", "x", "💐", "مريم", "<b>Nour</b>", "=1+1"])
def test_any_name_is_kept_as_it_was_written(client, public, name):
    client.post(reverse("workshops:public", args=[public.pk]), fields(first_name=name))

    assert public.registrations.get().first_name == name


def test_nobody_registers_once_it_has_begun_was_called_off_or_in_a_school(client, action):
    now = timezone.now()
    begun = action(is_public=True, starts_at=now - timedelta(minutes=1))
    off = action(is_public=True, starts_at=now + HALF)
    Workshop.objects.filter(pk=off.pk).update(cancelled_at=now, cancelled_by=factories.AnyUser())
    school = action(is_public=True, starts_at=now + HALF, kind=Kind.SCHOOL)

    for workshop in (begun, off, school):
        assert client.post(reverse("workshops:public", args=[workshop.pk]), fields()).status_code == 422
        assert client.get(reverse("workshops:public", args=[workshop.pk])).status_code == 200
    assert not Registration.objects.exists()


def test_the_journal_says_who_registered_whom_by_keys_alone(client, public):
    client.post(reverse("workshops:public", args=[public.pk]), fields(contact="nour@example.org"))
    entry = Entry.objects.get(action="workshops.person.registered")

    assert entry.subject_kind == "workshops.registration"
    assert entry.details == {"workshop_id": public.pk, "channel": "HERSELF", "is_waiting": False}


# -- the advisor's side -----------------------------------------------------------------------------------------------


def test_an_advisor_registers_someone_without_a_file_and_calls_who_is_offered_a_seat(signed_in, public):
    page = reverse("workshops:workshop", args=[public.pk])
    guest = reverse("workshops:guest", args=[public.pk])
    for name in ("Nour", "Lila"):
        assert signed_in.post(guest, fields(first_name=name))["Location"] == page
    assert signed_in.post(guest, fields(first_name="")).status_code == 422
    first, second = public.registrations.order_by("pk")
    signed_in.post(reverse("workshops:unregistering", args=[public.pk, first.pk]))
    (call,) = signed_in.get(reverse("workshops:workshops")).context["calls"]
    assert call.registration == second

    signed_in.post(reverse("workshops:seating", args=[public.pk, second.pk]))
    assert not refreshed(second).is_waiting
    assert list(signed_in.get(page).context["calls"]) == []


def test_called_off_with_words_then_put_back(signed_in, public):
    page = reverse("workshops:calling_off", args=[public.pk])
    signed_in.post(page, {"because": "La salle est fermée."})
    public.refresh_from_db()
    assert public.cancelled_because == "La salle est fermée."
    signed_in.post(page, {"act": "restore"})
    public.refresh_from_db()
    assert public.cancelled_at is None


def test_the_addresses_to_give_are_one_for_all_and_one_for_each_partner(signed_in, public):
    office = factories.AnyOffice()
    public.partner = office
    public.save()
    doors = signed_in.get(reverse("workshops:doors", args=[public.pk])).context["doors"]

    assert [of for of, _address, _drawing in doors] == [None, office]
    assert rules.door_of(public, office.pk) in doors[1][1]


def test_a_series_is_planned_at_once_with_seats_of_its_own(signed_in, site):
    day = timezone.localdate() + timedelta(days=3)
    asked = {
        "kind": "GENERAL", "title": "Oser", "day_0": day.isoformat(), "starts_0": "09:00", "ends_0": "12:00",
        "repeat": "7", "times": "3", "capacity": "8",
    }  # fmt: skip
    assert signed_in.post(reverse("workshops:new"), asked).status_code == 302
    made = list(Workshop.objects.order_by("held_on"))

    assert [one.held_on for one in made] == [day + timedelta(days=7 * n) for n in range(4)]
    assert len({one.series for one in made}) == 1
    assert {timezone.localtime(one.sessions.get().starts_at).hour for one in made} == {9}
