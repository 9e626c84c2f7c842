"""Acts on documents: kept, opened, taken away, erased on their day, scanned again."""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.files.enums import Verdict
from citeslab.files.errors import NotTaken
from citeslab.files.gateways import scan
from citeslab.files.models import StoredFile
from citeslab.files.readers import type_of

MEGABYTE = 1024 * 1024
LONGEST_NAME = 160


@transaction.atomic
def store(*, owner: models.Model, name: str, content: bytes, kept_until: date, by: User, at: datetime) -> StoredFile:
    """Keep a document of `owner` until that day. Raises `NotTaken` for what it is not, or holds.

    What a scan finds bad, or cannot say, is kept in quarantine: the act is told, and nobody is served.
    """
    if not content:
        raise NotTaken("empty")
    if len(content) > settings.FILES_MAX_BYTES:
        raise NotTaken("large", limit=settings.FILES_MAX_BYTES // MEGABYTE)
    media_type = type_of(name, content)
    stem, dot, ending = name.rpartition(".")
    stored = StoredFile.objects.create(
        owner_kind=owner._meta.label_lower,
        owner_id=owner.pk,
        name=stem[: LONGEST_NAME - len(ending) - 1] + dot + ending,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        verdict=scan(content),
        kept_until=kept_until,
        stored_at=at,
        stored_by=by,
    )
    audit.record("files.file.stored", stored, by=by, at=at, owner_id=owner.pk, verdict=stored.verdict)
    return stored


class InQuarantine(Exception):
    """It was held back by a scan, or is not there any more: nobody is served."""


def opened(*, stored: StoredFile, by: User, at: datetime) -> bytes:
    """The content, for who may read it: the caller says who. The read is journaled. Raises `InQuarantine`."""
    if not stored.is_served or stored.content is None:
        raise InQuarantine
    audit.record("files.file.read", stored, by=by, at=at, owner_id=stored.owner_id)
    return bytes(stored.content)


@transaction.atomic
def remove(*, stored: StoredFile, by: User, at: datetime) -> None:
    """Take a document away: it is listed no more, and the night erases it. Twice is once."""
    stored = StoredFile.objects.select_for_update(of=["self"]).defer("content").get(pk=stored.pk)
    if stored.removed_at is None:
        stored.removed_at, stored.removed_by = at, by
        stored.save(update_fields=["removed_at", "removed_by"])
        audit.record("files.file.removed", stored, by=by, at=at, owner_id=stored.owner_id)


@transaction.atomic
def erase_due(*, by: User, at: datetime) -> int:
    """Erase name and content of what is past its day, or was taken away; what was kept, and when, stays told."""
    due = StoredFile.objects.due(timezone.localdate(at)).select_for_update(of=["self"]).defer("content")
    keys = sorted(stored.pk for stored in due)
    StoredFile.objects.filter(pk__in=keys).update(content=None, name="", erased_at=at)
    if keys:
        audit.record("files.files.erased", by=by, at=at, count=len(keys))
    return len(keys)


def scan_again() -> int:
    """Ask the scanner again about what it could not say; how many it has settled. Each is its own transaction."""
    waiting = StoredFile.objects.filter(verdict=Verdict.UNSCANNABLE).exclude(content=None).order_by("pk")
    settled = 0
    for key in list(waiting.values_list("pk", flat=True)):
        verdict = scan(bytes(StoredFile.objects.values_list("content", flat=True).get(pk=key) or b""))
        if verdict in {Verdict.CLEAN, Verdict.INFECTED}:
            settled += StoredFile.objects.filter(pk=key, verdict=Verdict.UNSCANNABLE).update(verdict=verdict)
    return settled
