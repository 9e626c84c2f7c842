"""A priority neighborhood as a perimeter, found by its name; the neighborhoods of a department drawn."""

import pytest
import shapely
from django.urls import reverse

from citeslab.figures import queries
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.enums import Breakdown
from citeslab.figures.values import Perimeter
from citeslab.network.enums import Role
from citeslab.people.enums import Sex
from citeslab.territories import queries as territories
from citeslab.territories.enums import Answer
from tests import factories
from tests.figures.test_definitions import YEAR, lives, supported

pytestmark = pytest.mark.django_db
EXPLORER = reverse("figures:explorer")
HERE, THERE, ELSEWHERE, BEFORE = "QN02501M", "QN02502M", "QN03901M", "QP025001"


@pytest.fixture
def quarters(site):
    """Two of today, and one of the edition before; women and men of the first, and few of the second."""
    territories.forget()
    factories.AnyCommune()
    factories.AnyCommune(code="25388", name="Montbéliard", sort_key="montbeliard")
    today = factories.AnyRelease(edition=2024, released_on="2090-01-01")
    square = shapely.to_wkb(shapely.box(6.0, 47.22, 6.02, 47.23))
    factories.AnyQPV(release=today, code=HERE, name="Planoise", commune_codes=["25056"], outline=square)
    other = shapely.to_wkb(shapely.box(6.79, 47.5, 6.791, 47.501))
    factories.AnyQPV(release=today, code=THERE, name="La Petite Hollande", commune_codes=["25388"], outline=other)
    then = factories.AnyRelease(edition=2015, released_on="2020-01-01")
    factories.AnyQPV(release=then, code=BEFORE, name="Planoise", commune_codes=["25056"], outline=square)
    few = ((THERE, Sex.MAN, 2), (ELSEWHERE, Sex.MAN, 4))  # two of them: one alone would be told by all who live in one
    for code, sex, count in ((HERE, Sex.WOMAN, 19), (HERE, Sex.MAN, 3), (HERE, Sex.UNKNOWN, 17), *few):
        for _ in range(count):
            lives(supported(site, sex=sex), Answer.IN, code=code)
    for sex in Sex:
        for _ in range(8):
            supported(site, sex=sex)
    yield
    territories.forget()


@pytest.fixture
def pilot(client):
    client.force_login(factories.AnyMandate(role=Role.PILOT, site=None).user)
    return client


def ask(client, **said):
    return client.get(EXPLORER, {"annee": YEAR, **said})


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("planoise", [HERE, BEFORE]),
        ("besancon planoise", [HERE, BEFORE]),
        ("MONTBÉLIARD", [THERE]),
        ("petite hollande", [THERE]),
        (BEFORE.lower(), [BEFORE]),
        ("marseille", []),
        ("  ", []),
    ],
)
def test_a_neighborhood_is_found_by_its_name_or_its_town(quarters, words, found):
    assert [one.code for one, _towns in territories.neighborhoods_like(words, limit=5)] == found


def test_the_pilot_searches_and_goes_to_the_figures_of_what_she_found(quarters, pilot):
    page = ask(pilot, quartier="planoise", par="sex")
    (first, _second) = page.context["neighborhoods"]
    assert (first["name"], first["towns"], first["code"]) == ("Planoise", "Besançon", HERE)
    found = pilot.get(EXPLORER + first["url"]).context
    assert found["asked"].perimeter == Perimeter("qpv", HERE)
    assert found["asked"].by == (Breakdown.SEX,)
    assert not found["searched"]
    assert found["form"].fields["perimetre"].choices[-1][1] == [(f"qpv:{HERE}", f"Planoise ({HERE})")]


def test_what_is_not_found_is_said(quarters, pilot):
    page = ask(pilot, quartier="<Marseille>")
    assert page.context["neighborhoods"] == []
    assert "&lt;Marseille&gt;" in page.content.decode()


def test_who_may_not_ask_any_place_does_not_search(client, quarters, advisor):
    client.force_login(advisor)
    page = ask(client, quartier="planoise", perimetre=f"qpv:{HERE}")
    assert "quartier" not in page.context["form"].fields
    assert page.context["neighborhoods"] == []
    assert page.context["asked"].perimeter.level == "site"


def test_a_neighborhood_hides_what_the_network_hides_of_it(quarters, pilot):
    own = ask(pilot, perimetre=f"qpv:{HERE}", par="sex").context["found"]
    all_of_them = ask(pilot, par="qpv", et="sex").context["found"]

    assert own.total.count == 39
    assert own.at("MAN", "").is_hidden
    for sex in Sex:
        assert own.at(sex.value, "").is_hidden == all_of_them.at(HERE, sex.value).is_hidden
    assert sum(own.at(sex.value, "").is_hidden for sex in Sex) == 2
    assert ask(pilot, perimetre=f"qpv:{THERE}").context["found"].total.is_hidden


@pytest.mark.parametrize(("code", "year", "in_force"), [(HERE, YEAR, True), (HERE, 2016, False), (BEFORE, 2016, True)])
def test_a_neighborhood_says_whether_its_edition_was_in_force(quarters, pilot, code, year, in_force):
    page = ask(pilot, annee=year, perimetre=f"qpv:{code}")
    assert page.context["neighborhood"]["in_force"] is in_force


@pytest.mark.parametrize("perimeter", [f"qpv:{HERE}", "agreement:C-1"])
@pytest.mark.parametrize("indicator", ["projects_cumulative", "attendances_named"])
def test_a_figure_that_a_perimeter_cannot_be_asked_for_says_so(quarters, pilot, site, perimeter, indicator):
    factories.AnyWorkshop(site=site, held_on=f"{YEAR}-02-01", agreement="C-1")
    page = ask(pilot, perimetre=perimeter, indicateur=indicator)
    assert page.status_code == 200
    assert page.context["asked"].perimeter == queries.NETWORK
    assert page.context["left_out"]


def test_the_neighborhoods_of_a_department_are_drawn_in_classes(quarters, pilot):
    name, drawn = ask(pilot, perimetre="department:25", par="qpv").context["chart"]
    assert name == "areas"
    assert {area.name: area.value for area in drawn.areas} == {"Planoise": 39, "La Petite Hollande": None}
    assert {area.name: area.is_point for area in drawn.areas} == {"Planoise": False, "La Petite Hollande": True}
    assert all(area.path.startswith("M") for area in drawn.areas)
    assert ("Montbéliard" in {town for town, *_place in drawn.towns}) == (
        "Besançon" in {town for town, *_place in drawn.towns}
    )


def test_her_own_site_is_drawn_exactly_and_closer(client, quarters, advisor, site):
    client.force_login(advisor)
    name, drawn = ask(client, par="qpv").context["chart"]
    assert name == "areas"
    assert {area.name: area.value for area in drawn.areas} == {"Planoise": 39, "La Petite Hollande": 2}


def test_neighborhoods_that_were_not_in_force_are_not_drawn(quarters, pilot):
    found = queries.explored(
        queries.Asked(BY_ID["persons_supported"], Perimeter("department", "25"), 2016, by=(Breakdown.QPV,))
    )
    assert [code for code, _name, _outline in queries.drawn_neighborhoods(found)] == [BEFORE]


def test_the_network_by_neighborhood_is_bars(quarters, pilot):
    assert ask(pilot, par="qpv").context["chart"][0] == "bars"
