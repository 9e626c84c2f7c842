"""Versions of an indicator, and what funders mean by one word, side by side."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from citeslab.figures import queries
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS, VARIANTS, VERSIONS
from citeslab.figures.values import Perimeter
from citeslab.network.enums import Role
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer
from tests import factories
from tests.conftest import CHECKOUT
from tests.figures.test_definitions import YEAR, lives, supported

pytestmark = pytest.mark.django_db
NETWORK = queries.NETWORK


def of_site(site):
    return Perimeter("site", str(site.pk))


def values(found):
    return (found.one, found.other, found.only_one, found.only_other)


def compare(one, other, perimeter=NETWORK):
    return queries.compared(VERSIONS[one], VERSIONS[other], perimeter=perimeter, year=YEAR)


def protected(found):
    return queries.protected_comparison(found, perimeter=NETWORK, year=YEAR)


# -- the history ------------------------------------------------------------------------------------------------------


def test_a_history_counts_up_and_each_change_says_why():
    for indicator in INDICATORS:
        history = [*indicator.history]
        assert [one.version for one in history] == list(range(indicator.version, 0, -1)), indicator.id
        assert [one.since for one in history] == sorted({one.since for one in history}, reverse=True)
        assert [bool(one.changed) for one in history] == [True] * (len(history) - 1) + [False]
        assert len({one.id for one in history}) == 1
    assert len(VERSIONS) > len(INDICATORS)


def test_the_page_of_indicators_tells_each_change_and_each_variant():
    page = (CHECKOUT / "docs/domain/indicators.md").read_text()
    rows = [line for line in page.split("## Versions")[1].split("## Situation")[0].splitlines() if line.startswith("|")]
    for one in VERSIONS.values():
        if one.version == 1 and one.since == date(2026, 11, 23):
            continue
        head, _dot, tail = one.id.rpartition(".")
        told = [row for row in rows if f"v{one.version} | {one.since.isoformat()}" in row]
        assert any(f"`{one.id}`" in row or (f"`{head}." in row and f"`.{tail}`" in row) for row in told), one.said
    for variant in (one for word in VARIANTS for one in word):
        with translation.override("en"):
            told = [row for row in rows if f"| {variant.funder} |" in row]
        assert any(f"| `{variant.id}` |" in row for row in told), variant.id


# -- what is compared -------------------------------------------------------------------------------------------------


def test_the_former_version_still_counts_what_was_only_planned(site):
    held = factories.AnyWorkshop(site=site, held_on=date(YEAR, 3, 1))
    for day, cancelled in ((date(YEAR, 4, 1), False), (date(YEAR, 5, 1), False), (date(YEAR, 6, 1), True)):
        called_off = {"cancelled_at": held.recorded_at, "cancelled_by": factories.AnyUser()} if cancelled else {}
        factories.AnyWorkshop(site=site, held_on=day, is_planned=True, **called_off)
    factories.AnyWorkshop(site=factories.AnySite(), held_on=date(YEAR, 7, 1), is_planned=True)
    factories.AnyWorkshop(site=site, held_on=date(YEAR + 1, 1, 1), is_planned=True)

    assert values(compare("actions_held.total@1", "actions_held.total@2")) == (4, 1, 3, 0)
    found = compare("actions_held.total@1", "actions_held.total@2", of_site(site))
    assert values(found) == (3, 1, 2, 0)
    assert (found.difference, found.relative) == (-2, -0.6667)
    assert queries.figures_of_year(year=YEAR)["actions_held"]["total"] == 1


def test_variants_count_others_each(site):
    lives(supported(site, sex=Sex.WOMAN, born_on=date(1980, 1, 1)), Answer.IN, code="QN02501M")
    lives(supported(site, sex=Sex.UNKNOWN), Answer.IN, code="QN02501M")
    twice = supported(site, sex=Sex.MAN, born_on=date(1980, 1, 1))
    factories.AnyMeeting(person=twice, held_on=date(YEAR, 10, 1))

    assert values(compare("persons_supported@1", "persons_fse_plus@1")) == (3, 1, 2, 0)
    assert values(compare("residence.in@1", "persons_fse_plus@1", of_site(site))) == (2, 1, 2, 1)
    department = Perimeter("department", site.department_id)
    assert values(compare("persons_supported@1", "residence.in@1", department)) == (3, 2, 1, 0)


def test_nobody_has_no_share_of_difference(site):
    found = compare("persons_supported@1", "persons_fse_plus@1")
    assert (values(found), found.difference, found.relative) == ((0, 0, 0, 0), 0, None)


def test_what_only_one_counts_is_hidden_where_it_is_small(site):
    for place in range(12):
        someone = supported(site, sex=Sex.MAN, born_on=date(1980, 1, 1))
        if place < 9:
            factories.AnyMeeting(person=someone, held_on=date(YEAR, 10, 1))
    exact = compare("persons_supported@1", "persons_fse_plus@1")
    assert values(exact) == (12, 9, 3, 0)

    found = protected(exact)
    assert found.only_one is None
    assert found.one is None or found.other is None  # their difference would say it
    assert found.difference is None


def test_large_numbers_and_actions_are_shown_to_all(site):
    for place in range(12):
        someone = supported(site, sex=Sex.MAN, born_on=date(1980, 1, 1))
        if place < 6:
            factories.AnyMeeting(person=someone, held_on=date(YEAR, 10, 1))
    exact = compare("persons_supported@1", "persons_fse_plus@1")
    assert protected(exact) == exact
    factories.AnyWorkshop(site=site, held_on=date(YEAR, 4, 1), is_planned=True)
    actions = compare("actions_held.total@1", "actions_held.total@2")
    assert protected(actions) == actions


# -- the page ---------------------------------------------------------------------------------------------------------


def asked(client, id, **query):
    return client.get(reverse("figures:definition", args=[id]), query)


def test_every_definition_has_its_page(client, advisor):
    client.force_login(advisor)
    for one in INDICATORS:
        answer = asked(client, one.id)
        assert answer.status_code == 200, one.id
        assert answer.context["versions"][0] is one
    assert asked(client, "persons_helped").status_code == 404


def test_an_advisor_compares_her_site_exactly(client, advisor, site):
    supported(site, sex=Sex.UNKNOWN)
    client.force_login(advisor)
    page = asked(client, "persons_fse_plus", avec="persons_supported@1", annee=YEAR)

    assert values(page.context["compared"]) == (1, 0, 1, 0)
    assert page.context["is_exact"]
    assert page.context["form"]["avec"].value() == "persons_supported@1"


def test_the_pilot_compares_the_network_without_small_numbers(client, site):
    client.force_login(factories.AnyMandate(role=Role.PILOT, site=None).user)
    for _ in range(3):
        supported(site, sex=Sex.UNKNOWN)
    page = asked(client, "persons_fse_plus", annee=YEAR)

    assert page.context["compared"].only_one is None
    assert not page.context["is_exact"]
    assert "masqué" in page.content.decode()


def test_who_sees_no_figure_reads_the_definition_and_compares_nothing(client, user):
    client.force_login(user)
    page = asked(client, "persons_fse_plus", annee=YEAR)
    assert page.status_code == 200
    assert "compared" not in page.context


@pytest.fixture
def user(db):
    return factories.AnyUser()


def test_a_figure_that_has_no_such_place_says_so(client, site):
    client.force_login(factories.AnyMandate(role=Role.PILOT, site=None).user)
    factories.AnyCoverage(site=site, qpv_code="QN02501M", begins_on=date(2015, 1, 1), ends_on=None)
    factories.AnyQPV(code="QN02501M")
    page = asked(client, "actions_held.total", perimetre="qpv:QN02501M", annee=YEAR)
    assert page.context["compared"] is None
    assert asked(client, "actions_held.total", perimetre="region:??", annee="long ago").status_code == 200


def test_a_page_costs_the_same_for_one_person_or_many(client, advisor, site, django_assert_num_queries):
    client.force_login(advisor)
    supported(site)
    asked(client, "persons_fse_plus", annee=YEAR)
    # session, account, mandates; the transaction twice; her sites; the two counts, and what only one has; the site's
    # name; is it the demonstration?
    with django_assert_num_queries(12) as once:
        asked(client, "persons_fse_plus", annee=YEAR)
    for _ in range(5):
        supported(site)
    with django_assert_num_queries(len(once)):
        asked(client, "persons_fse_plus", annee=YEAR)


def test_versions_said_in_an_address_are_those_that_are_kept():
    assert VERSIONS["actions_held.total@1"].base == "programme_actions"
    assert VERSIONS["actions_held.total@2"] is BY_ID["actions_held.total"]
