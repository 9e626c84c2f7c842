"""The counts of a year's publication, in the long form, and the territories that they add up by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from citeslab.figures.definitions.facts import Scope
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.publications import TABLES, PublishedTable
from citeslab.figures.disclosure import STRICT, TOTAL, Cell, Issue, publication_of
from citeslab.figures.disclosure import Publication as Counts
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.models import Publication
from citeslab.figures.queries import issued
from citeslab.figures.queries.protected import OF_SOMEONE, SEXES
from citeslab.figures.queries.tabulated import Cells, tabulated
from citeslab.figures.queries.tied import below, hierarchies_of, said, subtracted, tied
from citeslab.territories.models import QPV, Department

HOLDS = (("persons_met", ("persons_supported",)),)
# Tables of what never ends: a project is in each year from the one in which it began.
GROWING = frozenset({"projects_by_sector"})


@dataclass(frozen=True)
class Territory:
    """A code of the file, what it is, and what it is a part of (`*`, the whole)."""

    code: str
    level: str
    parent: str
    name: str


@dataclass(frozen=True)
class Year:
    """What is to be published: `cells` in order; the territories that they name."""

    year: int
    cells: tuple[Cell, ...]
    territories: tuple[Territory, ...]

    @property
    def protectable(self) -> list[bool]:
        """Whether each cell counts people, or what stands for someone."""
        return [BY_ID[cell.indicator].base in OF_SOMEONE for cell in self.cells]


def year_to_publish(year: int) -> Year:
    """Every table of the year, computed now."""
    scope = Scope(year=year)
    found: dict[tuple[str, tuple[Breakdown, ...]], Cells] = {}

    def counted(indicator: str, by: tuple[Breakdown, ...]) -> Cells:
        if (indicator, by) not in found:
            found[indicator, by] = tabulated(indicator, by=by, scope=scope)
        return found[indicator, by]

    neighborhoods = sorted(code for (code,) in counted("persons_supported", (Breakdown.QPV,)) if code != UNKNOWN)
    territories = territories_of(neighborhoods)
    cells: list[Cell] = []
    for table in TABLES:
        if table.level:
            at_level = at(table.level, territories)
            counts: dict[tuple[str, ...], int] = {}
            for (code, *classes), count in counted(table.indicator, (Breakdown.QPV, *table.by)).items():
                key = (at_level.get(code, UNKNOWN), *classes)
                counts[key] = counts.get(key, 0) + count
        else:
            counts = dict(counted(table.indicator, table.by))
        if table.comes_back and any(0 < count < STRICT for count in counts.values()):
            continue
        cells += lines(table, counts)
    return Year(year, tuple(cells), tuple(territories.values()))


def lines(table: PublishedTable, counts: Mapping[tuple[str, ...], int]) -> list[Cell]:
    """Every class beside every other, with the totals; a place where nobody is says 0."""
    sums: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for key, count in counts.items():
        for of in product(*((value, TOTAL) for value in key)):
            sums[of] += count
    values = [[*sorted({key[place] for key in counts}), TOTAL] for place in range(len(table.dimensions))]
    return [
        Cell(
            table=table.id,
            indicator=table.indicator,
            by=dict(zip(table.dimensions, key, strict=True)),
            count=sums.get(key, 0),
        )
        for key in product(*values)
    ]


def territories_of(neighborhoods: Sequence[str]) -> dict[str, Territory]:
    """The neighborhoods with their departments and regions, and the place of everyone else."""
    known = {
        code: (name, department)
        for code, name, department in QPV.objects.filter(code__in=neighborhoods)
        .order_by("release__released_on", "pk")
        .values_list("code", "name", "department_code")
    }
    departments = {
        code: (name, region or UNKNOWN, region_name or "")
        for code, name, region, region_name in Department.objects.values_list("code", "name", "region", "region__name")
    }
    made: dict[str, Territory] = {}
    for code in neighborhoods:
        name, department = known.get(code, ("", UNKNOWN))
        department_name, region, region_name = departments.get(department, ("", UNKNOWN, ""))
        made[f"REG{region}"] = Territory(f"REG{region}", "region", TOTAL, region_name)
        made[f"DEP{department}"] = Territory(f"DEP{department}", "department", f"REG{region}", department_name)
        made[code] = Territory(code, "qpv", f"DEP{department}", name)
    made[UNKNOWN] = Territory(UNKNOWN, "elsewhere", TOTAL, "")
    order = {"region": 0, "department": 1, "qpv": 2, "elsewhere": 3}
    return dict(sorted(made.items(), key=lambda item: (order[item[1].level], item[0])))


def at(level: str, territories: Mapping[str, Territory]) -> dict[str, str]:
    """The place of that level that each neighborhood is in."""
    inside = {}
    for code, territory in territories.items():
        if territory.level == "qpv":
            here = territory
            while here.level != level:
                here = territories[here.parent]
            inside[code] = here.code
    return inside


def counts_of(
    cells: Iterable[Cell],
    territories: Iterable[Territory],
    *,
    other_years: "OtherYears | None" = None,
    unprinted: Iterable[Cell] = (),
) -> Counts:
    """The cells of people as one set of counts, in order; those of other years come after.

    The answers for residences are told as places (`tied`). `unprinted` are those that stand in no table.
    """
    beside = other_years.cells if other_years else []
    cells = [*cells, *beside]
    inside = below([(one.code, one.level, one.parent) for one in territories])
    return publication_of(
        map(tied, cells),
        hierarchies={Breakdown.SEX.value: [*SEXES]} | hierarchies_of(cells, territories=inside),
        sums=[*HOLDS, *(other_years.sums if other_years else [])],
        unprinted=unprinted,
    )


def place_said(cell: Cell) -> frozenset[tuple[str, str]]:
    """What a cell is of, as the counts of a publication call it."""
    return said(tied(cell), {})[1]


@dataclass(frozen=True)
class OtherYears:
    """What grows from year to year, as the years published nearest before and after say it.

    A year's count holds that of the year before: who reads both knows how many were added. `cells` call the indicator
    by its year too; `sums` say which holds which.
    """

    cells: list[Cell]
    hidden: list[bool]
    sums: list[tuple[str, list[str]]]

    @property
    def issues(self) -> list[Issue]:
        return [issued.told(publication_of(self.cells), self.hidden)] if self.cells else []


def other_years(year: int, own: Iterable[Cell]) -> OtherYears:
    """Beside the cells of a year. A count that a correction made smaller than before holds nothing, and is left out."""
    counts = {(cell.indicator, frozenset(cell.by.items())): cell.count for cell in own if cell.table in GROWING}
    standing = {one.year: one for one in Publication.objects.standing().with_country().exclude(year=year)}
    before = [other for other in standing if other < year]
    after = [other for other in standing if other > year]
    cells, hidden, sums = [], [], []
    for other in [*([max(before)] if before else []), *([min(after)] if after else [])]:
        for table, indicator, by, count, is_hidden in standing[other].country:
            own_count = counts.get((indicator, frozenset(by.items())))
            if own_count is not None and (count <= own_count if other < year else own_count <= count):
                cells.append(Cell(table=f"{table} {other}", indicator=f"{indicator} {other}", by=by, count=count))
                hidden.append(is_hidden)
        for indicator in sorted({cell.indicator for cell in cells if cell.indicator.endswith(f" {other}")}):
            own_name = indicator.removesuffix(f" {other}")
            sums.append((own_name, [indicator]) if other < year else (indicator, [own_name]))
    return OtherYears(cells, hidden, sums)


def issues_of(year: int) -> list[Issue]:
    """What is out of that year before, the first first: publications, and the network's sealed versions."""
    issues = []
    for published in Publication.objects.filter(year=year).order_by("number"):
        cells, hidden = told(published)
        # its own territories: a department may have changed since
        issues.append(
            issued.told(counts_of(cells, [Territory(*one) for one in published.summary["territories"]]), hidden)
        )
    if sealed := list(issued.of_a_year(year)):
        cells = [cell for cell, _hidden in sealed]
        counts = counts_of(cells, [], unprinted=subtracted(map(tied, cells)))
        issues.append(issued.told(counts, [is_hidden for _cell, is_hidden in sealed]))
    return issues


def told(published: Publication) -> tuple[list[Cell], list[bool]]:
    """Its cells of people, and which were hidden."""
    rows = [row for row in published.cells if BY_ID[row[1]].base in OF_SOMEONE]
    cells = [Cell(table=table, indicator=indicator, by=by, count=count) for table, indicator, by, count, _gone in rows]
    return cells, [row[4] for row in rows]
