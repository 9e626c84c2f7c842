"""Figures broken down: the classes add up, and many years are each of them."""

from datetime import date

import pytest

from citeslab.figures import queries
from citeslab.figures.definitions.dimensions import BREAKDOWNS
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.enums import Age, Breakdown, ContactSource, Diploma, SituationAtEntry
from citeslab.followup.enums import ExitReason, Stage
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer
from tests import factories
from tests.figures.test_definitions import YEAR, lives, met, step, supported

pytestmark = pytest.mark.django_db


def of(indicator, *by, year=YEAR, **scope):
    return queries.tabulated(indicator, by=by, scope=Scope(year=year, **scope))


def test_the_supported_by_sex_and_age(site):
    supported(site, sex=Sex.WOMAN, born_on=date(YEAR - 18, 12, 31))
    supported(site, sex=Sex.WOMAN, born_on=date(YEAR - 18, 1, 1))
    supported(site, sex=Sex.MAN, born_on=date(YEAR - 17, 1, 1))
    supported(site, sex=Sex.UNKNOWN, born_on=None)

    assert of("persons_supported", "sex", "age") == {
        ("WOMAN", "FROM_18"): 2,
        ("MAN", "UNDER_18"): 1,
        ("UNKNOWN", "UNKNOWN"): 1,
    }


@pytest.mark.parametrize(
    ("years", "band"),
    [(17, Age.UNDER_18), (25, Age.FROM_18), (26, Age.FROM_26), (29, Age.FROM_26), (30, Age.FROM_30),
     (44, Age.FROM_30), (45, Age.FROM_45), (54, Age.FROM_45), (55, Age.FROM_55), (90, Age.FROM_55)],
)  # fmt: skip
def test_ages_are_those_reached_in_the_year(site, years, band):
    met(site, born_on=date(YEAR - years, 6, 1))
    assert of("persons_met", "age") == {(band,): 1}


@pytest.mark.parametrize(
    ("field", "said", "counted"),
    [
        ("situation_at_entry", "Demandeur d'emploi", SituationAtEntry.JOB_SEEKER),
        ("situation_at_entry", "demandeuse d'emploi ", SituationAtEntry.JOB_SEEKER),
        ("situation_at_entry", "Salariée", SituationAtEntry.EMPLOYED),
        ("situation_at_entry", "Étudiant", SituationAtEntry.STUDENT),
        ("situation_at_entry", "Bénéficiaire du RSA", SituationAtEntry.RSA),
        ("situation_at_entry", "Indépendant", SituationAtEntry.SELF_EMPLOYED),
        ("situation_at_entry", "Sans activité", SituationAtEntry.INACTIVE),
        ("situation_at_entry", "voir Mme Exemple au 06", SituationAtEntry.OTHER),
        ("situation_at_entry", "", SituationAtEntry.UNKNOWN),
        ("diploma", "Sans diplôme", Diploma.NONE),
        ("diploma", "4", Diploma.L4),
        ("diploma", "CAP cuisine", Diploma.L3),
        ("diploma", "Bac +2", Diploma.L5),
        ("diploma", "master", Diploma.L7),
        ("contact_source", "Bouche à oreille", ContactSource.WORD_OF_MOUTH),
        ("contact_source", "Pôle emploi", ContactSource.EMPLOYMENT),
        ("contact_source", "une action collective", ContactSource.ACTION),
        ("contact_source", "-", ContactSource.UNKNOWN),
    ],
)
def test_the_words_of_a_file_fall_in_a_class(site, field, said, counted):
    met(site, **{field: said})
    assert of("persons_met", field) == {(counted,): 1}


def test_a_person_is_of_the_site_of_her_last_meeting_of_the_year(site):
    other = factories.AnySite(department=factories.AnyDepartment())
    someone = supported(site)
    factories.AnyMeeting(person=someone, site=other, held_on=date(YEAR, 9, 1))
    factories.AnyMeeting(person=someone, site=site, held_on=date(YEAR + 1, 1, 1))

    assert of("persons_supported", "site") == {(str(other.pk),): 1}
    assert of("persons_supported", "department") == {(other.department_id,): 1}
    assert of("persons_supported", at=(("department", other.department_id),)) == {(): 1}
    assert of("persons_supported", at=(("site", str(site.pk)),)) == {}


def test_sector_stage_and_exit_are_those_of_the_last(site):
    someone = supported(site)
    for sector, started_on in (("G", date(YEAR, 2, 1)), ("I", date(YEAR, 5, 1)), ("C", date(YEAR + 1, 1, 1))):
        project = factories.AnyProject(site=site, sector=sector, started_on=started_on)
        factories.AnyProjectHolder(project=project, person=someone)
    step(someone, Stage.SORT, on=date(YEAR, 8, 1), exit_reason=ExitReason.TRAINING)

    assert of("persons_supported", "sector", "stage", "exit") == {("I", "SORT", "TRAINING"): 1}
    assert of("projects_cumulative", "sector") == {("G",): 1, ("I",): 1}


def test_residence_and_neighborhood(site):
    lives(supported(site), Answer.IN, code="QN02501M")
    lives(supported(site), Answer.TO_CHECK, code="QN02502M")
    supported(site)

    assert of("persons_supported", "residence", "qpv") == {
        ("IN", "QN02501M"): 1,
        ("TO_CHECK", "UNKNOWN"): 1,
        ("NOT_LOCATED", "UNKNOWN"): 1,
    }


def test_actions_attendances_and_heads(site):
    held = factories.AnyWorkshop(site=site, held_on=date(YEAR, 5, 1), agreement="C-1")
    factories.AnyAttendance(workshop=held, person__sex=Sex.WOMAN)
    factories.AnyHeadCount(workshop=held, heads=4, sex=Sex.MAN, age_band="FROM_18")

    assert of("actions_held.total", "kind", "agreement") == {(held.kind, "C-1"): 1}
    assert of("attendances_named", "sex") == {("WOMAN",): 1}
    assert of("head_counts.men", "age") == {("FROM_18",): 4}


@pytest.mark.parametrize(("indicator", "by"), [("actions_held.total", "sex"), ("began_in", "site"), ("met", "kind")])
def test_what_cannot_be_broken_down_so_is_refused(indicator, by):
    with pytest.raises((queries.NoSuchBreakdown, KeyError)):
        of(indicator, by)


def test_a_stock_has_no_many_years():
    with pytest.raises(queries.NoSuchBreakdown):
        of("projects_cumulative", since=2020)


def world(site):
    """A few people over years, each another way."""
    for place in range(9):
        someone = supported(
            site if place % 3 else factories.AnySite(),
            sex=list(Sex)[place % 3], born_on=date(1960 + 5 * place, 3, 1), diploma=str(place),
        )  # fmt: skip
        for year in range(YEAR - 2, YEAR + 2):
            if (place + year) % 3:
                factories.AnyMeeting(person=someone, held_on=date(year, 7, 1 + place))
            if (place * year) % 4 == 0:
                step(someone, list(Stage)[(place + year) % 7], on=date(year, 8, 1 + place),
                     exit_reason="CREATION" if list(Stage)[(place + year) % 7] == Stage.SORT else "")  # fmt: skip
        if place % 2:
            lives(someone, Answer.IN, code=f"QN0250{place}M", begins_on=date(YEAR - 1, 1, 1))
        project = factories.AnyProject(site=site, sector="GIC"[place % 3], started_on=date(YEAR - place % 3, 1, 1))
        factories.AnyProjectHolder(project=project, person=someone)


@pytest.mark.parametrize("indicator", ["persons_met", "persons_supported", "women", "situation.emergence.persons"])
def test_many_years_are_each_of_them(site, indicator):
    world(site)
    base = "met" if indicator == "persons_met" else "supported"
    every = sorted(BREAKDOWNS[base])
    for by in [(), *[(one,) for one in every], tuple(every)]:
        for scope in ({}, {"site_id": site.pk}):
            many = of(indicator, *by, year=YEAR + 1, since=YEAR - 2, **scope)
            alone = {
                (year, *key): count
                for year in range(YEAR - 2, YEAR + 2)
                for key, count in of(indicator, *by, year=year, **scope).items()
            }
            assert many == alone, by


def test_each_breakdown_adds_up_to_the_figure(site):
    world(site)
    figures = queries.figures_of_year(year=YEAR)
    for by in BREAKDOWNS["supported"]:
        assert sum(of("persons_supported", by).values()) == figures["persons_supported"], by
        assert sum(of("women", by).values()) == figures["women"], by
        assert sum(of("persons_met", by).values()) == figures["persons_met"], by


def test_each_breakdown_has_a_name_and_is_of_some_base():
    assert set().union(*BREAKDOWNS.values()) == set(Breakdown)
