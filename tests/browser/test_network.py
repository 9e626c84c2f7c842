"""The network in a real browser: its list, a site, the map; the pilot closes a white zone, and undoes it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.network.enums import Role
from citeslab.network.models import Coverage
from citeslab.territories import queries as territories
from tests import factories
from tests.browser.conftest import faults, picture, sideways
from tests.network import worlds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def network(transactional_db):
    """Two sites, one of them with a vacant post, a name of before, a merger, a neighborhood that nobody covers."""
    worlds.outlines()
    organization = factories.AnyHostOrganization(
        name="Boutique de projets du Doubs", siret="73282932000074", contact_name="Nadège Perrin", phone="+33199000001"
    )
    besancon = factories.AnySite(
        name="CitésLab de Besançon", organization=organization, commune_code="25056", phone="+33335301001",
        email="besancon@exemple.fr", address="2 rue des Tilleuls, 25000 Besançon",
    )  # fmt: skip
    factories.AnySite(name="CitésLab de Montbéliard", organization=organization, commune_code="25388")
    factories.AnyFormerName(site=besancon)
    factories.AnyMerger(absorbed__name="Comité de projets", into=organization).sites.set([besancon])
    factories.AnyTenure(post=factories.AnyPost(site=besancon, reference="P1"), user__name="Inès Carvalho")
    factories.AnyPost(site=besancon, full_time_percent=50, begins_on=date(2024, 9, 1), reference="P2")
    for code in ("QN02501M", "QN02502M"):
        factories.AnyCoverage(site=besancon, edition=2024, qpv_code=code, begins_on=date(2024, 1, 1))
    factories.AnyCoverage(site=besancon, qpv_code="QP025001", ends_on=date(2024, 1, 1))
    yield besancon
    territories.forget()


@pytest.fixture
def pilot(network):
    return factories.AnyMandate(role=Role.PILOT, site=None, user__name="Agnès Lorrain").user


def check(page, name, width, scheme, language):
    picture(page, f"network-{name}-{width}-{scheme}-{language}")
    assert faults(page) == [], name
    assert sideways(page) == 0, name
    assert page.errors == [], name


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_the_network(open_page, pilot, network, screen):
    width, scheme, language = screen
    kept = factories.AnyImport(
        findings={
            "rows": 1, "changed": 0, "unchanged": 0, "changes": [], "ignored": [],
            "faults": [{"row": 2, "column": "Commune", "value": "25999", "reason": "Non.", "right": "Un code."}],
        }
    )  # fmt: skip
    post = network.posts.get(reference="P2")
    pages = {
        "list": reverse("network:network"),
        "list-2008": f"{reverse('network:network')}?jour=2008-06-30",
        "organization": reverse("network:organization", args=[network.organization_id]),
        "site": reverse("network:site", args=[network.pk]),
        "coverage": reverse("network:coverage"),
        "department": f"{reverse('network:coverage')}?department=25",
        "white-zone": reverse("network:quarter", args=["QN02503I"]),
        "new-organization": reverse("network:new_organization"),
        "new-site": reverse("network:new_site"),
        "new-post": reverse("network:new_post", args=[network.pk]),
        "new-tenure": reverse("network:new_tenure", args=[post.pk]),
        "new-coverage": reverse("network:new_coverage", args=[network.pk]),
        "merger": reverse("network:merger", args=[network.organization_id]),
        "imports": reverse("network:imports"),
        "import": reverse("network:network_import", args=[kept.pk]),
    }
    for name, path in pages.items():
        page = open_page(path, user=pilot, width=width, scheme=scheme, language=language)
        check(page, name, width, scheme, language)


def test_the_pilot_closes_a_white_zone_and_undoes_it(open_page, pilot, network):
    page = open_page(reverse("network:coverage"), user=pilot)
    page.get_by_role("region", name="Départements").get_by_role("link", name="Doubs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Couverture\N{NO-BREAK SPACE}: Doubs")
    page.get_by_role("row", name="Montbéliard-Centre").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Couvrir cette zone blanche")).to_be_visible()

    # The nearest site comes first.
    page.get_by_role("radio").first.check(force=True)
    page.get_by_role("button", name="Confier le quartier à ce site").click()
    expect(page.get_by_role("link", name="CitésLab de Montbéliard", exact=True)).to_be_visible()
    coverage = Coverage.objects.get(qpv_code="QN02503I")
    assert (coverage.site.name, coverage.begins_on) == ("CitésLab de Montbéliard", timezone.localdate())

    page.get_by_role("button", name="Une erreur").click()
    expect(page.get_by_text("Aucun site ne le couvre")).to_be_visible()
    assert not Coverage.objects.filter(qpv_code="QN02503I").exists()


def test_the_map_needs_no_script(open_page, pilot, network):
    page = open_page(reverse("network:coverage"), user=pilot, script=False)
    expect(page.locator(".dot-tile")).to_have_count(101)
    page.get_by_role("link", name="Doubs").click()
    expect(page.locator(".dot-map .dots-large:not(.dots-hole)")).to_have_count(3)


def test_a_past_day_is_read_from_the_list(open_page, pilot, network):
    page = open_page(reverse("network:network"), user=pilot)
    page.get_by_label("À la date du").fill("2008-06-30")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("link", name="SAP de la Boucle")).to_be_visible()
    expect(page.get_by_role("link", name="Comité de projets")).to_be_visible()
    page.get_by_role("link", name="Revenir à aujourd’hui").click()
    expect(page.get_by_role("link", name="CitésLab de Besançon").first).to_be_visible()
