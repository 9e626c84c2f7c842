"""What is announced, to whom, and what is new to somebody."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from citeslab.accounts.models import User
from citeslab.animation.models import Announcement, ReadMark
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization, Mandate, held_by
from citeslab.territories.models import Region

NEW_FOR = timedelta(days=60)  # an older announcement is history, read or not


def announcements(user: User, *, on: date) -> QuerySet[Announcement]:
    """Those said to her or that she may take back, pinned ones first, with `is_read` and `is_pinned`."""
    said = Announcement.objects.addressed_to(user, on=on).values("pk")
    hers = Announcement.objects.written_by(user, on=on).values("pk")
    read = ReadMark.objects.filter(announcement=OuterRef("pk"), user=user)
    return (
        Announcement.objects.filter(Q(pk__in=said) | Q(pk__in=hers))
        .annotate(is_read=Exists(read), is_pinned=Q(pinned_until__isnull=False, pinned_until__gte=on))
        .select_related("recorded_by", "organization")
        .prefetch_related("regions")
        .order_by("-is_pinned", "-recorded_at", "-pk")
    )


def to_read(user: User, *, on: date) -> QuerySet[Announcement]:
    """Those said to her that are pinned, or new to her."""
    read = ReadMark.objects.filter(announcement=OuterRef("pk"), user=user)
    new = ~Exists(read) & Q(recorded_at__date__gt=on - NEW_FOR)
    found = Announcement.objects.addressed_to(user, on=on).filter(Q(pinned_until__gte=on) | new)
    return (
        found.exclude(recorded_by=user)
        .annotate(is_read=Exists(read), is_pinned=Q(pinned_until__isnull=False, pinned_until__gte=on))
        .order_by("-is_pinned", "-recorded_at", "-pk")
    )


def organizations_to_tell(user: User, *, on: date) -> QuerySet[HostOrganization]:
    """Those to which a coordinator announces, by name; none for the pilot, who speaks to the whole network."""
    held = held_by(user, on=on)
    if any(mandate.role == Role.PILOT for mandate in held):
        return HostOrganization.objects.none()
    keys = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
    return HostOrganization.objects.filter(pk__in=keys).order_by("name", "pk")


def reached(
    *, roles: Collection[Role], regions: Collection[Region], organization: HostOrganization | None, on: date
) -> int:
    """How many accounts an announcement is said to that day."""
    held = Mandate.objects.on(on).filter(role__in=list(roles), user__is_active=True)
    if organization:
        held = held.filter(Q(organization=organization) | Q(site__organization=organization))
    if regions:
        held = held.filter(Q(site=None) | Q(site__department__region__in=regions))
    return held.values("user").distinct().count()
