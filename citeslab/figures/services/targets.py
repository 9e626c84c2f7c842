"""Numbers aimed at: set, and withdrawn."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.figures.models import Target
from citeslab.figures.queries import can_be_aimed_at
from citeslab.figures.values import Perimeter

TARGETS_LOCK = 7_205  # any constant: with a year, those who aim at something that year wait for one another


class NotCounted(Exception):
    def __str__(self):
        return _("This figure is not counted on this perimeter: aim at another one.")


@transaction.atomic
def set_target(*, year: int, indicator: str, perimeter: Perimeter, aim: int, by: User, at: datetime) -> Target:
    """Aim at a number. The one that stood is withdrawn and kept; the same number again changes nothing.

    Raises `NotCounted`.
    """
    if not can_be_aimed_at(indicator, perimeter):
        raise NotCounted
    hold_targets_of(year)
    stands = Target.objects.standing().of(perimeter, year=year).filter(indicator=indicator).first()
    if stands and stands.aim == aim:
        return stands
    if stands:
        mark_withdrawn(stands, by=by, at=at)
    target = Target.objects.create(
        year=year,
        indicator=indicator,
        level=perimeter.level,
        code=perimeter.code,
        aim=aim,
        recorded_at=at,
        recorded_by=by,
    )
    former = {"former": stands.pk} if stands else {}
    audit.record("figures.target.set", target, by=by, at=at, **said(target), **former)
    return target


@transaction.atomic
def set_targets(
    *, year: int, indicator: str, aims: Mapping[Perimeter, int | None], by: User, at: datetime
) -> list[Target]:
    """One figure on many perimeters in one act; where nothing is aimed at any more, the target is withdrawn."""
    hold_targets_of(year)
    set_now = []
    for perimeter, aim in aims.items():
        if aim is not None:
            set_now.append(
                set_target(year=year, indicator=indicator, perimeter=perimeter, aim=aim, by=by, at=at)
            )  # fmt: skip
            continue
        for stands in Target.objects.standing().of(perimeter, year=year).filter(indicator=indicator):
            withdraw_target(target=stands, by=by, at=at)
    return set_now


@transaction.atomic
def withdraw_target(*, target: Target, by: User, at: datetime) -> Target:
    """Aim at nothing any more; what was aimed at is kept. Asking twice changes nothing more."""
    hold_targets_of(target.year)
    target = Target.objects.get(pk=target.pk)
    if target.withdrawn_at is None:
        mark_withdrawn(target, by=by, at=at)
        audit.record("figures.target.withdrawn", target, by=by, at=at, **said(target))
    return target


def hold_targets_of(year: int) -> None:
    """Until the end of the act, nobody else changes what that year aims at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TARGETS_LOCK, year])


def mark_withdrawn(target: Target, *, by: User, at: datetime) -> None:
    target.withdrawn_at, target.withdrawn_by = at, by
    target.save(update_fields=["withdrawn_at", "withdrawn_by"])


def said(target: Target) -> dict[str, str | int]:
    return {
        "year": target.year,
        "indicator": target.indicator,
        "perimeter": target.perimeter.said,
        "aim": target.aim,
    }
