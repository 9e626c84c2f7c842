"""A figure asked on a page: whose, when, broken down by what; each number with what it rests on."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from citeslab.figures.definitions.dimensions import BREAKDOWNS
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.definitions.indicators import BY_ID, Indicator
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.queries.computed import ratio
from citeslab.figures.queries.labelled import labels
from citeslab.figures.queries.tabulated import OF_A_YEAR, Cells, tabulated
from citeslab.figures.values import Perimeter

Key = tuple[str, ...]
Counted = Callable[["Asked", Indicator, Sequence[Breakdown]], Cells]  # a term by breakdowns; years come first


@dataclass(frozen=True)
class Asked:
    """`since`: from that year to `year`, each a column; else one year, and up to two breakdowns."""

    indicator: Indicator
    perimeter: Perimeter
    year: int
    since: int | None = None
    by: tuple[Breakdown, ...] = ()
    known_by: datetime | None = None
    day: date | None = None


@dataclass(frozen=True)
class Number:
    """One figure of a table: `value` of `count` over `of` where it is a share; none where it is hidden."""

    count: int | None
    of: int | None = None
    is_share: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.count is None

    @property
    def value(self) -> float | int | None:
        if self.count is None or not self.is_share:
            return self.count
        return None if self.of is None else ratio(self.count, self.of)


@dataclass
class Explored:
    """`rows` and `columns` are classes with their words; `numbers` holds a row and a column, empty for the total."""

    asked: Asked
    rows: dict[str, str]
    columns: dict[str, str]
    numbers: dict[tuple[str, str], Number] = field(default_factory=dict)

    @property
    def total(self) -> Number:
        return self.at("", "")

    def at(self, row: str, column: str) -> Number:
        return self.numbers.get((row, column)) or Number(0, 0, bool(self.asked.indicator.numerator))

    @property
    def unknown(self) -> Number:
        """Of all, those whose class of the first breakdown is not known."""
        return self.at(UNKNOWN, "")


def number_of(indicator: Indicator, values: Mapping[str, Any]) -> Number:
    """A figure that stands alone, of counts by id."""
    if indicator.numerator:
        return Number(values[indicator.numerator], values[indicator.denominator], is_share=True)
    return Number(values[indicator.id])


def breakdowns_of(indicator: Indicator) -> frozenset[Breakdown]:
    """By what it may be broken down; a share, by what both of its terms may be."""
    if indicator.numerator:
        return breakdowns_of(BY_ID[indicator.numerator]) & breakdowns_of(BY_ID[indicator.denominator])
    return BREAKDOWNS.get(indicator.base, frozenset())


def is_of_years(indicator: Indicator) -> bool:
    return BY_ID[indicator.numerator or indicator.id].base in OF_A_YEAR


def adds_up(indicator: Indicator) -> bool:
    """Whether its classes make the whole: a count of distinct things does not."""
    return not indicator.count or indicator.base == "heads"


def terms_of(indicator: Indicator) -> list[Indicator]:
    """What it counts: of a share, what is over and what is under."""
    return [BY_ID[indicator.numerator], BY_ID[indicator.denominator]] if indicator.numerator else [indicator]


def explored(asked: Asked, counted: Counted | None = None) -> Explored:
    """The table that was asked, with its totals; from the facts unless `counted`. Raises `NoSuchBreakdown`."""
    tables = [with_totals(asked, term, counted or cells_of) for term in terms_of(asked.indicator)]
    keys = {key for table in tables for key in table}
    is_share = len(tables) == 2
    numbers = {
        key: Number(tables[0].get(key, 0), tables[1].get(key, 0) if is_share else None, is_share) for key in keys
    }
    rows, columns = ({key[place] for key in keys} - {""} for place in (0, 1))
    by = asked.by
    if asked.since is not None:
        named_columns = {str(year): str(year) for year in range(asked.since, asked.year + 1)}
    else:
        named_columns = labels(by[1], columns) if len(by) > 1 else {}
    return Explored(asked, labels(by[0], rows) if by else {}, named_columns, numbers)


def with_totals(asked: Asked, term: Indicator, counted: Counted) -> dict[tuple[str, str], int]:
    """By row and column; the empty one is the total of the others, or the figure itself where they do not add up."""
    numbers: defaultdict[tuple[str, str], int] = defaultdict(int)
    for key, count in counted(asked, term, asked.by).items():
        row, column = row_and_column(asked, key)
        for place in {(row, column), ("", column), (row, ""), ("", "")}:
            numbers[place] += count
    if not adds_up(term):
        for by in [(), *[(one,) for one in asked.by]] if asked.by or asked.since is not None else []:
            for key, count in counted(asked, term, by).items():
                numbers[partial(asked, by, key)] = count
    if asked.since is not None:  # years do not add up: the total over them is that of the last
        for row in {row for row, _column in numbers}:
            numbers[row, ""] = numbers.get((row, str(asked.year)), 0)
    return dict(numbers)


def cells_of(asked: Asked, term: Indicator, by: Sequence[Breakdown]) -> Cells:
    if asked.since is not None and not is_of_years(term):  # what stands on a day is asked year by year
        return {
            (year, *key): count
            for year in range(asked.since, asked.year + 1)
            for key, count in tabulated(term.id, by=by, scope=scope_of(asked, year=year, since=None)).items()
        }
    return tabulated(term.id, by=by, scope=scope_of(asked, year=asked.year, since=asked.since))


def scope_of(asked: Asked, *, year: int, since: int | None, at: tuple[tuple[str, str], ...] = ()) -> Scope:
    """A site keeps everyone whom it met; a wider perimeter, those whose last meeting of the year was there.

    `at` narrows it to classes of breakdowns.
    """
    is_site = asked.perimeter.level == Breakdown.SITE
    return Scope(
        year=year,
        since=since,
        site_id=int(asked.perimeter.code) if is_site else None,
        at=at if is_site else asked.perimeter.at + at,
        known_by=asked.known_by,
        day=asked.day,
    )


def row_and_column(asked: Asked, key: tuple) -> tuple[str, str]:
    """Of many years, the year is the column."""
    if asked.since is not None:
        year, *classes = key
        return (classes[0] if classes else ""), str(year)
    return (key[0] if key else ""), (key[1] if len(key) > 1 else "")


def partial(asked: Asked, by: Sequence[Breakdown], key: tuple) -> tuple[str, str]:
    if asked.since is not None or not by:
        return row_and_column(asked, key)
    return (key[0], "") if by[0] == asked.by[0] else ("", key[0])


def unknowns_of(asked: Asked) -> int:
    """How many a share leaves out because nothing is known of them."""
    term = BY_ID[asked.indicator.unknowns]
    return sum(cells_of(replace(asked, since=None), term, ()).values())
