"""Kept figures are right at the next view, whatever wrote a fact."""

from datetime import date

import pytest
from django.db import connection

from citeslab.figures import queries
from citeslab.figures.enums import Breakdown
from citeslab.figures.models import Change, Computed
from citeslab.figures.queries import gridded
from citeslab.followup.enums import Stage
from citeslab.followup.models import Meeting
from citeslab.people.enums import Sex
from tests import factories

pytestmark = pytest.mark.django_db


def met(site, year=2024):
    return queries.cached_figures_of_year(year=year, site=site)["persons_met"]


def test_a_second_view_computes_nothing(site, django_assert_max_num_queries):
    met(site)
    with django_assert_max_num_queries(2):  # the marks, the kept row
        assert met(site) == 0


@pytest.mark.parametrize("way", ["create", "bulk", "raw", "update", "delete"])
def test_each_way_of_writing_is_seen(site, way, at):
    person = factories.AnyPerson(site=site)
    by = factories.AnyUser()
    first = factories.AnyMeeting(person=person, held_on=date(2024, 1, 5), recorded_by=by)
    assert met(site) == 1

    match way:
        case "create":
            factories.AnyMeeting(person=factories.AnyPerson(site=site), held_on=date(2024, 1, 5))
        case "bulk":
            other = factories.AnyPerson(site=site)
            Meeting.objects.bulk_create(
                [Meeting(person=other, site=site, held_on=date(2024, 2, 1), recorded_at=at, recorded_by=by)]
            )
        case "raw":
            other = factories.AnyPerson(site=site)
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO followup_meeting (person_id, site_id, held_on, nature, recorded_at, recorded_by_id)"
                    " VALUES (%s, %s, '2024-03-01', 'PHONE', now(), %s)",
                    [other.pk, site.pk, by.pk],
                )
        case "update":
            Meeting.objects.filter(pk=first.pk).update(withdrawn_at=at, withdrawn_by=by)
        case "delete":
            first.delete()

    assert met(site) == (0 if way in {"update", "delete"} else 2)


def test_a_fact_of_this_year_leaves_last_year_kept(site):
    met(site, 2023)
    before = Computed.objects.get(year=2023, site=site).computed_at

    factories.AnyMeeting(person=factories.AnyPerson(site=site), held_on=date(2024, 1, 5))
    met(site, 2023)

    assert Computed.objects.get(year=2023, site=site).computed_at == before


def test_a_change_of_sex_is_seen_in_the_years_she_was_met(site):
    person = factories.AnyPerson(site=site, sex=Sex.UNKNOWN)
    factories.AnyMeeting(person=person, held_on=date(2024, 1, 5))
    factories.AnyTransition(person=person, stage=Stage.AMOR, occurred_on=date(2024, 1, 5))
    assert queries.cached_figures_of_year(year=2024, site=site)["women"] == 0

    person.sex = Sex.WOMAN
    person.save()

    assert queries.cached_figures_of_year(year=2024, site=site)["women"] == 1


@pytest.mark.parametrize("met_on", [None, date(2025, 3, 1)])
@pytest.mark.parametrize(
    ("classes", "field", "said", "name"),
    [(Breakdown.SEX, "sex", Sex.WOMAN, "WOMAN"), (Breakdown.DIPLOMA, "diploma", "4", "L4")],
)
def test_a_correction_of_who_only_came_to_an_action_is_seen_in_its_year(site, met_on, classes, field, said, name):
    person = factories.AnyPerson(site=site, sex=Sex.UNKNOWN, diploma="")
    factories.AnyAttendance(workshop=factories.AnyWorkshop(site=site, held_on=date(2024, 5, 1)), person=person)
    if met_on:
        factories.AnyMeeting(person=person, held_on=met_on)

    def counted():
        return gridded.grids("attendances_named", years=[2024], by=[classes])[2024]

    assert counted() == {(str(site.pk), "UNKNOWN"): 1}
    setattr(person, field, said)
    person.save()
    assert counted() == {(str(site.pk), name): 1}


def test_a_new_person_who_was_not_met_moves_nothing(site):
    marks = Change.objects.count()
    factories.AnyResidence(person=factories.AnyPerson(site=site))

    assert Change.objects.count() == marks


def test_what_commits_while_one_computes_is_seen_next_time(site, monkeypatch):
    """Marks are counted before computing: a fact that lands in between makes the kept row stale, not wrong."""
    person = factories.AnyPerson(site=site)
    compute = queries.computed.everything

    def slow(scope):
        values = compute(scope)
        factories.AnyMeeting(person=person, held_on=date(2024, 1, 5))
        return values

    monkeypatch.setattr(queries.computed, "everything", slow)
    assert met(site) == 0
    monkeypatch.undo()
    assert met(site) == 1
