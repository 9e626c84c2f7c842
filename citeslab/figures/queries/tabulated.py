"""A figure broken down: by what people are, where, by year."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Protocol

from ibis.expr.types import Expr

from citeslab.core.values import last_day
from citeslab.figures.definitions.dimensions import BREAKDOWNS, broken_down, inside
from citeslab.figures.definitions.facts import Scope, Shape
from citeslab.figures.definitions.indicators import BASES, BY_ID
from citeslab.figures.enums import Breakdown
from citeslab.figures.queries.computed import ENGINE, kept_digest

# Bases whose rows are each of the year in which something happened: many years are one question.
OF_A_YEAR = frozenset({"met", "supported", "fse_participants", "actions", "attendances", "heads"})
# Of these, those of people: the rows of each year may be kept.
OF_PEOPLE = frozenset({"met", "supported", "fse_participants"})


class NoSuchBreakdown(Exception):
    """This figure cannot be broken down so; the message names both."""


class Engine(Protocol):
    """What holds the facts: it says an expression in its own words, and answers them.

    `kept_until` is the last year whose rows it keeps, made by this definition, and right; the years before are too.
    """

    def kept_until(self, definition: str) -> int | None: ...

    @staticmethod
    def sql(expression: Expr) -> str: ...

    def answered(self, statement: str, parameters: Mapping[str, Any]) -> tuple[list[str], list[tuple]]: ...

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]: ...


Cells = dict[tuple, int]  # one class of each breakdown -> how many


def tabulated(indicator: str, *, by: Sequence[Breakdown], scope: Scope, engine: Engine = ENGINE) -> Cells:
    """How many of an indicator fall in each class of these breakdowns; a class with nobody has no cell.

    Of a scope of many years (`since`), the year comes first. Raises `NoSuchBreakdown`.
    """
    defined = BY_ID[indicator]
    at = tuple(name for name, _value in scope.at)
    unfit = {Breakdown(name) for name in (*by, *at)} - BREAKDOWNS.get(defined.base, frozenset())
    if unfit or (scope.shape.of_years and defined.base not in OF_A_YEAR):
        raise NoSuchBreakdown(f"{indicator} by {', '.join(sorted(unfit)) or 'year'}")
    named = tuple(Breakdown(one) for one in by)
    first = ("year",) if scope.shape.of_years else ()
    cells: Cells = {}
    for part in in_parts(defined.base, scope, engine):
        statement = counting(indicator, named, at, part.shape, engine.sql, first)
        _columns, rows = engine.answered(statement, part.parameters)
        cells |= {row[:-1]: int(row[-1]) for row in rows if row[-1]}
    return cells


def in_parts(base: str, scope: Scope, engine: Engine) -> list[Scope]:
    """The same question of the years whose rows are kept, and of the others."""
    of_the_year = scope.until is None and (scope.since is not None or scope.reference_day == last_day(scope.year))
    if base not in OF_PEOPLE or scope.site_id is not None or scope.known_by is not None or not of_the_year:
        return [scope]
    first, until = scope.since or scope.year, engine.kept_until(kept_digest())
    if until is None or until < first:
        return [scope]
    kept = replace(scope, since=first, year=min(until, scope.year), kept=True)
    return [kept] if until >= scope.year else [kept, replace(scope, since=until + 1)]


@cache
def counting(
    indicator: str,
    by: tuple[Breakdown, ...],
    at: tuple[str, ...],
    shape: Shape,
    sql: Callable[[Expr], str],
    first: tuple[str, ...],
) -> str:
    """How many in each class: these columns first, then the classes, then how many."""
    defined = BY_ID[indicator]
    base = inside(broken_down(BASES[defined.base](shape), {*by, *map(Breakdown, at)}, shape), at)
    keys = shape.keys(*[one.value for one in by])
    counted = (base.group_by(keys) if keys else base).aggregate(n=defined.counted(base))
    return sql(counted.select(*first, *[one.value for one in by], "n"))


def totals(indicators: Collection[str], *, scopes: Sequence[Scope]) -> list[dict[str, int]]:
    """How many of each of these indicators in each of these scopes, which are of one shape: one question for all.

    Raises `NoSuchBreakdown`.
    """
    at = tuple(name for name, _value in scopes[0].at)
    by_base: dict[str, list[str]] = {}
    for indicator in sorted(set(indicators)):
        by_base.setdefault(BY_ID[indicator].base, []).append(indicator)
    if unfit := [base for base in by_base if {Breakdown(name) for name in at} - BREAKDOWNS.get(base, frozenset())]:
        raise NoSuchBreakdown(f"{', '.join(unfit)} by {', '.join(at)}")
    statements = [counting_of_each(base, tuple(ids), at, scopes[0].shape) for base, ids in by_base.items()]
    rows = ENGINE.rows_of_each(statements, [scope.parameters for scope in scopes])
    return [{name: int(value or 0) for name, value in row.items()} for row in rows]


@cache
def counting_of_each(name: str, ids: tuple[str, ...], at: tuple[str, ...], shape: Shape) -> str:
    base = inside(broken_down(BASES[name](shape), {*map(Breakdown, at)}, shape), at)
    return ENGINE.sql_of_each(base.aggregate(**{id: BY_ID[id].counted(base) for id in ids}))


def members(indicator: str, *, scope: Scope) -> list[int]:
    """The people that an indicator of people counts in a scope, by their keys, in order. Raises `NoSuchBreakdown`."""
    defined = BY_ID[indicator]
    at = tuple(name for name, _value in scope.at)
    if not defined.of_people or {Breakdown(name) for name in at} - BREAKDOWNS[defined.base]:
        raise NoSuchBreakdown(f"the people of {indicator} by {', '.join(at)}")
    return [row["person_id"] for row in ENGINE.rows(listing(indicator, at, scope.shape), scope.parameters)]


@cache
def listing(indicator: str, at: tuple[str, ...], shape: Shape) -> str:
    defined = BY_ID[indicator]
    base = inside(broken_down(BASES[defined.base](shape), {*map(Breakdown, at)}, shape), at)
    return ENGINE.sql(defined.rows(base).select("person_id").order_by("person_id"))
