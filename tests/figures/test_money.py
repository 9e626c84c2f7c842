"""Own funds of the release, and what things cost."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from citeslab.figures import queries, rules, services
from citeslab.figures.models import Report
from citeslab.followup.enums import Stage
from citeslab.network.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db


def pay(cents, *, kind="PILOT", use="ACTION", paid_on=date(2016, 6, 1), **more):
    agreement = factories.AnyAgreement(funder__kind=kind, committed_cents=10**10, **more.pop("agreement", {}))
    instalment = factories.AnyInstalment(agreement=agreement, amount_cents=10**10)
    return factories.AnyPayment(instalment=instalment, use=use, amount_cents=cents, paid_on=paid_on, **more)


def check():
    return next(one for one in queries.statements() if one.statement.id == "own_funds")


def test_own_funds_are_those_of_the_pilot_since_2010_for_all_but_posts(site):
    signed = {"agreement": {"signed_on": date(2009, 1, 1)}}
    pay(700_000_000, use="ANIMATION")
    pay(50, use="TRAINING")
    pay(10**9, use="POST")
    pay(10**9, kind="STATE")
    pay(10**9, paid_on=date(2009, 12, 31), **signed)
    pay(10**9, paid_on=date(2017, 12, 23))
    pay(10**9, withdrawn_at=datetime(2017, 1, 1, tzinfo=UTC), withdrawn_by=factories.AnyUser())
    pay(10**9, recorded_at=datetime(2018, 1, 1, tzinfo=UTC))  # learned later

    assert (check().value, check().holds) == (7_000_000, False)  # half a euro above is not more, told in whole euros
    pay(50, paid_on=date(2010, 1, 1), **signed)
    assert (check().value, check().holds) == (7_000_001, True)
    assert check().as_published().value == 7_000_001


def test_what_was_withdrawn_after_that_day_was_known_then(site):
    pay(800_000_000, withdrawn_at=datetime(2018, 1, 1, tzinfo=UTC), withdrawn_by=factories.AnyUser())

    assert check().value == 8_000_000


@pytest.fixture
def year(site):
    """Ten people supported in 2016, met twice each, and two actions; another region where nothing was done."""
    for _ in range(10):
        person = factories.AnyPerson(site=site)
        for month in (2, 5):
            factories.AnyMeeting(person=person, held_on=date(2016, month, 1))
        factories.AnyTransition(person=person, stage=Stage.AMOR, occurred_on=date(2016, 2, 1))
    factories.AnyWorkshop.create_batch(2, site=site)
    factories.AnyRegion(code="11", name="Île-de-France")


def costs(year=2016):
    return {row.code: [cost.cents for cost in row.costs] for row in queries.costs(year)}


def test_a_cost_is_what_was_paid_over_what_was_done(year, site):
    here = {"level": "site", "code": str(site.pk), "region_id": "27"}
    pay(100_001, use="POST", kind="STATE", agreement=here)
    pay(30_001, use="ACTION", kind="STATE", agreement=here)
    pay(5, use="TRAINING")  # of the network
    pay(10**6, use="POST", paid_on=date(2017, 1, 1), agreement=here)

    # 100,001 cents over twenty meetings, 130,007 over ten people, 30,001 over two actions: to the nearest cent
    assert costs()[""] == [5_000, 13_001, 15_001]
    assert costs()["27"] == [5_000, 13_000, 15_001]


def test_nothing_done_or_paid_costs_nothing_that_is_a_figure(year, site):
    assert costs()[""] == [None, None, None]
    pay(100, use="POST", paid_on=date(2015, 6, 1), agreement={"signed_on": date(2015, 1, 1)})
    assert costs(2015)[""] == [None, None, None]


def test_the_cost_of_few_people_is_hidden_with_them(site):
    person = factories.AnyPerson(site=site)
    factories.AnyMeeting(person=person, held_on=date(2016, 2, 1))
    factories.AnyTransition(person=person, stage=Stage.AMOR, occurred_on=date(2016, 2, 1))
    pay(100_000, use="POST")

    assert costs()[""][:2] == [None, None]


def test_the_page_of_costs_is_the_pilots(client, pilot, year):
    pay(100_000, use="POST")
    client.force_login(pilot)
    page = client.get(reverse("figures:costs"), {"annee": "2016"})

    assert [cost.cents for cost in page.context["whole"].costs] == [5_000, 10_000, None]
    assert client.get(reverse("figures:costs"), {"annee": "x"}).status_code == 200
    client.force_login(factories.AnyMandate(role=Role.FUNDER, site=None).user)
    assert client.get(reverse("figures:costs")).status_code == 404


# -- what a funder reads


@pytest.mark.parametrize(
    ("report", "is_read"),
    [
        ({"level": "department", "code": "25", "year": 2016}, True),
        ({"level": "department", "code": "25", "year": 2017}, False),
        ({"level": "department", "code": "59", "year": 2016}, False),
        ({"level": "agreement", "code": "CV-1", "year": 2016}, True),
        ({"level": "agreement", "code": "CV-2", "year": 2016}, False),
    ],
)
def test_a_funder_reads_sealed_reports_on_the_perimeters_of_her_agreements(site, pilot, at, report, is_read):
    reader = factories.AnyMandate(role=Role.FUNDER, site=None).user
    agreement = factories.AnyAgreement(reference="CV-1", level="department", code="25")
    factories.AnyDelegate(funder=agreement.funder, user=reader)
    made = factories.AnyReport(site=None, kind="FUNDER", reference="r-1", **report)
    visible = Report.objects.visible_to(reader, on=date(2026, 1, 1))

    assert not visible.exists()  # a draft is read by no funder
    version = services.seal(report=made, by=pilot, at=at)
    assert (visible.exists(), rules.may_read_sealed(reader, version, on=date(2026, 1, 1))) == (is_read, is_read)
