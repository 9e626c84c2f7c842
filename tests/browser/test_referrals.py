"""A referral from the person's file to the loan: the message is read as a file, the link opened in a fresh browser."""

import email
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.followup.models import Transition
from citeslab.notifications import services as notifications
from citeslab.referrals import queries, services
from citeslab.referrals.enums import Kind, Manner, SheetField
from citeslab.referrals.models import Referral
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="CitésLab de Besançon").user


@pytest.fixture
def samira(advisor):
    site = advisor.mandates.get().site
    person = factories.AnyPerson(
        site=site,
        first_name="Samira",
        preferred_name="Khelifi",
        phone="+33639980142",
        email="samira.khelifi@exemple.fr",
    )
    project = factories.AnyProject(site=site, title="Traiteur à domicile")
    factories.AnyProjectHolder(project=project, person=person)
    factories.AnyTransition(
        person=person, project=project, stage="EMER", occurred_on=timezone.localdate() - timedelta(days=60)
    )
    factories.AnyMeeting(person=person, project=project, held_on=timezone.localdate() - timedelta(days=5), minutes=45)
    return person


@pytest.fixture
def contact(advisor):
    site = advisor.mandates.get().site
    network = factories.AnyNetwork(name="Adie")
    return factories.AnyContact(
        office__network=network,
        office__name="Adie Franche-Comté",
        office__city="Besançon",
        office__phone="+33353649001",
        office__department=site.department,
        name="Paul Garrigue",
        email="paul.garrigue@partenaires.exemple.fr",
    )


@pytest.fixture
def mailbox(settings, tmp_path):
    """Messages leave as files, as on a machine without a mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path

    def link() -> str:
        notifications.send_due(at=timezone.now())
        for path in sorted(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True):
            text = email.message_from_string(path.read_text(), policy=email.policy.default).get_content()
            if found := re.search(r"/orientations/reponse/[\w-]+/", text):  # others are written to at the same time
                return found.group()
        raise AssertionError("no message holds a link")

    return link


def sent(samira, contact, advisor, *, days_ago=0):
    return services.send(
        person=samira,
        project=samira.projects.get(),
        contact=contact,
        purpose="FINANCE",
        message="Un triporteur et du petit matériel ; le devis est prêt.",
        fields=[SheetField.NAME, SheetField.PHONE, SheetField.EMAIL, SheetField.PROJECT, SheetField.STAGE],
        manner=Manner.IN_PERSON,
        agreed_on=timezone.localdate(),
        by=advisor,
        at=timezone.now() - timedelta(days=days_ago),
    )


def press(page, text):
    page.get_by_role("button", name=text).click()


def unfold(page, text):
    page.locator("summary", has_text=text).click()


def test_from_her_file_to_the_loan(open_page, advisor, samira, contact, mailbox):
    page = open_page(reverse("desk:person", args=[samira.pk]), user=advisor, language="en")
    page.get_by_role("link", name="Refer to a partner").click()
    page.get_by_role("link", name="Financing").click()
    page.get_by_label("Adie Franche-Comté").check()
    page.get_by_label("Your words to the partner").fill("Un triporteur.")
    page.get_by_label("Phone: ").check()
    picture(page, "referral-sending")
    assert faults(page) == []
    press(page, "See what the partner will see")
    expect(page.get_by_text("06 39 98 01 42")).to_be_visible()
    expect(page.get_by_text("samira.khelifi@exemple.fr")).to_have_count(0)
    page.get_by_label("In person").check()
    picture(page, "referral-preview")
    assert faults(page) == []
    press(page, "Send the referral")
    page.wait_for_url("**/orientations/*/")
    assert page.errors == []

    link = mailbox()
    partner = open_page(link, width=390, language="en")
    assert "Khelifi" not in partner.content()
    picture(partner, "referral-landing")
    press(partner, "Open the sheet")
    expect(partner.get_by_role("heading", level=1)).to_have_text("Samira Khelifi")
    unfold(partner, "I accept")
    partner.get_by_label("A word for her advisor").first.fill("Je la vois jeudi.")
    press(partner, "Confirm: I accept")
    unfold(partner, "We have met")
    press(partner, "Confirm: we have met")
    unfold(partner, "Here is what came of it")
    partner.get_by_label("Loan granted").check()
    expect(partner.get_by_label("SIRET of the business")).not_to_be_visible()
    partner.get_by_label("Amount of the loan").fill("6000")
    picture(partner, "referral-outcome")
    press(partner, "Confirm what came of it")
    expect(partner.get_by_text("Thank you.")).to_be_visible()
    assert faults(partner) == []
    assert partner.errors == []
    assert partner.context.cookies() == [
        cookie for cookie in partner.context.cookies() if cookie["name"] == "django_language"
    ]

    step = Transition.objects.latest("pk")
    assert (step.stage, step.evidence) == ("PARC", "PARTNER")
    page.goto(page.url.split("/orientations/")[0] + reverse("desk:person", args=[samira.pk]))
    expect(page.get_by_text("confirmed by Adie")).to_be_visible()
    picture(page, "referral-person")
    page.goto(page.url.split("/personnes/")[0] + "/")
    expect(page.get_by_text("loan granted").first).to_be_visible()
    picture(page, "referral-today")

    Referral.objects.update(open_until=timezone.now())
    late = open_page(link, width=390, language="en")
    expect(late.get_by_role("heading", level=1)).to_have_text("This link has expired")
    assert "Samira" not in late.content()
    press(late, "Send me a new link")
    assert mailbox() != link


def test_an_answer_by_phone_is_noted_then_taken_back(open_page, advisor, samira, contact):
    referral = sent(samira, contact, advisor, days_ago=12)
    page = open_page(reverse("referrals:referral", args=[referral.pk]), user=advisor, language="en", width=390)

    unfold(page, "They accept")
    page.get_by_role("button", name="Note this answer").first.click()
    page.locator(".notice-good").wait_for()
    picture(page, "referral-by-phone")
    assert faults(page) == []
    assert sideways(page) <= 0
    assert Referral.objects.with_state().get().state == "ACCEPTED"

    press(page, "Take back what I noted")
    page.locator(".notice-good").wait_for()
    picture(page, "referral-by-phone-taken-back")
    assert faults(page) == []
    assert Referral.objects.with_state().get().state == "SENT"
    expect(page.get_by_text("Taken back on")).to_be_visible()
    assert page.errors == []


def test_how_long_partners_take(open_page, advisor, samira, contact):
    answered = sent(samira, contact, advisor, days_ago=12)
    services.note_by_phone(
        referral=answered, kind=Kind.ACCEPTED, form_key="", by=advisor, at=timezone.now() - timedelta(days=8)
    )
    sent(samira, factories.AnyContact(office__network__name="France Active"), advisor, days_ago=5)
    page = open_page(reverse("referrals:referrals"), user=advisor, language="en")
    page.locator(f"a[href='{reverse('referrals:delays')}']").click()
    page.wait_for_url("**/delais/")

    rows = [row.split("\t") for row in page.locator("tbody tr").all_inner_texts()]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["Adie", "1", "0", "1", "4.0 d"], ["France Active", "1", "0", "0", "no answer yet"],
    ]  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_page_of_delays(open_page, advisor, samira, contact, screen):
    width, scheme, language = screen
    look(
        open_page(reverse("referrals:delays"), user=advisor, width=width, scheme=scheme, language=language),
        "delays-none", screen,
    )  # fmt: skip
    sent(samira, contact, advisor, days_ago=12)
    look(
        open_page(reverse("referrals:delays"), user=advisor, width=width, scheme=scheme, language=language),
        "delays", screen,
    )  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_referrals(open_page, advisor, samira, contact, mailbox, screen):
    width, scheme, language = screen
    referral = sent(samira, contact, advisor, days_ago=30)
    link = mailbox()
    services.answer(
        link=queries.link_of(link.split("/")[-2]),
        kind=Kind.ACCEPTED,
        form_key="",
        text="Projet clair.",
        at=timezone.now(),
    )
    waiting = sent(samira, factories.AnyContact(office=contact.office, name="Lila Roy"), advisor, days_ago=25)
    pages = {
        "referrals": (reverse("referrals:referrals"), advisor),
        "referrals-none": (reverse("referrals:referrals") + "?view=closed", advisor),
        "referral": (reverse("referrals:referral", args=[referral.pk]), advisor),
        "referral-waiting": (reverse("referrals:referral", args=[waiting.pk]), advisor),
        "sending": (reverse("referrals:sending", args=[samira.pk]) + "?pour=FINANCE", advisor),
        "sending-first": (reverse("referrals:sending", args=[samira.pk]), advisor),
        "partners": (reverse("partners:offices"), advisor),
        "partner-contact": (reverse("partners:contact", args=[contact.pk]), advisor),
        "person-referrals": (reverse("desk:person", args=[samira.pk]), advisor),
        "today-referrals": (reverse("desk:home"), advisor),
        "partner-landing": (link, None),
        "partner-unknown": (link[:-5] + "/", None),
    }
    for name, (path, user) in pages.items():
        page = open_page(path, user=user, width=width, scheme=scheme, language=language)
        look(page, name, screen, status_404="unknown" in name)
    page = open_page(link, width=width, scheme=scheme, language=language)
    page.locator("button[value=open]").click()
    look(page, "partner-sheet", screen)
    page.locator("summary").nth(1).click()
    look(page, "partner-sheet-open", screen)
    Referral.objects.update(open_until=timezone.now())
    look(open_page(link, width=width, scheme=scheme, language=language), "partner-expired", screen, status_404=True)


def look(page, name, screen, *, status_404=False):
    width, scheme, language = screen
    picture(page, f"{name}-{width}-{scheme}-{language}")
    assert (name, faults(page)) == (name, [])
    assert (name, sideways(page)) <= (name, 0)
    assert status_404 or page.errors == []
    assert page.get_attribute("html", "lang") == language
