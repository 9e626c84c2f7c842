"""Many facts at once, or taken back.

They leave the journal to their caller: they are a part of its act, told in its line.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from citeslab.accounts.models import User
from citeslab.followup.models import Meeting, Transition

BATCH = 5_000


@transaction.atomic
def record_meetings(*, meetings: Sequence[Meeting], by: User, at: datetime) -> None:
    for meeting in meetings:
        meeting.recorded_at, meeting.recorded_by = at, by
    Meeting.objects.bulk_create(meetings, batch_size=BATCH)


@transaction.atomic
def withdraw_meetings(*, meetings: Collection[int], by: User, at: datetime) -> None:
    """Take back meetings, given by their keys: they stay in the books as they were known."""
    Meeting.objects.standing().filter(pk__in=meetings).update(withdrawn_at=at, withdrawn_by=by)


@transaction.atomic
def record_transitions(*, transitions: Sequence[Transition], by: User, at: datetime) -> None:
    """Record steps in the order given, which decides between steps of one day: the later entered wins."""
    for transition in transitions:
        transition.recorded_at, transition.recorded_by = at, by
    Transition.objects.bulk_create(transitions, batch_size=BATCH)


@transaction.atomic
def withdraw_transitions(*, transitions: Collection[int], by: User, at: datetime) -> None:
    """Take back steps, given by their keys: they stay in the books as they were known."""
    Transition.objects.standing().filter(pk__in=transitions).update(withdrawn_at=at, withdrawn_by=by)
