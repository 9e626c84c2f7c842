"""An organization that another took in: its agreements are kept by who runs its sites now."""

from datetime import date

import pytest
from django.urls import reverse

from citeslab.funding import queries
from citeslab.funding.models import Agreement
from citeslab.network import services as network
from citeslab.network.enums import Role
from citeslab.workshops.queries import payable
from tests import factories

pytestmark = pytest.mark.django_db
ON = date(2016, 6, 1)


@pytest.fixture
def heir(agreement, at):
    """Who took the agreement's host in, through another."""
    between, last = factories.AnyHostOrganization(), factories.AnyHostOrganization(name="Métropole")
    for absorbed, into in ((agreement.organization, between), (between, last)):
        network.merge(
            absorbed=absorbed, into=into, merged_on=date(2016, 4, 1), today=ON, by=factories.AnyUser(), at=at
        )  # fmt: skip
    return last


def test_the_coordinator_of_the_heir_keeps_the_agreement(client, agreement, heir):
    user = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=heir).user
    other = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=factories.AnyHostOrganization()).user

    assert list(Agreement.objects.written_by(user, on=ON)) == [agreement]
    assert list(Agreement.objects.visible_to(user, on=ON)) == [agreement]
    assert not Agreement.objects.visible_to(other, on=ON).exists()
    client.force_login(user)
    assert client.get(reverse("funding:agreement", args=[agreement.pk])).status_code == 200


def test_it_still_pays_for_the_posts_and_the_actions_of_its_sites(agreement, site, post, heir):
    site.refresh_from_db()
    assert site.organization == heir
    assert list(queries.posts_of(agreement)) == [post]
    assert list(payable(factories.AnyWorkshop(site=site, held_on=ON))) == [agreement]


def test_the_next_one_of_the_heir_follows_it(agreement, at, pilot):
    into = factories.AnyHostOrganization()
    said = {"merged_on": date(2016, 4, 1), "today": ON, "by": factories.AnyUser(), "at": at}
    network.merge(absorbed=agreement.organization, into=into, **said)
    assert queries.waiting(pilot, on=date(2016, 12, 1)).ending == [agreement]
    factories.AnyAgreement(
        organization=into, funder=agreement.funder, begins_on=date(2017, 1, 1), ends_on=date(2018, 1, 1)
    )
    assert queries.waiting(pilot, on=date(2016, 12, 1)).ending == []
