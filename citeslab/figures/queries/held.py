"""What is hidden of a figure of a year from who knows nobody by name: the same on every perimeter.

A department's table is the sum of its sites', the network's of all: they are held against each other, once, and every
view reads the same pattern. Promises and limits: docs/domain/disclosure.md.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from citeslab.figures.disclosure import TOTAL, Cell, Issue, Key, protect, publication_of
from citeslab.figures.disclosure import Publication as Counts
from citeslab.figures.disclosure.cells import HIGHER, LARGER
from citeslab.figures.enums import Breakdown
from citeslab.figures.models import Pattern
from citeslab.figures.queries.gridded import summed
from citeslab.figures.queries.placed import Places, Where, places_of
from citeslab.figures.queries.protected import KNOWN, SEXES
from citeslab.figures.queries.tabulated import Cells
from citeslab.figures.queries.tied import DIMENSION_OF, dimensions_of, hierarchies_of, said, tied
from citeslab.figures.values import canonical
from citeslab.people.enums import Sex

METHOD = 1  # another number, and no pattern kept before is read
PLACE = "place"
At = tuple[str, ...]  # a place, then the class of each breakdown; `TOTAL` sums over it


@dataclass(frozen=True, eq=False)
class Table:
    """An indicator of a year by classes, at every site that has someone: `cells` by (site, class...).

    `where` says in which places each site lies. Of breakdowns that say the same thing (`tied`), `by` holds both.
    """

    indicator: str
    year: int
    by: tuple[Breakdown, ...]
    cells: Cells
    where: Mapping[str, Where]

    @cached_property
    def places(self) -> Places:
        return places_of({key[0] for key in self.cells}, self.where)

    @cached_property
    def digest(self) -> str:
        where = [self.places.of_site[site] for site in self.places.of_site]
        counts = [[*key, count] for key, count in sorted(self.cells.items())]
        return hashlib.sha256(canonical([METHOD, where, counts]).encode()).hexdigest()

    def margin(self, by: Collection[Breakdown]) -> "Table":
        """By some of its breakdowns."""
        places = [0, *[place for place, one in enumerate(self.by, 1) if one in by]]
        kept = tuple(one for one in self.by if one in by)
        return Table(self.indicator, self.year, kept, summed(self.cells, places), self.where)

    @property
    def margins(self) -> "list[Table]":
        """By one dimension less."""
        return [
            self.margin([one for one in self.by if DIMENSION_OF.get(one, one) != dimension])
            for dimension in self.dimensions
        ]

    @cached_property
    def dimensions(self) -> list[str]:
        return dimensions_of(self.by)

    @cached_property
    def counts(self) -> dict[At, int]:
        """Of every place and class, and over them; nobody is no count."""
        found: dict[At, int] = {}
        for (site, *classes), count in self.cells.items():
            over = [[value, TOTAL] for value in classes]
            if Breakdown.SEX in self.by and (sex := classes[place := self.by.index(Breakdown.SEX)]) != Sex.UNKNOWN:
                over[place] = [sex, KNOWN, TOTAL]
            for at in product(self.places.holding[site], *over):
                found[at] = found.get(at, 0) + count
        return found

    def name(self, family: "Family") -> str:
        return " ".join([self.indicator, str(self.year), ",".join(self.by) or "-", family.name]).strip()

    def publication(self, codes: Collection[str]) -> tuple[list[At], Counts]:
        """The counts of these places, in order, and how they add up."""
        own = sorted(at for at in self.counts if at[0] in codes)
        names = [PLACE, *self.by]
        cells = [
            Cell(table="", indicator=self.indicator, by=dict(zip(names, at, strict=True)), count=self.counts[at])
            for at in own
        ]
        hierarchies = {PLACE: self.places.branches(sorted(codes))} | hierarchies_of(cells)
        if Breakdown.SEX in self.by:
            hierarchies[Breakdown.SEX.value] = list(SEXES)
        told = [tied(cell) for cell in cells]
        counts = {said(cell, {}): cell.count for cell in told}

        def weight(key: Key) -> float:
            """A count of many sites is read by more people: it is hidden last; of two alike, the larger is."""
            by = dict(key.by)
            sites = len(self.places.sites_of.get(by.get(PLACE, TOTAL), self.places.of_site))
            over = sum(name not in by for name in self.dimensions)
            return sites + HIGHER * over + LARGER * counts.get((key.indicator, frozenset(key.by)), 0).bit_length()

        return own, publication_of(told, hierarchies=hierarchies, weight=weight)


@dataclass(frozen=True)
class Family:
    """Places protected together. By one breakdown at most, all of them; by two, those that one place is the sum of.

    `before` are the places decided on before, which it is held against: those that hold it.
    """

    name: str
    codes: frozenset[str]
    before: frozenset[str] = frozenset()


def family_of(table: Table, code: str) -> Family:
    """That which decides on a place."""
    places = table.places
    if len(table.dimensions) < 2:
        return Family("", frozenset(places.sites_of))
    if code == TOTAL:
        return Family("alone", frozenset([TOTAL]))
    if above := places.parents.get(code):
        over = family_of(table, above)
        return Family(f"in {above}", frozenset([above, *places.parts[above]]), over.codes | over.before)
    inside = [family_of(table, part) for part in places.parts[code]]  # it lies across others: after its parts
    before = frozenset().union(*[one.codes | one.before for one in inside])
    return Family(f"across {code}", frozenset([code, *places.parts[code]]), before)


class Patterns:
    """Those kept, and those made for a view, which `keep` writes."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, frozenset[At]]] = {}
        self.made: dict[str, Pattern] = {}

    def read(self, names: Iterable[str]) -> None:
        """Many at once: what is not read here is read one by one."""
        rows = {row.table: row for row in Pattern.objects.filter(table__in=set(names) - self.known.keys())}
        for name in names:
            row = rows.get(name)
            self.known.setdefault(
                name, (row.digest, frozenset(tuple(at) for at in row.hidden)) if row else ("", frozenset())
            )

    def keep(self) -> None:
        Pattern.objects.bulk_create(
            self.made.values(), update_conflicts=True, unique_fields=["table"], update_fields=["digest", "hidden"]
        )
        self.made = {}

    def hidden_of(self, table: Table, codes: Collection[str]) -> frozenset[At]:
        """What is hidden of these places, and of some others."""
        families = {family_of(table, code) for code in codes}
        return frozenset().union(*[self.hidden(table, family) for family in families])

    def hidden(self, table: Table, family: Family) -> frozenset[At]:
        name = table.name(family)
        if name not in self.known:
            self.read([name])
        digest, hidden = self.known[name]
        if table.cells and digest != table.digest:
            hidden = self.chosen(table, family)
            self.known[name] = table.digest, hidden
            self.made[name] = Pattern(table=name, digest=table.digest, hidden=sorted(hidden))
        return hidden

    def chosen(self, table: Table, family: Family) -> frozenset[At]:
        """What was decided before is known as it is read: the totals over a breakdown, the places above.

        By two breakdowns both together may leave no way to protect a place: then it is held against the places alone.
        """
        own, publication = table.publication(family.codes)
        before = [self.issue(table, family.before)] if family.before else []
        margins = [self.issue(margin, family.codes) for margin in table.margins]
        protection = protect(publication, earlier=[*margins, *before])
        if len(table.dimensions) > 1 and protection.exposed:
            protection = protect(publication, earlier=before)
        hidden = protection.hidden[publication.places].tolist()
        return frozenset(at for at, is_hidden in zip(own, hidden, strict=True) if is_hidden)

    def issue(self, table: Table, codes: Collection[str]) -> Issue:
        """The counts of these places as they are read."""
        hidden = self.hidden_of(table, codes)
        own, publication = table.publication(codes)
        gone = {place for place, at in zip(publication.places.tolist(), own, strict=True) if at in hidden}
        return Issue(publication, ~publication.printed | [place in gone for place in range(len(publication.keys))])
