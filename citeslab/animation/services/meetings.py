"""Meetings of the network: called, told in minutes; decisions, and actions to follow until they are done."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.animation.models import Commitment, Decision, NetworkMeeting
from citeslab.audit import services as audit

PROGRAMME = ("title", "kind", "place", "link", "agenda", "starts_at", "ends_at")


class MeetingOff(Exception):
    def __str__(self):
        return _("This meeting was called off meanwhile: nothing was changed.")


class TooEarly(Exception):
    def __str__(self):
        return _("An action is due on the day of its meeting or later.")


@transaction.atomic
def call_meeting(*, meeting: NetworkMeeting, by: User, at: datetime) -> NetworkMeeting:
    """Put a new meeting on the network's calendar."""
    meeting.recorded_at, meeting.recorded_by, meeting.changed_at = at, by, at
    meeting.save()
    audit.record("animation.meeting.called", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def change_meeting(*, meeting: NetworkMeeting, by: User, at: datetime) -> NetworkMeeting:
    """Write what a form changed; calendars see it has. Raises `MeetingOff`."""
    before = NetworkMeeting.objects.select_for_update(of=["self"]).get(pk=meeting.pk)
    if before.cancelled_at:
        raise MeetingOff
    meeting.sequence, meeting.changed_at = before.sequence + 1, at
    meeting.save(update_fields=[*PROGRAMME, "sequence", "changed_at"])
    audit.record("animation.meeting.changed", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def call_off_meeting(*, meeting: NetworkMeeting, by: User, at: datetime) -> None:
    """It does not take place. Twice is once."""
    meeting = NetworkMeeting.objects.select_for_update(of=["self"]).get(pk=meeting.pk)
    if meeting.cancelled_at:
        return
    meeting.cancelled_at, meeting.cancelled_by, meeting.changed_at = at, by, at
    meeting.sequence += 1
    meeting.save(update_fields=["cancelled_at", "cancelled_by", "changed_at", "sequence"])
    audit.record("animation.meeting.called_off", meeting, by=by, at=at)


@transaction.atomic
def note_present(*, meeting: NetworkMeeting, present: Collection[User], others: str, by: User, at: datetime) -> None:
    """Who was there."""
    meeting.others = others
    meeting.save(update_fields=["others"])
    meeting.present.set(present)
    audit.record("animation.meeting.attended", meeting, by=by, at=at, present=len(present))


@transaction.atomic
def decide(*, meeting: NetworkMeeting, words: str, by: User, at: datetime) -> Decision:
    decision = Decision.objects.create(meeting=meeting, words=words, recorded_at=at, recorded_by=by)
    audit.record("animation.decision.made", decision, by=by, at=at, meeting_id=meeting.pk)
    return decision


@transaction.atomic
def take_back_decision(*, decision: Decision, by: User, at: datetime) -> None:
    """It was written by mistake. Twice is once."""
    if decision.withdrawn_at is None:
        decision.withdrawn_at, decision.withdrawn_by = at, by
        decision.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record("animation.decision.withdrawn", decision, by=by, at=at)


@transaction.atomic
def commit(*, meeting: NetworkMeeting, words: str, owner: User, due_on: date, by: User, at: datetime) -> Commitment:
    """An action that somebody took on. Raises `TooEarly` when it is due before the meeting."""
    taken_on = timezone.localdate(meeting.starts_at)
    if due_on < taken_on:
        raise TooEarly
    commitment = Commitment.objects.create(
        meeting=meeting, words=words, owner=owner, taken_on=taken_on, due_on=due_on, recorded_at=at, recorded_by=by
    )
    audit.record("animation.commitment.taken", commitment, by=by, at=at, meeting_id=meeting.pk, owner_id=owner.pk)
    return commitment


@transaction.atomic
def finish(*, commitment: Commitment, by: User, at: datetime) -> None:
    """It is done. Twice is once."""
    commitment = Commitment.objects.select_for_update(of=["self"]).get(pk=commitment.pk)
    if commitment.done_at is None:
        commitment.done_at, commitment.done_by = at, by
        commitment.save(update_fields=["done_at", "done_by"])
        audit.record("animation.commitment.done", commitment, by=by, at=at)


@transaction.atomic
def give_up(*, commitment: Commitment, by: User, at: datetime) -> None:
    """It is no longer to be done. Twice is once."""
    if commitment.withdrawn_at is None:
        commitment.withdrawn_at, commitment.withdrawn_by = at, by
        commitment.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record("animation.commitment.withdrawn", commitment, by=by, at=at)
