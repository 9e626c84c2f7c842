"""The meetings of the network, and what was taken on there."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from citeslab.accounts.models import User
from citeslab.animation.models import Commitment, NetworkMeeting
from citeslab.network.enums import Role
from citeslab.network.models import Mandate


def meetings_to_come(visible: QuerySet[NetworkMeeting], at: datetime) -> QuerySet[NetworkMeeting]:
    return visible.filter(ends_at__gt=at, cancelled_at=None).order_by("starts_at", "pk")


def past_meetings(visible: QuerySet[NetworkMeeting], at: datetime) -> QuerySet[NetworkMeeting]:
    return visible.filter(ends_at__lte=at).order_by("-starts_at", "-pk")


def commitments(visible: QuerySet[NetworkMeeting]) -> QuerySet[Commitment]:
    """What is still to be done, the first due first."""
    found = Commitment.objects.open().filter(meeting__in=visible)
    return found.select_related("meeting", "owner").order_by("due_on", "pk")


def members(on: date) -> QuerySet[User]:
    """Who works in the network that day, by name."""
    held = Mandate.objects.on(on).filter(role__in=[Role.ADVISOR, Role.COORDINATOR, Role.PILOT])
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("sort_key", "pk")


def to_note_present(meeting: NetworkMeeting, *, on: date) -> QuerySet[User]:
    """Whom its minutes may say present, by name: who works in the network that day, and who is noted, gone since."""
    both = Q(pk__in=members(on).values("pk")) | Q(pk__in=meeting.present.values("pk"))
    return User.objects.filter(both).order_by("sort_key", "pk")
