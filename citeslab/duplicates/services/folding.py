"""The rows of one file moved under another, whatever room they belong to, and moved back.

Rooms are found by their foreign keys to a person: a room opened tomorrow is included. What cannot stand twice on one
file is told by the database's own promises: of two facts the moved one is withdrawn (the other, where the moved one
outweighs it), of two plain rows the moved one is put aside, after what hangs on it has been folded into the one that
stays; of a fact withdrawn so, the facts that hang on it. A row that ties two people together names the smaller key
first, and is put aside when both are one.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import datetime

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models, transaction
from django.db.models import Q, UniqueConstraint

from citeslab.accounts.models import User
from citeslab.core.models import Fact

Step = dict
OWN = "duplicates"


def references(to: type[models.Model]) -> Iterator[tuple[type[models.Model], models.Field]]:
    """Each table with a foreign key to this one, and the key; those of this room are put aside apart."""
    for table in apps.get_models(include_auto_created=True):
        if table._meta.app_label == OWN or table._meta.proxy or not table._meta.managed:
            continue
        for field in table._meta.local_concrete_fields:
            if (field.many_to_one or field.one_to_one) and field.related_model is to:
                yield table, field


def fold(
    to: type[models.Model], gone: int, kept: int, *, facts_alone: bool = False, by: User, at: datetime
) -> list[Step]:
    """Point every row that names `gone` to `kept`; gives the steps, to be read backwards."""
    steps: list[Step] = []
    keys: dict[type[models.Model], list[models.Field]] = {}
    for table, field in references(to):
        if facts_alone and not issubclass(table, Fact):
            continue
        keys.setdefault(table, []).append(field)
    for table, fields in keys.items():
        for field in fields:
            rows = table._base_manager.filter(**{field.attname: gone}).order_by("pk")
            if len(fields) == 1 and not uniqueness(table, field.name) and not exclusions(table, field.name):
                steps += move(table, field, list(rows.values_list("pk", flat=True)), kept)
                continue
            for row in rows:
                steps += fold_row(row, place_of(row, fields, gone, kept), by=by, at=at)
    return steps


Place = dict[str, object]  # values of a row's columns


def place_of(row: models.Model, fields: list[models.Field], gone: int, kept: int) -> Place | None:
    """What a row's keys become; nothing when it would tie a file to itself."""
    keys = [kept if getattr(row, field.attname) == gone else getattr(row, field.attname) for field in fields]
    if any(constraint.name.endswith("_smaller_key_first") for constraint in row._meta.constraints):
        if len(set(keys)) < len(keys):
            return None
        keys.sort()
    return {field.attname: key for field, key in zip(fields, keys, strict=True)}


def fold_row(row: models.Model, place: Place | None, *, by: User, at: datetime) -> list[Step]:
    if place is None:
        return put_aside(row)
    steps: list[Step] = []
    rival = rival_of(row, place)
    if isinstance(row, Fact) and row.withdrawn_at is None and (rival is not None or is_excluded(row, place)):
        stands = rival
        lesser = rival if isinstance(rival, Fact) and row.outweighs(rival) else row
        steps += withdraw(lesser, by=by, at=at)
        rival = rival_of(row, place)
        if lesser is row and stands is not None and rival is None:
            steps += fold(type(row), row.pk, stands.pk, facts_alone=True, by=by, at=at)
    if rival is None:
        return steps + change(row, place)
    steps += fold(type(row), row.pk, rival.pk, by=by, at=at)
    return steps + put_aside(row)


def uniqueness(table: type[models.Model], *keys: str) -> list[tuple[tuple[str, ...], Q | None]]:
    """What the database wants unique and that these keys are a part of: names of fields, and on which rows."""
    of_table: list[tuple[tuple[str, ...], Q | None]] = [
        (constraint.fields, constraint.condition)
        for constraint in table._meta.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    of_table += [(tuple(together), None) for together in table._meta.unique_together]
    of_table += [((one.name,), None) for one in table._meta.local_concrete_fields if one.unique]
    return [(names, condition) for names, condition in of_table if not set(keys).isdisjoint(names)]


def exclusions(table: type[models.Model], key: str) -> list[ExclusionConstraint]:
    """What the database wants apart (one advisor at a time) and that this key is a part of."""
    return [
        constraint
        for constraint in table._meta.constraints
        if isinstance(constraint, ExclusionConstraint)
        and any(getattr(what, "name", what) == key for what, _operator in constraint.expressions)
    ]


def is_excluded(row: models.Model, place: Place) -> bool:
    """Whether a row that already stands keeps this one from going there."""
    moved = copy(row)
    for name, value in place.items():
        setattr(moved, name, value)
    for name in place:
        for constraint in exclusions(type(row), field_of(type(row), name).name):
            try:
                constraint.validate(type(row), moved)
            except ValidationError:
                return True
    return False


def rival_of(row: models.Model, place: Place) -> models.Model | None:
    """The row that already stands where this one would go."""
    table = type(row)
    rows = table._base_manager
    for names, condition in uniqueness(table, *(field_of(table, name).name for name in place)):
        attributes = [field_of(table, name).attname for name in names]
        wanted = {name: getattr(row, name) for name in attributes} | {
            name: value for name, value in place.items() if name in attributes
        }
        if None in wanted.values():
            continue  # nothing is the same as nothing
        others = rows.filter(**wanted).exclude(pk=row.pk)
        if condition is not None:
            if not rows.filter(condition, pk=row.pk).exists():
                continue
            others = others.filter(condition)
        if rival := others.order_by("pk").first():
            return rival
    return None


def field_of(table: type[models.Model], name: str) -> models.Field:
    """The field of this name, or of this column."""
    return next(field for field in table._meta.local_concrete_fields if name in (field.name, field.attname))


def move(table: type[models.Model], field: models.Field, keys: list, to: int) -> list[Step]:
    if not keys:
        return []
    rows = table._base_manager.filter(pk__in=keys)
    (before,) = set(rows.order_by().values_list(field.attname, flat=True))
    rows.update(**{field.attname: to})
    if field.primary_key:
        keys = [to]
    return [
        {"act": "move", "table": table._meta.label_lower, "field": field.name, "keys": keys, "from": before, "to": to}
    ]


def change(row: models.Model, values: Mapping[str, object]) -> list[Step]:
    """Write some columns of one row."""
    names, itself = list(values), type(row)._base_manager.filter(pk=row.pk)
    before = written(row, names)
    for name, value in values.items():
        setattr(row, name, value)
    itself.update(**values)
    return [
        {
            "act": "change",
            "table": row._meta.label_lower,
            "keys": [row.pk],
            "before": before,
            "after": written(row, names),
        }
    ]


def withdraw(fact: Fact, *, by: User, at: datetime) -> list[Step]:
    type(fact)._base_manager.filter(pk=fact.pk).update(withdrawn_at=at, withdrawn_by=by)
    fact.withdrawn_at, fact.withdrawn_by = at, by
    return [{"act": "withdraw", "table": fact._meta.label_lower, "keys": [fact.pk]}]


def put_aside(row: models.Model) -> list[Step]:
    """Take a row out of its table and keep its values; nothing may hang on it any more."""
    delete(row)
    return [{"act": "put aside", "table": row._meta.label_lower, "row": written(row)}]


def delete(row: models.Model) -> None:
    """Without Django's cascade: what still names the row must be refused by the database, not swept away."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    rows._raw_delete(DEFAULT_DB_ALIAS)


def written(row: models.Model, names: list[str] | None = None) -> dict:
    """The values of a row as JSON holds them, to the microsecond."""
    return {
        field.attname: as_json(field, row)
        for field in row._meta.local_concrete_fields
        if names is None or field.attname in names
    }


def as_json(field: models.Field, row: models.Model):
    value = getattr(row, field.attname)
    if value is None or isinstance(value, bool | int | float) or isinstance(field, models.JSONField):
        return value
    return field.value_to_string(row)


def read(field: models.Field, value):
    if value is None or isinstance(field, models.JSONField):
        return value
    target = field.target_field if field.is_relation else field
    return target.to_python(value)


def put_back(table: type[models.Model], row: dict) -> None:
    fields = {field.attname: field for field in table._meta.local_concrete_fields}
    values = {name: read(fields[name], value) for name, value in row.items() if name in fields}
    table(**values).save_base(raw=True, force_insert=True)


def step_back(step: Step, *, by: User, at: datetime) -> None:
    """Undo one step; what has since been deleted or moved elsewhere is left where it is."""
    table = apps.get_model(step["table"])
    rows = table._base_manager
    if step["act"] == "move":
        field = table._meta.get_field(step["field"])
        rows.filter(pk__in=step["keys"], **{field.attname: step["to"]}).update(**{field.attname: step["from"]})
    elif step["act"] == "change":
        before, after = (
            {name: read(field_of(table, name), value) for name, value in step[when].items()}
            for when in ("before", "after")
        )
        rows.filter(pk__in=step["keys"], **after).update(**before)
    elif step["act"] == "withdraw":
        stand_again(rows, step["keys"])
    elif step["act"] == "put aside":
        put_back(table, step["row"])
    elif step["act"] == "create":
        rows.filter(pk__in=step["keys"]).delete()


def stand_again(rows: models.Manager, keys: list) -> None:
    """Facts that the join withdrew stand again, but where another was recorded in their place since."""
    for key in keys:
        try:
            with transaction.atomic():
                rows.filter(pk=key).update(withdrawn_at=None, withdrawn_by=None)
        except IntegrityError:
            continue
