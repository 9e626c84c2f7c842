"""What joins remember of people who are forgotten."""

from collections.abc import Collection
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from citeslab.accounts.models import User
from citeslab.duplicates import queries
from citeslab.duplicates.models import Join
from citeslab.duplicates.services.folding import Step
from citeslab.notifications import services as notifications
from citeslab.people.models import Person


@transaction.atomic
def forget(*, people: Collection[int], by: User, at: datetime) -> None:
    """Drop the joins of these files and of all that was joined into them, at whatever remove.

    Joins of other files keep nothing that was put aside about them: undoing one would bring it back.
    """
    keys = set(people) | set(queries.earlier_keys(*people))
    joins = Join.objects.filter(Q(kept_key__in=keys) | Q(gone_key__in=keys))
    forget_messages(joins.standing(), keys)
    joins.delete()
    changed = []
    for join in Join.objects.exclude(steps=[]).order_by("pk").select_for_update():
        kept = without_rows_about(join.steps, keys)
        if len(kept) < len(join.steps):
            join.steps = kept
            changed.append(join)
    Join.objects.bulk_update(changed, ["steps"])


def forget_messages(joins, keys: Collection[int]) -> None:
    """What was written to the addresses of the files that went, unless someone else is reached there."""
    values = list(joins.values_list("gone", flat=True))
    words = {gone.get(name) or "" for gone in values for name in ("email", "phone")} - {""}
    others = Person.objects.named().exclude(pk__in=keys).filter(Q(email__in=words) | Q(phone__in=words))
    words -= {word for pair in others.values_list("email", "phone") for word in pair}
    notifications.forget_people(about={}, words=sorted(words))


def without_rows_about(steps: list[Step], people: Collection[int]) -> list[Step]:
    """The steps, but for the rows put aside that name these people, and what hung on those rows."""
    away: set[tuple[type, object]] = {(Person, key) for key in people}
    kept = steps
    while True:
        found = [step for step in kept if step["act"] == "put aside" and not away.isdisjoint(names(step))]
        if not found:
            return kept
        for step in found:
            table = apps.get_model(step["table"])
            away.add((table, step["row"][table._meta.pk.attname]))
        kept = [step for step in kept if step not in found]


def names(step: Step) -> set[tuple[type, object]]:
    """What a row put aside points at."""
    table = apps.get_model(step["table"])
    return {
        (field.related_model, step["row"].get(field.attname))
        for field in table._meta.local_concrete_fields
        if field.many_to_one or field.one_to_one
    }
