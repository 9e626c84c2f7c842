"""Publishing a year: its counts protected together, attacked, and kept in the register of what is out."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit_services
from citeslab.core.values import last_day
from citeslab.figures import disclosure, exports, queries
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.disclosure import Rule
from citeslab.figures.disclosure.attack import Progress, silent
from citeslab.figures.models import Publication

REGISTER_LOCK = 7_205_061  # any constant: what leaves is held against all that left before it, one at a time


class NotYet(Exception):
    """The year is not over; the message says when it will be."""


class Leaks(Exception):
    """What would be published gives hidden counts away; `leaks` names them, and the publication is refused."""

    def __init__(self, leaks: Sequence[disclosure.Leak]):
        self.leaks = list(leaks)

    def __str__(self):
        first = "; ".join(map(str, self.leaks[:5]))
        return _("%(count)s hidden counts could be worked out: %(first)s") % {"count": len(self.leaks), "first": first}


class RegisterMoved(Exception):
    """Something left that was not looked at: nothing leaves that was not held against it."""

    def __str__(self):
        return _("Something else was published or sealed meanwhile, and this was not held against it. Begin again.")


@dataclass(frozen=True)
class Withheld:
    """A table that is not published: beside what is out, it would give `leaks` away whatever it hides."""

    table: str
    leaks: tuple[disclosure.Leak, ...]


@dataclass(frozen=True)
class Prepared:
    """A year ready to be published: which of its cells are hidden, and why, with what the attack found.

    `withheld` are the tables that are not in it; whoever publishes says that she knows. `register` is what was out.
    """

    year: queries.Year
    register: queries.Register
    hidden: tuple[bool, ...]
    reasons: tuple[str, ...]
    summary: dict
    withheld: tuple[Withheld, ...] = ()


def prepare(*, year: int, on: date, rule: Rule = disclosure.DEFAULT, progress: Progress = silent) -> Prepared:
    """Compute, protect and attack; nothing is kept. Raises `NotYet` and `Leaks`.

    Corrections may leave no way to hide enough beside what is out: then the tables from which it follows are withheld,
    as few as are found one after the other.
    """
    if on <= last_day(year):
        raise NotYet(
            _("The year %(year)s is over on %(day)s: until then its figures move.")
            % {"year": year, "day": last_day(year).isoformat()}
        )
    register = queries.register()  # before all that is read of it: what comes later is noticed
    found = queries.year_to_publish(year)
    earlier = queries.issues_of(year)
    withheld: list[Withheld] = []
    counts, protection, attacked = protected(found, rule, earlier, progress)
    while not attacked.safe:
        table = most_telling(found, attacked.leaks) if earlier else None
        if table is None:
            raise Leaks(attacked.leaks)
        withheld.append(Withheld(table, tuple(leak for leak in attacked.leaks if table in tables_of(found, leak))))
        found = replace(found, cells=tuple(cell for cell in found.cells if cell.table != table))
        counts, protection, attacked = protected(found, rule, earlier, progress)
    told = disclosure.summary(protection, attacked)
    places = iter(counts.places.tolist())
    reasons = [
        disclosure.Reason(int(protection.reasons[next(places)])).name if is_of else disclosure.Reason.SHOWN.name
        for is_of in found.protectable
    ]
    return Prepared(
        year=found,
        register=register,
        hidden=tuple(reason != disclosure.Reason.SHOWN.name for reason in reasons),
        reasons=tuple(reasons),
        withheld=tuple(withheld),
        summary={
            "cells": len(reasons),
            "hidden": sum(reason != disclosure.Reason.SHOWN.name for reason in reasons),
            "small": reasons.count(disclosure.Reason.SMALL.name),
            "protecting": reasons.count(disclosure.Reason.PROTECTS_ANOTHER.name),
            "hidden_earlier": reasons.count(disclosure.Reason.HIDDEN_EARLIER.name),
            "leaks": told.leaks,
            "earlier": len(earlier),
            "withheld": [one.table for one in withheld],
            "threshold": rule.threshold,
            "versions": {cell.indicator: BY_ID[cell.indicator].version for cell in found.cells},
            "statements": [
                {"id": check.statement.id, "value": check.value, "holds": check.holds}
                for check in (one.as_published() for one in queries.statements())
            ],
        },
    )


def protected(
    found: queries.Year, rule: Rule, earlier: Sequence[disclosure.Issue], progress: Progress
) -> tuple[disclosure.Publication, disclosure.Protection, disclosure.Audit]:
    """What stands for someone in a year, protected, and what the attack finds in it; beside the years next to it."""
    of_people = [cell for cell, is_of in zip(found.cells, found.protectable, strict=True) if is_of]
    beside = queries.other_years(found.year, of_people)
    counts = queries.counts_of(of_people, found.territories, other_years=beside)
    earlier = [*earlier, *beside.issues]
    protection = disclosure.protect(counts, rule=rule, earlier=earlier, progress=progress)
    return counts, protection, disclosure.audit(protection.issue, rule=rule, earlier=earlier, progress=progress)


def most_telling(found: queries.Year, leaks: Sequence[disclosure.Leak]) -> str | None:
    """The table that most leaks follow from; of several, the largest. Nothing where none is of this year."""
    sizes = Counter(cell.table for cell in found.cells)
    named = Counter(table for leak in leaks for table in tables_of(found, leak))
    return max(named, key=lambda table: (named[table], sizes[table], table), default=None)


def tables_of(found: queries.Year, leak: disclosure.Leak) -> set[str]:
    """Those that say the leaked count; else those that say one from which it follows."""
    beside = [key for total, parts in leak.relations for key in (total, *parts)]
    return saying(found, [leak.key]) or saying(found, beside)


def saying(found: queries.Year, keys: Sequence[disclosure.Key]) -> set[str]:
    wanted = {(key.indicator, frozenset(pair for pair in key.by if pair[0] != disclosure.AS_PRINTED)) for key in keys}
    return {cell.table for cell in found.cells if (cell.indicator, queries.place_said(cell)) in wanted}


@transaction.atomic
def publish(*, prepared: Prepared, by: User, at: datetime) -> Publication:
    """Enter a prepared year in the register, from which the next publication of that year is judged.

    Raises `RegisterMoved` if something was entered since it was prepared.
    """
    year = prepared.year.year
    hold_register()
    if queries.register() != prepared.register:
        raise RegisterMoved
    number = (Publication.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1
    made = Publication.objects.create(
        year=year,
        number=number,
        threshold=prepared.summary["threshold"],
        definitions=queries.definitions_digest(),
        cells=[
            [cell.table, cell.indicator, dict(cell.by), cell.count, is_hidden]
            for cell, is_hidden in zip(prepared.year.cells, prepared.hidden, strict=True)
        ],
        summary=prepared.summary
        | {"territories": [[one.code, one.level, one.parent, one.name] for one in prepared.year.territories]},
        digest=hashlib.sha256(exports.cells_csv(prepared.year.cells, prepared.hidden).encode()).hexdigest(),
        made_at=at,
        made_by=by,
    )
    audit_services.record(
        "figures.publication.made", made, by=by, at=at, year=year, number=number, day=localdate(at).isoformat()
    )
    return made


def hold_register() -> None:
    """Until the end of the act, nothing else leaves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTER_LOCK])
