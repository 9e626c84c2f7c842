"""Each indicator on small worlds, and on random ones against a reference written without a database."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citeslab.figures import queries
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.followup.enums import ExitReason, Stage
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.workshops.enums import Kind
from tests import factories

pytestmark = pytest.mark.django_db
YEAR = 2024


def met(site, *, on=date(YEAR, 3, 1), **person):
    someone = factories.AnyPerson(site=site, **person)
    factories.AnyMeeting(person=someone, held_on=on)
    return someone


def step(person, stage, on=date(YEAR, 4, 1), project=None, **more):
    return factories.AnyTransition(person=person, stage=stage, occurred_on=on, project=project, **more)


def supported(site, *stages, **person):
    someone = met(site, **person)
    for days, stage in enumerate([Stage.AMOR, *stages]):
        step(someone, stage, on=date(YEAR, 4, 1) + timedelta(days=days))
    return someone


def of_year(site=None, year=YEAR, **more):
    return queries.figures_of_year(year=year, site=site, **more)


def test_a_year_with_nobody_has_zeros_and_no_share(site):
    figures = of_year(site)

    assert (figures["persons_met"], figures["persons_supported"], figures["share_women"]) == (0, 0, None)
    assert figures["situation"]["other"] == {"persons": 0, "share": None}
    assert figures["head_counts"] == {"men": 0, "women": 0, "unknown": 0}


@pytest.mark.parametrize(
    ("day", "counted"), [("2023-12-31", 0), ("2024-01-01", 1), ("2024-12-31", 1), ("2025-01-01", 0)]
)
def test_met_is_a_meeting_in_the_year(site, day, counted):
    met(site, on=date.fromisoformat(day))

    assert of_year(site)["persons_met"] == counted


def test_two_meetings_are_one_person(site):
    someone = met(site)
    factories.AnyMeeting(person=someone, held_on=date(YEAR, 9, 1))

    assert of_year(site)["persons_met"] == 1


@pytest.mark.parametrize(
    ("stage", "counted"), [("SENS", 0), ("ACCU", 0), ("AMOR", 1), ("EMER", 1), ("FORM", 1), ("PARC", 1), ("SORT", 0)]
)
def test_supported_needs_a_supporting_step(site, stage, counted):
    step(met(site), stage)

    assert of_year(site)["persons_supported"] == counted


def test_a_supporting_step_of_another_year_counts_if_it_is_before_the_reference_day(site):
    step(met(site), Stage.AMOR, on=date(2019, 1, 1))
    step(met(site), Stage.AMOR, on=date(YEAR + 1, 1, 1))

    assert of_year(site)["persons_supported"] == 1


def test_a_person_supported_and_not_met_in_the_year_is_not_counted(site):
    step(met(site, on=date(YEAR - 1, 5, 1)), Stage.AMOR)

    assert of_year(site)["persons_supported"] == 0


def test_an_fse_plus_participant_is_identifiable_and_met_on_two_days(site):
    from citeslab.figures.definitions.facts import Scope

    def met_twice(**more):
        someone = supported(site, **more)
        factories.AnyMeeting(person=someone, held_on=date(YEAR - 1, 12, 1))
        return someone

    identifiable = {"sex": Sex.WOMAN, "born_on": date(1990, 1, 1)}
    counted = met_twice(**identifiable)
    met_twice(**identifiable | {"sex": Sex.UNKNOWN})
    met_twice(**identifiable | {"born_on": None})
    once = supported(site, **identifiable)
    factories.AnyMeeting(person=once, held_on=date(YEAR, 3, 1))  # the same day again
    factories.AnyMeeting(person=once, held_on=date(YEAR + 1, 3, 1))
    factories.AnyMeeting(person=met(site, **identifiable), held_on=date(YEAR, 7, 1))  # met twice, and not supported

    assert queries.members("persons_fse_plus", scope=Scope(year=YEAR)) == [counted.pk]


def test_women_are_a_share_of_those_whose_sex_is_known(site):
    for sex in (Sex.WOMAN, Sex.WOMAN, Sex.MAN, Sex.UNKNOWN):
        supported(site, sex=sex)

    figures = of_year(site)
    assert (figures["women"], figures["sex_unknown"], figures["share_women"]) == (2, 1, 0.6667)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"), [(1, 8, 0.125), (1, 20_000, 0.0), (3, 20_000, 0.0002), (0, 0, None)]
)
def test_shares_are_exact_then_rounded_half_to_even(numerator, denominator, expected):
    assert queries.computed.ratio(numerator, denominator) == expected


@pytest.mark.parametrize(
    ("stage", "reason", "situation"),
    [
        ("AMOR", "", "other"),
        ("EMER", "", "emergence"),
        ("FORM", "", "emergence"),
        ("PARC", "", "creation_path"),
        *[("SORT", reason, "creation_path") for reason in ("CREATION", "TAKEOVER", "INCUBATOR", "PARTNER")],
        ("SORT", "EMPLOYMENT", "employment"),
        *[("SORT", reason, "other") for reason in ("TRAINING", "ABANDONED", "POSTPONED", "MOVED", "NO_NEWS")],
    ],
)
def test_the_situation_is_that_of_the_last_step(site, stage, reason, situation):
    step(supported(site), stage, on=date(YEAR, 12, 31), exit_reason=reason)

    counted = {name: row["persons"] for name, row in of_year(site)["situation"].items()}
    assert counted == {"creation_path": 0, "emergence": 0, "employment": 0, "other": 0} | {situation: 1}


def test_a_step_after_the_reference_day_is_not_yet_taken(site):
    step(supported(site), Stage.PARC, on=date(YEAR + 1, 1, 1))

    assert of_year(site)["situation"]["other"]["persons"] == 1


def test_the_later_entered_wins_a_tie(site):
    someone = supported(site)
    step(someone, Stage.PARC, on=date(YEAR, 6, 1))
    step(someone, Stage.EMER, on=date(YEAR, 6, 1))

    assert of_year(site)["situation"]["emergence"]["persons"] == 1


def test_of_several_pathways_the_first_class_that_applies(site):
    someone = supported(site)
    first, second = factories.AnyProject(site=site), factories.AnyProject(site=site)
    step(someone, Stage.SORT, project=first, exit_reason=ExitReason.EMPLOYMENT)
    step(someone, Stage.FORM, project=second)

    situation = of_year(site)["situation"]
    assert situation["emergence"]["persons"] == 1
    assert sum(row["persons"] for row in situation.values()) == 1


def lives(person, answer, *, edition=Edition.E2024, territory=Territory.METROPOLE, code="", **residence):
    home = factories.AnyResidence(person=person, territory=territory, **residence)
    release = factories.AnyRelease(edition=edition, released_on=date(2026, 1, 1) + timedelta(days=person.pk % 5000))
    factories.AnyResidenceAnswer(residence=home, edition=edition, answer=answer, qpv_code=code, release=release)
    return home


def test_residence_is_read_in_the_edition_in_force(site):
    someone = supported(site)
    home = lives(someone, Answer.IN, code="QN02501M")
    factories.AnyResidenceAnswer(
        residence=home,
        edition=Edition.E2015,
        answer=Answer.OUT,
        release=factories.AnyRelease(edition=Edition.E2015, released_on=date(2015, 1, 1)),
    )
    factories.AnyMeeting(person=someone, held_on=date(2023, 5, 1))
    step(someone, Stage.AMOR, on=date(2023, 5, 2))

    assert of_year(site, 2024)["residence"] == {"in": 1, "out": 0, "to_check": 0, "not_located": 0}
    assert of_year(site, 2023)["residence"] == {"in": 0, "out": 1, "to_check": 0, "not_located": 0}
    assert of_year(site, 2024)["qpv_of_residence"] == 1
    assert of_year(site, 2023)["qpv_of_residence"] == 0


def test_overseas_the_2024_edition_begins_a_year_later(site):
    lives(supported(site), Answer.IN, code="QN97401M", territory=Territory.REUNION, longitude=55.5, latitude=-20.9)

    assert of_year(site, 2024)["residence"]["not_located"] == 1


def test_someone_without_a_position_is_not_located(site):
    supported(site)

    assert of_year(site)["residence"] == {"in": 0, "out": 0, "to_check": 0, "not_located": 1}


def test_only_answers_that_are_in_name_a_neighborhood(site):
    lives(supported(site), Answer.IN, code="QN02501M")
    lives(supported(site), Answer.TO_CHECK, code="QN02502M")

    assert of_year(site)["qpv_of_residence"] == 1


def test_actions_attendances_and_heads_are_of_what_was_held(site, at):
    held = factories.AnyWorkshop(site=site, held_on=date(YEAR, 5, 1), kind=Kind.THEMATIC)
    called_off = factories.AnyWorkshop(
        site=site, held_on=date(YEAR, 5, 2), cancelled_at=at, cancelled_by=factories.AnyUser()
    )
    for workshop in (held, called_off):
        factories.AnyAttendance(workshop=workshop)
        factories.AnyHeadCount(workshop=workshop, sex=Sex.WOMAN, heads=7)

    figures = of_year(site)
    assert figures["actions_held"] == {"total": 1, "general": 0, "thematic": 1, "school": 0}
    assert figures["attendances_named"] == 1
    assert figures["head_counts"] == {"men": 0, "women": 7, "unknown": 0}


def test_projects_are_counted_since_the_start(site):
    factories.AnyProject(site=site, started_on=date(2003, 1, 1))
    factories.AnyProject(site=site, started_on=date(YEAR, 12, 31))
    factories.AnyProject(site=site, started_on=date(YEAR + 1, 1, 1))

    assert of_year(site)["projects_cumulative"] == 2


def test_a_perimeter_holds_its_own_facts_only(site):
    supported(site)
    supported(factories.AnySite())

    assert of_year(site)["persons_supported"] == 1
    assert of_year()["persons_supported"] == 2


def test_known_by_makes_the_report_of_then(site):
    then = datetime(2025, 2, 1, tzinfo=UTC)
    before, after = then - timedelta(days=10), then + timedelta(days=10)
    someone = factories.AnyPerson(site=site)
    late = factories.AnyPerson(site=site)
    corrected = factories.AnyPerson(site=site)
    by = factories.AnyUser()
    factories.AnyMeeting(person=someone, held_on=date(YEAR, 3, 1), recorded_at=before)
    factories.AnyMeeting(person=late, held_on=date(YEAR, 3, 1), recorded_at=after)
    factories.AnyMeeting(
        person=corrected, held_on=date(YEAR, 3, 1), recorded_at=before, withdrawn_at=after, withdrawn_by=by
    )

    assert of_year(site)["persons_met"] == 2  # someone, and who was entered late
    assert of_year(site, known_by=then)["persons_met"] == 2  # someone, and who was withdrawn since
    assert of_year(site, known_by=before - timedelta(days=1))["persons_met"] == 0


STAGES = st.sampled_from([stage.value for stage in Stage])
REASONS = st.sampled_from([reason.value for reason in ExitReason])
DAYS = st.dates(date(YEAR - 1, 10, 1), date(YEAR + 1, 2, 28))
PERSON = st.fixed_dictionaries(
    {
        "sex": st.sampled_from([sex.value for sex in Sex]),
        "meetings": st.lists(DAYS, max_size=3),
        "steps": st.lists(st.tuples(DAYS, STAGES, REASONS, st.integers(0, 2)), max_size=6),
    }
)


def reference(people) -> dict:
    """The definitions of product prose, on plain lists."""
    first, last = date(YEAR, 1, 1), date(YEAR, 12, 31)
    counts = defaultdict(int)
    for person in people:
        if not any(first <= day <= last for day in person["meetings"]):
            continue
        counts["met"] += 1
        taken = [step for step in person["steps"] if step[0] <= last]
        if not any(step[1] in {"AMOR", "EMER", "FORM", "PARC"} for step in taken):
            continue
        counts["supported"] += 1
        counts[person["sex"]] += 1
        states = {}
        for place, (day, stage, reason, project) in enumerate(taken):
            if project not in states or (day, place) > states[project][0]:
                states[project] = ((day, place), stage, reason)
        ends = [(stage, reason) for _order, stage, reason in states.values()]
        created = {"CREATION", "TAKEOVER", "INCUBATOR", "PARTNER"}
        if any(stage == "PARC" or (stage == "SORT" and reason in created) for stage, reason in ends):
            counts["creation_path"] += 1
        elif any(stage in {"EMER", "FORM"} for stage, _reason in ends):
            counts["emergence"] += 1
        elif any((stage, reason) == ("SORT", "EMPLOYMENT") for stage, reason in ends):
            counts["employment"] += 1
        else:
            counts["other"] += 1
    return counts


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(PERSON, max_size=5))
def test_random_worlds_agree_with_the_reference(db, people):
    site = factories.AnySite()
    projects = [None, factories.AnyProject(site=site), factories.AnyProject(site=site)]
    for told in people:
        person = factories.AnyPerson(site=site, sex=told["sex"])
        for day in told["meetings"]:
            factories.AnyMeeting(person=person, held_on=day)
        for day, stage, reason, project in told["steps"]:
            step(person, stage, on=day, project=projects[project], exit_reason=reason if stage == "SORT" else "")

    figures, expected = of_year(site), reference(people)

    assert figures["persons_met"] == expected["met"]
    assert figures["persons_supported"] == expected["supported"]
    assert (figures["women"], figures["sex_unknown"]) == (expected["WOMAN"], expected["UNKNOWN"])
    assert {name: row["persons"] for name, row in figures["situation"].items()} == {
        name: expected[name] for name in ("creation_path", "emergence", "employment", "other")
    }
    for person in site.people.all():  # explaining each person finds the same members
        told = queries.explanation(BY_ID["persons_supported"], person=person, year=YEAR, site=site)
        assert isinstance(told.sentence, str)
    explained = sum(
        queries.explanation(BY_ID["persons_supported"], person=person, year=YEAR, site=site).counted
        for person in site.people.all()
    )
    assert explained == expected["supported"]


def test_a_year_costs_the_same_statements_for_one_person_or_many(site, django_assert_num_queries):
    supported(site)
    with django_assert_num_queries(12) as once:
        of_year(site)
    for _ in range(20):
        supported(site)
    with django_assert_num_queries(len(once)):
        of_year(site)


def test_the_page_of_indicators_names_each_with_its_version():
    from tests.conftest import CHECKOUT

    page = (CHECKOUT / "docs/domain/indicators.md").read_text()
    assert [one.id for one in BY_ID.values() if f"| `{one.id}`, v{one.version} |" not in page] == []
