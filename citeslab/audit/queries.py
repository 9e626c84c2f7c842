"""Reading the journal: is the chain whole, and who did what to whom?"""

import hmac
from collections.abc import Iterator

from django.db import models

from citeslab.audit.models import Entry, Link, Seal, Waiting
from citeslab.audit.values import START, line_digest, signatures

BATCH = 5_000


def about(subject: models.Model) -> models.QuerySet[Entry]:
    """The lines about one thing, the latest first: what was done to it, and who read it."""
    return Entry.objects.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk).order_by("-at", "-pk")


def waiting_count() -> int:
    """Lines that no link holds yet: a few seconds' worth."""
    return Waiting.objects.count()


def first_broken_line() -> int | None:
    """The number of the first line that does not fit the chain, or `None`.

    The check begins at the last seal that let older lines go, or at the start. A seal that the chain does not
    meet (its end was cut, or the whole was made again) is told by the line after which it should stand.
    """
    seals = list(Seal.objects.order_by("position", "pk"))
    if forged := next((seal for seal in seals if not is_signed(seal)), None):
        return forged.position
    start = max((seal for seal in seals if seal.forgets), key=lambda seal: seal.position, default=None)
    position, digest = (start.position, start.digest) if start else (0, START)
    expected = {seal.position: seal.digest for seal in seals if seal.position > position}
    for link, entry in links_with_lines(after=position):
        position += 1
        follows = entry is not None and line_digest(digest, **entry.told()) == link.digest
        if link.position != position or not follows:
            return link.entry_id
        digest = link.digest
        if expected.pop(position, digest) != digest:
            return link.entry_id
    if expected:
        return Link.objects.order_by("-position").values_list("entry_id", flat=True).first() or min(expected)
    return unlinked_line()


def unlinked_line() -> int | None:
    """A line that neither waits nor is tied: it was slipped in, or its link was taken away."""
    loose = Entry.objects.filter(
        ~models.Exists(Link.objects.filter(entry_id=models.OuterRef("pk"))),
        ~models.Exists(Waiting.objects.filter(entry_id=models.OuterRef("pk"))),
    )
    gone = Waiting.objects.filter(~models.Exists(Entry.objects.filter(pk=models.OuterRef("entry_id"))))
    return loose.values_list("pk", flat=True).first() or gone.values_list("pk", flat=True).first()


def links_with_lines(*, after: int) -> Iterator[tuple[Link, Entry | None]]:
    while batch := list(Link.objects.filter(position__gt=after).order_by("position")[:BATCH]):
        entries = Entry.objects.in_bulk([link.entry_id for link in batch])
        for link in batch:
            yield link, entries.get(link.entry_id)
        after = batch[-1].position


def is_signed(seal: Seal) -> bool:
    valid = signatures(seal.position, seal.digest, seal.sealed_at, seal.forgets)
    return any(hmac.compare_digest(seal.signature, one) for one in valid)
