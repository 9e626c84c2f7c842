"""An advisor opens a file, notes an address, decides what the map cannot, and meets a colleague in the same file."""

import re
from datetime import date
from urllib.parse import unquote

import pytest
import shapely
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.accounts.models import Session
from citeslab.people import services
from citeslab.people.enums import Precision
from citeslab.people.models import Person, ResidenceAnswer
from citeslab.people.values import Home
from citeslab.territories import gateways
from citeslab.territories import queries as territories
from tests import factories
from tests.browser.conftest import faults, picture, session_of, sideways
from tests.territories.address_service import Service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]

# A neighborhood with a bent border, so that the maps show more than a line; and one beside it.
PLANOISE = shapely.Polygon(
    [(6.01, 47.25), (6.022, 47.2485), (6.03, 47.252), (6.0285, 47.262), (6.02, 47.266), (6.0125, 47.263)]
)
CLAIRS_SOLEILS = shapely.Polygon([(6.04, 47.255), (6.05, 47.2555), (6.049, 47.261), (6.0405, 47.2605)])
NEAR_THE_BORDER = (6.01002, 47.2502)


@pytest.fixture
def advisor(transactional_db):
    release = factories.AnyRelease(released_on=date(2026, 1, 15))
    for code, name, outline in [
        ("QN02501M", "Planoise", PLANOISE),
        ("QN02502M", "Clairs-Soleils", CLAIRS_SOLEILS),
    ]:
        factories.AnyQPV(
            release=release, code=code, name=name, outline=shapely.to_wkb(outline), commune_codes=["25056"]
        )
    factories.AnyCommune(population=120_057)
    factories.AnyCommune(code="25057", name="Besse", sort_key="besse", population=100, postal_codes=["25380"])
    territories.forget()
    gateways.forget()
    yield factories.AnyMandate(user__name="Inès Carvalho", site__name="Besançon").user
    territories.forget()
    gateways.forget()


@pytest.fixture
def site(advisor):
    return advisor.mandates.get().site


@pytest.fixture
def service(settings):
    with Service() as running:
        settings.ADDRESS_URL = running.url
        yield running


@pytest.fixture
def waiting(advisor, site):
    """Samira lives some metres from a border; Karim, where the house was not found."""
    for name, place, precision in [
        ("Samira", NEAR_THE_BORDER, Precision.HOUSE),
        ("Karim", (6.0105, 47.2561), Precision.UNSURE),
    ]:
        person = factories.AnyPerson(site=site, first_name=name, preferred_name="Khelifi", phone="+33639980142")
        home = Home("14 rue des Arts", "25000", "Besançon", *place, precision)
        services.record_home(person=person, home=home, by=advisor, at=timezone.now())
    return ResidenceAnswer.objects.get(residence__person__first_name="Samira")


def check(page, name, screen):
    width, scheme, language = screen
    picture(page, f"people-{name}-{width}-{scheme}-{language}")
    assert faults(page) == []
    assert sideways(page) <= 0
    assert page.errors == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_forms_and_the_list_to_check(open_page, advisor, site, waiting, service, screen):
    width, scheme, language = screen
    how = {"user": advisor, "width": width, "scheme": scheme, "language": language}

    page = open_page(reverse("people:new"), **how)
    check(page, "new", screen)
    page.locator("details.more > summary").first.click()
    page.locator("#id_contact").fill("06 39 98 01 42")
    page.locator("#id_contact").blur()
    page.locator("#same-contact .notice").wait_for()
    page.locator("#id_born_on").fill("1899-12-31")
    page.locator("#id_first_name").fill("Zoé")
    page.locator("#id_address").press_sequentially("14 rue des ar")
    page.locator(".combo-option").first.wait_for()
    page.keyboard.press("ArrowDown")
    check(page, "new-typed", screen)
    page.keyboard.press("Enter")
    page.locator("#id_preferred_name").fill("Petit")
    page.locator(".button-main").click()
    page.locator(".field-error").first.wait_for()
    expect(page.locator("#id_address")).to_have_value("14 Rue des Arts 25000 Besançon")
    page.errors.clear()  # Chromium tells a 422 as an error
    check(page, "new-refused", screen)

    for name, path in {
        "edit": reverse("people:edit", args=[waiting.residence.person_id]),
        "residence": reverse("people:residence", args=[waiting.residence.person_id]),
        "to-check": reverse("people:to_check"),
        "decision": reverse("people:decision", args=[waiting.pk]),
        "person": reverse("desk:person", args=[waiting.residence.person_id]),
    }.items():
        page.goto(page.url.split("/personnes")[0] + path)
        check(page, name, screen)


def test_a_file_in_three_fields_then_an_address_by_keyboard_then_its_answer(open_page, advisor, service):
    page = open_page(reverse("people:new"), user=advisor)
    page.keyboard.type("Zoé")
    page.keyboard.press("Tab")
    page.keyboard.type("N’Diaye")
    page.keyboard.press("Tab")
    page.keyboard.type("06 39 98 01 43")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/personnes/\d+/$"))
    zoe = Person.objects.get()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zoé N’Diaye")

    page.goto(page.url + "adresse/")
    field = page.get_by_role("combobox").first
    field.focus()
    page.keyboard.type("14 rue des ar")
    page.get_by_role("option").first.wait_for()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == page.get_by_role("option").first.get_attribute("id")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("14 Rue des Arts 25000 Besançon")
    page.locator(".button-main").click()
    page.wait_for_url("**/personnes/*/#residence")

    card = page.locator("section[aria-labelledby=residence]").inner_text()
    assert "Planoise" in card
    assert "QN02501M" in card
    assert "2024" in card
    assert zoe.residences.get().precision == Precision.HOUSE
    assert page.errors == []


def test_an_address_near_a_border_is_decided_with_its_reason_and_taken_back(open_page, advisor, waiting):
    page = open_page(reverse("people:to_check"), user=advisor)
    page.get_by_role("link", name="Samira Khelifi").nth(1).click()
    expect(page.locator("svg.place-map-drawing")).to_be_visible()

    page.get_by_role("button", name="Planoise").click()
    assert ResidenceAnswer.objects.standing().get(residence=waiting.residence).answer == "TO_CHECK"  # no reason yet
    page.locator(".choice").nth(1).click()
    page.get_by_role("button", name="Planoise").click()
    page.wait_for_url(re.compile(r"/a-verifier/$"))
    assert ResidenceAnswer.objects.standing().get(residence=waiting.residence).answer == "IN"

    page.locator(".line form button").first.click()
    page.wait_for_url(re.compile(r"/a-verifier/\d+/$"))
    assert ResidenceAnswer.objects.standing().get(residence=waiting.residence).answer == "TO_CHECK"


def test_two_advisors_in_one_file_the_second_sees_and_loses_nothing(open_page, advisor, site, waiting):
    colleague = factories.AnyMandate(user__name="Yasmine Roux", site=site).user
    samira = waiting.residence.person
    address = reverse("people:edit", args=[samira.pk])
    first, second = open_page(address, user=colleague), open_page(address, user=advisor, width=320, scheme="dark")
    first.locator("#id_phone").fill("06 39 98 01 99")
    first.locator(".button-main").click()
    first.wait_for_url(re.compile(r"/personnes/\d+/$"))

    second.locator("#id_first_name").fill("Samyra")
    second.locator("#id_phone").fill("06 39 98 01 55")
    second.locator(".button-main").click()
    second.locator(".changes").wait_for()
    told = second.locator(".notice-look:visible").inner_text()
    assert "Yasmine Roux" in told
    assert "06 39 98 01 99" in told
    expect(second.locator("#id_first_name")).to_have_value("Samyra")
    expect(second.locator("#id_phone")).to_have_value("06 39 98 01 55")
    second.errors.clear()
    check(second, "changed", (320, "dark", "fr"))

    second.locator(".button-main").click()
    second.wait_for_url(re.compile(r"/personnes/\d+/$"))
    samira.refresh_from_db()
    assert (samira.first_name, samira.phone) == ("Samyra", "+33639980155")


def test_a_form_sent_after_the_session_ended_comes_back_as_it_was_written(open_page, advisor, waiting):
    samira = waiting.residence.person
    page = open_page(reverse("people:edit", args=[samira.pk]), user=advisor, width=320)
    page.locator("#id_first_name").fill("Samyra")
    page.locator("#id_sex_1").check(force=True)
    Session.objects.all().delete()
    page.locator(".button-main").click()
    page.wait_for_url("**/connexion/**")

    back = page.url.split("next=")[1]
    home = page.url.split("/connexion")[0]
    page.context.add_cookies([{"name": "sessionid", "value": session_of(advisor), "url": home}])
    page.goto(home + unquote(back))
    page.locator("[data-unsent-said]").wait_for()
    expect(page.locator("#id_first_name")).to_have_value("Samyra")
    expect(page.locator("#id_sex_1")).to_be_checked()
    check(page, "unsent", (320, "light", "fr"))
    page.locator(".button-main").click()
    page.wait_for_url(re.compile(r"/personnes/\d+/$"))
    samira.refresh_from_db()
    assert (samira.first_name, samira.sex) == ("Samyra", "MAN")


@pytest.mark.parametrize("screen", [(320, "light", "fr"), (1280, "dark", "fr")], ids=str)
def test_without_a_service_one_points_at_the_map_by_keyboard(open_page, advisor, site, waiting, screen):
    width, scheme, language = screen
    person = factories.AnyPerson(site=site)
    page = open_page(reverse("people:residence", args=[person.pk]), user=advisor, width=width, scheme=scheme)
    page.locator("#id_commune").press_sequentially("besanc")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    drawing = page.locator("svg[data-map]")
    drawing.wait_for()
    expect(page.locator("#id_commune")).to_have_value("Besançon (25)")

    drawing.click(position={"x": 80, "y": 100})
    page.locator("[data-zoom=in]").click()
    drawing.focus()
    page.keyboard.press("ArrowRight")
    check(page, "pointed", screen)
    page.locator(".button-main").click()
    page.wait_for_url("**/personnes/*/#residence")

    home = person.residences.get()
    assert home.precision == Precision.POINTED
    assert 5.98 < home.longitude < 6.06
    assert 47.22 < home.latitude < 47.29
    assert home.answers.filter(edition=2024).exists()


def test_without_script_an_address_is_searched_by_a_button(open_page, advisor, site, service):
    person = factories.AnyPerson(site=site)
    page = open_page(reverse("people:residence", args=[person.pk]), user=advisor, script=False)
    page.locator("#id_address").fill("14 rue des arts")
    page.locator("button[name=search]").click()
    page.locator("#found .choice").first.click()
    page.locator(".button-main").click()
    page.wait_for_url("**/personnes/*/#residence")

    assert person.residences.get().precision == Precision.HOUSE
