"""Collective actions in a real browser: from the programme to who came."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from citeslab.figures.queries import figures_of_year
from citeslab.workshops import rules
from citeslab.workshops.models import Attendance, HeadCount, Workshop
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="Toulouse, Grand Mirail").user


@pytest.fixture
def site(advisor):
    return advisor.mandates.get().site


@pytest.fixture
def action(site, advisor):
    """An action of this morning: full, one in line, not closed yet."""
    now = timezone.now()
    found = factories.AnyWorkshop(
        site=site, held_on=timezone.localdate(), title="Entreprendre au féminin", capacity=2, is_planned=True
    )
    found.animators.add(advisor)
    for half in range(2):
        factories.AnySession(workshop=found, starts_at=now + timedelta(hours=4 * half))
    for rank, name in enumerate(["Khelifi", "Delaunay-Etchegoyen-Saint-Germain", "Mansouri"]):
        person = factories.AnyPerson(site=site, preferred_name=name)
        factories.AnyRegistration(workshop=found, person=person, is_waiting=rank == 2)
    return found


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_of_actions(open_page, advisor, action, screen):
    width, scheme, language = screen
    addresses = {
        "list": reverse("workshops:workshops"),
        "action": reverse("workshops:workshop", args=[action.pk]) + "?words=exemple",
        "programme": reverse("workshops:programme", args=[action.pk]),
    }
    for name, address in addresses.items():
        page = open_page(address, user=advisor, width=width, scheme=scheme, language=language)
        picture(page, f"actions-{name}-{width}-{scheme}-{language}")
        assert faults(page) == []
        assert sideways(page) == 0
        assert page.errors == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_for_everyone(open_page, site, screen):
    width, scheme, language = screen
    start = timezone.now() + timedelta(days=3)
    more = {"site": site, "is_public": True, "is_planned": True, "held_on": timezone.localdate(start)}
    full, free = factories.AnyWorkshop(**more, capacity=1, title="Complet"), factories.AnyWorkshop(**more)
    for one in (full, free):
        factories.AnySession(workshop=one, starts_at=start)
    hers = factories.AnyGuest(workshop=full, channel="HERSELF")
    addresses = {
        "agenda": reverse("workshops:agenda"),
        "full": reverse("workshops:public", args=[full.pk]),
        "free": reverse("workshops:public", args=[free.pk]),
        "hers": reverse("workshops:hers", args=[rules.secret_of(hers)]),
        "block": reverse("workshops:block"),
        "embedding": reverse("workshops:embedding"),
    }
    for name, address in addresses.items():
        page = open_page(address, width=width, scheme=scheme, language=language)
        picture(page, f"ateliers-{name}-{width}-{scheme}-{language}")
        assert faults(page) == []
        assert sideways(page) == 0
        assert page.errors == []


def register(open_page, address, first_name):
    """Someone without an e-mail address fills in the form; gives the page of her own."""
    page = open_page(address, width=320, language="en")
    page.get_by_label("First name").fill(first_name)
    page.get_by_label("Name", exact=True).fill("Bensaïd")
    page.locator(".button-main").click()
    page.get_by_text("Your number").wait_for()
    return page


def test_from_the_poster_to_the_figures(open_page, advisor, site, tmp_path):
    page = open_page(reverse("workshops:new"), user=advisor, language="en")
    page.get_by_label("Title").fill("Oser son idée")
    page.get_by_label("General").check()
    now = timezone.localtime()
    left = timedelta(days=1) - timedelta(hours=now.hour, minutes=now.minute)  # a half-day ends before midnight
    begins = now + min(timedelta(minutes=30), left / 3)
    ends = begins + min(timedelta(minutes=20), left / 3)
    page.get_by_label("Day", exact=True).first.fill(begins.date().isoformat())
    page.get_by_label("Begins at").first.fill(begins.strftime("%H:%M"))
    page.get_by_label("Ends at").first.fill(ends.strftime("%H:%M"))
    page.get_by_label("Seats").first.fill("1")
    page.get_by_label("On the public agenda").check()
    page.get_by_role("button", name="Put it on the programme").click()
    page.get_by_text("The action is planned.").wait_for()
    workshop = Workshop.objects.get()

    # The poster leads to the registration.
    hall = page.context.request.get(page.url + "affiche.pdf")
    assert hall.headers["content-type"] == "application/pdf"
    assert "Oser son idée" in " ".join(PdfReader(io.BytesIO(hall.body())).pages[0].extract_text().split())

    # Two people without an e-mail address: one has the seat, the other waits, then takes the freed seat.
    listed = open_page(reverse("workshops:agenda"), width=320, language="en")
    listed.get_by_role("link", name="Oser son idée").click()
    address = reverse("workshops:public", args=[workshop.pk])
    nour, lila = register(open_page, address, "Nour"), register(open_page, address, "Lila")
    expect(lila.get_by_text("You are in the line")).to_be_visible()
    nour.get_by_role("button", name="I do not come").click()
    nour.get_by_text("You are no longer registered.").wait_for()
    page.reload()
    expect(page.get_by_role("heading", name="To call")).to_be_visible()
    lila.reload()
    lila.get_by_role("button", name="I take it").click()
    lila.get_by_text("You are registered", exact=True).wait_for()

    # In the room, without network.
    listing = open_page(reverse("workshops:list", args=[workshop.pk]), user=advisor, width=320, language="en")
    listing.wait_for_selector("[data-kept=yes]")
    listing.context.set_offline(True)
    listing.get_by_role("button", name=re.compile("present ?, Lila Bensaïd")).click()
    listing.locator("[data-state][data-waiting='1']").wait_for()
    assert not Attendance.objects.exists()
    listing.context.set_offline(False)
    listing.locator("[data-state][data-waiting='0']").wait_for()

    # The sheet stands up; one byte changed does not.
    page.reload()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Attendance sheet (PDF)").click()
    sheet, forged = tmp_path / "sheet.pdf", tmp_path / "forged.pdf"
    saved.value.save_as(sheet)
    forged.write_bytes(sheet.read_bytes().replace(b"Lila", b"Lola", 1))
    funder = open_page(reverse("workshops:check"), language="en")
    for file, said in ((sheet, "Intact"), (forged, "This sheet is not as it was made:")):
        funder.get_by_label("Attendance sheet (PDF)").set_input_files(file)
        funder.get_by_role("button", name="Check it").click()
        funder.get_by_text(said).first.wait_for()

    # The figures have moved, by one and once.
    counted = figures_of_year(year=workshop.held_on.year, site=site)
    assert (counted["actions_held"]["total"], counted["attendances_named"]) == (1, 1)


def test_heads_without_a_name_are_counted_and_one_gives_hers(open_page, advisor, action):
    page = open_page(reverse("workshops:workshop", args=[action.pk]), user=advisor, width=320, language="en")
    page.get_by_label("Women").first.fill("3")
    page.get_by_role("button", name="Keep this count").click()
    page.get_by_text("The heads are counted.").wait_for()
    page.get_by_text("One of them gave her name").click()
    form = page.locator("form", has=page.get_by_role("button", name="Count her by her name"))
    form.get_by_label("First name").fill("Nour")
    form.get_by_label("Name", exact=True).fill("Bensaïd")
    form.get_by_label("Counted as").select_option("WOMAN")
    form.get_by_label("Age").select_option("UNKNOWN")
    form.get_by_role("button", name="Count her by her name").click()
    page.get_by_text("She counts by her name").wait_for()

    assert HeadCount.objects.standing().get().heads == 2
    assert Attendance.objects.standing().get().person.first_name == "Nour"
