"""The public door in a real browser: found and booked on a phone without an e-mail, cancelled, joined to a file."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import shapely
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.agenda import queries, services
from citeslab.agenda.models import Appointment, FirstContact
from citeslab.territories import queries as territories
from citeslab.website.views.booking import address_of
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def site(transactional_db):
    """A site of Besançon: an advisor who agreed to be named, hours of both kinds, a neighborhood, an action."""
    territories.forget()
    factories.AnyCommune(population=120_000)
    factories.AnyCommune(code="25047", name="Besançon-sur-l’Étang", sort_key="besancon sur l etang")
    made = factories.AnySite(
        name="CitésLab de Besançon", commune_code="25056", phone="+33353010117", address="2 place des Tilleuls"
    )
    advisor = factories.AnyMandate(site=made, user__name="Inès Carvalho").user
    every_day = {"site": made, "advisor": advisor, "begins_on": date(2020, 1, 1)}
    factories.AnySurgery(**every_day, weekdays=[1, 3], place="Centre social de Planoise, salle des associations")
    factories.AnySurgery(
        **every_day, weekdays=[2], place="Médiathèque", rhythm="FORTNIGHTLY", from_time=time(14), until_time=time(16)
    )
    factories.AnySurgery(
        **every_day, weekdays=list(range(7)), place="Au bureau", access="BOOKED", from_time=time(14),
        until_time=time(17), slot_minutes=45,
    )  # fmt: skip
    services.show_name(
        advisor=advisor, first_name="Inès", speaks="français et portugais", by=advisor, at=timezone.now()
    )
    factories.AnyQPV(
        code="QN02501M", name="Planoise", commune_codes=["25056"], outline=shapely.box(6.0, 47.25, 6.04, 47.28).wkb
    )
    factories.AnyCoverage(site=made, edition=2024, qpv_code="QN02501M", begins_on=date(2024, 1, 1))
    starts_at = timezone.now() + timedelta(days=4)
    action = factories.AnyWorkshop(
        site=made, held_on=timezone.localdate(starts_at), title="Trouver ses premiers clients", commune_name="Besançon",
        commune_code="25056", place="Maison de quartier", capacity=8, is_public=True, is_planned=True,
    )  # fmt: skip
    factories.AnySession(workshop=action, starts_at=starts_at)
    yield made
    territories.forget()


@pytest.fixture
def advisor(site):
    return site.mandates.get().user


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_public_pages(open_page, site, screen):
    width, scheme, language = screen
    slot = queries.bookable(site, at=timezone.now())[0]
    closed = factories.AnyMandate(site__name="CitésLab de Dole", site__commune_code="39198").site
    booking = reverse("website:booking", args=[site.pk])
    addresses = {
        "field": reverse("website:finding"),
        "commune": reverse("website:finding") + "?commune=25056",
        "site": reverse("website:site", args=[site.pk]),
        "bare-site": reverse("website:site", args=[closed.pk]),
        "times": booking,
        "booking": f"{booking}?creneau={address_of(slot)}",
        "taken": f"{booking}?creneau=1-1",
        "no-time": reverse("website:booking", args=[closed.pk]),
        "message": reverse("website:message", args=[site.pk]),
        "contact": reverse("website:contact"),
        "received": reverse("website:received_by", args=[site.pk]),
    }
    for name, address in addresses.items():
        page = open_page(address, width=width, scheme=scheme, language=language)
        picture(page, f"door-{name}-{width}-{scheme}-{language}")
        assert faults(page) == [], name
        assert sideways(page) == 0, name
        assert page.errors == [], name


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_of_the_advisor(open_page, site, advisor, screen):
    width, scheme, language = screen
    factories.AnyPerson(site=site, first_name="Nour", preferred_name="Bensaïd", phone="+33639980142")
    waiting = factories.AnyFirstContact(site=site, words="Un triporteur à café.", commune_name="Besançon", times=2)
    services.answer(contact=waiting, outcome="TRIED", by=advisor, at=timezone.now())
    settled = factories.AnyFirstContact(site=site, name="Zoé Martin", phone="", email="zoe@example.org")
    services.answer(contact=settled, outcome="SPOKEN", by=advisor, at=timezone.now())
    for name, address in {
        "contacts": reverse("agenda:contacts"),
        "contact": reverse("agenda:contact", args=[waiting.pk]),
        "settled": reverse("agenda:contact", args=[settled.pk]),
        "public-name": reverse("agenda:public_name"),
        "today": reverse("desk:home"),
    }.items():
        page = open_page(address, user=advisor, width=width, scheme=scheme, language=language)
        picture(page, f"door-advisor-{name}-{width}-{scheme}-{language}")
        assert faults(page) == [], name
        assert sideways(page) <= 0, name
        assert page.errors == [], name


def test_found_booked_and_cancelled_on_a_phone_without_an_e_mail(open_page, site, advisor):
    page = open_page(reverse("website:finding"), width=320, language="en", script=False)
    expect(page.get_by_role("button", name="Near me")).to_be_hidden()
    page.get_by_label("Your address or your commune").fill("14 rue des Arts, 25000 Besançon")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("heading", name="Inès")).to_be_visible()

    page.get_by_role("link", name="Book this time").click()
    page.get_by_label("Your name").fill("Nour Bensaïd")
    page.get_by_label("Phone or e-mail address").fill("06 39 98 01 42")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("It is booked. A text message confirms it")).to_be_visible()
    expect(page.get_by_text("Your appointment with Inès, of CitésLab.")).to_be_visible()

    home = open_page(reverse("desk:home"), user=advisor, language="en")
    home.get_by_role("link", name="Find her file").click()
    home.get_by_role("button", name="Open her file").click()
    expect(home.get_by_text("Has a file")).to_have_count(2)
    home.get_by_role("link", name="Open the file").click()
    expect(home.get_by_role("heading", level=1)).to_have_text("Nour Bensaïd")
    assert Appointment.objects.get().person.name == "Nour Bensaïd"

    page.get_by_role("button", name="Cancel my appointment").click()
    expect(page.get_by_text("This appointment is cancelled")).to_be_visible()
    assert Appointment.objects.standing().count() == 0


@pytest.mark.parametrize("script", [True, False])
def test_a_time_taken_meanwhile_is_another_by_keyboard_and_nothing_is_typed_again(open_page, site, advisor, script):
    first, second, *_others = queries.bookable(site, at=timezone.now())
    address = f"{reverse('website:booking', args=[site.pk])}?creneau={address_of(first)}"
    page = open_page(address, width=320, language="en", script=script)
    page.get_by_label("Your name").fill("Zoé Martin")
    services.book_online(
        site=site, advisor=advisor, starts_at=first.starts_at, name="Nour Bensaïd", key=uuid4(), at=timezone.now()
    )
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("has just been taken")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Zoé Martin")
    assert sideways(page) == 0
    if script:  # axe is one
        assert faults(page) == []
        picture(page, "door-taken-meanwhile-320")

    page.get_by_label("Your name").press("Enter")  # books nothing that was not chosen
    expect(page.get_by_text("has just been taken")).to_be_visible()
    assert Appointment.objects.count() == 1
    page.locator(".slots button").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is booked.")).to_be_visible()
    assert Appointment.objects.get(contact__name="Zoé Martin").starts_at == second.starts_at


def test_near_me_asks_the_browser_on_a_tap(open_page, site):
    page = open_page(reverse("website:finding"), width=320, language="en")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 6.02, "latitude": 47.257})
    page.get_by_role("button", name="Near me").click()

    expect(page.get_by_text("Your address is in the neighborhood Planoise")).to_be_visible()
    assert "47.257" not in page.url
    assert page.errors == []


def test_a_first_contact_is_called_back_from_today(open_page, site, advisor):
    page = open_page(reverse("website:contact"), width=320, language="en", script=False)
    page.get_by_label("Your name").fill("Nour Bensaïd")
    page.get_by_label("Phone or e-mail address").fill("nour@example.org")
    page.get_by_label("Your commune").fill("Besançon")
    page.get_by_role("button", name="Ask to be called back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It has arrived")

    home = open_page(reverse("desk:home"), user=advisor, width=320, language="en")
    expect(home.get_by_role("link", name="Write back")).to_have_attribute("href", "mailto:nour@example.org")
    home.get_by_role("link", name="Nour Bensaïd", exact=True).click()
    home.get_by_role("button", name="Spoken to, nothing follows for now").click()
    expect(home.get_by_text("It is noted.")).to_be_visible()
    assert not FirstContact.objects.waiting().exists()
