"""Announcements: published, withdrawn."""

from datetime import datetime

from django.db import transaction

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.website.models import Announcement


@transaction.atomic
def announce(*, title: str, words: str, by: User, at: datetime) -> Announcement:
    """Say something to everyone, from now on."""
    announcement = Announcement.objects.create(title=title, words=words, published_at=at, published_by=by)
    audit.record("website.announcement.published", announcement, by=by, at=at)
    return announcement


@transaction.atomic
def withdraw_announcement(*, announcement: Announcement, by: User, at: datetime) -> Announcement:
    """Take it off; its address says that it was withdrawn. Asking twice changes nothing more."""
    announcement = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if announcement.withdrawn_at is None:
        announcement.withdrawn_at, announcement.withdrawn_by = at, by
        announcement.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record("website.announcement.withdrawn", announcement, by=by, at=at)
    return announcement
