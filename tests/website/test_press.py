"""The press page: published figures alone, ready to quote; releases, withdrawn where they are no more."""

import re

import pytest
from django.urls import reverse

from citeslab.audit.models import Entry
from citeslab.figures.definitions.statements import BY_STATEMENT
from citeslab.website import services
from citeslab.website.models import Announcement
from tests import factories
from tests.figures.test_definitions import YEAR, supported
from tests.figures.test_public import numbers_of
from tests.website.test_stories import ANEW

pytestmark = pytest.mark.django_db


def texts(client, language="en"):
    asked = {"langue": language}
    return [client.get(reverse(f"website:{name}"), asked).content.decode() for name in ("press", "press_text")]


@pytest.fixture
def published(db):
    cells = [
        ["supported_by_region_and_sex", "persons_supported", {"territory": "*", "sex": "*"}, 6_612, False],
        ["met", "persons_met", {"territory": "*"}, 8_731, False],
    ]
    statements = [
        {"id": "women", "value": 0.463, "holds": True},
        {"id": "projects", "value": 64_020, "holds": False},
        {"id": "own_funds", "value": None, "holds": None},
    ]
    summary = factories.AnyPublication.build().summary | {"statements": statements}
    return factories.AnyPublication(year=2016, number=2, cells=cells, summary=summary)


def test_before_any_publication_there_is_no_figure_to_quote(client, site):
    for _ in range(77):
        supported(site)
    for text in texts(client):
        assert "No year is published yet" in text
        assert "77" not in numbers_of(text)
    assert YEAR  # of the people above


def test_what_is_published_is_ready_to_quote_with_its_source_and_its_check(client, published, site):
    for _ in range(77):
        supported(site)
    page, plain = texts(client)

    for text in (page, plain):
        assert {"6612", "8731"} <= numbers_of(text)
        assert "77" not in numbers_of(text)
        assert "2016-2" in text
    lines = plain.splitlines()
    women = next(line for line in lines if str(BY_STATEMENT["women"].wording) in line)
    assert women.endswith("Said: more than 46%. Computed from the records: 46.3%. Check: holds.")
    projects = next(line for line in lines if str(BY_STATEMENT["projects"].wording) in line)
    assert projects.endswith("Said: more than 65,000. Computed from the records: 64,020. Check: does not hold.")
    funds = next(line for line in lines if str(BY_STATEMENT["own_funds"].wording) in line)
    assert funds.endswith("Said: more than 7,000,000. Check: not computed.")
    assert "http://127.0.0.1:8000/reperes/2016/?langue=en" in plain
    assert page.count("said-row") == 3
    assert "<" not in plain


def test_the_numbers_of_the_press_are_those_of_the_public_page(client, published):
    """One computation: the same great numbers, written the same."""
    written = [
        [one["written"] for one in client.get(reverse(name), {"langue": "fr"}).context["numbers"]]
        for name in ("figures:public", "website:press")
    ]
    assert written[0] == written[1] != []


def test_plain_text_is_in_each_language(client, published):
    _page, plain = texts(client, "fr")
    assert "46,3\N{NARROW NO-BREAK SPACE}%" in plain
    assert "Vérification\N{NO-BREAK SPACE}: tient" in plain or "Vérification\N{NO-BREAK SPACE}:" in plain


def test_a_release_is_on_the_press_page_and_at_its_own_address(client, pilot, at):
    made = services.announce(title="Quinze ans", words="Une ligne.\n\n<b>Deux</b> lignes.", by=pilot, at=at)
    page, plain = texts(client, "fr")
    own = client.get(reverse("website:announcement", args=[made.pk]))

    assert "Quinze ans" in page
    assert f"Quinze ans. http://127.0.0.1:8000/presse/{made.pk}/?langue=fr" in plain
    assert re.findall(r"<p>(.*?)</p>", own.content.decode())[:2] == ["Une ligne.", "&lt;b&gt;Deux&lt;/b&gt; lignes."]
    assert Entry.objects.filter(action="website.announcement.published", subject_id=made.pk).exists()


def test_a_release_withdrawn_is_nowhere_and_its_address_says_so(client, pilot, at):
    made = services.announce(title="Quinze ans", words="Une ligne.", by=pilot, at=at)
    for _twice in range(2):
        services.withdraw_announcement(announcement=made, by=pilot, at=at)

    assert not any("Quinze ans" in text for text in texts(client))
    assert "Quinze ans" not in client.get(reverse("website:announcements_feed")).content.decode()
    answer = client.get(reverse("website:announcement", args=[made.pk]))
    assert answer.status_code == 410
    assert "Quinze ans" not in answer.content.decode()
    assert client.get(reverse("website:announcement", args=[made.pk + 1])).status_code == 404
    assert Entry.objects.filter(action="website.announcement.withdrawn").count() == 1


@pytest.mark.parametrize("releases", [1, 3])
def test_the_press_page_costs_the_same_for_one_release_and_for_three(
    client, published, django_assert_num_queries, releases
):
    factories.AnyPressAnnouncement.create_batch(releases)
    for name, queries in {"press": 4, "press_text": 3}.items():
        client.get(reverse(f"website:{name}"), ANEW)
        with django_assert_num_queries(queries):
            client.get(reverse(f"website:{name}"), ANEW)


def test_the_pilot_alone_announces(client, advisor, pilot):
    said = {"title": "Quinze ans", "words": "Une ligne."}
    client.force_login(advisor)
    assert client.post(reverse("website:announcements"), said).status_code == 404
    client.force_login(pilot)
    assert client.post(reverse("website:announcements"), {"title": ""}).status_code == 422
    assert client.post(reverse("website:announcements"), said).status_code == 302
    made = Announcement.objects.get()
    assert (made.title, made.published_by) == ("Quinze ans", pilot)
    client.post(reverse("website:announcement_withdrawal", args=[made.pk]))
    made.refresh_from_db()
    assert made.withdrawn_by == pilot
