"""What is frozen beside numbers: definitions, the code that computed; what moved since, and why."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db.models import Q
from ibis.expr.types import Table

from citeslab.core.values import last_day
from citeslab.duplicates.models import Join
from citeslab.figures.definitions import facts
from citeslab.figures.definitions.facts import Shape
from citeslab.figures.definitions.indicators import BASES, BY_ID
from citeslab.figures.definitions.outlines import in_each_language
from citeslab.figures.enums import Breakdown, Secrecy
from citeslab.figures.models import SealedVersion
from citeslab.figures.queries.computed import ENGINE, sql
from citeslab.figures.queries.placed import LEVELS, where_sites_are
from citeslab.figures.queries.protected import RULES
from citeslab.figures.queries.reported import answers, key_of, numbers_of
from citeslab.figures.values import Block, Perimeter, digest
from citeslab.territories.models import Release

ROOM = Path(__file__).parents[1]

# -- what computed ----------------------------------------------------------------------------------------------------


def definitions_of(numbers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The definitions that these numbers rest on, the terms of shares included, by id."""
    ids = {row["indicator"] for row in numbers}
    for one in list(ids):
        ids |= {BY_ID[one].numerator, BY_ID[one].denominator, BY_ID[one].unknowns} - {""}
    return [definition(one) for one in sorted(ids)]


def definition(id: str) -> dict[str, Any]:
    one = BY_ID[id]
    return {
        "id": one.id,
        "version": one.version,
        "wording": in_each_language(one.wording),
        "definition": in_each_language(one.definition),
        "unit": in_each_language(one.unit),
        "period": in_each_language(one.period),
        "numerator": one.numerator,
        "denominator": one.denominator,
        "sql_sha256": compiled_digest(id),
    }


@cache
def compiled_digest(id: str) -> str:
    """The digest of what a definition compiles to; of a share, of its two terms."""
    one = BY_ID[id]
    terms = [BY_ID[one.numerator], BY_ID[one.denominator]] if one.numerator else [one]
    base = {term.id: BASES[term.base](Shape(of_instant=True)) for term in terms}
    return digest("\n".join(sql(base[term.id].aggregate(n=term.counted(base[term.id]))) for term in terms))


@cache
def code_version() -> dict[str, str]:
    """The package's version, and the digest of the code of this room."""
    found = hashlib.sha256()
    for path in sorted(path for path in ROOM.rglob("*") if path.suffix in {".py", ".typ"}):
        found.update(f"{path.relative_to(ROOM).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return {"package": version("citeslab"), "room_sha256": found.hexdigest()}


# -- what moved -------------------------------------------------------------------------------------------------------

PEOPLE = ("meeting", "transition", "residence", "join")
# The kinds of facts that weigh on what each base counts.
WEIGHING = {
    "met": ("meeting", "join"),
    "supported": PEOPLE,
    "fse_participants": PEOPLE,
    "projects": ("project",),
    "actions": ("workshop",),
    "programme_actions": ("workshop",),
    "attendances": ("attendance", "workshop", "join"),
    "heads": ("head_count", "workshop"),
    "tenures": (),
    "coverages": (),
    "all_tenures": (),
    "own_funds": ("payment",),
    "meetings": ("meeting", "join"),
}
OF_RESIDENCE = frozenset({Breakdown.RESIDENCE.value, Breakdown.QPV.value})


@dataclass(frozen=True)
class Cause:
    """A kind of fact, and how many were recorded and withdrawn in between; nothing where there were some, not said."""

    kind: str
    recorded: int | None
    withdrawn: int | None

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "recorded": self.recorded, "withdrawn": self.withdrawn}


def moved(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    *,
    perimeter: Perimeter,
    since: datetime,
    until: datetime,
    secrecy: Secrecy = Secrecy.USUAL,
    redefined: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """Each number that is not the same, before and after, with the kinds of facts that weigh on it and changed since.

    A number that only one of the two has was asked by one outline alone: it did not move.
    """
    earlier = {key_of(row): row for row in before}
    differences = [(earlier[key_of(row)], row) for row in after if key_of(row) in earlier and differs(earlier, row)]
    years = {row["year"] for _was, row in differences}
    written = {year: causes(perimeter, year, since=since, until=until, secrecy=secrecy) for year in years}
    changed = frozenset(redefined)
    told = []
    for was, now in differences:
        kinds = weighing(now)
        told.append(
            {
                **{name: now[name] for name in ("indicator", "perimeter", "year", "by")},
                "before": {name: was[name] for name in ("version", "count", "of", "value", "status")},
                "after": {name: now[name] for name in ("version", "count", "of", "value", "status")},
                "causes": [written[now["year"]][kind].as_json() for kind in kinds if kind in written[now["year"]]],
                "redefined": now["indicator"] in changed or was["version"] != now["version"],
            }
        )
    return told


def moved_since_the_seal(version: SealedVersion, *, at: datetime) -> list[dict[str, Any]]:
    """The same numbers, computed now from the books as they were known at the seal: those that come out otherwise.

    What was recorded since is not in them. What rewrote the books themselves is: a join, its undoing, a correction of
    what a file says of somebody.
    """
    frozen = version.frozen
    blocks = [Block(**(one | {"by": tuple(one["by"])})) for one in frozen["blocks"]]
    report = version.report
    anew = answers(
        blocks,
        perimeter=report.perimeter,
        year=report.year,
        known_by=version.known_by,
        secrecy=Secrecy(report.secrecy),
    )
    return moved(
        frozen["numbers"],
        numbers_of(anew),
        perimeter=report.perimeter,
        since=version.known_by,
        until=at,
        secrecy=Secrecy(report.secrecy),
        redefined=redefined(frozen["definitions"]),
    )


def differs(earlier: dict[tuple, dict[str, Any]], row: dict[str, Any]) -> bool:
    was = earlier[key_of(row)]
    return any(was[name] != row[name] for name in ("version", "count", "of", "value", "status"))


def weighing(row: dict[str, Any]) -> list[str]:
    one = BY_ID[row["indicator"]]
    bases = [BY_ID[name].base for name in filter(None, (one.numerator, one.denominator))] or [one.base]
    kinds = [kind for base in bases for kind in WEIGHING[base]]
    if OF_RESIDENCE & set(row["by"]) or row["indicator"].startswith(("residence.", "qpv_of_residence")):
        kinds.append("release")
    return list(dict.fromkeys(kinds))


def redefined(frozen: Iterable[dict[str, Any]]) -> list[str]:
    """Of frozen definitions, those that compile to something else today."""
    return [
        one["id"]
        for one in frozen
        if one["id"] not in BY_ID
        or (BY_ID[one["id"]].version, compiled_digest(one["id"])) != (one["version"], one["sql_sha256"])
    ]


BOOKS: dict[str, tuple[Table, str]] = {
    "meeting": (facts.meeting, "withdrawn_at"),
    "transition": (facts.transition, "withdrawn_at"),
    "residence": (facts.residence, "withdrawn_at"),
    "project": (facts.project, ""),
    "workshop": (facts.workshop, "cancelled_at"),
    "attendance": (facts.attendance, "withdrawn_at"),
    "head_count": (facts.head_count, "withdrawn_at"),
    "payment": (facts.payment, "withdrawn_at"),
}
DAYS = {"transition": "occurred_on", "project": "started_on", "payment": "paid_on"}
# What is counted of a perimeter, where that is not everything.
COUNTED = {Breakdown.QPV.value: ("meeting", "transition", "residence"), Breakdown.AGREEMENT.value: ("workshop",)}
OF_NOBODY = frozenset({"workshop", "payment", "release"})  # shown however few, as the figures are


def causes(
    perimeter: Perimeter, year: int, *, since: datetime, until: datetime, secrecy: Secrecy = Secrecy.USUAL
) -> dict[str, Cause]:
    """What was recorded or withdrawn after `since`, up to `until`, and weighs on a year there, by kind.

    A site's own are exact. Of all others, how many there were is not said where they were few, where those of the place
    are not told from the others, or where numbers are rounded.
    """
    site = int(perimeter.code) if perimeter.level == Breakdown.SITE else None
    days = {"first_day": date(year, 1, 1), "last_day": last_day(year)}
    at = {f"at_{level}": code for level, code in perimeter.at}
    parameters = {"since": since, "until": until, "site_id": site, **days, **at}
    found = {}
    for kind in COUNTED.get(perimeter.level, BOOKS):
        row = ENGINE.rows(written_in_between(kind, perimeter.level), parameters)[0]
        found[kind] = Cause(kind, int(row["recorded"] or 0), int(row["withdrawn"] or 0))
    joins = Join.objects.all()
    if perimeter.level in LEVELS:
        place = LEVELS.index(Breakdown(perimeter.level))
        sites = [key for key, where in where_sites_are().items() if where[place] == perimeter.code]
        joins = joins.filter(Q(kept_site__in=sites) | Q(gone_site__in=sites))

    def between(name: str) -> Q:
        return Q(**{f"{name}__gt": since, f"{name}__lte": until})

    joined, parted = joins.filter(between("joined_at")).count(), joins.filter(between("undone_at")).count()
    found["join"] = Cause("join", joined, parted)
    found["release"] = Cause("release", Release.objects.filter(between("loaded_at")).count(), 0)
    found = {kind: cause for kind, cause in found.items() if cause.recorded or cause.withdrawn}
    if site is not None:
        return found
    unsaid = {"join"} if perimeter.level == Breakdown.QPV else set()
    return {
        kind: cause if kind in OF_NOBODY else veiled(cause, secrecy, is_unsaid=kind in unsaid)
        for kind, cause in found.items()
    }


def veiled(cause: Cause, secrecy: Secrecy, *, is_unsaid: bool) -> Cause:
    """As who sees nobody by name may read it."""
    is_unsaid |= secrecy == Secrecy.ROUNDED

    def said(count: int | None) -> int | None:
        return None if count and (is_unsaid or RULES[secrecy].small(count)) else count

    return Cause(cause.kind, said(cause.recorded), said(cause.withdrawn))


@cache
def written_in_between(kind: str, level: str) -> str:
    """What counts a kind of fact: those dated in the year, or that led there; of people, those met in it.

    Of a perimeter of that level, there: a person is of each place that met her in the year, and of each neighborhood in
    which she was said to live. What is recorded of her elsewhere may move her from one to another.
    """
    table, withdrawn = BOOKS[kind]
    since, until = facts.given("since", facts.INSTANT), facts.given("until", facts.INSTANT)
    rows = table
    if "held_on" in table.columns:
        rows = rows.filter(rows.held_on.between(facts.FIRST_DAY, facts.LAST_DAY))
    else:
        began = rows[
            {"transition": "occurred_on", "project": "started_on", "payment": "paid_on"}.get(kind, "begins_on")
        ]
        rows = rows.filter(began.isnull() | (began <= facts.LAST_DAY))
    if kind in ("transition", "residence"):
        meeting = facts.meeting
        rows = rows.semi_join(
            meeting.filter(meeting.held_on.between(facts.FIRST_DAY, facts.LAST_DAY)).select("person_id"), "person_id"
        )
    if level == Breakdown.SITE and "site_id" in table.columns:
        rows = rows.filter(rows.site_id == facts.SITE)
    elif level == Breakdown.SITE:
        rows = rows.semi_join(facts.person.filter(facts.person.site_id == facts.SITE).select("person_id"), "person_id")
    elif level:
        rows = there(kind, rows, level)

    def between(name: str):
        return ((rows[name] > since) & (rows[name] <= until)).sum()

    nothing = (rows.recorded_at != rows.recorded_at).sum()
    return sql(rows.aggregate(recorded=between("recorded_at"), withdrawn=between(withdrawn) if withdrawn else nothing))


def there(kind: str, rows: Table, level: str) -> Table:
    """Those of a perimeter of that level."""
    code = facts.given(f"at_{level}", "string")
    if level == Breakdown.AGREEMENT:
        return rows.filter(rows.agreement == code)
    if level == Breakdown.QPV:
        people = facts.residence.filter(facts.residence.qpv_code == code)
        return rows.semi_join(people.select("person_id"), "person_id")
    sites = facts.site.filter(facts.site[level] == code).select("site_id")
    if kind not in PEOPLE:
        return rows.semi_join(sites, "site_id")
    meeting = facts.meeting.filter(facts.meeting.held_on.between(facts.FIRST_DAY, facts.LAST_DAY))
    return rows.semi_join(meeting.semi_join(sites, "site_id").select("person_id"), "person_id")
