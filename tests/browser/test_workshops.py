"""Collective actions in a real browser: from the programme to who came."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.workshops import services
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


def test_from_the_programme_to_who_came(open_page, advisor, site):
    for name in ("Samira", "Lila"):
        factories.AnyPerson(site=site, first_name=name, preferred_name="Khelifi", sort_key=f"khelifi {name.lower()}")
    page = open_page(reverse("workshops:workshops"), user=advisor, width=320, language="en")
    page.get_by_role("link", name="Plan an action").click()
    page.get_by_label("Title").fill("Oser son idée")
    page.get_by_label("General").check()
    page.get_by_label("Day", exact=True).fill(timezone.localdate().isoformat())
    page.get_by_label("Begins at", exact=True).fill("09:00")
    page.get_by_label("Ends at", exact=True).fill("12:00")
    page.get_by_label("Seats").fill("1")
    page.get_by_role("button", name="Put it on the programme").click()

    for _person in range(2):
        page.get_by_role("searchbox", name="Name").fill("khelifi")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("button", name="Register").first.click()
    assert page.get_by_role("heading", name="In line").is_visible()
    page.get_by_role("button", name="present").first.click()
    assert page.locator("[aria-pressed=true]").inner_text() == "present"
    page.get_by_label("Women").fill("3")
    page.get_by_role("button", name="Keep this count").click()
    page.get_by_text("The heads are counted.").wait_for()

    workshop = Workshop.objects.get()
    assert not workshop.is_planned
    assert Attendance.objects.standing().get().person.first_name == "Lila"
    assert HeadCount.objects.standing().get().heads == 3
    assert page.errors == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_a_funder_checks_a_sheet(open_page, action, advisor, screen, tmp_path):
    width, scheme, language = screen
    action.is_planned = False
    action.save()
    _sheet, file = services.make_sheet(workshop=action, visible=None, by=advisor, at=timezone.now())
    name = action.registrations.get(number=action.registrations.earliest("number").number).person.preferred_name
    files = {"whole": file, "changed": file.replace(name.encode(), name.encode().swapcase(), 1), "other": b"%PDF-1.7"}
    for kind, content in files.items():
        (tmp_path / f"{kind}.pdf").write_bytes(content)
        page = open_page(reverse("workshops:check"), width=width, scheme=scheme, language=language)
        page.locator("input[type=file]").set_input_files(tmp_path / f"{kind}.pdf")
        page.locator("main .button-main").click()
        page.locator(".notice").wait_for()
        picture(page, f"sheet-{kind}-{width}-{scheme}-{language}")
        assert name not in page.locator("main").inner_text()
        assert faults(page) == []
        assert sideways(page) == 0
        assert page.errors == []
