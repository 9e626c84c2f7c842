"""Two meanings of a figure side by side: two versions of it, or what two funders count."""

from dataclasses import dataclass
from functools import cache

from ibis.expr.types import Table

from citeslab.figures.definitions.dimensions import BREAKDOWNS, broken_down, inside
from citeslab.figures.definitions.facts import Shape
from citeslab.figures.definitions.indicators import BASES, BY_ID, VERSIONS, Indicator, variants_of
from citeslab.figures.disclosure import Cell, protect, publication_of
from citeslab.figures.enums import Breakdown
from citeslab.figures.queries.computed import ENGINE, ratio
from citeslab.figures.queries.explored import Asked, scope_of
from citeslab.figures.queries.protected import OF_SOMEONE, hid_before
from citeslab.figures.queries.sheltered import sheltered
from citeslab.figures.values import Perimeter

# What tells the rows of a base apart: two bases of one key hold the same things.
KEYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("met", "supported", "fse_participants"), ("person_id",)),
    **dict.fromkeys(("actions", "programme_actions"), ("workshop_id",)),
}


@dataclass(frozen=True)
class Compared:
    """`one` and `other` counted, and what only one of them counts; nothing where it is hidden."""

    left: Indicator
    right: Indicator
    one: int | None
    other: int | None
    only_one: int | None
    only_other: int | None

    @property
    def difference(self) -> int | None:
        return None if self.one is None or self.other is None else self.other - self.one

    @property
    def hides(self) -> bool:
        return None in (self.one, self.other, self.only_one, self.only_other)

    @property
    def relative(self) -> float | None:
        """The difference as a share of the first."""
        return None if self.difference is None or not self.one else ratio(self.difference, self.one)


def comparable_with(indicator: Indicator) -> list[Indicator]:
    """Former versions that can still be computed, then what the same word means to other funders."""
    others = [BY_ID[one.id] for one in variants_of(indicator) if one.id != indicator.id]
    former = [one for one in indicator.history if one is not indicator]
    return [one for one in [*former, *others] if KEYS.get(one.base) == KEYS.get(indicator.base)]


def compared(left: Indicator, right: Indicator, *, perimeter: Perimeter, year: int) -> Compared:
    """Both, of one perimeter and year, from the facts of now."""
    scope = scope_of(Asked(left, perimeter, year), year=year, since=None)
    at = tuple(name for name, _value in scope.at)

    def counted(said: str, less: str = "") -> int:
        return int(ENGINE.rows(counting(said, less, at, scope.shape), scope.parameters)[0]["n"])

    return Compared(
        left,
        right,
        counted(left.said),
        counted(right.said),
        counted(left.said, right.said),
        counted(right.said, left.said),
    )


def protected_comparison(found: Compared, *, perimeter: Perimeter, year: int) -> Compared:
    """The same, for who sees nobody by name: what a small number would tell, and what the explorer hides, is hidden."""
    if found.left.base not in OF_SOMEONE:
        return found
    assert found.one is not None
    assert found.only_one is not None
    both = found.one - found.only_one
    counts = {
        "one": found.one,
        "other": found.other,
        "only_one": found.only_one,
        "only_other": found.only_other,
        "both": both,
    }
    publication = publication_of(
        [Cell(table="compared", indicator=name, by={}, count=count or 0) for name, count in counts.items()],
        sums=[("one", ("both", "only_one")), ("other", ("both", "only_other"))],
    )
    gone = [
        Cell(table="compared", indicator=name, by={}, count=counts[name] or 0)
        for name, indicator in (("one", found.left), ("other", found.right))
        if sheltered(Asked(BY_ID[indicator.id], perimeter, year)).total.is_hidden
    ]
    protection = protect(publication, earlier=hid_before(gone))
    hidden = dict(zip(counts, protection.hidden[publication.places].tolist(), strict=True))
    one, other, only_one, only_other = (
        None if hidden[name] else counts[name] for name in ("one", "other", "only_one", "only_other")
    )
    return Compared(found.left, found.right, one, other, only_one, only_other)


@cache
def counting(said: str, less: str, at: tuple[str, ...], shape: Shape) -> str:
    """How many a meaning counts; of another one's (`less`), those that this one does not count are left."""
    rows = rows_of(VERSIONS[said], at, shape)
    if less:
        rows = rows.anti_join(rows_of(VERSIONS[less], at, shape), rows.columns)
    return ENGINE.sql(rows.aggregate(n=rows.count()))


def rows_of(indicator: Indicator, at: tuple[str, ...], shape: Shape) -> Table:
    base = inside(broken_down(BASES[indicator.base](shape), {*map(Breakdown, at)}, shape), at)
    return indicator.rows(base).select(*KEYS[indicator.base])


def may_be_compared_in(indicator: Indicator, perimeter: Perimeter) -> bool:
    """Whether both meanings can be kept to that perimeter."""
    return perimeter.level in ("", Breakdown.SITE) or Breakdown(perimeter.level) in BREAKDOWNS[indicator.base]
