"""Each main page in a real browser: axe clean, no sideways scroll at 320 px, nothing said on the console."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.followup.enums import ExitReason, Stage
from citeslab.territories.enums import Answer
from tests import factories
from tests.browser.conftest import code_of, faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# width, color scheme, language: the corners of what people hold in their hands
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="Grand Mirail").user


@pytest.fixture
def samira(advisor):
    """Someone with a whole story, at the border of a QPV."""
    today = timezone.localdate()
    site = advisor.mandates.get().site
    person = factories.AnyPerson(
        site=site, first_name="Samira", preferred_name="Khelifi", phone="+33639980142", reference="REF-12"
    )
    project = factories.AnyProject(site=site, title="Traiteur à domicile", started_on=today - timedelta(days=400))
    factories.AnyProjectHolder(project=project, person=person)
    for days, stage in [(400, Stage.SENS), (300, Stage.ACCU), (200, Stage.AMOR), (80, Stage.EMER)]:
        factories.AnyTransition(person=person, project=project, stage=stage, occurred_on=today - timedelta(days=days))
        factories.AnyMeeting(person=person, project=project, held_on=today - timedelta(days=days), minutes=45)
    factories.AnyAttendance(person=person, workshop__title="Fixer son prix", workshop__commune_name="Toulouse")
    release = factories.AnyRelease()
    factories.AnyQPV(release=release, code="QN03101M", name="Grand Mirail")
    factories.AnyResidenceAnswer(
        residence__person=person,
        residence__commune_name="Toulouse",
        residence__address="14 rue des Arts",
        release=release,
        answer=Answer.TO_CHECK,
        qpv_code="QN03101M",
        border_m="11.2",
    )
    for number in range(30):
        other = factories.AnyPerson(site=site, first_name="Paul", preferred_name=f"Martin-Lefèvre {number}")
        factories.AnyMeeting(person=other, held_on=today - timedelta(days=number * 4))
        factories.AnyTransition(
            person=other,
            stage=Stage.SORT if number % 3 == 0 else Stage.PARC,  # the longest words
            exit_reason=ExitReason.CREATION if number % 3 == 0 else "",
            occurred_on=today - timedelta(days=number * 4),
        )
    return person


def check(page, name, width, scheme, language):
    picture(page, f"{name}-{width}-{scheme}-{language}")
    assert faults(page) == []
    assert sideways(page) <= 0
    assert page.errors == []
    assert page.get_attribute("html", "lang") == language


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_an_advisor(open_page, advisor, samira, screen):
    width, scheme, language = screen
    pages = {
        "today": reverse("desk:home"),
        "people": reverse("desk:people"),
        "people-nobody": reverse("desk:people") + "?words=zzz",
        "person": reverse("desk:person", args=[samira.pk]),
        "workbooks": reverse("intake:workbooks"),
        "site-figures": reverse("figures:year_of_site"),
    }
    for name, path in pages.items():
        check(
            open_page(path, user=advisor, width=width, scheme=scheme, language=language), name, width, scheme, language
        )


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_the_pilot(open_page, samira, screen):
    from citeslab.network.enums import Role

    width, scheme, language = screen
    pilot = factories.AnyMandate(role=Role.PILOT, site=None, user__name="Agnès Lorrain").user
    period = factories.AnyFSEPlus(site=samira.site)
    target = factories.AnyTarget(site=samira.site, year=timezone.localdate().year)
    pages = {
        "network": reverse("desk:home"),
        "statements": reverse("figures:statements"),
        "dictionary": reverse("figures:dictionary"),
        "targets": f"{reverse('figures:targets')}?perimetre=site:{samira.site_id}",
        "no-targets": reverse("figures:targets"),
        "new-target": reverse("figures:new_target"),
        "targets-of-sites": reverse("figures:targets_of_sites"),
        "target-withdrawal": reverse("figures:target_withdrawal", args=[target.pk]),
        "fse-plus": reverse("network:fse_plus"),
        "new-fse-plus": reverse("network:new_fse_plus"),
        "end-of-fse-plus": reverse("network:end_of_fse_plus", args=[period.pk]),
        "removal-of-fse-plus": reverse("network:removal_of_fse_plus", args=[period.pk]),
    }
    for name, path in pages.items():
        page = open_page(path, user=pilot, width=width, scheme=scheme, language=language)
        check(page, name, width, scheme, language)
        assert "Khelifi" not in page.content()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_sign_in_page(open_page, transactional_db, screen):
    width, scheme, language = screen
    page = open_page(reverse("accounts:sign_in"), width=width, scheme=scheme, language=language)
    check(page, "sign-in", width, scheme, language)


def test_an_advisor_signs_in_finds_someone_and_reads_her_story(open_page, advisor, samira):
    """By keyboard alone, from the sign-in page to the story."""
    advisor.set_password("une phrase assez longue")
    advisor.save()
    secret = generate_totp_secret()
    TOTP.activate(advisor, secret)
    page = open_page(reverse("desk:people"))
    page.keyboard.type(advisor.email)
    page.keyboard.press("Tab")
    page.keyboard.type("une phrase assez longue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/connexion/code/")
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"//[^/]+/personnes/$"))

    page.get_by_role("searchbox").focus()
    page.keyboard.type("khelifi samira")
    page.keyboard.press("Enter")
    page.get_by_text("Martin-Lefèvre").first.wait_for(state="detached")
    page.get_by_role("link", name="Samira Khelifi").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/personnes/{samira.pk}/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Samira Khelifi")
    assert page.errors == []


def test_the_list_works_without_script(open_page, advisor, samira):
    page = open_page(reverse("desk:people"), user=advisor, script=False)
    page.get_by_role("searchbox").fill("samira")
    page.get_by_role("button", name="Chercher").click()

    expect(page.locator("tbody tr")).to_have_count(1)


def test_the_language_changes_and_stays(open_page, advisor, samira):
    page = open_page(reverse("desk:people"), user=advisor)
    page.locator("summary.bar-me").click()
    page.get_by_role("button", name="English").click()

    assert page.get_attribute("html", "lang") == "en"
    assert page.url.endswith("/personnes/")
    page.goto(page.url.replace("/personnes/", "/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Good day, Inès")
