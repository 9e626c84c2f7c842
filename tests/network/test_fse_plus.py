"""The dated setting that says where FSE+ items are asked: by command, and by the pilot's page."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.followup.enums import Moment
from citeslab.network import services
from citeslab.network.enums import Phase, Role
from citeslab.network.models import FSEPlus
from tests import factories

pytestmark = pytest.mark.django_db
PERIODS, NEW = reverse("network:fse_plus"), reverse("network:new_fse_plus")


@pytest.fixture
def desk(client, pilot):
    client.force_login(pilot)
    return client


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user


def end_of(period) -> str:
    return reverse("network:end_of_fse_plus", args=[period.pk])


def removal_of(period) -> str:
    return reverse("network:removal_of_fse_plus", args=[period.pk])


def acts() -> list[str]:
    return list(Entry.objects.filter(action__startswith="network.fse_plus").values_list("action", flat=True))


def test_a_period_is_set_by_command_and_journaled(site):
    call_command("fse_plus", site.code, "FSE-1", "2026-01-01", "2027-01-01")

    period = FSEPlus.objects.get()
    assert (period.site, period.begins_on, period.ends_on) == (site, date(2026, 1, 1), date(2027, 1, 1))
    assert Entry.objects.get(action="network.fse_plus.set").subject_id == period.pk


@pytest.mark.parametrize("days", [["2026-06-01"], ["2026-01-01", "2025-01-01"]])
def test_days_that_overlap_or_go_backwards_are_refused(site, days):
    factories.AnyFSEPlus(site=site, begins_on=date(2026, 3, 1))

    with pytest.raises(CommandError), transaction.atomic():
        call_command("fse_plus", site.code, "FSE-2", *days)
    assert FSEPlus.objects.count() == 1


def test_an_unknown_site_is_refused():
    with pytest.raises(CommandError, match="No site"):
        call_command("fse_plus", "NOWHERE", "FSE-1", "2026-01-01")


def test_one_agreement_pays_on_a_day(site):
    factories.AnyFSEPlus(site=site)
    with pytest.raises(IntegrityError, match="network_fseplus_one_at_a_time"), transaction.atomic():
        factories.AnyFSEPlus(site=site)


def test_the_pilot_sets_a_period_by_its_last_day(desk, pilot, site):
    said = {"site": site.pk, "reference": " FSE-1 ", "begins_on": "2026-01-01", "last_on": "2026-12-31"}
    assert desk.post(NEW, said)["Location"] == PERIODS

    period = FSEPlus.objects.get()
    assert (period.site, period.reference, period.begins_on, period.ends_on, period.last_on) == (
        site,
        "FSE-1",
        date(2026, 1, 1),
        date(2027, 1, 1),
        date(2026, 12, 31),
    )
    line = Entry.objects.get(action="network.fse_plus.set")
    assert (line.subject_id, line.actor_id, line.details) == (period.pk, pilot.pk, {"site_id": site.pk})
    other = factories.AnySite()
    assert desk.post(NEW, {**said, "site": other.pk, "last_on": ""}).status_code == 302  # no end yet
    assert FSEPlus.objects.get(site=other).ends_on is None


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"begins_on": "2026-06-01"}, "begins_on"),  # inside
        ({"begins_on": "2025-01-01"}, "begins_on"),  # around, without an end
        ({"begins_on": "2025-01-01", "last_on": "2026-03-01"}, "begins_on"),  # its first day
        ({"begins_on": "2026-12-31"}, "begins_on"),  # its last day
        ({"begins_on": "2025-03-02", "last_on": "2025-03-01"}, "last_on"),
        ({"begins_on": "0206-01-01"}, "begins_on"),
        ({"begins_on": "2025-01-01", "last_on": "9999-12-31"}, "last_on"),
        ({"begins_on": "2025-01-01", "reference": " "}, "reference"),
        ({"begins_on": "2025-01-01", "site": ""}, "site"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(desk, site, days, field):
    factories.AnyFSEPlus(site=site, begins_on=date(2026, 3, 1), ends_on=date(2027, 1, 1))
    answer = desk.post(NEW, {"site": site.pk, "reference": "FSE-2", "last_on": "", **days})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (FSEPlus.objects.count(), acts()) == (1, [])


def test_a_day_already_paid_names_the_agreement_and_its_days(desk, site):
    period = factories.AnyFSEPlus(site=site, reference="FSE-1", begins_on=date(2026, 3, 1), ends_on=date(2027, 1, 1))
    said = {"site": site.pk, "reference": "FSE-2", "begins_on": "2026-12-31"}
    with_end = desk.post(NEW, said, headers={"accept-language": "fr"}).context["form"].errors["begins_on"]
    FSEPlus.objects.update(ends_on=None)
    open_ended = desk.post(NEW, said).context["form"].errors["begins_on"]

    assert "FSE-1" in with_end[0]
    assert "31" in with_end[0]
    assert "FSE-1" in open_ended[0]
    assert with_end[0] != open_ended[0]
    # the days on both sides are free
    FSEPlus.objects.filter(pk=period.pk).update(ends_on=date(2027, 1, 1))
    assert desk.post(NEW, {**said, "begins_on": "2027-01-01"}).status_code == 302
    assert desk.post(NEW, {**said, "begins_on": "2026-02-01", "last_on": "2026-02-28"}).status_code == 302


def test_an_agreement_that_ends_sooner_is_told(desk, pilot, site):
    today = timezone.localdate()
    period = factories.AnyFSEPlus(site=site, begins_on=today - timedelta(days=30))
    assert desk.post(end_of(period), {"last_on": today}).status_code == 302
    assert desk.post(end_of(period), {"last_on": today}).status_code == 302  # said twice, it is once

    period.refresh_from_db()
    assert period.ends_on == today + timedelta(days=1)
    line = Entry.objects.get(action="network.fse_plus.ended")
    assert (line.subject_id, line.actor_id, line.details) == (
        period.pk,
        pilot.pk,
        {"site_id": site.pk, "ends_on": str(period.ends_on), "before": ""},
    )


def test_an_end_comes_sooner_never_later(desk, site):
    today = timezone.localdate()
    period = factories.AnyFSEPlus(site=site, begins_on=today, ends_on=today + timedelta(days=60))
    for day in (today - timedelta(days=1), today + timedelta(days=60), ""):
        answer = desk.post(end_of(period), {"last_on": day})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["last_on"])
    assert desk.post(end_of(period), {"last_on": today}).status_code == 302  # one day, at the least

    over = factories.AnyFSEPlus(begins_on=date(2024, 1, 1), ends_on=date(2025, 1, 1))
    assert desk.get(end_of(over)).status_code == 404
    assert acts() == ["network.fse_plus.ended"]


def test_a_period_set_by_mistake_is_removed_and_the_journal_says_what_it_was(desk, site):
    period = factories.AnyFSEPlus(site=site)
    elsewhere = factories.AnyFSEAnswer()  # the same days, another site
    assert elsewhere.person.site != site
    factories.AnyFSEAnswer(person__site=site, answered_on=date(2023, 12, 31))  # the day before
    page = desk.get(removal_of(period))
    assert page.context["refusal"] is None
    desk.post(removal_of(period))

    assert not FSEPlus.objects.exists()
    line = Entry.objects.get(action="network.fse_plus.removed")
    assert (line.subject_id, line.details) == (
        period.pk,
        {"site_id": site.pk, "reference": "FSE-2024-0001", "begins_on": "2024-01-01", "ends_on": ""},
    )
    services.remove_fse_plus(period=period, by=page.wsgi_request.user, at=timezone.now())  # asked twice
    assert acts() == ["network.fse_plus.removed"]


PARIS = ZoneInfo("Europe/Paris")
OF_A_DAY = {"answered_on": date(2024, 12, 31)}
WRITTEN_LATER = {"answered_on": date(2023, 12, 1), "recorded_at": datetime(2024, 1, 1, 0, 30, tzinfo=PARIS)}
TAKEN_BACK = {**OF_A_DAY, "withdrawn_at": factories.LONG_AGO}


@pytest.mark.parametrize("answer", [OF_A_DAY, WRITTEN_LATER, TAKEN_BACK])
def test_a_period_that_was_used_stays_and_the_page_says_why(desk, pilot, site, answer):
    period = factories.AnyFSEPlus(site=site, ends_on=date(2025, 1, 1))
    withdrawn = {"withdrawn_by": pilot} if "withdrawn_at" in answer else {}
    factories.AnyFSEAnswer(person__site=site, **answer, **withdrawn)

    assert str(services.AlreadyAnswered()) == str(desk.get(removal_of(period)).context["refusal"])
    refused = desk.post(removal_of(period))
    assert (refused.status_code, str(refused.context["refusal"])) == (422, str(services.AlreadyAnswered()))
    assert (FSEPlus.objects.get(), acts()) == (period, [])


def test_an_answer_after_the_last_day_does_not_hold_a_period(desk, site):
    period = factories.AnyFSEPlus(site=site, ends_on=date(2024, 12, 31))
    factories.AnyFSEAnswer(person__site=site, answered_on=date(2024, 12, 31))

    assert desk.post(removal_of(period)).status_code == 302
    assert not FSEPlus.objects.exists()


def test_current_periods_come_first_then_those_to_come_then_past(desk):
    today = timezone.localdate()
    past = factories.AnyFSEPlus(begins_on=today - timedelta(days=9), ends_on=today)
    to_come = factories.AnyFSEPlus(site=past.site, begins_on=today + timedelta(days=1))
    last_day = factories.AnyFSEPlus(begins_on=today, ends_on=today + timedelta(days=1))

    groups = desk.get(PERIODS).context["phases"]
    assert [(group["phase"], group["periods"]) for group in groups] == [
        (Phase.NOW, [last_day]),
        (Phase.TO_COME, [to_come]),
        (Phase.PAST, [past]),
    ]


def test_a_coordinator_reads_the_periods_of_her_sites_and_sets_none(client, coordinator, site):
    ours = factories.AnyFSEPlus(site=factories.AnySite(organization=site.organization))
    theirs = factories.AnyFSEPlus(reference="FSE-THEIRS")
    client.force_login(coordinator)
    page = client.get(PERIODS)

    assert [group["periods"] for group in page.context["phases"]] == [[ours]]
    assert theirs.reference not in page.content.decode()
    for address in (NEW, end_of(ours), removal_of(ours)):
        assert address not in page.content.decode()
        assert (client.get(address).status_code, client.post(address, {}).status_code) == (404, 404)
    assert FSEPlus.objects.count() == 2


def test_an_advisor_and_a_funder_find_no_list(client, advisor):
    funder = factories.AnyMandate(role=Role.FUNDER, site=None).user
    for user in (advisor, funder):
        client.force_login(user)
        assert client.get(PERIODS).status_code == 404


def test_the_page_names_nobody(desk, advisor, site):
    factories.AnyFSEPlus(site=site)
    answer = factories.AnyFSEAnswer(person__site=site, person__preferred_name="Khelifi")
    seen = "".join(desk.get(page).content.decode() for page in (PERIODS, removal_of(FSEPlus.objects.get())))

    assert answer.moment == Moment.ENTRY
    assert [name for name in ("Khelifi", advisor.name) if name in seen] == []


@pytest.mark.parametrize("periods", [1, 3])
def test_the_list_costs_the_same_for_one_period_or_three(desk, periods, django_assert_num_queries):
    factories.AnyFSEPlus.create_batch(periods)
    desk.get(PERIODS)
    # session, user, mandates, accounts to go back to, the list; and the frame of a page that cannot write
    with django_assert_num_queries(11):
        assert len(desk.get(PERIODS).context["page"]) == periods


def test_the_ways_to_the_page(desk, client, coordinator, site):
    factories.AnyFSEPlus(site=site)
    assert PERIODS in desk.get(reverse("desk:home")).content.decode()
    assert PERIODS in desk.get(reverse("network:accounts")).content.decode()
    client.force_login(coordinator)
    assert PERIODS in client.get(reverse("network:accounts")).content.decode()
    client.force_login(factories.AnyMandate(role=Role.FUNDER, site=None).user)
    assert PERIODS not in client.get(reverse("desk:home")).content.decode()
