"""A view of the explorer as who sees nobody by name may read it: every perimeter reads one pattern."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from citeslab.figures.definitions.dimensions import BREAKDOWNS
from citeslab.figures.definitions.indicators import BY_ID, Indicator
from citeslab.figures.disclosure import TOTAL
from citeslab.figures.enums import Breakdown
from citeslab.figures.queries.explored import Asked, Explored, explored, terms_of
from citeslab.figures.queries.gridded import grids
from citeslab.figures.queries.held import At, Patterns, Table, family_of
from citeslab.figures.queries.placed import LEVELS, where_sites_are
from citeslab.figures.queries.protected import (
    CLASS_OF,
    KNOWN,
    Place,
    hid_before,
    is_of_someone,
    places_of,
    protected_together,
    without,
)
from citeslab.figures.queries.tabulated import Cells
from citeslab.figures.queries.tied import dimensions_of, with_the_other
from citeslab.people.enums import Sex

# What stands for someone and is a sum over sites; the others are classes of these.
WHOLES = frozenset(
    {
        "meetings_held",
        "persons_met",
        "persons_supported",
        "persons_fse_plus",
        "projects_cumulative",
        "attendances_named",
        "heads_counted",
    }
)
MOST_BREAKDOWNS = 2  # of a pattern: a share of women by two classes has three


def sheltered(asked: Asked) -> Explored:
    """The table that was asked, with what must not be read in it taken out. Raises `NoSuchBreakdown`."""
    if not is_of_someone(asked.indicator):
        return explored(asked)
    if (view := view_of(asked)) is None:
        return protected_together([explored(asked)])[0]
    if asked.perimeter.level == Breakdown.SITE:
        # A site's own people are more than those of its last meetings: what is hidden of these is hidden of all.
        return beside_patterns([explored(asked)])[0]
    found = explored(asked, counted=view.counted)
    return without(found, {(place.row, place.column) for place in view.hidden(places_of(0, found))})


def beside_patterns(tables: Sequence[Explored]) -> list[Explored]:
    """Tables counted by themselves, protected together; what the patterns hide of their places is hidden too."""
    views: dict[tuple, View] = {}
    wanted: list[tuple[Place, Table, At | None]] = []
    for number, table in enumerate(tables):
        asked = table.asked
        if not is_of_someone(asked.indicator) or (view := view_of(asked)) is None:
            continue
        # One reading of the counts for all the places of a figure and a year.
        first = views.setdefault((view.indicator, view.by, asked.since, asked.year), view)
        view.tables = first.tables
        wanted += view.wanted(places_of(number, table))
    return protected_together(tables, earlier=hid_before(place.cell for place in hidden_of(wanted)))


def hidden_of(wanted: Sequence[tuple[Place, Table, At | None]]) -> list[Place]:
    """Those that the patterns of their tables hide."""
    codes: dict[Table, set[str]] = defaultdict(set)
    for _place, table, at in wanted:
        if at:
            codes[table].add(at[0])
    patterns = Patterns()
    patterns.read([table.name(family_of(table, code)) for table, some in codes.items() for code in sorted(some)])
    hidden = {table: patterns.hidden_of(table, sorted(some)) for table, some in codes.items()}
    patterns.keep()
    return [place for place, table, at in wanted if at and at in hidden[table]]


def view_of(asked: Asked) -> "View | None":
    """What answers it; nothing where no pattern does."""
    wholes = {CLASS_OF.get(term.id, (term.id, "", ""))[:2] for term in terms_of(asked.indicator)}
    names = {name for name, _class in wholes}
    classes = {*asked.by, *[Breakdown(name) for _name, name in wholes if name]} - {*LEVELS}
    level = asked.perimeter.level
    if level and level not in LEVELS:
        classes.add(Breakdown(level))
    whole = next(iter(names))
    if len(names) > 1 or whole not in WHOLES or len(dimensions_of(classes)) > MOST_BREAKDOWNS:
        return None
    if not classes <= BREAKDOWNS[BY_ID[whole].base]:
        return None
    return View(asked, whole, tuple(sorted(with_the_other(classes))))


@dataclass(eq=False)
class View:
    """The tables, one a year, that a view is read from."""

    asked: Asked
    indicator: str
    by: tuple[Breakdown, ...]

    @cached_property
    def tables(self) -> dict[int, Table]:
        asked = self.asked
        years = range(asked.year if asked.since is None else asked.since, asked.year + 1)
        found = grids(self.indicator, years=years, by=self.by)
        where = where_sites_are()
        return {year: Table(self.indicator, year, self.by, found[year], where) for year in years}

    def counted(self, asked: Asked, term: Indicator, by: Sequence[Breakdown]) -> Cells:
        """What `explored.cells_of` counts, of the tables."""
        _whole, name, value = CLASS_OF.get(term.id, (term.id, "", ""))
        inside = dict(asked.perimeter.at)
        sums: defaultdict[tuple, int] = defaultdict(int)
        for year, table in self.tables.items():
            for (site, *classes), count in table.cells.items():
                values = (*table.places.of_site[site], *classes)
                at: dict[str, str] = dict(zip((*LEVELS, *self.by), values, strict=True))
                if any(at[level] != code for level, code in inside.items()) or (name and not is_of(at[name], value)):
                    continue
                key = tuple(at[one] for one in by)
                sums[key if asked.since is None else (year, *key)] += count
        return dict(sums)

    def hidden(self, places: Iterator[Place]) -> list[Place]:
        """Those of a view that the patterns hide."""
        return hidden_of(self.wanted(places))

    def wanted(self, places: Iterator[Place]) -> list[tuple[Place, Table, At | None]]:
        """Each with its table, and where it stands in it."""
        return [
            (place, table, at) for place in places for table in [self.table(place)] for at in [self.at(place, table)]
        ]

    def table(self, place: Place) -> Table:
        return self.tables[self.asked.year if self.asked.since is None else int(place.column)]

    def at(self, place: Place, table: Table) -> At | None:
        """Where a count of the view stands in its table; nothing where nobody is."""
        of: Mapping[str, str] = {**dict(self.asked.perimeter.at), **place.cell.by}
        code = table.places.at({name: value for name, value in of.items() if name in LEVELS})
        return (code, *[of.get(one, TOTAL) for one in self.by]) if code else None


def is_of(value: str, wanted: str) -> bool:
    return value != Sex.UNKNOWN.value if wanted == KNOWN else value == wanted
