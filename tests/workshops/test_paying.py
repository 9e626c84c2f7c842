"""Who pays for an action: agreements, by shares that are at most the whole."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from citeslab.funding import services as funding
from citeslab.funding.enums import Rhythm
from citeslab.funding.services import Terms
from citeslab.workshops import queries, services
from citeslab.workshops.models import Workshop
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(site):
    return factories.AnyWorkshop(site=site)


@pytest.fixture
def first(site):
    return factories.AnyAgreement(organization=site.organization, reference="CV-1")


@pytest.fixture
def second(site):
    return factories.AnyAgreement(organization=site.organization, reference="CV-2")


def paid(action):
    return dict(action.agreement_shares.values_list("agreement__reference", "share"))


def test_several_agreements_pay_for_an_action(signed_in, action, first, second):
    address = reverse("workshops:paying", args=[action.pk])
    said = {"agreement_0": first.pk, "share_0": "33,33", "agreement_1": second.pk, "share_1": "66,67"}
    assert signed_in.post(address, said).status_code == 302

    action.refresh_from_db()
    assert (paid(action), action.agreement) == ({"CV-1": 3_333, "CV-2": 6_667}, "CV-2")
    assert signed_in.post(address, {"agreement_0": first.pk}).status_code == 302
    action.refresh_from_db()
    assert (paid(action), action.agreement) == ({"CV-1": 10_000}, "CV-1")
    assert "CV-1" in signed_in.get(reverse("workshops:workshop", args=[action.pk])).content.decode()
    signed_in.post(address, {})
    action.refresh_from_db()
    assert (paid(action), action.agreement) == ({}, "")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"share_0": "50", "share_1": "50,01"}, "__all__"),
        ({"share_0": "100,01", "share_1": "1"}, "share_0"),
        ({"share_0": "12,345", "share_1": "1"}, "share_0"),
        ({"share_0": "50"}, "share_1"),
        ({"share_0": "50", "share_1": "10", "share_2": "5"}, "agreement_2"),
    ],
)
def test_shares_that_cannot_be_are_refused(signed_in, action, first, second, said, field):
    given = {"agreement_0": first.pk, "agreement_1": second.pk} | said
    answer = signed_in.post(reverse("workshops:paying", args=[action.pk]), given)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert paid(action) == {}


def test_an_agreement_of_another_host_or_another_year_pays_nothing(signed_in, action, advisor, at, first):
    elsewhere = factories.AnyAgreement()
    later = factories.AnyAgreement(
        organization=action.site.organization, begins_on=date(2017, 1, 1), ends_on=date(2018, 1, 1)
    )
    for one in (elsewhere, later):
        answer = signed_in.post(reverse("workshops:paying", args=[action.pk]), {"agreement_0": one.pk})
        assert list(answer.context["form"].errors) == ["agreement_0"]
        with pytest.raises(services.NotPayable):
            services.pay_by(workshop=action, shares={one: 10_000}, by=advisor, at=at)


def test_the_database_holds_the_shares_of_an_action_to_the_whole(action, first, second):
    factories.AnyActionShare(workshop=action, agreement=first, share=6_000)
    for share, name in [
        (4_001, "workshops_actionshare_at_most_the_whole_action"),
        (0, "workshops_actionshare_of_one_action"),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            factories.AnyActionShare(workshop=action, agreement=second, share=share)
    with pytest.raises(IntegrityError, match="workshops_actionshare_one_by_agreement"), transaction.atomic():
        factories.AnyActionShare(workshop=action, agreement=first, share=1)


def test_a_number_written_before_the_agreement_is_known_is_adopted_with_it(site, advisor, at):
    action = factories.AnyWorkshop(site=site, agreement="CV-9")
    elsewhere = factories.AnyWorkshop(agreement="CV-9")
    other = factories.AnyWorkshop(site=site, agreement="C-1")
    funding.record(
        terms=Terms(
            funder=factories.AnyFunder(),
            organization=site.organization,
            reference="CV-9",
            rhythm=Rhythm.ANNUAL,
            begins_on=date(2016, 1, 1),
            ends_on=date(2017, 1, 1),
            committed_cents=100,
        ),
        by=advisor,
        at=at,
    )

    assert (paid(action), paid(elsewhere), paid(other)) == ({"CV-9": 10_000}, {}, {})
    assert list(Workshop.objects.order_by("pk").values_list("agreement", flat=True)) == ["CV-9", "CV-9", "C-1"]


def test_the_number_of_the_programme_that_is_an_agreements_pays_whole(action, first, second, advisor, at):
    def programmed(number):
        action.agreement = number
        start = at.replace(year=2016, month=3, day=1)
        programme = services.Programme([(start, start + timedelta(hours=2))])
        services.change(workshop=action, programme=programme, by=advisor, at=at)
        return paid(action)

    Workshop.objects.update(is_planned=True)
    assert programmed("CV-1") == {"CV-1": 10_000}
    assert programmed("CV-2") == {"CV-2": 10_000}
    services.pay_by(workshop=action, shares={first: 4_000, second: 6_000}, by=advisor, at=at)
    assert programmed("CV-2") == {"CV-1": 4_000, "CV-2": 6_000}  # as it was said
    assert programmed("C-7") == {}
    assert programmed("") == {}


def test_the_time_of_people_is_shared_out_and_no_minute_is_lost(site, first, second, at):
    action = factories.AnyWorkshop(site=site)
    factories.AnySession(workshop=action, starts_at=at, ends_at=at + timedelta(minutes=100))
    factories.AnyHeadCount(workshop=action, heads=1)
    factories.AnyActionShare(workshop=action, agreement=first, share=3_333)
    factories.AnyActionShare(workshop=action, agreement=second, share=3_333)
    of = queries.balances(Workshop.objects.all())
    sums = queries.by_agreement([action], of)

    assert {number: (one.actions, one.heads, one.minutes) for number, one in sums.items()} == {
        "CV-1": (1, 1, 33),
        "CV-2": (1, 1, 33),
        "": (1, 1, 34),
    }
