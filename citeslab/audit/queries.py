"""Reading the journal: is the chain whole?"""

from citeslab.audit.models import Entry
from citeslab.audit.values import START, line_digest


def first_broken_line() -> int | None:
    """The id of the first line whose digest does not follow from the line before, or `None`."""
    previous = START
    for entry in Entry.objects.order_by("pk").iterator(chunk_size=5_000):
        expected = line_digest(
            previous,
            at=entry.at,
            action=entry.action,
            actor_id=entry.actor_id,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            details=entry.details,
        )
        if entry.previous != previous or entry.digest != expected:
            return entry.pk
        previous = entry.digest
    return None
