"""Counts of a year at every site, by classes: read as last counted while no fact has moved them, else counted anew."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from citeslab.figures.definitions.facts import Scope, Shape
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.enums import Breakdown
from citeslab.figures.models import Grid
from citeslab.figures.queries.computed import changes_by_year, sql, up_to
from citeslab.figures.queries.tabulated import OF_A_YEAR, Cells, counting, tabulated


def grids(indicator: str, *, years: Collection[int], by: Sequence[Breakdown]) -> dict[int, Cells]:
    """By year: how many in each (site, class...). Marks are counted before the facts are, as in `computed.kept`."""
    marks = changes_by_year()
    definition = digest_of(indicator, tuple(by))
    name = ",".join(by)
    kept = {
        row.year: row
        for row in Grid.objects.filter(indicator=indicator, by=name, definition=definition, year__in=years)
    }
    right = {year: row.cells for year, row in kept.items() if row.changes_seen == up_to(year, marks)}
    counted = counts_of(indicator, sorted(set(years) - right.keys()), by)
    Grid.objects.bulk_create(
        [
            Grid(
                indicator=indicator,
                year=year,
                by=name,
                definition=definition,
                changes_seen=up_to(year, marks),
                cells=[[*key, count] for key, count in sorted(cells.items())],
            )
            for year, cells in counted.items()
        ],
        update_conflicts=True,
        unique_fields=["indicator", "year", "by"],
        update_fields=["definition", "changes_seen", "cells"],
    )
    return counted | {year: {tuple(key): count for *key, count in cells} for year, cells in right.items()}


def counts_of(indicator: str, years: Sequence[int], by: Sequence[Breakdown]) -> dict[int, Cells]:
    """Counted now; years in a row are one question, where each row is of one year."""
    found: dict[int, Cells] = {year: {} for year in years}
    classes = (Breakdown.SITE, *by)
    for first, last in in_a_row(years) if BY_ID[indicator].base in OF_A_YEAR else []:
        for (year, *key), count in tabulated(indicator, by=classes, scope=Scope(year=last, since=first)).items():
            found[year][tuple(key)] = count
    if BY_ID[indicator].base not in OF_A_YEAR:
        found = {year: tabulated(indicator, by=classes, scope=Scope(year=year)) for year in years}
    return found


def in_a_row(years: Sequence[int]) -> list[tuple[int, int]]:
    """
    >>> in_a_row([2010, 2011, 2012, 2016])
    [(2010, 2012), (2016, 2016)]
    """
    rows: list[tuple[int, int]] = []
    for year in years:
        if rows and rows[-1][1] == year - 1:
            rows[-1] = (rows[-1][0], year)
        else:
            rows.append((year, year))
    return rows


@cache
def digest_of(indicator: str, by: tuple[Breakdown, ...]) -> str:
    """Changes with what the indicator counts, and with what its classes mean."""
    statement = counting(indicator, (Breakdown.SITE, *by), (), Shape(), sql, ())
    return hashlib.sha256(statement.encode()).hexdigest()


def summed(cells: Cells, places: Iterable[int]) -> Cells:
    """The same counts by some of their dimensions only, those at these places."""
    kept = list(places)
    sums: defaultdict[tuple, int] = defaultdict(int)
    for key, count in cells.items():
        sums[tuple(key[place] for place in kept)] += count
    return dict(sums)
