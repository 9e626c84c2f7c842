"""The public site in a real browser: on a phone, in the dark, in both languages, without a script, on paper."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.network.enums import Role
from citeslab.website.definitions import TEXTS
from citeslab.website.readers import redrawn
from tests import factories
from tests.browser.conftest import faults, picture, sideways
from tests.website.test_pictures import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]
LONG = "Un titre plutôt long, comme les gens en donnent à ce qu’ils ont vécu, avec des motsassezlongspourdéborder"


@pytest.fixture
def told(transactional_db):
    cells = [["supported_by_region_and_sex", "persons_supported", {"territory": "*", "sex": "*"}, 6_612, False]]
    summary = factories.AnyPublication.build().summary | {
        "statements": [
            {"id": "women", "value": 0.463, "holds": True},
            {"id": "own_funds", "value": None, "holds": None},
        ]
    }
    factories.AnyPublication(year=2016, cells=cells, summary=summary)
    day = timezone.localdate() + timedelta(days=3)
    for title in ("Trouver ses premiers clients", LONG):
        factories.AnyWorkshop(title=title, held_on=day, is_public=True, place="Maison de quartier", commune_name="Dole")
    factories.AnyPressAnnouncement()
    stories = factories.AnyToldStory.create_batch(3, title=LONG)
    made = redrawn(jpeg())
    factories.AnyPicture(story=stories[0], content=made.content, width=made.width, height=made.height, is_agreed=True)
    return stories[0]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_public_pages(open_page, told, screen):
    width, scheme, language = screen
    addresses = {name: reverse(f"website:{name}") for name in ("home", *TEXTS, "plan", "stories", "press")}
    addresses |= {"story": reverse("website:story", args=[told.pk])}
    for name, address in addresses.items():
        page = open_page(address, width=width, scheme=scheme, language=language, script=False)
        picture(page, f"website-{name}-{width}-{scheme}-{language}")
        assert sideways(page) == 0, name
        assert page.errors == [], name
        page = open_page(address, width=width, scheme=scheme, language=language)
        assert faults(page) == [], name


@pytest.mark.parametrize("screen", SCREENS[:2], ids=lambda screen: "-".join(map(str, screen)))
def test_gone_and_empty(open_page, transactional_db, screen):
    width, scheme, language = screen
    story = factories.AnyToldStory(withdrawn_at=timezone.now(), withdrawn_by=factories.AnyUser())
    for name, address in {
        "gone": reverse("website:story", args=[story.pk]),
        "none": reverse("website:stories"),
        "press": reverse("website:press"),
    }.items():
        page = open_page(address, width=width, scheme=scheme, language=language)
        picture(page, f"website-empty-{name}-{width}-{scheme}-{language}")
        assert faults(page) == [], name
        assert sideways(page) == 0, name


def test_by_keyboard_alone_and_in_the_language_that_was_chosen(open_page, told):
    page = open_page(reverse("website:home") + "?langue=fr", width=320)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Trouver mon conseiller")).to_be_focused()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="All the stories").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("They tell it")
    assert page.url.endswith("/recits/?langue=en")


def test_on_paper_there_is_the_text_and_nothing_to_click(open_page, told):
    page = open_page(reverse("website:pathway"), script=False)
    page.emulate_media(media="print")
    picture(page, "website-pathway-print")
    expect(page.locator(".public-bar")).not_to_be_visible()
    expect(page.locator(".public-foot")).not_to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_of_those_who_write(open_page, transactional_db, screen):
    width, scheme, language = screen
    site = factories.AnySite()
    coordinator = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user
    pilot = factories.AnyMandate(role=Role.PILOT, site=None).user
    draft = factories.AnyStory(site=site)
    agreed = factories.AnyToldStory(site=site, published_at=None, published_by=None)
    told = factories.AnyToldStory(site=site, title=LONG)
    factories.AnyPressAnnouncement()
    pages = {
        "list": (reverse("website:stories_to_write"), coordinator),
        "new": (reverse("website:new_story"), coordinator),
        "draft": (reverse("website:writing_story", args=[draft.pk]), coordinator),
        "agreed": (reverse("website:writing_story", args=[agreed.pk]), coordinator),
        "told": (reverse("website:writing_story", args=[told.pk]), pilot),
        "announcements": (reverse("website:announcements"), pilot),
    }
    for name, (address, user) in pages.items():
        page = open_page(address, user=user, width=width, scheme=scheme, language=language)
        picture(page, f"website-writing-{name}-{width}-{scheme}-{language}")
        assert faults(page) == [], name
        assert sideways(page) == 0, name
        assert page.errors == [], name


def test_a_story_from_its_first_word_to_its_withdrawal(open_page, transactional_db, tmp_path):
    """Written by an advisor, read to the person, published by the pilot, read by everyone, taken back."""
    site = factories.AnySite()
    samira = factories.AnyPerson(site=site, first_name="Samira", preferred_name="Khelifi")
    advisor = factories.AnyMandate(site=site).user
    pilot = factories.AnyMandate(role=Role.PILOT, site=None).user
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(jpeg())

    page = open_page(reverse("rights:person", args=[samira.pk]), user=advisor)
    page.get_by_role("link", name="Écrire son récit pour le site public").click()
    expect(page.get_by_label("Prénom affiché")).to_have_value("Samira")
    page.get_by_label("Titre").fill("Le pain de ma mère")
    page.get_by_label("Récit", exact=True).fill("J’ai poussé la porte.\n\nJe vends au marché.")
    page.get_by_role("button", name="Enregistrer ces mots").click()
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_label("Ce qu’on y voit").fill("Samira au marché")
    page.get_by_role("button", name="Ajouter une image").click()
    expect(page.get_by_role("img", name="Samira au marché")).to_be_visible()
    page.get_by_label("dit en face à face").check()
    page.get_by_label("Elle a lu ces mots").check()
    page.get_by_label("Elle accepte que l’image").check()
    page.get_by_role("button", name="Noter son accord").click()
    expect(page.get_by_text("La coordination de votre structure ou le pilote le publie.")).to_be_visible()

    theirs = open_page(reverse("website:stories_to_write"), user=pilot)
    theirs.get_by_role("link", name="Le pain de ma mère").click()
    theirs.get_by_role("button", name="Publier le récit").click()
    expect(theirs.get_by_role("link", name="Le voir sur le site")).to_be_visible()

    everyone = open_page(reverse("website:stories"), width=320)
    everyone.get_by_role("link", name="Le pain de ma mère").click()
    expect(everyone.get_by_role("img", name="Samira au marché")).to_be_visible()
    address = urlsplit(everyone.url).path

    page.get_by_role("link", name="Sa page de droits").click()
    page.locator("form", has=page.locator("[value=TESTIMONY]")).get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    gone = open_page(address)
    expect(gone.get_by_role("heading", level=1)).to_have_text("Ce récit n’est plus publié")
