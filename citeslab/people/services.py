"""Acts on people and on where they live.

The functions that take many rows leave the journal to their caller: they are a part of its act, told in its line.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef

from citeslab.accounts.models import User
from citeslab.core.values import sort_key
from citeslab.people.enums import Method
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.territories import queries as territories
from citeslab.territories.enums import Answer, Edition
from citeslab.territories.values import TERRITORIES, territories_of

BATCH = 5_000
IDENTITY = (
    "first_name",
    "preferred_name",
    "sort_key",
    "sex",
    "born_on",
    "phone",
    "email",
    "situation_at_entry",
    "diploma",
    "contact_source",
)


@transaction.atomic
def save_people(*, people: Sequence[Person], by: User, at: datetime) -> None:
    """Record the new ones (those without a key, which they receive) and rewrite the identity of the others."""
    for person in people:
        person.sort_key = sort_key(person.preferred_name, person.first_name)
    new = [person for person in people if person.pk is None]
    known = [person for person in people if person.pk is not None]
    for person in new:
        person.recorded_at, person.recorded_by = at, by
    Person.objects.bulk_create(new, batch_size=BATCH)
    Person.objects.bulk_update(known, IDENTITY, batch_size=500)


@transaction.atomic
def record_residences(*, residences: Sequence[Residence], by: User, at: datetime) -> None:
    """Record where people live and answer at once in each edition that has a release.

    The open residence that a person already had is withdrawn with its answers: this is a correction, not a move.
    The territory is found from the position.
    """
    withdraw_residences(residences=open_residences(residences), by=by, at=at)
    place(residences)
    for residence in residences:
        residence.recorded_at, residence.recorded_by = at, by
    Residence.objects.bulk_create(residences, batch_size=BATCH)
    answer_residences(residences=residences, by=by, at=at)


def open_residences(residences: Iterable[Residence]) -> list[int]:
    people = [residence.person_id for residence in residences]
    return list(
        Residence.objects.standing().filter(person__in=people, ends_on=None).order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def withdraw_residences(*, residences: Sequence[int], by: User, at: datetime) -> None:
    """Take back residences (given by their keys) and the answers made for them."""
    if not residences:
        return
    withdrawn = {"withdrawn_at": at, "withdrawn_by": by}
    ResidenceAnswer.objects.standing().filter(residence__in=residences).update(**withdrawn)
    Residence.objects.standing().filter(pk__in=residences).update(**withdrawn)


def place(residences: Sequence[Residence]) -> None:
    """Write the territory of each residence that has a position, and none on the others."""
    located = [residence for residence in residences if residence.longitude is not None]
    for residence in residences:
        residence.territory = ""
    for residence, number in zip(located, territories_of(*positions(located)), strict=True):
        residence.territory = TERRITORIES[number]


def positions(residences: Sequence[Residence]) -> tuple[np.ndarray, np.ndarray]:
    longitudes = np.array([residence.longitude for residence in residences], dtype=float)
    latitudes = np.array([residence.latitude for residence in residences], dtype=float)
    return longitudes, latitudes


@transaction.atomic
def answer_residences(*, residences: Sequence[Residence], by: User, at: datetime) -> int:
    """Store the QPV answer of each located residence, in each edition that has a release and no standing answer.

    The latest release of the edition answers. Returns how many answers were stored. A standing answer, computed
    or decided by a human, is left as it is: a new release never rewrites an old answer.
    """
    located = [residence for residence in residences if residence.longitude is not None]
    keys = [residence.pk for residence in located]
    answered = defaultdict(set)
    standing = ResidenceAnswer.objects.standing().filter(residence__in=keys)
    for edition, residence in standing.values_list("edition", "residence"):
        answered[edition].add(residence)
    return sum(
        store_answers(
            [residence for residence in located if residence.pk not in answered[edition]], edition=edition, by=by, at=at
        )
        for edition in Edition
    )


def store_answers(residences: Sequence[Residence], *, edition: Edition, by: User, at: datetime) -> int:
    """Nothing is stored for a place outside France, nor when no release of the edition is loaded."""
    if not residences:
        return 0
    longitudes, latitudes = positions(residences)
    places = territories.locate_many(longitudes=longitudes, latitudes=latitudes, edition=edition)
    if places is None:
        return 0
    rows = [
        ResidenceAnswer(
            residence_id=residence.pk,
            edition=edition,
            release_id=places.index.release_id,
            answer=answer,
            qpv_code=code,
            border_m=None if np.isnan(border) else round(border, 1),
            method=Method.COMPUTED,
            recorded_at=at,
            recorded_by=by,
        )
        for residence, answer, code, border in zip(
            residences, places.answers, places.first_codes, places.borders.tolist(), strict=True
        )
        if answer != Answer.NOT_LOCATED
    ]
    ResidenceAnswer.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


@transaction.atomic
def answer_in_edition(*, edition: Edition, by: User, at: datetime) -> int:
    """Answer, in batches, every located residence that has no standing answer in this edition yet."""
    answer = ResidenceAnswer.objects.standing().filter(residence=OuterRef("pk"), edition=edition)
    waiting = Residence.objects.standing().exclude(longitude=None).filter(~Exists(answer))
    stored, last = 0, 0
    while batch := list(waiting.filter(pk__gt=last).order_by("pk")[:BATCH]):
        stored += store_answers(batch, edition=edition, by=by, at=at)
        last = batch[-1].pk
    return stored
