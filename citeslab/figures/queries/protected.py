"""Figures as who knows nobody by name may see them: small numbers hidden, and others with them.

What is counted must be people, or stand for someone: actions, advisors and neighborhoods are not hidden.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from citeslab.figures.definitions.indicators import BY_ID, INDICATORS, Indicator
from citeslab.figures.definitions.people import SITUATIONS
from citeslab.figures.disclosure import (
    DEFAULT,
    STRICT,
    TOTAL,
    Branch,
    Cell,
    Issue,
    Leak,
    Publication,
    Rule,
    audit,
    protect,
    publication_of,
    round_to,
    rounded,
)  # fmt: skip
from citeslab.figures.enums import UNKNOWN, Breakdown, Secrecy
from citeslab.figures.queries.explored import Asked, Explored, Number, adds_up, number_of
from citeslab.figures.queries.labelled import labels
from citeslab.figures.queries.perimeters import NETWORK
from citeslab.figures.queries.tied import hierarchies_of, subtracted, tied
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer

OF_SOMEONE = frozenset({"met", "supported", "fse_participants", "projects", "attendances", "heads", "meetings"})
KNOWN = "KNOWN"  # the two sexes that are known, together
SEXES = (
    Branch(code=KNOWN, level="known", parent=TOTAL),
    Branch(code=Sex.UNKNOWN.value, level="known", parent=TOTAL),
    *[Branch(code=sex.value, level="sex", parent=KNOWN) for sex in (Sex.WOMAN, Sex.MAN)],
)
# An indicator that is a class of another: whoever reads both tables knows it.
CLASS_OF: dict[str, tuple[str, str, str]] = {
    "women": ("persons_supported", "sex", Sex.WOMAN.value),
    "sex_unknown": ("persons_supported", "sex", Sex.UNKNOWN.value),
    "sex_known": ("persons_supported", "sex", KNOWN),
    **{f"residence.{one.lower()}": ("persons_supported", "residence", one.value) for one in Answer},
    **{f"situation.{name}.persons": ("persons_supported", "situation", name) for name in SITUATIONS},
    "head_counts.men": ("heads_counted", "sex", Sex.MAN.value),
    "head_counts.women": ("heads_counted", "sex", Sex.WOMAN.value),
    "head_counts.unknown": ("heads_counted", "sex", Sex.UNKNOWN.value),
}
RULES = {
    Secrecy.USUAL: DEFAULT,
    Secrecy.STRICT: Rule(threshold=STRICT),
    Secrecy.ROUNDED: DEFAULT,
}
FEWEST_OF_A_SHARE = 50  # rounded: of fewer, the two roundings weigh more than what they say
HOLDS = (("persons_met", ("persons_supported",)), ("persons_supported", ("persons_fse_plus",)))


@dataclass(frozen=True)
class Place:
    """Where a count stands: of a table, at a row and a column; of a share, one of its two terms."""

    table: int
    row: str
    column: str
    cell: Cell


def is_of_someone(indicator: Indicator) -> bool:
    return BY_ID[indicator.numerator or indicator.id].base in OF_SOMEONE


def protected(found: Explored) -> Explored:
    """The same table, with what must not be read in it taken out."""
    return protected_together([found])[0]


@dataclass
class Shelter:
    """What is kept of tables that are about to leave, filled when they are protected.

    `cells` are their counts, the hidden ones too, `[table, indicator, {dimension: value}, count, hidden]`; `leaks` what
    an attack works out of them, which forbids that they leave.
    """

    cells: list[list[Any]] = field(default_factory=list)
    leaks: Sequence[Leak] = ()


def protected_together(
    tables: Sequence[Explored],
    *,
    earlier: Sequence[Issue] = (),
    shelter: Shelter | None = None,
    secrecy: Secrecy = Secrecy.USUAL,
) -> list[Explored]:
    """Tables that are read side by side: what one hides, the others do not give away; nor what is out already.

    Only those that leave, for which a `shelter` is given, are attacked too; rounded ones always are.
    """
    places = [place for number, table in enumerate(tables) for place in places_of(number, table)]
    if not places:
        return list(tables)
    publication = counts_side_by_side([place.cell for place in places])
    rule = RULES[secrecy]
    if secrecy == Secrecy.ROUNDED:
        issue = round_to(publication, rule=rule, earlier=earlier)
        tables = [nearest(table, issue.base) if is_of_someone(table.asked.indicator) else table for table in tables]
    else:
        issue = protect(publication, rule=rule, earlier=earlier).issue
    if secrecy == Secrecy.STRICT:  # what an earlier issue printed is no secret, and all the same not said again
        issue = replace(issue, hidden=issue.hidden | rule.small(publication.counts))
    hidden = issue.hidden[publication.places].tolist()
    if shelter:
        shelter.leaks = audit(issue, rule=rule, earlier=earlier).leaks
        shelter.cells = [
            [str(cell.table), cell.indicator, dict(cell.by), cell.count, is_gone]
            for cell, is_gone in zip((place.cell for place in places), hidden, strict=True)
        ]
    gone = {(place.table, place.row, place.column) for place, is_gone in zip(places, hidden, strict=True) if is_gone}
    return [without(table, {key[1:] for key in gone if key[0] == number}) for number, table in enumerate(tables)]


def hid_before(cells: Iterable[Cell]) -> list[Issue]:
    """What is hidden of these counts wherever they stand, each by itself, as an earlier issue; none of no count."""
    counts = publication_of(
        Cell(table=str(number), indicator=one.indicator, by=one.by, count=one.count)
        for number, one in enumerate(map(tied, cells))
    )
    return [Issue(counts, counts.printed)] if counts.keys else []


def nearest(table: Explored, base: int) -> Explored:
    """Each count as a multiple of the base; a share is one of these over the other, where that says something.

    A class that is listed has someone: one whose counts are all nothing is not listed, else they would be one or two.
    """

    def to(count: int | None) -> int | None:
        return None if count is None else int(rounded(np.array([count]), base)[0])

    numbers = {key: replace(one, count=to(one.count), of=to(one.of)) for key, one in table.numbers.items()}
    for key, one in numbers.items():
        if one.is_share and (one.of or 0) < FEWEST_OF_A_SHARE:
            numbers[key] = replace(one, count=None, of=None)

    def is_listed(place: int, code: str) -> bool:
        return any(one.is_share or one.count for key, one in numbers.items() if key[place] == code)

    rows = {code: words for code, words in table.rows.items() if is_listed(0, code)}
    columns = {code: words for code, words in table.columns.items() if table.asked.since or is_listed(1, code)}
    kept = {key: one for key, one in numbers.items() if key[0] in {"", *rows} and key[1] in {"", *columns}}
    return replace(table, rows=rows, columns=columns, numbers=kept)


def counts_side_by_side(
    cells: Sequence[Cell], *, territories: Iterable[Branch] = (), zeros: bool = False
) -> Publication:
    """Counts of several worlds: an indicator is followed by its year and perimeter.

    Breakdowns that say the same thing are told as one (`tied`). `territories` are those of a publication, which
    prints `zeros`. What does not add up is exempt alone: beside it, the classes of the others still make their wholes.
    """
    told = [tied(cell) for cell in cells]
    return publication_of(
        told,
        hierarchies={Breakdown.SEX.value: [*SEXES]} | hierarchies_of(cells, territories=territories),
        sums=[
            (f"{whole} {world}", [f"{part} {world}" for part in parts])
            for world in sorted({cell.indicator.split(" ", 1)[1] for cell in cells})
            for whole, parts in HOLDS
        ],
        overlapping={
            (cell.indicator, name)
            for cell in told
            if not adds_up(BY_ID[cell.indicator.split(" ", 1)[0]])
            for name in cell.by
        },
        unprinted=subtracted(told, zeros=zeros),
    )


def protected_year(
    years: Mapping[int, Mapping[str, Any]], *, year: int
) -> tuple[dict[str, Number], Explored, Explored]:
    """The network's indicators of a year as they are kept, by id; the people supported by department, and by year."""
    values = years[year]
    supported = BY_ID["persons_supported"]
    alone = [
        Explored(Asked(one, NETWORK, year), {}, {}, {("", ""): number_of(one, values)})
        for one in INDICATORS
        if one.id in values
    ]
    counts = {code: people for code, (people, _advisors) in values["departments"].items() if people}
    whole = values[supported.id]
    counts |= {UNKNOWN: elsewhere} if (elsewhere := whole - sum(counts.values())) else {}
    departments = Explored(
        Asked(supported, NETWORK, year, by=(Breakdown.DEPARTMENT,)),
        labels(Breakdown.DEPARTMENT, counts),
        {},
        {("", ""): Number(whole)} | {(code, ""): Number(people) for code, people in counts.items()},
    )
    of_years = Explored(
        Asked(supported, NETWORK, max(years), since=min(years)),
        {},
        {str(one): str(one) for one in years},
        {("", str(one)): Number(told[supported.id]) for one, told in years.items()},
    )
    *numbers, departments, of_years = protected_together([*alone, departments, of_years])
    return {one.asked.indicator.id: one.total for one in numbers}, departments, of_years


def without(table: Explored, gone: set[tuple[str, str]]) -> Explored:
    if table.asked.since is not None:  # the last year, told again
        gone = gone | {(row, "") for row, column in gone if column == str(table.asked.year)}
    numbers = {
        key: replace(number, count=None, of=None) if key in gone else number for key, number in table.numbers.items()
    }
    return replace(table, numbers=numbers)


def places_of(number: int, table: Explored) -> Iterator[Place]:
    """Each count of a table in the long form. Each year, and each perimeter, is a world of its own."""
    asked = table.asked
    if not is_of_someone(asked.indicator):
        return
    of_years = asked.since is not None
    for (row, column), value in table.numbers.items():
        if of_years and not column:
            continue
        classes = zip((one.value for one in asked.by), (row,) if of_years else (row, column), strict=False)
        by = {name: said for name, said in classes if said}
        world = f"{column if of_years else asked.year} {asked.perimeter.said}"
        terms = {asked.indicator.numerator or asked.indicator.id: value.count}
        if asked.indicator.denominator:
            terms[asked.indicator.denominator] = value.of
        for term, count in terms.items():
            if (cell := cell_of(term, by, world, count or 0)) is not None:
                yield Place(number, row, column, cell)


def cell_of(term: str, by: Mapping[str, str], world: str, count: int) -> Cell | None:
    """The count, as a class of what holds it; nothing for a class of another class, which holds nobody."""
    whole, name, value = CLASS_OF.get(term, (term, "", ""))
    if name and by.get(name, value) != value:
        return None
    return Cell(table=whole, indicator=f"{whole} {world}", by={**by, name: value} if name else by, count=count)
