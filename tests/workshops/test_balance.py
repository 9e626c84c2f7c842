"""What actions gave: hours of people by agreement, and who was met and supported afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from citeslab.followup.enums import Stage
from citeslab.funding.models import Agreement
from citeslab.funding.values import WHOLE
from citeslab.network.enums import Role
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.workshops import queries, rules, services
from citeslab.workshops.enums import AgeBand, State
from citeslab.workshops.models import Workshop
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(site, at):
    """An action of two half-days of three and two hours."""

    def made(**more):
        workshop = factories.AnyWorkshop(site=site, held_on=at.date(), **more)
        start = at
        for hours in (3, 2):
            end = start + timedelta(hours=hours)
            factories.AnySession(workshop=workshop, starts_at=start, ends_at=end)
            start = end
        return workshop

    return made


def come(workshop, *states):
    registration = factories.AnyRegistration(workshop=workshop, person__site=workshop.site)
    for session, state in zip(workshop.sessions.all(), states, strict=True):
        factories.AnyPresence(registration=registration, session=session, state=state)
    factories.AnyAttendance(workshop=workshop, person=registration.person)
    return registration.person


def of(workshop):
    return queries.balances(Workshop.objects.filter(pk=workshop.pk))[workshop.pk]


def test_hours_are_those_of_half_days_and_heads(held):
    workshop = held()
    come(workshop, State.PRESENT, State.PRESENT)
    come(workshop, State.PART, State.ABSENT)
    factories.AnyHeadCount(workshop=workshop, heads=2, sex=Sex.WOMAN, age_band=AgeBand.FROM_18)
    factories.AnyHeadCount(workshop=workshop, heads=1, sex=Sex.MAN)
    row = of(workshop)

    assert (row.came, row.heads, row.people) == (2, 3, 5)
    assert row.minutes == 5 * 60 + 90 + 3 * 5 * 60
    assert row.hours == 22  # 21 and a half, to the even hour


@pytest.mark.parametrize(("days", "within"), [(-1, (0, 0)), (0, (1, 1)), (91, (1, 1)), (92, (0, 1)), (183, (0, 0))])
def test_who_came_is_met_and_supported_within_three_or_six_months_from_the_day_on(held, at, days, within):
    workshop = held()
    person = come(workshop, State.PRESENT, State.PRESENT)
    day = at.date() + timedelta(days=days)
    factories.AnyMeeting(person=person, held_on=day)
    factories.AnyTransition(person=person, occurred_on=day, stage=Stage.AMOR)
    row = of(workshop)

    assert (row.met_3, row.met_6) == (row.supported_3, row.supported_6) == within


def test_awareness_alone_supports_nobody_and_ten_meetings_are_one_person(held, at):
    workshop = held()
    person = come(workshop, State.PRESENT, State.PRESENT)
    for _ in range(10):
        factories.AnyMeeting(person=person, held_on=at.date())
    factories.AnyTransition(person=person, occurred_on=at.date(), stage=Stage.SENS)
    row = of(workshop)

    assert (row.met_3, row.supported_3) == (1, 0)


def test_marks_of_who_was_taken_off_count_nowhere(held, at):
    workshop = held()
    come(workshop, State.PRESENT, State.PRESENT)
    workshop.registrations.update(withdrawn_at=at, withdrawn_by=workshop.recorded_by)
    first = workshop.sessions.first()
    factories.AnySignature(session=first, registration=workshop.registrations.get())
    listed = queries.in_hand(workshop, Person.objects.all(), at=at)

    assert (of(workshop).minutes, queries.present(first)) == (0, 0)
    assert (listed["marks"], listed["signed"]) == ([], [])


def test_what_was_not_held_gives_nothing(held, at):
    planned = held(is_planned=True)
    off = held(cancelled_at=at, cancelled_by=factories.AnyUser())

    assert queries.balances(Workshop.objects.filter(pk__in=[planned.pk, off.pk])) == {}


def test_the_page_sums_by_agreement_and_its_table_names_nobody(signed_in, held):
    first, second, other = held(agreement="C-1"), held(agreement="C-1", title="=1+1"), held()
    come(first, State.PRESENT, State.PRESENT)
    person = come(second, State.PRESENT, State.PRESENT)
    factories.AnyHeadCount(workshop=other, heads=4)
    page = signed_in.get(reverse("workshops:balance"))

    sums = page.context["sums"]
    assert list(sums) == ["C-1", ""]
    assert (sums["C-1"].actions, sums["C-1"].came, sums["C-1"].hours, sums[""].hours) == (2, 2, 10, 20)
    assert page.context["total"].actions == 3
    table = signed_in.get(reverse("workshops:balance"), {"sous": "csv"}).content.decode()
    assert "'=1+1" in table
    assert person.preferred_name not in table


def test_the_page_costs_the_same_for_one_or_ten_actions(signed_in, held):
    costs = []
    for more in (1, 9):
        for _ in range(more):
            come(held(), State.PRESENT, State.PRESENT)
        with CaptureQueriesContext(connection) as asked:
            signed_in.get(reverse("workshops:balance"))
        costs.append(len(asked))

    assert costs[0] == costs[1]


@pytest.fixture
def funder():
    return factories.AnyFunder()


@pytest.fixture
def reader(funder):
    """Who reads the account of that funder."""
    user = factories.AnyUser()
    factories.AnyMandate(user=user, role=Role.FUNDER, site=None)
    factories.AnyDelegate(funder=funder, user=user)
    return user


@pytest.fixture
def paid(held, site, funder):
    """An action paid by these agreements of the funder, a part by each, to which so many came."""

    def made(*references, came=0, heads=0, share=None):
        workshop = held()
        for reference in references:
            known = Agreement.objects.filter(reference=reference).first()
            agreement = known or factories.AnyAgreement(
                funder=funder, organization=site.organization, reference=reference
            )
            factories.AnyActionShare(workshop=workshop, agreement=agreement, share=share or WHOLE // len(references))
        for _ in range(came):
            come(workshop, State.PRESENT, State.PRESENT)
        if heads:
            factories.AnyHeadCount(workshop=workshop, heads=heads)
        return workshop

    return made


def told(funder, at):
    return {
        one.agreement.reference: (one.actions, one.came, one.heads, one.hours)
        for one in queries.funded(funder, year=at.year)
    }


def test_a_funder_reads_hours_of_people_by_agreement(paid, funder, site, at):
    paid("CV-1", came=6, heads=5)
    paid("CV-1", came=1)
    paid("CV-2", came=8, share=WHOLE // 2)
    another = factories.AnyAgreement(organization=site.organization, reference="X-1")
    factories.AnyActionShare(workshop=paid(came=9), agreement=another, share=WHOLE)

    # 7 and 5 people at five hours; half of 40 hours
    assert told(funder, at) == {"CV-1": (2, 5, 5, 60), "CV-2": (1, 10, 0, 20)}


@pytest.mark.parametrize(("more", "seen"), [(0, (5, 40)), (1, (10, 40)), (2, (10, 50))])
def test_what_one_more_action_gave_is_not_told_by_the_difference(paid, funder, at, more, seen):
    """Seven at the first, none, one or two at the second: a funder who looks twice is left with several."""
    paid("CV-1", came=7)
    if more:
        paid("CV-1", came=more)
    (line,) = told(funder, at).values()
    assert (line[1], line[3]) == seen


def test_her_funders_actions_and_no_others_are_a_page_and_a_file(client, reader, funder, paid, at):
    came = paid("CV-1", came=6)
    paid("CV-2", came=2)
    address = reverse("workshops:funded", args=[funder.pk])
    client.force_login(reader)
    asked = {"annee": at.year}
    page = client.get(address, asked).content.decode()
    table = client.get(address, asked | {"sous": "csv"}).content.decode()

    assert client.get(reverse("funding:account", args=[funder.pk])).content.decode().count(address) == 1
    assert "CV-1" in page
    assert [line.split(";")[1:] for line in table.splitlines()[1:]] == [["1", "5", "0", "30"], ["1", "0", "0", "10"]]
    assert all(one.person.preferred_name not in page + table for one in came.registrations.all())
    other = reverse("workshops:funded", args=[factories.AnyFunder().pk])
    assert client.get(other, asked).status_code == 404


def test_a_funders_page_costs_the_same_for_one_or_ten_agreements(client, reader, funder, paid, at):
    client.force_login(reader)
    costs = []
    for more in (range(1), range(1, 10)):
        for number in more:
            paid(f"CV-{number}", came=1)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("workshops:funded", args=[funder.pk]), {"annee": at.year})
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_a_partner_reads_by_its_own_address_what_the_action_gave(client, held):
    workshop, office = held(is_public=True), factories.AnyOffice()
    for _ in range(3):
        come(workshop, State.PRESENT, State.PRESENT)
    address = reverse("workshops:door", args=[workshop.pk, rules.door_of(workshop, office.pk)])
    few = client.get(address)
    factories.AnyHeadCount(workshop=workshop, heads=2)
    gave = client.get(address)

    assert (few.context["gave"], few.status_code) == (None, 200)
    assert (gave.context["gave"].people, gave.context["gave"].hours) == (5, 25)
    assert "25" in gave.content.decode()
    assert client.get(reverse("workshops:public", args=[workshop.pk])).context["gave"] is None


def test_a_strange_year_is_this_one(signed_in):
    assert signed_in.get(reverse("workshops:balance"), {"annee": "x"}).context["year"] == timezone.localdate().year


def test_opinions_come_to_light_by_five(held, at):
    workshop = held()
    seen = []
    for given in range(11):
        faces = {"useful": 1 if given in {4, 5} else 3, "understood": 2, "next_step": 1}
        services.give_opinion(workshop=workshop, faces=faces, key=uuid4(), on=at.date())
        shown = queries.opinions(workshop)
        seen.append(shown and shown["useful"])

    assert seen == [None] * 4 + [[1, 0, 4]] * 5 + [[2, 0, 8]] * 2


def test_an_opinion_sent_twice_brings_no_other_to_light(held, at):
    workshop, key = held(), uuid4()
    for _ in range(9):
        services.give_opinion(
            workshop=workshop, faces={"useful": 3, "understood": 3, "next_step": 3}, key=key, on=at.date()
        )
    assert queries.opinions(workshop) is None
