"""Where people live: recorded, corrected, left.

The functions that take many rows leave the journal to their caller: they are a part of its act, told in its line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.people.services.answers import answer_residences, positions
from citeslab.people.services.facts import BATCH, again
from citeslab.people.values import Home
from citeslab.territories.values import TERRITORIES, territories_of


class MoveBeforeHome(Exception):
    """A move is dated before the home it ends."""

    def __str__(self):
        return _("She cannot have left this home before she came to it. Check the day of the move.")


@transaction.atomic
def record_home(*, person: Person, home: Home, moved_on: date | None = None, by: User, at: datetime) -> Residence:
    """Record where she lives, and answer at once in each edition.

    With `moved_on` the home before ends that day, and what was answered for it stands; without, the home before was
    a mistake and is withdrawn. Raises `MoveBeforeHome`.
    """
    person = Person.objects.select_for_update(of=["self"]).get(pk=person.pk)
    before = Residence.objects.standing().filter(person=person, ends_on=None).first()
    begins_on = before.begins_on if before else None
    if before and moved_on:
        end_home(before, on=moved_on, by=by, at=at)
        begins_on = moved_on
    residence = Residence(person=person, begins_on=begins_on, **asdict(home))
    record_residences(residences=[residence], by=by, at=at)
    act = ("moved" if moved_on else "corrected") if before else "recorded"
    audit.record(f"people.residence.{act}", person, by=by, at=at, residence=residence.pk)
    return residence


def end_home(residence: Residence, *, on: date, by: User, at: datetime) -> None:
    """A fact is not rewritten: the open home is withdrawn, and recorded again with its end and its answers."""
    if residence.begins_on and residence.begins_on >= on:
        raise MoveBeforeHome
    answers = list(residence.answers.standing())
    withdraw_residences(residences=[residence.pk], by=by, at=at)
    ended = again(residence, by=by, at=at, ends_on=on)
    ResidenceAnswer.objects.bulk_create(
        [again(answer, by=by, at=at, save=False, residence_id=ended.pk) for answer in answers]
    )


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
