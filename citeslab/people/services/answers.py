"""In a QPV or not: the answers that the map makes, and those that a human decides.

The functions that take many rows leave the journal to their caller: they are a part of its act, told in its line.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.people.enums import Grounds, Method, Precision
from citeslab.people.models import Residence, ResidenceAnswer
from citeslab.people.services.facts import BATCH, again
from citeslab.territories import queries as territories
from citeslab.territories.enums import Answer, Edition

POINTED_WITHIN_M = 500  # how far from the house a finger may be, on a map without its streets


class NothingToDecide(Exception):
    """The answer was decided, or the address changed, since the page was opened."""

    def __str__(self):
        return _("This address no longer waits: someone decided, or the address changed. Here is what is known now.")


@transaction.atomic
def decide(
    *, answer: ResidenceAnswer, qpv_code: str, grounds: Grounds, reason: str = "", by: User, at: datetime
) -> ResidenceAnswer:
    """Say that she lives in the QPV of this code, or in none (an empty code), and why. Raises `NothingToDecide`.

    The computed answer is withdrawn; the decision rests on the same release.
    """
    answer = ResidenceAnswer.objects.select_for_update(of=["self"]).get(pk=answer.pk)
    if answer.withdrawn_at or answer.answer != Answer.TO_CHECK:
        raise NothingToDecide
    withdraw_answer(answer, by=by, at=at)
    decided = again(
        answer,
        by=by,
        at=at,
        answer=Answer.IN if qpv_code else Answer.OUT,
        qpv_code=qpv_code,
        method=Method.MANUAL,
        grounds=grounds,
        reason=reason,
    )
    audit.record(
        "people.answer.decided", answer.residence.person, by=by, at=at, answer=decided.pk, said=decided.answer,
        edition=answer.edition, qpv=qpv_code, grounds=grounds,
    )  # fmt: skip
    return decided


@transaction.atomic
def undo_decision(*, answer: ResidenceAnswer, by: User, at: datetime) -> ResidenceAnswer:
    """Take a decision back: what the map said waits to be checked again. Raises `NothingToDecide`."""
    answer = ResidenceAnswer.objects.select_for_update(of=["self"]).get(pk=answer.pk)
    computed = (
        ResidenceAnswer.objects.filter(residence=answer.residence_id, edition=answer.edition, method=Method.COMPUTED)
        .exclude(withdrawn_at=None)
        .order_by("-withdrawn_at", "-pk")
        .first()
    )
    if answer.withdrawn_at or answer.method != Method.MANUAL or computed is None:
        raise NothingToDecide
    withdraw_answer(answer, by=by, at=at)
    waiting = again(computed, by=by, at=at)
    audit.record("people.decision.undone", answer.residence.person, by=by, at=at, answer=answer.pk)
    return waiting


def withdraw_answer(answer: ResidenceAnswer, *, by: User, at: datetime) -> None:
    ResidenceAnswer.objects.filter(pk=answer.pk).update(withdrawn_at=at, withdrawn_by=by)


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
            answer=as_sure_as(residence, answer, border),
            qpv_code=code,
            border_m=None if np.isnan(border) or residence.precision == Precision.UNSURE else round(border, 1),
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


def as_sure_as(residence: Residence, answer: str, border: float) -> str:
    """What may be said of a place that is not known to the house: a human decides, unless no border is near."""
    unsure = residence.precision == Precision.UNSURE
    near = residence.precision == Precision.POINTED and border < POINTED_WITHIN_M
    return Answer.TO_CHECK if unsure or near else answer


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
