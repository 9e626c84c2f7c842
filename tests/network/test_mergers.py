"""A host that merges with another: what follows, what past days say, and the way back."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from citeslab.audit.models import Entry
from citeslab.network import services
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization, Merger, Site
from tests import factories

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)


@pytest.fixture
def acts(pilot, at):
    return {"by": pilot, "at": at}


@pytest.fixture
def two():
    return factories.AnyHostOrganization(name="Comité"), factories.AnyHostOrganization(name="Agglomération")


def merged(two, acts, on=date(2026, 7, 1)):
    return services.merge(absorbed=two[0], into=two[1], merged_on=on, today=ON, **acts)


def test_sites_mandates_invitations_and_fse_periods_follow(two, acts):
    absorbed, into = two
    site = factories.AnySite(organization=absorbed)
    period = factories.AnyFSEPlus(site=site)
    coordinator = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=absorbed).user
    gone = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=absorbed, ends_on=date(2020, 1, 1))
    invited = factories.AnyInvitation(role=Role.COORDINATOR, site=None, organization=absorbed)

    merger = merged(two, acts)

    assert Site.objects.get(pk=site.pk).organization == into
    assert Site.objects.with_names_for(coordinator, on=ON).get() == site
    assert type(period).objects.visible_to(coordinator, on=ON).get() == period
    for row, organization in ((gone, absorbed), (invited, into)):
        row.refresh_from_db()
        assert row.organization == organization
    assert HostOrganization.objects.standing(ON).get() == into
    assert set(HostOrganization.objects.standing(date(2026, 6, 30))) == set(two)
    assert (merger.made_by, merger.made_at) == (acts["by"], acts["at"])
    [line] = Entry.objects.filter(action="network.organization.merged")
    assert (line.subject_id, line.details["into_id"], line.details["on"]) == (absorbed.pk, into.pk, "2026-07-01")


def test_a_day_before_keeps_the_two_apart_through_two_mergers(two, acts):
    third = factories.AnyHostOrganization()
    site = factories.AnySite(organization=two[0])
    merged(two, acts, on=date(2010, 1, 1))
    services.merge(absorbed=two[1], into=third, merged_on=date(2020, 1, 1), today=ON, **acts)

    ran = [Site.objects.as_of(date(year, 6, 1)).get(pk=site.pk).organization_then for year in (2009, 2015, 2025)]
    assert ran == [two[0].pk, two[1].pk, third.pk]


def test_undone_what_went_comes_back_and_what_was_there_stays(two, acts):
    absorbed, into = two
    moved, there = factories.AnySite(organization=absorbed), factories.AnySite(organization=into)
    mandate = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=absorbed)
    merger = merged(two, acts)

    services.undo_merger(merger=merger, **acts)
    services.undo_merger(merger=merger, **acts)

    for row, organization in ((moved, absorbed), (mandate, absorbed), (there, into)):
        row.refresh_from_db()
        assert row.organization == organization
    assert set(HostOrganization.objects.standing(ON)) == set(two)
    assert Entry.objects.filter(action="network.organization.parted").count() == 1
    assert merged(two, acts).undone_at is None  # and it can be done again


def test_a_merger_that_went_further_is_not_undone_alone(two, acts):
    first = merged(two, acts, on=date(2010, 1, 1))
    services.merge(
        absorbed=two[1],
        into=factories.AnyHostOrganization(name="Métropole"),
        merged_on=date(2020, 1, 1),
        today=ON,
        **acts,
    )

    with pytest.raises(services.CannotPart, match="Métropole"):
        services.undo_merger(merger=first, **acts)


def test_what_cannot_merge_is_refused_in_words(two, acts):
    absorbed, into = two
    with pytest.raises(services.CannotMerge):
        services.merge(absorbed=absorbed, into=absorbed, merged_on=ON, today=ON, **acts)
    with pytest.raises(services.CannotMerge):
        merged(two, acts, on=date(2026, 11, 21))  # it has not come yet
    merged(two, acts)
    with pytest.raises(services.CannotMerge, match="Agglomération"):
        merged(two, acts)
    with pytest.raises(services.CannotMerge, match="Comité"):
        services.merge(absorbed=into, into=absorbed, merged_on=ON, today=ON, **acts)
    with pytest.raises(services.CannotMerge):  # before it took the other in
        services.merge(
            absorbed=into, into=factories.AnyHostOrganization(), merged_on=date(2026, 6, 1), today=ON, **acts
        )
    assert Merger.objects.count() == 1


def test_the_database_keeps_one_standing_merger_into_another(two):
    factories.AnyMerger(absorbed=two[0], into=two[1])
    with pytest.raises(IntegrityError, match="merger_once"), transaction.atomic():
        factories.AnyMerger(absorbed=two[0], into=two[1])
    with pytest.raises(IntegrityError, match="into_another"), transaction.atomic():
        factories.AnyMerger(absorbed=two[1], into=two[1])
    undone = {"undone_at": datetime(2020, 1, 1, tzinfo=UTC), "undone_by": factories.AnyUser()}
    factories.AnyMerger(absorbed=two[0], into=two[1], **undone)
