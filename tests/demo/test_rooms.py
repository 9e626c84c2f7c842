"""What the rooms have to show in the demonstration of June 2020: the public site, reports, targets, money."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.urls import reverse

from citeslab.demo.services import publish_last_year
from citeslab.demo.services.accounts import email_of
from citeslab.demo.services.website import ANNOUNCED, TAKEN_BACK, TOLD
from citeslab.figures import queries as figures
from citeslab.figures.models import Report, SealedVersion, Target
from citeslab.files.models import StoredFile
from citeslab.followup.models import Meeting
from citeslab.funding import queries as funding
from citeslab.funding.enums import FunderKind
from citeslab.funding.models import Agreement, Delegate, Instalment, Payment, PostShare
from citeslab.network.models import Post, Site
from citeslab.website.enums import Standing
from citeslab.website.models import Announcement, Story
from citeslab.workshops.models import ActionShare

UNTIL = date(2020, 6, 15)
pytestmark = [pytest.mark.usefixtures("made"), pytest.mark.django_db, pytest.mark.long]


def test_stories_are_told_by_invented_people_who_agreed_and_one_took_hers_back(client):
    standing = dict(Story.objects.with_standing().values_list("title", "standing"))

    assert standing == {title: Standing.PUBLISHED for *_rest, title, _words in TOLD} | {
        TAKEN_BACK[3]: Standing.TAKEN_BACK
    }
    assert Story.objects.values("person").distinct().count() == len(standing)
    assert {story.published_by.email for story in Story.objects.all()} == {email_of("pilot")}
    assert all(story.person.site_id == story.site_id for story in Story.objects.select_related("person"))
    gone = Story.objects.get(title=TAKEN_BACK[3])
    assert client.get(reverse("website:story", args=[gone.pk])).status_code == 410
    shown = client.get(reverse("website:stories")).content.decode()
    assert shown.count('class="tale"') == len(TOLD)
    assert [one.title for one in Announcement.objects.order_by("published_at")] == [
        title for _days, title, _words in ANNOUNCED
    ]


def test_a_site_s_report_is_sealed_and_corrected(capsys):
    assert sorted(report.reference.rpartition("-")[2] for report in Report.objects.all()) == ["2018", "2019", "2019"]
    first, second = SealedVersion.objects.order_by("number")
    assert first.report == second.report
    assert {version.sealed_by.email for version in (first, second)} == {email_of("coordinator")}
    late = Meeting.objects.filter(held_on__year=2019, recorded_at__gt=first.known_by, recorded_at__lte=second.known_by)
    assert bool(second.frozen["moved"]) == late.exists()
    call_command("figures", "reproduce", second.reference, from_facts=True)
    assert f"{second.reference}: the same" in capsys.readouterr().out


def test_the_last_year_is_published_with_its_map_and_its_statements(client, at):
    publish_last_year(until=UNTIL, at=at)
    page = client.get(reverse("figures:public"))

    assert page.context["year"] == 2019
    assert page.context["curve"] is None  # at this scale the first years have few projects
    assert len(page.context["map"].departments) > 10
    assert page.context["checks"]


def test_two_years_are_aimed_at_from_what_was_achieved():
    standing = Target.objects.standing()

    assert set(standing.values_list("year", flat=True)) == {2019, 2020}
    network = standing.get(level="", year=2020, indicator="persons_supported")
    before = figures.figures_of_year(year=2019)["persons_supported"]
    assert network.aim == -(-before * 104 // 100)
    assert network.recorded_by.email == email_of("pilot")
    hers = Site.objects.filter(pk__in=[int(one.code) for one in standing.filter(indicator="women", level="site")])
    assert 0 < hers.count() < Site.objects.count()
    former = Target.objects.exclude(withdrawn_at=None)
    assert {one.withdrawn_by.email for one in former} == {email_of("coordinator")}
    assert {one.recorded_by.email for one in former} == {email_of("pilot")}


def test_everything_is_paid_for_since_2002_and_some_things_wait():
    agreements = Agreement.objects.all()

    assert agreements.order_by("begins_on").first().begins_on == date(2002, 1, 1)
    assert set(agreements.values_list("funder__kind", flat=True)) >= {
        FunderKind.PILOT, FunderKind.STATE, FunderKind.REGION, FunderKind.TOWN, FunderKind.EUROPE, FunderKind.DEPARTMENT
    }  # fmt: skip
    own = Payment.objects.filter(instalment__agreement__funder__kind=FunderKind.PILOT).exclude(use="POST")
    paid = own.filter(paid_on__range=(date(2010, 1, 1), date(2017, 12, 22)))
    assert paid.aggregate(cents=Sum("amount_cents"))["cents"] == 730_000_000
    assert not Payment.objects.filter(paid_on__gt=UNTIL).exists()

    late = funding.late_instalments(agreements, on=UNTIL)
    assert 0 < late.count() < Instalment.objects.count() // 50
    posts = funding.funded(list(Post.objects.on(UNTIL)), on=UNTIL)
    assert {one.missing for one in posts} == {0, 2_000}
    assert PostShare.objects.values("post").distinct().count() == len(posts)
    assert ActionShare.objects.filter(share=10_000).exists()
    assert ActionShare.objects.filter(share=4_000).exists()

    delegate = Delegate.objects.get()
    assert delegate.user.email == email_of("funder")
    assert Agreement.objects.visible_to(delegate.user, on=UNTIL).count() == delegate.funder.agreements.count() > 1
    assert StoredFile.objects.count() == 6
    assert StoredFile.objects.filter(kept_until__gt=UNTIL + timedelta(days=3_000)).count() == 6
