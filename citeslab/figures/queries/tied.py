"""Breakdowns that say the same in other words, told as one: who lives in any neighborhood, who left for any reason.

Counts by one are held against counts by the other. Promises and limits: docs/domain/disclosure.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from citeslab.figures.definitions.publications import TERRITORY
from citeslab.figures.disclosure import TOTAL, Branch, Cell
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.followup.enums import Stage
from citeslab.territories.enums import Answer


@dataclass(frozen=True)
class Tie:
    """Two breakdowns as the hierarchy `dimension`: `head`, a class of the wide one, is the sum of the narrow one's.

    `rest`, a class of the narrow one, is the sum of the wide one's others. What is not known is so in both.
    Publications say the narrow one by the name of the dimension.
    """

    dimension: str
    wide: str
    narrow: str
    head: str
    rest: str

    @property
    def tops(self) -> list[str]:
        return list(dict.fromkeys((self.head, self.rest, UNKNOWN)))

    def both(self, by: Mapping[str, str]) -> tuple[str, str]:
        """What is said of the wide one, and of the narrow one."""
        narrow = by.get(self.narrow, TOTAL)
        if self.dimension != self.wide and narrow == TOTAL:
            narrow = by.get(self.dimension, TOTAL)
        return by.get(self.wide, TOTAL), narrow

    def one(self, by: Mapping[str, str]) -> str | None:
        """What both say; nothing where they contradict each other, which is nobody."""
        wide, narrow = self.both(by)
        if TOTAL in (wide, narrow):
            return wide if narrow == TOTAL else narrow
        top = wide if wide in self.tops else self.rest
        if top != (narrow if narrow in self.tops else self.head):
            return None
        return narrow if top == self.head else wide

    def branches(self, cells: Iterable[Cell], inside: Iterable[Branch] = ()) -> list[Branch]:
        """Of the classes that these cells name; the head's own are `inside`, where that is given."""
        said = [self.both(cell.by) for cell in cells]
        wide, narrow = ({one[place] for one in said} - {*self.tops, TOTAL} for place in (0, 1))
        return [
            *[Branch(code=top, level="top", parent=TOTAL) for top in self.tops],
            *[Branch(code=value, level="wide", parent=self.rest) for value in sorted(wide)],
            *(list(inside) or [Branch(code=value, level="narrow", parent=self.head) for value in sorted(narrow)]),
        ]


TIES = (
    Tie(TERRITORY, Breakdown.RESIDENCE.value, Breakdown.QPV.value, Answer.IN.value, UNKNOWN),
    Tie(Breakdown.STAGE.value, Breakdown.STAGE.value, Breakdown.EXIT.value, Stage.SORT.value, "STILL_HERE"),
)
DIMENSION_OF = {name: tie.dimension for tie in TIES for name in (tie.wide, tie.narrow)}


def with_the_other(breakdowns: Iterable[Breakdown]) -> set[Breakdown]:
    """Each with that which it is tied to."""
    given = set(breakdowns)
    names = {name for tie in TIES if given & {tie.wide, tie.narrow} for name in (tie.wide, tie.narrow)}
    return given | {Breakdown(name) for name in names}


def dimensions_of(breakdowns: Iterable[str]) -> list[str]:
    """Of a table by these, each once."""
    return list(dict.fromkeys(DIMENSION_OF.get(str(one), str(one)) for one in breakdowns))


def tied(cell: Cell) -> Cell:
    """The same count, of one class in each dimension."""
    by = dict(cell.by)
    for tie in TIES:
        names = {tie.wide, tie.narrow, tie.dimension} & by.keys()
        value = tie.one(by)
        if names and value is not None:
            by = {name: said for name, said in by.items() if name not in names} | {tie.dimension: value}
    return Cell(table=cell.table, indicator=cell.indicator, by=by, count=cell.count)


def hierarchies_of(cells: Iterable[Cell], *, territories: Iterable[Branch] = ()) -> dict[str, list[Branch]]:
    """Of the dimensions that some cells name. `territories` are those below the priority neighborhoods together."""
    cells = list(cells)
    return {
        tie.dimension: tie.branches(cells, territories if tie.dimension == TERRITORY else ())
        for tie in TIES
        if any({tie.wide, tie.narrow, tie.dimension} & cell.by.keys() for cell in cells)
    }


def below(territories: Iterable[Sequence[str]]) -> list[Branch]:
    """The territories of a publication (code, level, parent, ...), as parts of the head."""
    return [
        Branch(code=code, level=level, parent=Answer.IN.value if level == "region" else parent)
        for code, level, parent, *_name in territories
        if level != "elsewhere"
    ]


def subtracted(cells: Iterable[Cell], *, zeros: bool = False) -> Iterator[Cell]:
    """Of tied cells: the top that no table prints, and everybody can subtract from the other.

    It stands for the other breakdown in whatever was printed at another time. `zeros`: where nobody is a count too.
    """
    cells = list(cells)
    counts = {said(cell, {}): cell.count for cell in cells}
    for tie in TIES:
        other = {tie.head: tie.rest, tie.rest: tie.head}
        for cell in cells:
            if (top := other.get(cell.by.get(tie.dimension, ""))) is None:
                continue
            total = counts.get(said(cell, {tie.dimension: TOTAL}))
            if total is None or said(cell, {tie.dimension: top}) in counts:
                continue
            neither = 0 if UNKNOWN in other else counts.get(said(cell, {tie.dimension: UNKNOWN}), 0)
            if (count := total - cell.count - neither) >= (0 if zeros else 1):
                yield Cell(table=cell.table, indicator=cell.indicator, by={**cell.by, tie.dimension: top}, count=count)


def said(cell: Cell, instead: Mapping[str, str]) -> tuple[str, frozenset[tuple[str, str]]]:
    by = {**cell.by, **instead}
    return cell.indicator, frozenset((name, value) for name, value in by.items() if value != TOTAL)
