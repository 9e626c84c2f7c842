"""The demonstration's reports: sealed in January, corrected in March, through the room's own services."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from citeslab.demo.services import publish_last_year
from citeslab.demo.services.accounts import email_of
from citeslab.figures.models import Report, SealedVersion
from citeslab.followup.models import Meeting
from tests.demo.test_demonstration import make

pytestmark = pytest.mark.django_db


def test_a_site_s_report_is_sealed_and_corrected(capsys):
    make(until=date(2020, 6, 15))

    assert sorted(report.reference.rpartition("-")[2] for report in Report.objects.all()) == ["2018", "2019", "2019"]
    first, second = SealedVersion.objects.order_by("number")
    assert first.report == second.report
    assert {version.sealed_by.email for version in (first, second)} == {email_of("coordinator")}
    late = Meeting.objects.filter(held_on__year=2019, recorded_at__gt=first.known_by, recorded_at__lte=second.known_by)
    assert bool(second.frozen["moved"]) == late.exists()
    call_command("figures", "reproduce", second.reference, from_facts=True)
    assert f"{second.reference}: the same" in capsys.readouterr().out


def test_nothing_is_added_to_the_years_that_the_release_tells():
    make(until=date(2018, 3, 30))

    assert SealedVersion.objects.count() == 2
    late = Meeting.objects.filter(held_on__year=2017, recorded_at__date__gte=date(2018, 2, 5))
    assert not late.exists()


def test_the_last_year_is_published_with_its_map_and_its_statements(client, at):
    make(until=date(2020, 6, 15))
    publish_last_year(until=date(2020, 6, 15), at=at)
    page = client.get(reverse("figures:public"))

    assert page.context["year"] == 2019
    assert page.context["curve"] is None  # at this scale the first years have few projects
    assert len(page.context["map"].departments) > 10
    assert page.context["checks"]
