"""Meetings of the network: who reads them, who writes the minutes, what is to be done until it is."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from citeslab.animation import services
from citeslab.animation.models import Commitment, Decision, NetworkMeeting
from citeslab.core.values import instant
from tests import factories

pytestmark = pytest.mark.django_db
FORM = {"title": "Rencontre", "kind": "NETWORK", "day": "2027-03-12", "starts": "10:00", "ends": "16:00"}


@pytest.fixture
def by_pilot(client, pilot):
    client.force_login(pilot)
    return client


def test_a_meeting_is_called_changed_and_called_off(by_pilot, pilot):
    by_pilot.post(reverse("animation:new_meeting"), FORM)
    meeting = NetworkMeeting.objects.get()
    by_pilot.post(reverse("animation:meeting_change", args=[meeting.pk]), {**FORM, "place": "Lens"})
    calendar = reverse("animation:meeting_calendar", args=[meeting.pk])
    before = by_pilot.get(calendar).content.decode()
    by_pilot.post(reverse("animation:meeting_end", args=[meeting.pk]))
    by_pilot.post(reverse("animation:meeting_end", args=[meeting.pk]))
    meeting.refresh_from_db()

    assert (meeting.starts_at.hour, meeting.place, meeting.sequence, meeting.cancelled_by) == (9, "Lens", 2, pilot)
    assert "STATUS:CONFIRMED" in before
    assert "STATUS:CANCELLED" in by_pilot.get(calendar).content.decode()


@pytest.mark.parametrize(
    ("said", "where"), [({"ends": "09:00"}, "ends"), ({"day": ""}, "day"), ({"kind": "X"}, "kind")]
)
def test_a_meeting_that_cannot_be_is_refused(by_pilot, said, where):
    answer = by_pilot.post(reverse("animation:new_meeting"), {**FORM, **said})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [where])


def test_minutes_say_who_was_there_what_was_decided_and_taken_on(by_pilot, advisor):
    meeting = factories.AnyNetworkMeeting()
    address = reverse("animation:meeting", args=[meeting.pk])
    by_pilot.post(reverse("animation:present", args=[meeting.pk]), {"present": [advisor.pk], "others": "La Ville"})
    by_pilot.post(reverse("animation:decision", args=[meeting.pk]), {"words": "Chaque année."})
    taken = {"what": "Écrire", "owner": advisor.pk, "due_on": "2016-01-04"}
    by_pilot.post(reverse("animation:commitment", args=[meeting.pk]), taken)
    page = by_pilot.get(address).context

    assert (page["held"], page["meeting"].others) == ([advisor], "La Ville")
    assert [one.words for one in page["decisions"]] == ["Chaque année."]
    assert [(one.owner, one.taken_on, one.due_on) for one in page["commitments"]] == [
        (advisor, date(2016, 1, 4), date(2016, 1, 4))
    ]


def test_minutes_corrected_later_keep_those_who_left_the_network(by_pilot, advisor, site):
    gone, closed, elsewhere = (factories.AnyMandate(site=site).user for _ in range(3))
    meeting = factories.AnyNetworkMeeting()
    meeting.present.set([advisor, gone, closed])
    for user in (gone, elsewhere):
        user.mandates.update(ends_on=timezone.localdate())
    closed.is_active = False
    closed.save()
    page = by_pilot.get(reverse("animation:meeting", args=[meeting.pk])).context
    boxes = {choice.value for choice, _label in page["present_form"].fields["present"].choices}
    address = reverse("animation:present", args=[meeting.pk])
    stranger = by_pilot.post(address, {"present": [elsewhere.pk]})
    by_pilot.post(address, {"present": [gone.pk, closed.pk], "others": ""})

    assert {advisor.pk, gone.pk, closed.pk} <= boxes
    assert elsewhere.pk not in boxes
    assert stranger.status_code == 422
    assert set(meeting.present.all()) == {gone, closed}
    owners = {choice.value for choice, _label in page["commitment_form"].fields["owner"].choices if choice}
    assert owners & {gone.pk, closed.pk} == set()


def test_an_action_due_before_its_meeting_is_refused(by_pilot, advisor, pilot, at):
    meeting = factories.AnyNetworkMeeting()
    early = {"what": "Écrire", "owner": advisor.pk, "due_on": "2016-01-03"}
    answer = by_pilot.post(reverse("animation:commitment", args=[meeting.pk]), early)

    assert (answer.status_code, list(answer.context["commitment_form"].errors)) == (422, ["due_on"])
    with pytest.raises(services.TooEarly):
        services.commit(meeting=meeting, words="x", owner=advisor, due_on=date(2016, 1, 3), by=pilot, at=at)
    with pytest.raises(IntegrityError, match="due_after_its_meeting"), transaction.atomic():
        factories.AnyCommitment(due_on=date(2016, 1, 3))


def test_an_action_is_done_by_its_owner_and_given_up_by_who_writes(signed_in, client, advisor, pilot):
    hers, another = factories.AnyCommitment(owner=advisor), factories.AnyCommitment()
    signed_in.post(reverse("animation:commitment_end", args=[hers.pk]), {"act": "give-up"})
    refused = signed_in.post(reverse("animation:commitment_end", args=[another.pk]))
    client.force_login(pilot)
    client.post(reverse("animation:commitment_end", args=[another.pk]), {"act": "give-up"})
    hers.refresh_from_db()

    assert refused.status_code == 404
    assert (hers.done_by, hers.withdrawn_at) == (advisor, None)
    assert list(Commitment.objects.open()) == []
    assert Commitment.objects.get(pk=another.pk).done_at is None


def test_the_open_actions_are_on_one_list_the_first_due_first(signed_in):
    later = factories.AnyCommitment(due_on=date(2016, 5, 1))
    first = factories.AnyCommitment(due_on=date(2016, 2, 1))
    factories.AnyCommitment(done_at=timezone.now(), done_by=factories.AnyUser())

    assert list(signed_in.get(reverse("animation:meetings")).context["commitments"]) == [first, later]


def test_a_committee_is_read_by_who_was_there_or_has_something_to_do(signed_in, advisor, coordinator, pilot):
    on = timezone.localdate()
    closed = factories.AnyNetworkMeeting(kind="COMMITTEE")
    there = factories.AnyNetworkMeeting(kind="COMMITTEE")
    there.present.add(advisor)
    to_do = factories.AnyCommitment(owner=advisor, meeting__kind="COMMITTEE").meeting

    assert set(NetworkMeeting.objects.visible_to(advisor, on=on)) == {there, to_do}
    assert signed_in.get(reverse("animation:meeting", args=[closed.pk])).status_code == 404
    for user in (coordinator, pilot):
        assert NetworkMeeting.objects.visible_to(user, on=on).count() == 3


def test_a_coordinator_writes_the_minutes_of_the_meetings_that_she_called(client, coordinator):
    theirs = factories.AnyNetworkMeeting()
    client.force_login(coordinator)
    client.post(reverse("animation:new_meeting"), FORM)
    hers = NetworkMeeting.objects.get(recorded_by=coordinator)

    assert client.post(reverse("animation:decision", args=[hers.pk]), {"words": "Oui."}).status_code == 302
    assert client.post(reverse("animation:decision", args=[theirs.pk]), {"words": "Non."}).status_code == 404


def test_a_decision_written_by_mistake_is_taken_back(by_pilot, pilot):
    decision = factories.AnyDecision()
    for _twice in range(2):
        by_pilot.post(reverse("animation:decision_withdrawal", args=[decision.pk]))

    assert Decision.objects.get().withdrawn_by == pilot
    assert not Decision.objects.standing().exists()


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_meeting_or_three(signed_in, many, django_assert_num_queries):
    for _ in range(many):
        factories.AnyCommitment()
        starts_at = instant(timezone.localdate() + timedelta(days=5), datetime.min.time())
        factories.AnyNetworkMeeting(starts_at=starts_at)

    with django_assert_num_queries(10):
        signed_in.get(reverse("animation:meetings"))


@pytest.mark.parametrize("many", [1, 3])
def test_minutes_cost_the_same_for_one_line_or_three(signed_in, many, django_assert_num_queries):
    meeting = factories.AnyNetworkMeeting()
    factories.AnyDecision.create_batch(many, meeting=meeting)
    factories.AnyCommitment.create_batch(many, meeting=meeting)
    meeting.present.set(factories.AnyUser.create_batch(many))

    with django_assert_num_queries(10):
        signed_in.get(reverse("animation:meeting", args=[meeting.pk]))


def test_a_change_that_comes_after_the_end_changes_nothing(pilot):
    meeting = factories.AnyNetworkMeeting()
    late = NetworkMeeting.objects.get(pk=meeting.pk)
    services.call_off_meeting(meeting=meeting, by=pilot, at=timezone.now())
    late.place = "Lens"
    with pytest.raises(services.MeetingOff):
        services.change_meeting(meeting=late, by=pilot, at=timezone.now())
    meeting.refresh_from_db()

    assert (meeting.cancelled_by, meeting.sequence, meeting.place == "Lens") == (pilot, 1, False)
