"""The public figures in a real browser: a full year and no year at all, on a phone, without a script, on paper."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from citeslab.figures.definitions.statements import BY_STATEMENT
from citeslab.network.enums import Role
from citeslab.people.enums import Sex
from citeslab.ui.charts import DEPARTMENTS
from tests import factories
from tests.browser.conftest import faults, picture, sideways
from tests.figures.test_definitions import YEAR, supported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def published(transactional_db):
    """A year in which some counts are hidden: in the map, in a whole."""
    cells = [["supported_by_region_and_sex", "persons_supported", {"territory": "*", "sex": "*"}, 6_612, False]]
    for place, code in enumerate(sorted(DEPARTMENTS)):
        factories.AnyDepartment(code=code, name=f"Département de {code}")
        by = {"department": code}
        cells.append(["supported_by_department_of_site", "persons_supported", by, 37 * place % 211, place % 9 == 0])
    for year in range(2002, 2017):
        cells.append(["projects_by_year", "projects_cumulative", {"begun": str(year)}, 2_000 + year % 7, False])
    for dimension, classes in (
        ("sex", {"WOMAN": 3_040, "MAN": 3_540, "UNKNOWN": 32}),
        ("situation", {"creation_path": 2_711, "emergence": 1_851, "employment": 397, "other": 1_653}),
        ("residence", {"IN": 4_100, "OUT": 2_200, "TO_CHECK": 309, "NOT_LOCATED": 3}),
    ):
        table = "supported_by_residence" if dimension == "residence" else f"supported_by_region_and_{dimension}"
        cells += [
            [table, "persons_supported", {dimension: name}, count, count in {3, 309}] for name, count in classes.items()
        ]
    summary = factories.AnyPublication.build().summary | {
        "statements": [
            {"id": id, "value": said.expected if said.indicator else None, "holds": bool(said.indicator) or None}
            for id, said in BY_STATEMENT.items()
        ],
    }
    return factories.AnyPublication(year=2016, cells=cells, summary=summary)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_public_figures(open_page, published, screen):
    width, scheme, language = screen
    for name in ("public", "published_definitions"):
        page = open_page(reverse(f"figures:{name}"), width=width, scheme=scheme, language=language, script=False)
        picture(page, f"figures-{name}-{width}-{scheme}-{language}")
        assert sideways(page) == 0, name
        assert page.errors == [], name
        page = open_page(reverse(f"figures:{name}"), width=width, scheme=scheme, language=language)
        for summary in page.locator("summary").all():
            summary.click()
        assert faults(page) == [], name
        assert sideways(page) == 0, name


def test_on_paper_the_tables_are_there_and_nothing_is_to_be_clicked(open_page, published):
    page = open_page(reverse("figures:public"), script=False)
    page.emulate_media(media="print")
    picture(page, "figures-public-print")
    expect(page.locator(".public-bar")).not_to_be_visible()
    expect(page.locator(".data > summary").first).not_to_be_visible()
    tables = page.locator(".data table")
    expect(tables).to_have_count(4)
    assert all(one.bounding_box()["height"] > 100 for one in tables.all())


@pytest.mark.parametrize("screen", SCREENS[:2], ids=lambda screen: "-".join(map(str, screen)))
def test_before_the_first_year(open_page, transactional_db, screen):
    width, scheme, language = screen
    page = open_page(reverse("figures:public"), width=width, scheme=scheme, language=language)
    picture(page, f"figures-none-{width}-{scheme}-{language}")
    assert faults(page) == []
    assert sideways(page) == 0


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_two_meanings_side_by_side(open_page, transactional_db, screen):
    width, scheme, language = screen
    user = factories.AnyMandate(role=Role.PILOT, site=None).user
    site = factories.AnySite()
    for _ in range(7):
        supported(site, sex=Sex.WOMAN, born_on=date(1990, 1, 1))
    addresses = {
        "versions": reverse("figures:definition", args=["actions_held.total"]),
        "variants": reverse("figures:definition", args=["persons_fse_plus"]) + f"?annee={YEAR}",
        "share": reverse("figures:definition", args=["share_women"]),
    }
    for name, address in addresses.items():
        page = open_page(address, user=user, width=width, scheme=scheme, language=language)
        picture(page, f"definition-{name}-{width}-{scheme}-{language}")
        assert faults(page) == [], name
        assert sideways(page) == 0, name
        assert page.errors == [], name
