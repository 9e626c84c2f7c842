"""What is out already on a perimeter: sealed versions whose small numbers are protected, and published years."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.disclosure import BASE, Cell, Issue
from citeslab.figures.disclosure import Publication as Counts
from citeslab.figures.enums import Secrecy
from citeslab.figures.models import Publication, Report, SealedVersion
from citeslab.figures.models.reports import SealedVersionQuerySet
from citeslab.figures.queries.perimeters import NETWORK
from citeslab.figures.queries.protected import OF_SOMEONE, counts_side_by_side
from citeslab.figures.queries.tied import below
from citeslab.figures.values import Perimeter

Row = tuple[Cell, bool]  # a count, and whether it was hidden
Register = tuple[tuple[int, ...], tuple[int, ...]]  # keys of publications, of sealed versions of the network


def register() -> Register:
    """What a publication is held against. Rows are added to it and never change."""
    published = Publication.objects.order_by("pk").values_list("pk", flat=True)
    return tuple(published), tuple(sealed_on(NETWORK).order_by("pk").values_list("pk", flat=True))


def is_out_since(perimeter: Perimeter, at: datetime) -> bool:
    """Whether something is out that `issues_for` leaves out, because it is not from before."""
    published = Publication.objects.filter(made_at__gte=at)
    return sealed_on(perimeter).filter(known_by__gte=at).exists() or (perimeter == NETWORK and published.exists())


def sealed_on(perimeter: Perimeter) -> SealedVersionQuerySet:
    return SealedVersion.objects.protected().filter(report__level=perimeter.level, report__code=perimeter.code)


def issues_for(perimeter: Perimeter, *, before: datetime, by_territory: Collection[int] = ()) -> list[Issue]:
    """Of a perimeter, the first first; of the network, the published years too, all places together.

    Of the years `by_territory`, every place by itself as well: whoever reads them by neighborhood subtracts.
    """
    sealed = sealed_on(perimeter).filter(known_by__lt=before).select_related("report").order_by("known_by")
    issues = [issue_of(rows_of(version), base=base_of(version.report)) for version in sealed]
    if perimeter == NETWORK:
        published = Publication.objects.filter(made_at__lt=before).order_by("made_at", "pk")
        everywhere = {one.pk: one for one in published.filter(year__in=by_territory)}
        for one in published.with_country(regions=True):
            issues.append(of_the_network(one, everywhere[one.pk].cells if one.pk in everywhere else one.country))
    return issues


def rows_of(version: SealedVersion) -> list[Row]:
    return [
        (Cell(table=table, indicator=indicator, by=by, count=count), is_hidden)
        for table, indicator, by, count, is_hidden in version.counts["cells"]
    ]


def of_the_network(published: Publication, rows: Iterable[Sequence[Any]]) -> Issue:
    """These rows of a published year, those of people, as reports call them."""
    told_of = [row for row in rows if BY_ID[row[1]].base in OF_SOMEONE]
    cells = [
        Cell(table=table, indicator=f"{indicator} {published.year} ", by=by, count=count)
        for table, indicator, by, count, _hidden in told_of
    ]
    counts = counts_side_by_side(cells, territories=below(published.summary["territories"]), zeros=True)
    return told(counts, [row[4] for row in told_of])


def of_a_year(year: int) -> Iterator[tuple[Cell, bool]]:
    """The counts of that year of the network that are out in sealed versions, as publications call them."""
    for version in sealed_on(NETWORK).order_by("known_by"):
        for cell, is_hidden in rows_of(version):
            indicator, _space, world = cell.indicator.partition(" ")
            if world == f"{year} ":
                table = f"{version.reference} {cell.table}"
                yield Cell(table=table, indicator=indicator, by=cell.by, count=cell.count), is_hidden


def base_of(report: Report) -> int:
    """The multiples that its counts are printed to."""
    return BASE if report.secrecy == Secrecy.ROUNDED else 1


def issue_of(rows: Iterable[Row], *, base: int = 1) -> Issue:
    rows = list(rows)
    counts = counts_side_by_side([cell for cell, _hidden in rows])
    return told(counts, [is_hidden for _cell, is_hidden in rows], base=base)


def told(counts: Counts, hidden: Iterable[bool], *, base: int = 1) -> Issue:
    """The counts as they were printed."""
    gone = {int(place) for place, is_gone in zip(counts.places, hidden, strict=True) if is_gone}
    return Issue(counts, ~counts.printed | [place in gone for place in range(len(counts.keys))], base)
