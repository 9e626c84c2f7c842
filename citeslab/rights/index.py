"""Which rows reach a person, found by the foreign keys of every model: a new room is covered by writing its models."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models
from django.db.models import Q

from citeslab.people.models import Person
from citeslab.rights import definitions

LONGEST_PATH = 4  # foreign keys between a row and the person


@dataclass(frozen=True)
class Reach:
    """A model whose rows are about people, and the ways from a row to a person.

    `shared`: a row may be about several people (a project with two holders). `ties`: a row holds two people together
    (the same person known twice), and would tell who one is by the other.
    """

    model: type[models.Model]
    paths: tuple[str, ...]
    shared: bool = False
    ties: bool = False

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def about(self, people: Collection[int]) -> models.QuerySet:
        """The rows about these people (by their keys)."""
        reached = Q()
        for path in self.paths:
            reached |= Q(**{f"{path}__in" if path else "pk__in": people})
        rows = self.model._base_manager.filter(reached)
        if not self.shared:
            return rows
        return self.model._base_manager.filter(pk__in=rows.values("pk"))

    def still_named(self, people: Collection[int]) -> models.QuerySet:
        """Of a shared model, the rows about these people that someone else still named has a part in."""
        named = Person.objects.named().exclude(pk__in=people)
        others = Q()
        for path in self.paths:
            others |= Q(**{f"{path}__in": named})
        return self.about(people).filter(others)

    @property
    def personal(self) -> list[models.Field]:
        """The personal fields of this very table that do not outlive the name."""
        return [
            self.model._meta.get_field(name)
            for name in getattr(self.model, "PERSONAL", ())
            if f"{self.label}.{name}" not in definitions.KEPT
        ]


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("citeslab.")]


def foreign_keys(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if (field.many_to_one or field.one_to_one) and field.related_model is not model
    ]


@cache
def reaches() -> tuple[Reach, ...]:
    """Every model that reaches a person, the person herself first."""
    paths: dict[type[models.Model], list[str]] = {Person: [""]}
    spread(paths)
    direct = set(paths)
    for model in our_models():
        several = [field.name for field in model._meta.many_to_many if field.related_model is Person]
        if several and model not in paths:
            paths[model] = several
    spread(paths)
    for label, fields in definitions.BY_NUMBER.items():
        with suppress(LookupError):  # a room that is not open here
            model = apps.get_model(label)
            paths[model] = list(fields)
            direct.add(model)
    return tuple(
        Reach(
            model=model,
            paths=tuple(found),
            shared=model not in direct,
            ties=people_named(model) > 1,
        )
        for model, found in paths.items()
    )


def people_named(model: type[models.Model]) -> int:
    """How many people a row of its own fields names."""
    numbers = definitions.BY_NUMBER.get(model._meta.label_lower, ())
    return len(numbers) + sum(field.related_model is Person for field in foreign_keys(model))


def spread(paths: dict[type[models.Model], list[str]]) -> None:
    """Follow foreign keys from the models that reach a person to those that point at them, step by step."""
    edge = list(paths)
    for _step in range(LONGEST_PATH):
        found: dict[type[models.Model], list[str]] = {}
        for model in our_models():
            if model in paths:
                continue
            for field in foreign_keys(model):
                if field.related_model in edge:
                    ways = paths[field.related_model]
                    found.setdefault(model, []).extend(f"{field.name}__{way}".removesuffix("__") for way in ways)
        paths |= found
        edge = list(found)


def self_references() -> list[str]:
    """Foreign keys from a person to another one: a file joined to hers is hers too."""
    return [field.name for field in Person._meta.concrete_fields if field.related_model is Person]


def blank(model: type[models.Model], field: models.Field):
    """What a personal field holds once it is scrubbed: nothing, or the word that its table asks for (`SCRUBBED`)."""
    told = getattr(model, "SCRUBBED", {})
    if field.name in told:
        return told[field.name]
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return {} if field.default is dict else []
    if isinstance(field, models.BinaryField):
        return b""
    if isinstance(field, models.CharField | models.TextField):
        return ""
    return field.get_default()
