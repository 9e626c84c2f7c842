"""Flows and cohorts on small worlds."""

import random
from datetime import date, timedelta

import pytest
from django.urls import reverse

from citeslab.figures import disclosure, queries, services
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.definitions.journeys import HORIZONS, OUTCOMES
from citeslab.figures.queries.walked import Cohort, Flow, counts_of_cohorts, counts_of_flows
from citeslab.followup.enums import ExitReason, Stage
from citeslab.network.enums import Role
from tests import factories
from tests.figures.test_definitions import YEAR, met, step

pytestmark = pytest.mark.django_db


def flows(**scope):
    found = queries.flows_of(Scope(year=YEAR, **scope))
    return {(flow.came_from, flow.stage): (flow.steps, flow.days) for flow in found}


def cohorts(until=date(YEAR + 5, 1, 1), **scope):
    return queries.cohorts_of(Scope(year=YEAR, since=YEAR - 1, day=until, **scope))


def test_a_step_follows_the_one_before_it_on_the_same_pathway(site):
    for days in (10, 30):
        someone = met(site)
        step(someone, Stage.ACCU, on=date(YEAR, 3, 1))
        step(someone, Stage.AMOR, on=date(YEAR, 3, 1) + timedelta(days=days))
        step(someone, Stage.EMER, on=date(YEAR, 5, 1), project=factories.AnyProject(site=site))

    assert flows() == {("", "ACCU"): (2, None), ("ACCU", "AMOR"): (2, 20.0), ("", "EMER"): (2, None)}
    assert flows(site_id=factories.AnySite().pk) == {}


def test_a_step_of_the_year_may_follow_one_of_another(site):
    someone = met(site)
    step(someone, Stage.AMOR, on=date(YEAR - 1, 12, 31))
    step(someone, Stage.SORT, on=date(YEAR, 1, 1), exit_reason=ExitReason.EMPLOYMENT)
    assert flows() == {("AMOR", "SORT"): (1, 1.0)}


def test_a_cohort_is_of_the_first_meeting_and_stands_where_it_stood_that_day(site):
    first = date(YEAR, 1, 10)
    someone = met(site, on=first)
    factories.AnyMeeting(person=someone, held_on=date(YEAR + 1, 1, 1))
    step(someone, Stage.EMER, on=first + timedelta(days=183))
    step(someone, Stage.PARC, on=first + timedelta(days=365))
    found = cohorts()[YEAR]

    assert {months: cohort.by for months, cohort in found.items()} == {
        6: {"emergence": 1}, 12: {"creation_path": 1}, 24: {"creation_path": 1}, 36: {"creation_path": 1},
    }  # fmt: skip


def test_those_whose_day_has_not_come_are_not_counted(site):
    met(site, on=date(YEAR, 1, 10))
    met(site, on=date(YEAR, 12, 31))
    found = cohorts(until=date(YEAR, 12, 31))[YEAR]
    assert {months: cohort.people for months, cohort in found.items()} == {6: 1}


def test_who_gives_no_news_is_told_apart_and_bounds_the_share(site):
    for exit_reason in (ExitReason.CREATION, ExitReason.NO_NEWS, ExitReason.ABANDONED, None):
        someone = met(site, on=date(YEAR, 1, 10))
        if exit_reason:
            step(someone, Stage.SORT, on=date(YEAR, 2, 1), exit_reason=exit_reason)
    cohort = cohorts()[YEAR][6]

    assert cohort.by == {"creation_path": 1, "no_news": 1, "other": 1, "before": 1}
    assert (cohort.share, cohort.at_most) == (0.25, 0.5)
    low, high = cohort.interval
    assert 0 < low < 0.25 < high < 1


@pytest.mark.parametrize(
    ("count", "of", "expected"), [(0, 10, (0.0, 0.278)), (10, 10, (0.722, 1.0)), (1, 2, (0.095, 0.905))]
)
def test_the_interval_is_wilsons(count, of, expected):
    assert tuple(round(bound, 3) for bound in queries.walked.wilson(count, of)) == expected


def test_the_page_says_flows_and_cohorts_of_her_site_alone(client, advisor, site):
    client.force_login(advisor)
    someone = met(site, on=date(YEAR, 1, 10))
    step(someone, Stage.PARC, on=date(YEAR, 2, 1))
    met(factories.AnySite(), on=date(YEAR, 1, 10))
    page = client.get(reverse("figures:journeys"), {"annee": YEAR})

    assert [(flow["stage"], flow["steps"]) for flow in page.context["flows"]] == [("PARC", 1)]
    assert [(row["year"], row["cohorts"][0].people) for row in page.context["cohorts"]] == [(YEAR, 1)]


def test_a_year_of_nobody_says_so(client, advisor):
    client.force_login(advisor)
    page = client.get(reverse("figures:journeys"), {"annee": 2004})
    assert (page.context["flows"], page.context["cohorts"]) == ([], [])


def test_few_steps_are_hidden_with_others_and_the_time_of_few():
    found = queries.protected_flows(
        [
            Flow("ACCU", "AMOR", 20, 12.0),
            Flow("", "ACCU", 6, None),
            Flow("AMOR", "EMER", 9, 30.0),
            Flow("", "SORT", 2, 5.0),
        ]
    )
    told = {(flow.came_from, flow.stage): (flow.steps, flow.days) for flow in found}
    assert told[("ACCU", "AMOR")] == (20, 12.0)
    assert told[("AMOR", "EMER")] == (9, None)
    assert told[("", "SORT")] == (None, None)
    assert [flow.steps for flow in found][-2:] == [None, None]  # another with it: all together may be known


@pytest.mark.parametrize("seed", range(5))
def test_protected_flows_give_nothing_away(seed):
    draw = random.Random(seed)
    flows = [Flow(f"{place}", "AMOR", draw.choice([1, 2, 3, 7, 12, 40]), 3.0) for place in range(12)]
    shown = {flow.came_from: flow.steps for flow in queries.protected_flows(flows)}
    publication = counts_of_flows(flows)
    hidden = [flow.steps for flow in flows if shown[flow.came_from] is None]
    assert all(shown[flow.came_from] is None for flow in flows if flow.steps < 5)
    assert len(hidden) != 1
    assert disclosure.audit(disclosure.protect(publication).issue).safe


def test_the_pilot_and_the_funder_read_the_network_protected(client, site):
    for _ in range(3):
        step(met(site), Stage.AMOR)
    for _ in range(7):
        step(met(site), Stage.EMER)
    for role in (Role.PILOT, Role.FUNDER):
        client.force_login(factories.AnyMandate(role=role, site=None).user)
        page = client.get(reverse("figures:journeys"), {"annee": YEAR, "site": site.code})
        assert page.context["site"] is None
        assert {flow["stage"]: flow["steps"] for flow in page.context["flows"]} == {"EMER": None, "AMOR": None}
        assert page.context["cohorts"] == []
        assert "site" not in page.context["form"].fields


@pytest.mark.parametrize("seed", range(5))
def test_protected_cohorts_give_nothing_away(seed):
    draw = random.Random(seed)
    found = {
        year: {
            months: Cohort(year, months, {outcome: draw.choice([1, 3, 8, 40]) for outcome in OUTCOMES})
            for months in HORIZONS
        }
        for year in range(YEAR, YEAR + 3)
    }
    shown = queries.protected_cohorts(found)
    assert disclosure.audit(disclosure.protect(counts_of_cohorts(found)).issue).safe
    for year, cohorts in found.items():
        for months, cohort in cohorts.items():
            if min(cohort.told.values()) < 5:
                assert shown[year][months].is_hidden


@pytest.mark.django_db(transaction=True)
def test_the_pilot_reads_cohorts_of_the_network_from_the_last_snapshot(client, pilot, site, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path
    for place in range(30):
        someone = met(site, on=date(YEAR, 1, 10))
        step(someone, *[(Stage.PARC,), (Stage.EMER,), (Stage.SORT,)][place % 3], on=date(YEAR, 2, 1),
             **({"exit_reason": ExitReason.NO_NEWS} if place % 3 == 2 else {}))  # fmt: skip
    met(site, on=date(YEAR - 1, 1, 10))
    client.force_login(pilot)
    page = client.get(reverse("figures:journeys"), {"annee": YEAR})
    assert (page.context["cohorts"], page.context["source"].as_of) == ([], None)
    assert "tomorrow" in page.content.decode() or "demain" in page.content.decode()

    services.make_snapshot()
    page = client.get(reverse("figures:journeys"), {"annee": YEAR})
    told = {row["year"]: row["cohorts"][0] for row in page.context["cohorts"]}
    assert (told[YEAR].people, told[YEAR].created, told[YEAR].silent, told[YEAR].is_hidden) == (30, 10, 10, False)
    assert told[YEAR - 1].is_hidden
    assert page.context["source"].as_of is not None


def test_an_advisor_still_reads_her_site_exactly(client, advisor, site):
    client.force_login(advisor)
    step(met(site), Stage.AMOR)
    page = client.get(reverse("figures:journeys"), {"annee": YEAR})
    assert [flow["steps"] for flow in page.context["flows"]] == [1]
