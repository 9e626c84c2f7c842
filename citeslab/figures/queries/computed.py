"""The values of the figures: computed from the facts, or read as last computed while no fact has moved them."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from typing import Any

from django.db.models import Count

from citeslab.core.values import last_day
from citeslab.figures.definitions.dimensions import broken_down
from citeslab.figures.definitions.facts import Scope, Shape
from citeslab.figures.definitions.indicators import BASES, BY_ID, INDICATORS, Indicator
from citeslab.figures.definitions.people import person_years
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.gateways import Operational
from citeslab.figures.models import Change, Computed
from citeslab.network.models import Site

FIRST_YEAR = 2002
Figures = dict[str, Any]


ENGINE = Operational()
sql = ENGINE.sql


def fetch(statement: str, scope: Scope) -> list[dict[str, Any]]:
    return ENGINE.rows(statement, scope.parameters)


def scope_of(year: int, site: Site | None = None, known_by: datetime | None = None, day: date | None = None) -> Scope:
    return Scope(year=year, site_id=site.pk if site else None, known_by=known_by, day=day)


def counts(scope: Scope, indicators: Iterable[Indicator]) -> dict[str, int]:
    """Each counted indicator's value; those of one base come from one statement."""
    wanted = [indicator for indicator in indicators if indicator.base]
    values: dict[str, int] = {}
    for name in dict.fromkeys(indicator.base for indicator in wanted):
        of_base = [indicator for indicator in wanted if indicator.base == name]
        row = fetch(counting(name, tuple(indicator.id for indicator in of_base), scope.shape), scope)[0]
        values |= {indicator.id: int(row[f"n{place}"] or 0) for place, indicator in enumerate(of_base)}
    return values


@cache  # of a few: compiling takes ten times longer than counting a site
def counting(name: str, ids: tuple[str, ...], shape: Shape) -> str:
    """The statement that counts these indicators of one base, each in a column `n0`, `n1`..."""
    base = BASES[name](shape)
    return sql(base.aggregate(**{f"n{place}": BY_ID[id].counted(base) for place, id in enumerate(ids)}))


@cache
def by_department(base: str, shape: Shape) -> str:
    """How many people of a base each department has: supported there, or in post."""
    rows = broken_down(BASES[base](shape), [Breakdown.DEPARTMENT], shape)
    whom = rows.person_id if "person_id" in rows.columns else rows.user_id
    return sql(rows.group_by("department").aggregate(people=whom.nunique()))


def ratio(numerator: int, denominator: int) -> float | None:
    """Exact until the last step: 4 decimals, half to even; nothing over nothing."""
    return float(round(Fraction(numerator, denominator), 4)) if denominator else None


def with_shares(values: dict[str, Any], indicators: Iterable[Indicator]) -> dict[str, Any]:
    return values | {
        indicator.id: ratio(values[indicator.numerator], values[indicator.denominator])
        for indicator in indicators
        if indicator.numerator
    }


def nested(values: dict[str, Any]) -> Figures:
    """`{"residence.in": 3}` as `{"residence": {"in": 3}}`, in the order of the definitions."""
    tree: Figures = {}
    for indicator in INDICATORS:
        if not indicator.of_a_year:
            continue
        *branches, leaf = indicator.id.split(".")
        here = tree
        for branch in branches:
            here = here.setdefault(branch, {})
        here[leaf] = values[indicator.id]
    return tree


def computed(scope: Scope) -> dict[str, Any]:
    """Every indicator of the scope by id, computed now."""
    return with_shares(counts(scope, INDICATORS), INDICATORS)


def figures_of_year(*, year: int, site: Site | None = None, known_by: datetime | None = None) -> Figures:
    """A year's figures as nested counts and shares: the shape of `citeslab figures --format json`."""
    return {"year": year, **nested(computed(scope_of(year, site, known_by)))}


# -- the last computed values -----------------------------------------------------------------------------------------


@cache
def definitions_digest() -> str:
    """Changes with any definition: the digest of what one shape compiles to."""
    shape = Shape(of_site=True, of_instant=True)
    text = "".join(sql(base(shape)) for base in BASES.values()) + "".join(
        by_department(base, Shape()) for base in ("supported", "tenures")
    )
    ids = "".join(f"{indicator.id}@{indicator.version}" for indicator in INDICATORS)
    return hashlib.sha256((text + ids).encode()).hexdigest()


@cache
def kept_digest() -> str:
    """Changes with the definition of the rows kept of each year."""
    return hashlib.sha256(sql(person_years()).encode()).hexdigest()


def changes_by_year() -> dict[int, int]:
    """How many marks each year carries."""
    return dict(Change.objects.values_list("since_year").annotate(Count("pk")))


def up_to(year: int, marks: dict[int, int]) -> int:
    return sum(number for since, number in marks.items() if since <= year)


def kept(
    years: Iterable[int], *, site: Site | None = None, known_by: datetime | None = None, day: date | None = None
) -> dict[int, dict[str, Any]]:
    """Indicators by id for each year: as last computed where no fact has moved them since, computed anew elsewhere.

    The marks are counted before computing: what is written meanwhile counts as a change not yet seen, so that a
    stale value is never taken for a fresh one.
    """
    years = list(years)
    marks = changes_by_year()
    known = {
        row.year: row
        for row in Computed.objects.filter(
            year__in=years, site=site, known_by=known_by, definitions=definitions_digest()
        )
        if row.day == (day or last_day(row.year))
    }
    values = {}
    for year in years:
        seen = up_to(year, marks)
        row = known.get(year)
        if row is None or row.changes_seen != seen:
            row = Computed(changes_seen=seen, values=everything(scope_of(year, site, known_by, day)))
            Computed.objects.update_or_create(
                year=year,
                site=site,
                day=day or last_day(year),
                known_by=known_by,
                defaults={
                    "definitions": definitions_digest(),
                    "changes_seen": seen,
                    "values": row.values,
                    "computed_at": datetime.now(UTC),
                },
            )
        values[year] = row.values
    return values


def everything(scope: Scope) -> dict[str, Any]:
    """The indicators; for the network also its departments."""
    values = computed(scope)
    if scope.site_id is None:
        supported, advisors = (
            {row["department"]: row["people"] for row in fetch(by_department(base, scope.shape), scope)}
            for base in ("supported", "tenures")
        )
        values["departments"] = {
            department: [supported.get(department, 0), advisors.get(department, 0)]
            for department in {*supported, *advisors} - {UNKNOWN}
        }
    return values


def cached_figures_of_year(*, year: int, site: Site | None = None) -> Figures:
    """`figures_of_year`, right as of the last fact written, and quick when none was."""
    return {"year": year, **nested(kept([year], site=site)[year])}


def network_of_years(first: int, last: int) -> dict[int, dict[str, Any]]:
    """Indicators by id, and departments, for each year of the whole network."""
    return kept(range(first, last + 1))
