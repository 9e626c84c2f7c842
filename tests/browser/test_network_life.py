"""The life of the network and the partners in a real browser: each page, and a method from an action to its re-use."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.network.enums import Role
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]
LONG = "Delaunay-Etchegoyen-Saint-Germain"


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="Toulouse, Grand Mirail").user


@pytest.fixture
def pilot(transactional_db):
    return factories.AnyMandate(role=Role.PILOT, site=None, user__name="Agnès Lorrain").user


@pytest.fixture
def living(advisor, pilot):
    """A network where something of each kind happened; the keys of what pages show."""
    today = timezone.localdate()
    site = advisor.mandates.get().site
    version = factories.AnyVersion(
        method__site=site, material="Une grande table, des feutres.", link="https://exemple.fr/documents"
    )
    for minutes in (20, 45):
        factories.AnyStep(version=version, minutes=minutes)
    factories.AnyVersion(
        method=version.method, number=2, changes="Plus courte.", title="La boîte à idées, en une heure"
    )
    factories.AnyVersion(method__source=version, title=f"Méthode de {LONG}")
    factories.AnyDraft(method__site=site)
    for number, where in enumerate((site, factories.AnySite(name=f"CitésLab de {LONG}"))):
        workshop = factories.AnyWorkshop(method=version.method, site=where, held_on=today - timedelta(days=200))
        factories.AnyAttendance.create_batch(3 + 4 * number, workshop=workshop, person__site=where)
        factories.AnyOpinion.create_batch(5, workshop=workshop, is_shown=True, useful=3)
    to_share = factories.AnyWorkshop(site=site, held_on=today - timedelta(days=3))
    coming = factories.AnyTrainingSession(seats=1)
    factories.AnyEnrolment(session=coming)
    factories.AnyEnrolment(session=coming, user=advisor, is_waiting=True)
    held = factories.AnyTrainingSession(half_day__starts_at=timezone.now() - timedelta(days=9))
    factories.AnyTrainingPresence(enrolment=factories.AnyEnrolment(session=held, user=advisor))
    factories.AnyEvaluation.create_batch(5, session=held, is_shown=True)
    factories.AnyNeed(user=advisor)
    factories.AnySkill(user=advisor)
    meeting = factories.AnyNetworkMeeting(agenda="Les chiffres\nLes méthodes", recorded_by=pilot)
    factories.AnyDecision(meeting=meeting)
    factories.AnyCommitment(meeting=meeting, owner=advisor)
    factories.AnyCommitment(meeting=meeting, done_at=timezone.now(), done_by=advisor)
    meeting.present.add(advisor)
    factories.AnyNetworkMeeting(starts_at=timezone.now() + timedelta(days=4))
    factories.AnyAnnouncement(recorded_by=pilot, pinned_until=today)
    factories.AnyAnnouncement(recorded_by=pilot, title=f"Bienvenue à {LONG}")
    step = factories.AnyFirstStep()
    factories.AnyWelcomeStep(welcome__mandate=advisor.mandates.get(), step=step)
    office = factories.AnyContact(office__name=f"Antenne de {LONG}", office__phone="+33364900001").office
    network = office.network
    factories.AnyOffer(network=network, amount_from_cents=50_000, amount_to_cents=1_200_000, audience="Tous")
    factories.AnyOffer(network=network, office=office, ends_on=today, conditions="Une pièce d’identité.")
    return {
        "method": version.method_id,
        "to_share": to_share.pk,
        "coming": coming.pk,
        "held": held.pk,
        "meeting": meeting.pk,
        "office": office.pk,
        "network": network.pk,
    }


def clean(open_page, name, address, user, screen):
    width, scheme, language = screen
    page = open_page(address, user=user, width=width, scheme=scheme, language=language)
    picture(page, f"vie-{name}-{width}-{scheme}-{language}")
    assert faults(page) == [], name
    assert sideways(page) == 0, name
    assert page.errors == [], name


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_that_everyone_reads(open_page, advisor, living, screen):
    addresses = {
        "accueil": reverse("animation:home"),
        "jour": reverse("desk:home"),
        "methodes": reverse("animation:methods"),
        "methode": reverse("desk:method", args=[living["method"]]),
        "methode-avant": reverse("desk:method", args=[living["method"]]) + "?version=1",
        "partage": reverse("workshops:sharing", args=[living["to_share"]]),
        "formations": reverse("animation:trainings"),
        "session": reverse("animation:session", args=[living["coming"]]),
        "session-tenue": reverse("animation:session", args=[living["held"]]),
        "reunions": reverse("animation:meetings"),
        "reunion": reverse("animation:meeting", args=[living["meeting"]]),
        "annonces": reverse("animation:announcements"),
        "collegues": reverse("animation:colleagues"),
        "competences": reverse("animation:competences"),
        "premieres-semaines": reverse("animation:first_weeks"),
    }
    for name, address in addresses.items():
        clean(open_page, name, address, advisor, screen)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_that_the_pilot_writes(open_page, pilot, living, screen):
    addresses = {
        "pilote-accueil": reverse("desk:home"),
        "pilote-formations": reverse("animation:trainings"),
        "pilote-session": reverse("animation:session", args=[living["held"]]),
        "pilote-nouvelle-session": reverse("animation:new_session", args=[factories.AnyTraining().pk]),
        "pilote-reunion": reverse("animation:meeting", args=[living["meeting"]]),
        "pilote-nouvelle-reunion": reverse("animation:new_meeting"),
        "pilote-annonce": reverse("animation:new_announcement"),
        "pilote-premieres-semaines": reverse("animation:first_weeks"),
    }
    for name, address in addresses.items():
        clean(open_page, name, address, pilot, screen)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_of_partners(open_page, advisor, living, screen):
    addresses = {
        "partenaires": f"{reverse('partners:offices')}?amount=8000&purpose=FINANCE",
        "antenne": reverse("desk:office", args=[living["office"]]),
        "reseau": reverse("desk:partner_network", args=[living["network"]]),
        "offre": reverse("partners:new_offer", args=[living["office"]]),
        "correction": reverse("partners:office", args=[living["office"]]),
    }
    for name, address in addresses.items():
        clean(open_page, name, address, advisor, screen)


def test_an_action_becomes_a_method_that_a_colleague_follows(open_page, advisor):
    site = advisor.mandates.get().site
    workshop = factories.AnyWorkshop(site=site, title="Fixer son prix", audience="Douze personnes")
    factories.AnyAttendance.create_batch(2, workshop=workshop, person__site=site)
    page = open_page(reverse("workshops:workshop", args=[workshop.pk]), user=advisor, language="en")
    page.get_by_role("link", name="Share it as a method").click()
    page.get_by_label("What it is for").fill("Dire son prix.")
    page.get_by_label("How it goes").fill("15 On compte.\n30 On le dit.")
    page.get_by_role("button", name="Keep the draft").click()

    # Without a licence it stays a draft.
    page.get_by_role("button", name="Give it to the network").click()
    expect(page.get_by_text("Choose a licence: without one nobody may use it again.")).to_be_visible()
    page.get_by_label("Licence").select_option("CC_BY")
    page.get_by_role("button", name="Keep the draft").click()
    page.get_by_role("button", name="Give it to the network").click()
    expect(page.get_by_text("The method is in the library.")).to_be_visible()
    expect(page.get_by_role("heading", name="At your sites")).to_be_visible()

    # Another site finds it, follows it; of two people who came elsewhere it is told nothing.
    colleague = factories.AnyMandate(site__name="CitésLab de Lens").user
    library = open_page(f"{reverse('animation:methods')}?words=prix", user=colleague, language="en")
    library.get_by_role("link", name="Fixer son prix").click()
    expect(library.get_by_role("heading", name="Elsewhere in the network")).to_be_visible()
    expect(library.get_by_text("fewer than 5")).to_be_visible()
    library.get_by_role("link", name="Plan an action with it").click()
    expect(library.get_by_label("Title")).to_have_value("Fixer son prix")
