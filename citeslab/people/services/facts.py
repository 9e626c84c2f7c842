"""How a fact is said anew."""

from datetime import datetime

from citeslab.accounts.models import User

BATCH = 5_000  # rows a statement


def again(fact, *, by: User, at: datetime, save: bool = True, **changes):
    """A new row that says what `fact` said, but for `changes` (by column)."""
    said = {
        field.attname: getattr(fact, field.attname) for field in fact._meta.concrete_fields if not field.primary_key
    }
    books = {"recorded_at": at, "recorded_by_id": by.pk, "withdrawn_at": None, "withdrawn_by_id": None}
    fresh = type(fact)(**said | books | changes)
    if save:
        fresh.save()
    return fresh
