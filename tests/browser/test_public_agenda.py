"""The public agenda in a real browser: without an account, without a script, on a phone, in the frame of a town."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.workshops.models import Registration
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def announced(transactional_db):
    """Some actions around Besançon and far from it: with seats, full, in one place, on invitation."""
    factories.AnyCommune()
    site = factories.AnySite(name="CitésLab de Besançon")
    found = []
    for rank in range(12):
        starts_at = timezone.now().replace(hour=9, minute=0) + timedelta(days=1 + rank)
        action = factories.AnyWorkshop(
            site=site,
            held_on=timezone.localdate(starts_at),
            title=["Oser son idée", "Entreprendre au féminin", "Ma petite entreprise, combien ça coûte ?"][rank % 3],
            place="Maison de quartier",
            commune_name="Besançon" if rank < 8 else "Fort-de-France",
            commune_code="25056" if rank < 8 else "97209",
            longitude=6.0182 + 0.02 * rank if rank < 8 else -61.07,
            latitude=47.2602 if rank < 8 else 14.6,
            territory="METROPOLE" if rank < 8 else "MARTINIQUE",
            capacity=1 + rank % 2,
            is_public=True,
            is_planned=True,
        )
        factories.AnySession(workshop=action, starts_at=starts_at)
        if rank % 4 == 0:
            factories.AnyGuest(workshop=action)
        found.append(action)
    return found


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_public_pages(open_page, announced, screen):
    width, scheme, language = screen
    called_off = announced[1]
    called_off.cancelled_at, called_off.cancelled_by = timezone.now(), factories.AnyUser()
    called_off.cancelled_because = "La salle est fermée."
    called_off.save()
    addresses = {
        "agenda": reverse("workshops:agenda"),
        "around": reverse("workshops:agenda") + "?commune=25000&km=10",
        "nothing": reverse("workshops:agenda") + "?commune=25000&km=5&genre=SCHOOL",
        "block": reverse("workshops:block") + f"?commune=25000&theme={'sombre' if scheme == 'dark' else 'clair'}",
        "embedding": reverse("workshops:embedding") + "?commune=25000",
        "action": reverse("workshops:public", args=[announced[2].pk]),
        "full": reverse("workshops:public", args=[announced[0].pk]),
        "called-off": reverse("workshops:public", args=[called_off.pk]),
    }
    for name, address in addresses.items():
        page = open_page(address, width=width, scheme=scheme, language=language)
        picture(page, f"public-{name}-{width}-{scheme}-{language}")
        assert faults(page) == [], name
        assert sideways(page) == 0, name
        assert page.errors == [], name


def test_from_the_map_to_a_seat_without_a_script(open_page, announced):
    page = open_page(reverse("workshops:agenda") + "?commune=25000&km=50", width=320, language="en", script=False)
    page.get_by_role("link", name="8 actions: Besançon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workshops near Besançon")
    expect(page.get_by_label("Around")).to_have_value("20")

    page.get_by_text("Days and kind").click()
    page.get_by_label("Kind").select_option("GENERAL")
    page.get_by_label("Around").select_option("5")
    page.get_by_role("button", name="Look").click()
    page.locator(".announced-title").nth(1).click()
    page.get_by_label("First name").fill("Nour")
    page.get_by_label("Name", exact=True).fill("Bensaïd")
    page.get_by_role("button", name="I register").click()

    page.get_by_text("Your number").first.wait_for()
    made = Registration.objects.get(workshop=announced[1])
    assert (made.first_name, made.is_waiting) == ("Nour", False)


def test_the_map_of_departments_is_walked_by_keyboard(open_page, announced):
    factories.AnyDepartment(code="972", name="Martinique")
    page = open_page(reverse("workshops:agenda"), language="en")
    page.get_by_role("link", name="Martinique, 4").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**departement=972*")
    expect(page.locator(".announced")).to_have_count(4)


class Town(BaseHTTPRequestHandler):
    """The site of a town: a page of another origin, with the lines pasted."""

    lines = ""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Ville</title>{self.lines}".encode())

    def log_message(self, *_args):
        pass


@pytest.fixture
def town():
    server = HTTPServer(("127.0.0.1", 0), Town)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_town_shows_the_actions_on_its_own_site(open_page, announced, live_server, town, settings):
    settings.PUBLIC_URL = live_server.url
    page = open_page(reverse("workshops:embedding") + "?commune=25000&n=3&langue=en", language="en")
    Town.lines = page.get_by_role("textbox", name="To paste in the page").input_value()
    page.context.clear_cookies()

    page.goto(f"http://localhost:{town.server_port}/")
    frame = page.frame_locator("iframe[title='CitésLab around Besançon']")
    frame.locator(".announced").first.wait_for()
    expect(frame.locator(".announced")).to_have_count(3)
    assert page.context.cookies() == []
    frame.locator(".announced-title").first.click()
    page.wait_for_url(f"{live_server.url}/ateliers/**")  # the whole window has left the town's site
    assert page.errors == []
