"""Who follows whom: one advisor at a time, and an undo that leaves what came since."""

from datetime import date

import pytest
from django.db import IntegrityError

from citeslab.people import services
from citeslab.people.enums import AssignmentReason
from citeslab.people.models import Assignment
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def periods(person):
    rows = Assignment.objects.standing().filter(person=person).order_by("begins_on")
    return [(row.advisor_id, row.begins_on, row.ends_on) for row in rows]


@pytest.fixture
def give(advisor, at):
    def assign(*people, to=advisor, since=TODAY):
        return services.assign(
            people=[person.pk for person in people],
            advisor=to,
            since=since,
            reason=AssignmentReason.CHOSEN,
            by=advisor,
            at=at,
        )

    return assign


def test_a_person_is_followed_by_one_advisor_at_a_time(give, site, advisor):
    person, colleague = factories.AnyPerson(site=site), factories.AnyMandate(site=site).user

    give(person, since=date(2026, 1, 5))
    give(person, to=colleague)

    assert periods(person) == [(advisor.pk, date(2026, 1, 5), TODAY), (colleague.pk, TODAY, None)]


def test_assigning_twice_changes_nothing_the_second_time(give, site):
    person = factories.AnyPerson(site=site)

    assert (len(give(person)), len(give(person))) == (1, 0)


def test_two_assignments_of_one_day_leave_the_later_one(give, site, advisor):
    person, colleague = factories.AnyPerson(site=site), factories.AnyMandate(site=site).user

    give(person)
    give(person, to=colleague)

    assert periods(person) == [(colleague.pk, TODAY, None)]
    assert Assignment.objects.filter(person=person).count() == 2


def test_an_assignment_is_undone_with_the_one_before(give, site, advisor, at):
    person, colleague = factories.AnyPerson(site=site), factories.AnyMandate(site=site).user
    give(person, since=date(2026, 1, 5))
    taken = give(person, to=colleague)

    undone = services.take_assignments_back(assigned=taken, on=TODAY, by=advisor, at=at)

    assert undone == {taken[0].new}
    assert periods(person) == [(advisor.pk, date(2026, 1, 5), None)]


def test_an_undo_of_the_same_day_brings_the_first_choice_back(give, site, advisor, at):
    person, colleague = factories.AnyPerson(site=site), factories.AnyMandate(site=site).user
    give(person)
    taken = give(person, to=colleague)

    services.take_assignments_back(assigned=taken, on=TODAY, by=advisor, at=at)

    assert periods(person) == [(advisor.pk, TODAY, None)]


def test_an_undo_leaves_who_was_given_to_another_since(give, site, advisor, at):
    person, colleague = factories.AnyPerson(site=site), factories.AnyMandate(site=site).user
    taken = give(person)
    give(person, to=colleague)

    assert services.take_assignments_back(assigned=taken, on=TODAY, by=advisor, at=at) == set()
    assert periods(person) == [(colleague.pk, TODAY, None)]


def test_an_undo_gives_nobody_back_to_who_has_left(give, site, advisor, at):
    person, mandate = factories.AnyPerson(site=site), factories.AnyMandate(site=site)
    give(person, to=mandate.user, since=date(2026, 1, 5))
    taken = give(person)
    mandate.ends_on = TODAY
    mandate.save()

    assert services.take_assignments_back(assigned=taken, on=TODAY, by=advisor, at=at) == set()


def test_an_advisor_of_another_site_follows_nobody_here(give, site):
    person, stranger = factories.AnyPerson(site=site), factories.AnyMandate().user

    with pytest.raises(services.NotAnAdvisorThere):
        give(person, to=stranger)
    assert periods(person) == []


def test_the_database_refuses_two_advisors_on_one_day(site):
    person = factories.AnyPerson(site=site)
    factories.AnyAssignment(person=person)

    with pytest.raises(IntegrityError, match="people_assignment_one_advisor_at_a_time"):
        factories.AnyAssignment(person=person, begins_on=date(2016, 4, 1))
