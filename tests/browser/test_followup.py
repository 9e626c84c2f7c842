"""Who has given no news, and news asked later: closed and reopened, answered and not, as an advisor does it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.followup import services
from citeslab.followup.enums import ExitReason, Outcome, Stage
from citeslab.followup.models import LaterNews, NoNewsProposal, Transition
from citeslab.followup.values import months_after
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "dark", "fr"), (320, "light", "en"), (1280, "light", "fr"), (1280, "dark", "en")]


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="CitésLab de Besançon").user


@pytest.fixture
def site(advisor):
    return advisor.mandates.get().site


@pytest.fixture
def rachid(site):
    """Nobody has met him for seven months."""
    person = factories.AnyPerson(site=site, first_name="Rachid", preferred_name="Benali", phone="+33639980142")
    project = factories.AnyProject(site=site, title="Livraison à vélo")
    factories.AnyProjectHolder(project=project, person=person)
    silent_since = timezone.localdate() - timedelta(days=215)
    factories.AnyTransition(person=person, project=project, stage=Stage.EMER, occurred_on=silent_since)
    factories.AnyMeeting(person=person, project=project, held_on=silent_since)
    return person


def began(site, first, last, months):
    """She began to create so many months ago: today is the day to ask."""
    person = factories.AnyPerson(site=site, first_name=first, preferred_name=last, phone="+33639980143")
    on = months_after(timezone.localdate(), -months)
    factories.AnyTransition(person=person, stage=Stage.PARC, occurred_on=on)
    factories.AnyMeeting(person=person, held_on=timezone.localdate() - timedelta(days=3))
    return person


def press(page, text, name=""):
    """The button of the line that names her, where several have the same words."""
    line = page.locator(".line", has_text=name) if name else page
    line.get_by_role("button", name=text).click()


def looked_at(page, name):
    picture(page, name)
    assert (name, faults(page)) == (name, [])
    assert (name, sideways(page)) <= (name, 0)
    assert page.errors == []


def standing(person):
    return list(Transition.objects.standing().filter(person=person).in_order().values_list("stage", "exit_reason"))


def test_a_closing_is_proposed_done_and_undone(open_page, advisor, rachid):
    services.propose_no_news(by=advisor, at=timezone.now())
    page = open_page(reverse("desk:home"), user=advisor, language="en")
    page.get_by_role("link", name="Rachid Benali").first.wait_for()
    page.goto(page.url.rstrip("/") + reverse("followup:silences"))
    expect(page.get_by_role("link", name="Call her first")).to_have_attribute("href", "tel:+33639980142")
    looked_at(page, "silences-proposed")

    press(page, "Close without news", "Rachid Benali")
    page.locator(".notice-good").wait_for()
    assert standing(rachid) == [("EMER", ""), ("SORT", "NO_NEWS")]
    assert NoNewsProposal.objects.get().outcome == Outcome.CLOSED
    looked_at(page, "silences-closed")

    # The word that says it is done leads to where it is undone.
    page.locator(".notice-good").get_by_role("link").click()
    page.wait_for_url("**/etapes/")
    looked_at(page, "silences-path")
    press(page, "Take back", "no news")
    page.locator(".notice-good").wait_for()

    assert standing(rachid) == [("EMER", "")]
    page.goto(page.url.split("/personnes/")[0] + reverse("followup:silences"))
    expect(page.get_by_role("heading", name="Everyone has given news")).to_be_visible()


def test_who_is_still_with_us_is_not_proposed_again(open_page, advisor, rachid):
    services.propose_no_news(by=advisor, at=timezone.now())
    page = open_page(reverse("followup:silences"), user=advisor, language="en", width=320)

    press(page, "Still with us", "Rachid Benali")
    page.locator(".notice-good").wait_for()

    assert standing(rachid) == [("EMER", "")]
    assert services.propose_no_news(by=advisor, at=timezone.now()) == 0


def test_news_is_asked_at_six_and_twelve_months_and_answered_or_not(open_page, advisor, site):
    samira, fatou = began(site, "Samira", "Khelifi", 6), began(site, "Fatou", "Diallo", 12)
    services.open_later_news(by=advisor, at=timezone.now())
    page = open_page(reverse("followup:later"), user=advisor, language="en")
    assert sorted(page.locator(".line b").all_inner_texts()) == ["12 months", "6 months"]

    page.locator(".line", has_text="Samira Khelifi").get_by_role("link", name="Write the news").click()
    page.wait_for_url("**/nouvelles/*/")
    looked_at(page, "news-form")
    page.get_by_role("button", name="Save the news").click()
    page.locator("[role=alert]").first.wait_for()  # what is missing is said
    page.errors.clear()  # the browser's own word on a form refused
    page.get_by_label("Runs her business").check(force=True)
    page.get_by_label("Yes", exact=True).first.check(force=True)
    page.locator("#id_jobs").fill("2")
    page.get_by_role("button", name="Save the news").click()
    page.wait_for_url("**/nouvelles/")

    page.locator(".line", has_text="Fatou Diallo").get_by_role("link", name="Write the news").click()
    page.wait_for_url("**/nouvelles/*/")
    page.get_by_role("button", name="She did not answer").click()
    page.wait_for_url("**/nouvelles/")
    looked_at(page, "news-answered")

    told = LaterNews.objects.standing().order_by("months").values_list("person", "months", "outcome", "jobs")
    assert list(told) == [(samira.pk, 6, "ANSWERED", 2), (fatou.pk, 12, "NO_ANSWER", None)]
    table = page.locator("table tbody tr")
    assert [row.split() for row in table.all_inner_texts()] == [
        ["6", "months", "1", "1", "0"], ["12", "months", "1", "0", "1"],
    ]  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_news(open_page, advisor, site, rachid, screen):
    width, scheme, language = screen
    left = factories.AnyPerson(site=site, first_name="Denis", preferred_name="Oliveira")
    factories.AnyTransition(
        person=left,
        stage=Stage.SORT,
        exit_reason=ExitReason.CREATION,
        occurred_on=months_after(timezone.localdate(), -12),
    )
    began(site, "Samira", "Khelifi", 6)
    services.propose_no_news(by=advisor, at=timezone.now())
    services.open_later_news(by=advisor, at=timezone.now())
    answered = factories.AnyLaterNews(since__person=factories.AnyPerson(site=site), months=24)
    services.record_later_news(news=answered, situation="", by=advisor, at=timezone.now())
    news = LaterNews.objects.get(person__preferred_name="Khelifi")
    for name, path in {
        "silences": reverse("followup:silences"),
        "later": reverse("followup:later"),
        "later-news": reverse("followup:later_news", args=[news.pk]),
        "steps": reverse("followup:steps", args=[rachid.pk]),
        "home-news": reverse("desk:home"),
    }.items():
        page = open_page(path, user=advisor, width=width, scheme=scheme, language=language)
        looked_at(page, f"{name}-{width}-{scheme}-{language}")
