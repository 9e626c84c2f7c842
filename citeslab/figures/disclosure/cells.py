"""What is to be published: counts in the long form of the open data, and what ties them to each other.

The same count stands in several tables: cells that say the same thing are one unknown for whoever attacks, and one
count here. Totals, hierarchies and indicators that add up are relations: a total is the sum of its parts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TOTAL = "*"  # the value of a dimension that is summed over
RESIDUE = "residue"  # the dimension of what a total holds beyond the parts that are printed
HIGHER = 0.05  # what each level of a hierarchy, and each dimension summed over, adds to the cost of hiding a count
LARGER = 0.002  # what each doubling of a count adds: of two that protect as well, the smaller is hidden


class Inconsistent(ValueError):
    """The counts contradict each other, or the hierarchy; the message names where."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One line of the long form. `by` gives each dimension's value; `TOTAL`, or no value, sums over it."""

    table: str
    indicator: str
    by: Mapping[str, str]
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """One place of a hierarchy: a territory in its parent. A code with two parents has two branches.

    The parent of the topmost ones is `TOTAL`; a branch without parent is the whole itself, by another name.
    """

    code: str
    level: str
    parent: str = ""


class Key(NamedTuple):
    """What a count is of: `by` holds the dimensions that are not summed over, in order of name."""

    indicator: str
    by: tuple[tuple[str, str], ...]

    def without(self, dimension: str) -> "Key":
        return Key(self.indicator, tuple(pair for pair in self.by if pair[0] != dimension))

    def at(self, dimension: str, value: str) -> "Key":
        rest = self.without(dimension)
        if value == TOTAL:
            return rest
        return Key(self.indicator, tuple(sorted((*rest.by, (dimension, value)))))


class Relation(NamedTuple):
    """Places of counts: `total` is the sum of `parts`."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Publication:
    """n counts, sorted by key, and their relations.

    `counts` int64 (n,); `printed` bool (n,): false for what no table prints but relations tell (a total that two tables
    share, the rest of a denominator); `weights` float64 (n,): the cost of hiding each. `places` int64 (cells,) gives
    the count of each cell, in the order the cells were given.
    """

    keys: tuple[Key, ...]
    counts: NDArray[np.int64]
    printed: NDArray[np.bool_]
    weights: NDArray[np.float64]
    relations: tuple[Relation, ...]
    places: NDArray[np.int64]

    @cached_property
    def place_of(self) -> dict[Key, int]:
        return {key: place for place, key in enumerate(self.keys)}

    def place(self, indicator: str, /, **by: str) -> int:
        """Where a count stands; `KeyError` where there is none."""
        values = tuple(sorted((name, value) for name, value in by.items() if value != TOTAL))
        return self.place_of[Key(indicator, values)]


class Hierarchy:
    """One dimension's levels. Without branches every value is a part of the whole."""

    def __init__(self, dimension: str, branches: Iterable[Branch]):
        branches = list(branches)
        wholes = {branch.code for branch in branches if not branch.parent}
        if len(wholes) > 1:
            raise Inconsistent(f"{dimension}: several branches have no parent: {sorted(wholes)}")
        self.dimension = dimension
        self.whole = next(iter(wholes), TOTAL)
        self.flat = not branches
        self.codes = {branch.code for branch in branches} | {TOTAL}
        # Children by level: communes and sites may both cut the same department, each in its own way.
        self.children: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for branch in branches:
            if branch.parent:
                self.children[self.name(branch.parent)][branch.level].add(branch.code)
        self._heights: dict[str, int] = {}

    def name(self, code: str) -> str:
        return TOTAL if code == self.whole else code

    def height(self, code: str, above: tuple[str, ...] = ()) -> int:
        """How many levels lie under it."""
        if code in above:
            raise Inconsistent(f"{self.dimension}: {code} is above itself")
        if code not in self._heights:
            below = [child for group in self.children.get(code, {}).values() for child in group]
            self._heights[code] = 1 + max((self.height(child, (*above, code)) for child in below), default=-1)
        return self._heights[code]

    def cuts(self, code: str, present: set[str]) -> Iterator[frozenset[str]]:
        """The ways in which values of a table make up `code`: on each branch, the first that is present."""
        if self.flat:
            if code == TOTAL:
                yield frozenset(present - {TOTAL})
            return
        for group in self.children.get(code, {}).values():
            for cut in self._cuts_of(sorted(group), present):
                if cut:
                    yield cut

    def _cuts_of(self, group: Sequence[str], present: set[str]) -> Iterator[frozenset[str]]:
        here = frozenset(code for code in group if code in present)
        deeper = [[cut for cut in self.cuts(code, present) if cut] for code in group if code not in present]
        # A missing code is made up by its own cuts; the first of each stands beside the others' first.
        for place in range(max([1, *map(len, deeper)])):
            yield here.union(*(cuts[min(place, len(cuts) - 1)] for cuts in deeper if cuts))


@dataclass(frozen=True, slots=True)
class _Sum:
    total: Key
    parts: frozenset[Key]


def publication_of(
    cells: Iterable[Cell],
    *,
    hierarchies: Mapping[str, Iterable[Branch]] | None = None,
    sums: Iterable[tuple[str, Sequence[str]]] = (),
    overlapping: Iterable[tuple[str, str]] = (),
    unprinted: Iterable[Cell] = (),
    weight: Callable[[Key], float] | None = None,
) -> Publication:
    """The counts of the cells, each once, and the relations between them.

    `hierarchies` gives the branches of each dimension that has levels. `sums` says that an indicator is made of others,
    `("supported", ("women", "men", "sex_unknown"))`, or holds one, `("met", ("supported",))`: every share printed is
    such a pair, denominator first. `overlapping` names indicators with the dimension over which their values do not add
    up (one person, several answers). `unprinted` are counts that stand in no table and tie some that do. Where parts
    fall short of a total, the rest is a count too, not printed. `weight` gives the cost of hiding a count; by default
    1, and a little more for each level above the lowest, each dimension summed over, and larger counts.

    Raises `Inconsistent` for two counts of the same thing, parts above their total, a negative count, a value that its
    hierarchy does not know.
    """
    own = list(cells)
    cells = [*own, *unprinted]
    trees = {name: Hierarchy(name, branches) for name, branches in (hierarchies or {}).items()}
    counts: dict[Key, int] = {}
    keys = [_key(cell, trees) for cell in cells]
    for cell, key in zip(cells, keys, strict=True):
        if cell.count < 0 or counts.setdefault(key, cell.count) != cell.count:
            raise Inconsistent(f"{key}: {cell.count} in {cell.table}, {counts.get(key)} elsewhere")
    printed = set(keys[: len(own)])

    wanted = dict.fromkeys([*_by_dimension(cells, keys, trees, set(overlapping)), *_by_indicator(counts, sums)])
    relations = _completed(list(wanted), counts)

    ordered = sorted(counts)
    place = {key: number for number, key in enumerate(ordered)}
    weight = weight or _weight_of(counts, trees)
    return Publication(
        keys=tuple(ordered),
        counts=np.array([counts[key] for key in ordered], dtype=np.int64),
        printed=np.array([key in printed for key in ordered], dtype=bool),
        weights=np.array([weight(key) for key in ordered], dtype=np.float64),
        relations=tuple(
            sorted({Relation(place[one.total], tuple(sorted(place[part] for part in one.parts))) for one in relations})
        ),
        places=np.array([place[key] for key in keys[: len(own)]], dtype=np.int64),
    )


def _key(cell: Cell, trees: Mapping[str, Hierarchy]) -> Key:
    by = []
    for dimension, value in cell.by.items():
        if tree := trees.get(dimension):
            value = tree.name(value)
            if value not in tree.codes:
                raise Inconsistent(f"{cell.table}: {dimension} {value} is not in its hierarchy")
        if value != TOTAL:
            by.append((dimension, value))
    return Key(cell.indicator, tuple(sorted(by)))


def _by_dimension(
    cells: Sequence[Cell], keys: Sequence[Key], trees: Mapping[str, Hierarchy], overlapping: set[tuple[str, str]]
) -> Iterator[_Sum]:
    """In each table, over each dimension: the totals and the values that make them up."""
    values: dict[tuple[str, str, Key], set[str]] = defaultdict(set)
    for cell, key in zip(cells, keys, strict=True):
        here = dict(key.by)
        for dimension in sorted(cell.by):
            if (cell.indicator, dimension) not in overlapping:
                values[cell.table, dimension, key.without(dimension)].add(here.get(dimension, TOTAL))
    known = set(keys)
    for (_table, dimension, rest), present in sorted(values.items()):
        tree = trees.get(dimension) or Hierarchy(dimension, ())
        codes = [TOTAL] if tree.flat else sorted({TOTAL, *tree.children})
        for code in codes:
            total = rest.at(dimension, code)
            # A total that no table prints is kept where the whole is meant: two tables may share it.
            if total in known or code == TOTAL:
                for cut in tree.cuts(code, present):
                    if cut and cut != {code}:
                        yield _Sum(total, frozenset(rest.at(dimension, value) for value in cut))


def _by_indicator(counts: Mapping[Key, int], sums: Iterable[tuple[str, Sequence[str]]]) -> Iterator[_Sum]:
    for whole, parts in sums:
        for key in sorted(key for key in counts if key.indicator == whole):
            there = [part for name in parts if (part := Key(name, key.by)) in counts]
            if there:
                yield _Sum(key, frozenset(there))


def _completed(wanted: Sequence[_Sum], counts: dict[Key, int]) -> list[_Sum]:
    """The sums that hold, with the totals and the rests that they lacked added to `counts`."""
    of_total: dict[Key, list[_Sum]] = defaultdict(list)
    for one in wanted:
        of_total[one.total].append(one)
    kept = []
    for total, ways in of_total.items():
        added = [sum(counts[part] for part in one.parts) for one in ways]
        if total not in counts:
            if len(ways) < 2:
                continue  # never printed and shared with nothing: it tells nothing
            counts[total] = max(added)
        for number, (one, value) in enumerate(zip(ways, added, strict=True)):
            rest = counts[total] - value
            if rest < 0:
                raise Inconsistent(f"{total}: its parts sum to {value}, above its {counts[total]}")
            if rest:
                beyond = total.at(RESIDUE, str(number))
                counts[beyond] = rest
                one = _Sum(total, one.parts | {beyond})
            kept.append(one)
    return kept


def _weight_of(counts: Mapping[Key, int], trees: Mapping[str, Hierarchy]) -> Callable[[Key], float]:
    widest = max((len(key.by) for key in counts), default=0)

    def weight(key: Key) -> float:
        height = sum(tree.height(dict(key.by).get(name, TOTAL)) for name, tree in trees.items())
        return 1 + HIGHER * (height + widest - len(key.by)) + LARGER * counts[key].bit_length()

    return weight
