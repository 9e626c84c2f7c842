"""What is missing or contradicts itself, each with the figure it weighs on and the way to repair it."""

from datetime import date

import pytest
from django.urls import reverse

from citeslab.figures import queries
from citeslab.followup.enums import Evidence, ExitReason, Stage
from citeslab.people.enums import Sex
from tests import factories
from tests.figures.test_definitions import YEAR, met, step, supported

pytestmark = pytest.mark.django_db


def test_gaps_are_those_of_the_people_supported_the_most_frequent_first(site):
    whole = {"born_on": date(1990, 1, 1), "situation_at_entry": "RSA", "diploma": "3"}
    supported(site, sex=Sex.UNKNOWN, **whole)
    supported(site, sex=Sex.WOMAN, **whole | {"born_on": None})
    supported(site, sex=Sex.UNKNOWN, **whole)
    met(site, sex=Sex.UNKNOWN)
    supported(factories.AnySite(), sex=Sex.UNKNOWN)
    found = queries.gaps(site, year=YEAR)

    assert [(gap.count, gap.of) for gap in found if "sex" in gap.query] == [(2, 3)]
    assert [gap.count for gap in found] == sorted([gap.count for gap in found], reverse=True)
    assert any(gap.query.get("age") == "UNKNOWN" and gap.count == 1 for gap in found)


def test_contradictions_name_their_records(site):
    lost = met(site)
    back = supported(site)
    step(back, Stage.SORT, on=date(YEAR, 6, 1), exit_reason=ExitReason.ABANDONED)
    step(back, Stage.EMER, on=date(YEAR, 7, 1))
    said = supported(site)
    step(said, Stage.PARC, on=date(YEAR, 8, 1), evidence=Evidence.DECLARED)
    twice = supported(site)
    step(twice, Stage.EMER, on=date(YEAR, 4, 1))
    waiting = factories.AnyWorkshop(site=site, held_on=date(YEAR, 3, 1), is_planned=True)
    empty = factories.AnyWorkshop(site=site, held_on=date(YEAR, 3, 2))
    factories.AnyAttendance(workshop=factories.AnyWorkshop(site=site, held_on=date(YEAR, 3, 3)))
    found = queries.contradictions(site, year=YEAR, on=date(YEAR + 1, 1, 1))

    assert [one.people or one.workshops for one in found] == [
        (lost.pk,), (twice.pk,), (back.pk,), (said.pk,), (waiting.pk,), (empty.pk,),
    ]  # fmt: skip


def test_the_page_leads_to_each_record_of_her_site(client, advisor, site):
    client.force_login(advisor)
    lost = met(site)
    supported(site, sex=Sex.UNKNOWN)
    stranger = met(factories.AnySite())
    page = client.get(reverse("figures:quality"), {"annee": YEAR})
    text = page.content.decode()

    assert lost.name in text
    assert stranger.name not in text
    people = client.get(page.context["gaps"][0]["url"])
    assert people.context["page"].paginator.count == 1


def test_a_year_without_anyone_waits_for_nothing(client, advisor):
    client.force_login(advisor)
    page = client.get(reverse("figures:quality"), {"annee": 2005})
    assert (page.context["gaps"], page.context["contradictions"]) == ([], [])
