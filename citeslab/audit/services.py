"""The one way into the journal."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models, transaction

from citeslab.audit.models import Entry
from citeslab.audit.values import START, line_digest

CHAIN_LOCK = 7_205_002  # any constant: one writer at a time extends the chain


@transaction.atomic
def record(action: str, subject: models.Model | None = None, *, by: AbstractBaseUser, at: datetime, **details) -> Entry:
    """Write one line, in the transaction of the act it tells. `details` hold ids, codes and counts, no name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = Entry.objects.order_by("-pk").values_list("digest", flat=True).first() or START
    line = {
        "at": at,
        "action": action,
        "actor_id": by.pk,
        "subject_kind": subject._meta.label_lower if subject is not None else "",
        "subject_id": subject.pk if subject is not None else None,
        "details": details,
    }
    return Entry.objects.create(**line, previous=last, digest=line_digest(last, **line))
