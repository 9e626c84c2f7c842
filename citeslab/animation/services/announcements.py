"""Announcements made, read, taken back."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.animation import queries
from citeslab.animation.models import Announcement, ReadMark
from citeslab.audit import services as audit
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization
from citeslab.territories.models import Region


class Nobody(Exception):
    def __str__(self):
        return _("Nobody holds one of these roles there today: the announcement would reach nobody.")


@transaction.atomic
def announce(
    *,
    title: str,
    words: str,
    roles: Collection[Role],
    regions: Collection[Region] = (),
    organization: HostOrganization | None = None,
    pinned_until: date | None = None,
    by: User,
    at: datetime,
) -> Announcement:
    """Say something to those who hold these roles, in these regions or this organization. Raises `Nobody`."""
    on = timezone.localdate(at)
    reached = queries.reached(roles=roles, regions=regions, organization=organization, on=on)
    if not reached:
        raise Nobody
    announcement = Announcement.objects.create(
        title=title,
        words=words,
        roles=sorted(roles),
        organization=organization,
        pinned_until=pinned_until,
        recorded_at=at,
        recorded_by=by,
    )
    announcement.regions.set(regions)
    audit.record("animation.announcement.made", announcement, by=by, at=at, reached=reached)
    return announcement


@transaction.atomic
def mark_read(*, announcement: Announcement, by: User) -> None:
    """It is no longer new to her. The journal says nothing of it: it is a convenience, not an act."""
    ReadMark.objects.get_or_create(announcement=announcement, user=by)


@transaction.atomic
def take_back_announcement(*, announcement: Announcement, by: User, at: datetime) -> None:
    """Nobody reads it any more. Twice is once."""
    if announcement.withdrawn_at is None:
        announcement.withdrawn_at, announcement.withdrawn_by = at, by
        announcement.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record("animation.announcement.withdrawn", announcement, by=by, at=at)
