"""The one way into the journal, and what keeps its chain."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction

from citeslab.audit.models import Entry, Link, Seal, Waiting
from citeslab.audit.values import START, line_digest, signatures

CHAIN_LOCK = 7_205_002  # any constant: one process at a time extends the chain
BATCH = 2_000


def record(
    action: str,
    subject: models.Model | None = None,
    *,
    by: AbstractBaseUser | AnonymousUser,
    at: datetime,
    **details,
) -> Entry:
    """Write one line, in the transaction of the act it tells. `details` hold ids, codes and counts, no name.

    `AnonymousUser` is who acts by the secret link of a message, without an account. Nobody waits for anybody: a task
    ties the line into the chain some seconds later.
    """
    return Entry.objects.create(
        at=at,
        action=action,
        actor_id=by.pk,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        details=details,
    )


@transaction.atomic
def chain(*, most: int = BATCH) -> int:
    """Tie the lines that wait to the end of the chain, in the order of their numbers; how many were tied.

    A line whose act is committed late is tied late, after lines with greater numbers: the chain's order is its own.
    """
    hold_the_chain()
    waiting = list(Waiting.objects.order_by("pk").values_list("pk", flat=True)[:most])
    if not waiting:
        return 0
    entries = Entry.objects.in_bulk(waiting)
    last = Link.objects.order_by("-position").first() or Seal.objects.order_by("-position").first()
    position, digest = (last.position, last.digest) if last else (0, START)
    links = []
    for pk in waiting:
        if pk in entries:  # a line that somebody removed before it was chained leaves a hole that verification shows
            position, digest = position + 1, line_digest(digest, **entries[pk].told())
            links.append(Link(position=position, entry_id=pk, digest=digest))
    Link.objects.bulk_create(links)
    Waiting.objects.filter(pk__in=[link.entry_id for link in links]).delete()
    return len(links)


def hold_the_chain() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


@transaction.atomic
def seal(*, at: datetime) -> Seal | None:
    """Sign where the chain stands; nothing when it has not grown since the last seal."""
    hold_the_chain()
    last = Link.objects.order_by("-position").first()
    if last is None or Seal.objects.filter(position=last.position).exists():
        return None
    return sign(last, forgets=False, at=at)


def sign(link: Link, *, forgets: bool, at: datetime) -> Seal:
    return Seal.objects.create(
        position=link.position,
        digest=link.digest,
        sealed_at=at,
        forgets=forgets,
        signature=signatures(link.position, link.digest, at, forgets)[0],
    )


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Remove the lines older than `AUDIT_KEPT_DAYS`, behind a seal from which the rest is still verified.

    Only an unbroken beginning of the chain goes: a line that came late keeps those before it a little longer.
    """
    hold_the_chain()
    limit = at - timedelta(days=settings.AUDIT_KEPT_DAYS)
    kept = (
        Link.objects.filter(entry_id__in=Entry.objects.filter(at__gte=limit).values("pk")).order_by("position").first()
    )
    old = Link.objects.filter(position__lt=kept.position) if kept else Link.objects.all()
    last = old.order_by("-position").first()
    if last is None:
        return 0
    sign(last, forgets=True, at=at)
    Entry.objects.filter(pk__in=Link.objects.filter(position__lte=last.position).values("entry_id")).delete()
    removed, _rows = Link.objects.filter(position__lte=last.position).delete()
    return removed
