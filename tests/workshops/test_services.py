"""Collective actions saved in bulk; who came, and how many heads."""

from datetime import date

import pytest

from citeslab.people.enums import Sex
from citeslab.workshops import services
from citeslab.workshops.enums import AgeBand, Kind
from citeslab.workshops.models import Attendance, HeadCount, Workshop
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return factories.AnyUser()


def test_new_workshops_get_a_key_and_known_ones_their_new_programme(site, by, at):
    known = factories.AnyWorkshop(site=site, reference="A1")
    known.title, known.cancelled_at, known.cancelled_by = "Fixer son prix", at, by
    new = Workshop(site=site, reference="A2", held_on=date(2024, 1, 1), kind=Kind.SCHOOL, title="Oser")

    services.save_workshops(workshops=[known, new], by=by, at=at)

    known.refresh_from_db()
    assert (known.title, known.cancelled_by, known.recorded_at) == ("Fixer son prix", by, factories.LONG_AGO)
    assert Workshop.objects.held().get() == new


def test_attendances_become_exactly_those_named_and_the_wrong_ones_are_withdrawn(by, at):
    stays, leaves, comes = factories.AnyPerson.create_batch(3)
    workshop, untouched = factories.AnyWorkshop.create_batch(2)
    for person in (stays, leaves):
        factories.AnyAttendance(workshop=workshop, person=person)
    factories.AnyAttendance(workshop=untouched, person=leaves)

    services.set_attendances(attendances={workshop.pk: [stays.pk, comes.pk]}, by=by, at=at)

    standing = Attendance.objects.standing()
    assert {came.person for came in standing.filter(workshop=workshop)} == {stays, comes}
    assert [came.person for came in standing.filter(workshop=untouched)] == [leaves]
    assert workshop.attendances.get(person=leaves).withdrawn_at == at
    assert workshop.attendances.get(person=stays).recorded_at == factories.LONG_AGO


def test_head_counts_are_corrected_as_facts_and_a_zero_is_no_row(by, at):
    workshop = factories.AnyWorkshop()
    for sex, heads in ((Sex.MAN, 2), (Sex.WOMAN, 3), (Sex.UNKNOWN, 4)):
        factories.AnyHeadCount(workshop=workshop, sex=sex, heads=heads)

    counted = {Sex.MAN: 2, Sex.WOMAN: 5, Sex.UNKNOWN: 0}
    heads = {(sex, AgeBand.UNKNOWN): number for sex, number in counted.items()}
    services.set_head_counts(head_counts={workshop.pk: heads}, by=by, at=at)

    assert dict(HeadCount.objects.standing().values_list("sex", "heads")) == {Sex.MAN: 2, Sex.WOMAN: 5}
    assert HeadCount.objects.count() == 4
    assert HeadCount.objects.exclude(withdrawn_at=None).count() == 2
