"""Announcements: to roles, regions, an organization; new until read; taken back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from citeslab.animation import queries, services
from citeslab.animation.models import Announcement, ReadMark
from citeslab.network.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db
FORM = {"title": "Rencontre", "words": "Le 12 mars.", "roles": ["ADVISOR"]}


def read_by(user):
    return set(Announcement.objects.addressed_to(user, on=timezone.localdate()))


def test_the_pilot_says_something_and_advisors_read_it_once(client, pilot, advisor):
    client.force_login(pilot)
    client.post(reverse("animation:new_announcement"), FORM)
    announcement = Announcement.objects.get()
    client.force_login(advisor)
    on = timezone.localdate()

    assert list(queries.to_read(advisor, on=on)) == [announcement]
    for _twice in range(2):
        client.post(reverse("animation:reading", args=[announcement.pk]))
    assert list(queries.to_read(advisor, on=on)) == []
    assert ReadMark.objects.count() == 1


@pytest.mark.parametrize("said", [{"roles": []}, {"words": ""}, {"roles": ["FUNDER"]}])
def test_an_announcement_to_nobody_is_refused(client, pilot, advisor, said):
    client.force_login(pilot)
    answer = client.post(reverse("animation:new_announcement"), {**FORM, **said})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(said))
    assert not Announcement.objects.exists()


def test_a_role_that_nobody_holds_there_is_nobody(client, pilot, advisor, at):
    far = factories.AnyRegion(code="32", name="Hauts-de-France")
    client.force_login(pilot)
    answer = client.post(reverse("animation:new_announcement"), {**FORM, "regions": [far.pk]})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["roles"])
    with pytest.raises(services.Nobody):
        services.announce(title="x", words="x", roles=[Role.COORDINATOR], by=pilot, at=at)
    with pytest.raises(IntegrityError, match="to_somebody"), transaction.atomic():
        factories.AnyAnnouncement(roles=[])


def test_who_reads_what(advisor, coordinator, pilot, site):
    funder = factories.AnyMandate(role=Role.FUNDER, site=None).user
    elsewhere = factories.AnyMandate(site__department=factories.AnyDepartment(code="62", name="Pas-de-Calais")).user
    to_advisors = factories.AnyAnnouncement()
    to_region = factories.AnyAnnouncement()
    to_region.regions.add(site.department.region)
    of_organization = factories.AnyAnnouncement(organization=site.organization, roles=["ADVISOR", "COORDINATOR"])
    withdrawn = factories.AnyAnnouncement(withdrawn_at=timezone.now(), withdrawn_by=pilot)
    elsewhere_department = elsewhere.mandates.get().site.department
    elsewhere_department.region = factories.AnyRegion(code="32", name="Hauts-de-France")
    elsewhere_department.save()

    assert read_by(advisor) == {to_advisors, to_region, of_organization}
    assert read_by(elsewhere) == {to_advisors}
    assert read_by(coordinator) == {of_organization}
    assert read_by(pilot) == read_by(funder) == set()
    assert withdrawn not in read_by(advisor)


def test_a_coordinator_speaks_to_her_organization_alone(client, coordinator, advisor, site):
    stranger = factories.AnyMandate().user
    client.force_login(coordinator)
    page = client.get(reverse("animation:new_announcement")).context["form"]
    client.post(reverse("animation:new_announcement"), {**FORM, "regions": [site.department.region_id]})
    announcement = Announcement.objects.get()

    assert not page.fields.keys() & {"regions", "organization"}
    assert announcement.organization == site.organization
    assert read_by(advisor) == {announcement}
    assert read_by(stranger) == set()


def test_a_coordinator_of_two_organizations_chooses_which_one_she_speaks_to(client, coordinator, advisor, site):
    second = factories.AnySite()
    stranger = factories.AnySite().organization
    factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=second.organization, user=coordinator)
    there = factories.AnyMandate(site=second).user
    client.force_login(coordinator)
    address = reverse("animation:new_announcement")
    form = client.get(address).context["form"]
    refused = [client.post(address, {**FORM, **more}) for more in ({}, {"organization": stranger.pk})]
    client.post(address, {**FORM, "organization": second.organization.pk})
    announcement = Announcement.objects.get()

    assert set(form.fields["organization"].queryset) == {site.organization, second.organization}
    assert [list(answer.context["form"].errors) for answer in refused] == [["organization"]] * 2
    assert announcement.organization == second.organization
    assert read_by(there) == {announcement}
    assert read_by(advisor) == set()


def test_a_pinned_one_stays_until_its_day_and_an_old_one_is_history(advisor):
    on = timezone.localdate()
    long_ago = timezone.now() - timedelta(days=90)
    pinned = factories.AnyAnnouncement(recorded_at=long_ago, pinned_until=on)
    factories.AnyReadMark(announcement=pinned, user=advisor)
    factories.AnyAnnouncement(recorded_at=long_ago, pinned_until=on - timedelta(days=1))
    new = factories.AnyAnnouncement()

    assert list(queries.to_read(advisor, on=on)) == [pinned, new]


def test_it_is_taken_back_by_who_wrote_it_or_the_pilot(client, coordinator, pilot, advisor):
    hers = factories.AnyAnnouncement(recorded_by=coordinator)
    theirs = factories.AnyAnnouncement()
    client.force_login(coordinator)
    client.post(reverse("animation:announcement_withdrawal", args=[hers.pk]))

    assert client.post(reverse("animation:announcement_withdrawal", args=[theirs.pk])).status_code == 404
    client.force_login(pilot)
    client.post(reverse("animation:announcement_withdrawal", args=[theirs.pk]))
    assert not Announcement.objects.standing().exists()


def test_today_says_what_is_new(signed_in, advisor):
    announcement = factories.AnyAnnouncement()
    commitment = factories.AnyCommitment(owner=advisor)
    said = signed_in.get(reverse("desk:home")).context["network_life"]

    assert (said.announcements, said.commitments) == ([announcement], [commitment])
    back = signed_in.post(reverse("animation:reading", args=[announcement.pk]), {"back": "today"})
    assert back["Location"] == reverse("desk:home")


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_announcement_or_three(signed_in, many, django_assert_num_queries):
    for announcement in factories.AnyAnnouncement.create_batch(many):
        announcement.regions.add(factories.AnyRegion())

    with django_assert_num_queries(9):
        signed_in.get(reverse("animation:announcements"))


@pytest.mark.parametrize("many", [1, 3])
def test_the_front_page_costs_the_same_for_one_line_or_three(signed_in, advisor, many, django_assert_num_queries):
    factories.AnyAnnouncement.create_batch(many)
    factories.AnyCommitment.create_batch(many, owner=advisor)
    for _ in range(many):
        factories.AnyStep(version=factories.AnyVersion())
        factories.AnyTrainingSession()

    with django_assert_num_queries(12):
        signed_in.get(reverse("animation:home"))
