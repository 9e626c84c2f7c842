"""What a reader can work out: how low and how high each count may be, given what is printed and how counts add up.

Two proofs meet. From outside, what the relations force (`low`, `high` at most this wide): by narrowing bounds along one
relation after the other, then by linear programs. From inside, witnesses: other whole counts that would print the same
tables, and prove at least this width. One witness moves thousands of counts, so that few need a program of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citeslab.figures.disclosure.programs import NEAR, Floats, Ints, Program, Rows, rows_of

Progress = Callable[[str, int, int], None]
SWEEPS = 12  # programs that look for witnesses of many counts at once
PASSES = 60  # narrowing stops here: bounds that creep by ones are left to programs
FEW = 20  # counts still in doubt: a program for each is then quicker than one for all
POOR = 3  # so many programs in a row that settle nothing are the last
SIZES = (100, 400, 1_600)  # how many counts around one are tried before all that relations tie to it


def silent(step: str, done: int, total: int) -> None:
    """No progress told."""


@dataclass(frozen=True)
class System:
    """What an attacker knows: each count lies between `lower` and `upper` (n,), and each row of `rows` sums to 0."""

    counts: Floats
    lower: Floats
    upper: Floats
    rows: Rows

    @property
    def free(self) -> NDArray[np.bool_]:
        return self.lower < self.upper


def relations_as_rows(relations) -> Rows:
    return rows_of([[(total, -1.0), *((part, 1.0) for part in parts)] for total, parts in relations])


@dataclass
class Proof:
    """Multipliers of the rows (as a sparse pair) whose sum bounds one count from above, or from below."""

    rows: Ints
    multipliers: Floats


@dataclass
class Reach:
    """What was proven: within the witnesses from `low` to `high`, and nowhere beyond `least` and `most` (all (n,))."""

    low: Floats
    high: Floats
    least: Floats
    most: Floats
    proofs: dict[int, tuple[Proof, ...]] = field(default_factory=dict)

    @property
    def width(self) -> Floats:
        return self.high - self.low


class Bounds(NamedTuple):
    """Bounds of each count (n,), and the row that each was last narrowed by; -1 where none was."""

    least: Floats
    most: Floats
    least_by: Ints
    most_by: Ints


def bounds_of(system: System) -> Bounds:
    """What is given, before any reasoning."""
    none = np.full(len(system.counts), -1, dtype=np.int64)
    return Bounds(system.lower.copy(), system.upper.copy(), none, none.copy())


def narrowed(system: System) -> Bounds:
    """Bounds that hold for every count, from each relation taken alone, again until nothing moves."""
    rows = system.rows
    lower, upper, lower_by, upper_by = bounds_of(system)
    of, column, positive = rows.row_of_entries(), rows.columns, rows.values > 0
    for _ in range(PASSES if len(rows) else 0):
        floor = np.where(positive, lower[column], -upper[column])
        ceiling = np.where(positive, upper[column], -lower[column])
        # What the others of the row add up to, at least and at most.
        at_most = -_others(floor, of, len(rows), -np.inf)
        at_least = -_others(ceiling, of, len(rows), np.inf)
        at_most, at_least = np.where(positive, at_most, -at_least), np.where(positive, at_least, -at_most)
        tighter, looser = at_most < upper[column], at_least > lower[column]
        if not tighter.any() and not looser.any():
            break
        np.minimum.at(upper, column, at_most)
        np.maximum.at(lower, column, at_least)
        tighter &= at_most == upper[column]
        looser &= at_least == lower[column]
        upper_by[column[tighter]] = of[tighter]
        lower_by[column[looser]] = of[looser]
    return Bounds(lower, upper, lower_by, upper_by)


def _others(values: Floats, of: Ints, rows: int, infinite: float) -> Floats:
    endless = np.isinf(values)
    finite = np.where(endless, 0.0, values)
    sums = np.bincount(of, finite, minlength=rows)[of] - finite
    endless_others = np.bincount(of, endless, minlength=rows)[of] - endless
    return np.where(endless_others > 0, infinite, sums)


def components(rows: Rows, columns: int) -> Ints:
    """The number of the connected component of each column (columns,); two columns of one row are connected."""
    label = np.arange(columns)
    if not len(rows.columns):
        return label
    filled = rows.lengths > 0
    starts = rows.starts[:-1][filled]
    lengths = rows.lengths[filled]
    while True:
        least = np.repeat(np.minimum.reduceat(label[rows.columns], starts), lengths)
        new = label.copy()
        np.minimum.at(new, rows.columns, least)
        new = new[new]  # a label points to a column of the same component: jumping shortens long chains
        if np.array_equal(new, label):
            return label
        label = new


def entries_of(starts: Ints, chosen: Ints) -> Ints:
    """Where the entries of the chosen rows stand, one row after the other."""
    lengths = starts[chosen + 1] - starts[chosen]
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts[chosen] - before, lengths) + np.arange(lengths.sum())


class Question(Enum):
    """How one count is pushed: by a linear program, by an integer one close to the truth, by an integer one."""

    LINEAR = auto()
    NEAR = auto()
    WHOLE = auto()


class Attack:
    """One system attacked. `need` (n,) is the width to prove for each count; 0 asks nothing.

    `bounds` are those given, or narrowed first: then fewer counts are left to programs, and a proof that a program
    gives stands on the narrowing too.
    """

    def __init__(self, system: System, need: Floats, *, bounds: Bounds, progress: Progress = silent):
        self.system, self.need, self.progress = system, need, progress
        self.reach = Reach(system.counts.copy(), system.counts.copy(), bounds.least.copy(), bounds.most.copy())
        self.columns = bounds.least < bounds.most
        self.places = np.flatnonzero(self.columns)
        touched = np.bincount(
            system.rows.row_of_entries(), self.columns[system.rows.columns], minlength=len(system.rows)
        )
        self.row_places = np.flatnonzero(touched > 0)
        self.rows = system.rows.kept(touched > 0, self.columns)
        self.down = np.minimum(system.lower, system.counts)[self.places] - system.counts[self.places]
        self.up = system.upper[self.places] - system.counts[self.places]
        self.component = components(self.rows, len(self.places))
        # What moves by more than everyone there is has no end.
        self.far = max(2.0, system.counts.sum() + 1)
        of_entries = self.rows.row_of_entries()
        by_column = np.argsort(self.rows.columns, kind="stable")
        self.rows_with = of_entries[by_column]  # rows of each column, from `with_starts` on
        self.with_starts = np.searchsorted(self.rows.columns[by_column], np.arange(len(self.places) + 1))
        self._draw = np.random.default_rng(0)
        self._sweeper: Program | None = None
        self._of = -1
        self._programs: dict[Question, tuple[Program, Ints, Ints, Rows]] = {}

    # -- witnesses of many counts at once

    def open_to_doubt(self) -> NDArray[np.bool_]:
        """Counts (free ones only) whose width is neither proven nor refuted."""
        reach, need = self.reach, self.need
        return ((reach.width < need) & (reach.most - reach.least >= need))[self.places]

    def sweep(self, enough: int) -> None:
        """Few programs, each moving as many counts as it can, until `enough` or fewer are in doubt.

        Up or down is drawn for each count; the next program takes the other way. One whose answer is broken teaches
        nothing, and the next may teach all.
        """
        if self._sweeper is None:
            down, up = self._room(Question.NEAR)
            zeros = np.zeros(len(self.rows))
            self._sweeper = Program(self.rows, lower=down, upper=up, floor=zeros, ceiling=zeros)
        left, poor = self.open_to_doubt(), 0
        sign = np.zeros(len(self.places))
        for number in range(SWEEPS):
            before = left.sum()
            if before <= enough or poor == POOR:
                return
            sign = -sign if number % 2 else self._draw.choice([-1.0, 1.0], len(self.places))
            answer = self._sweeper.least(np.where(left, sign, 0.0))
            if answer is not None:
                self.witness(answer.values, np.arange(len(self.places)), self.rows)
            left = self.open_to_doubt()
            self.progress("witnesses", number + 1, SWEEPS)
            poor = poor + 1 if before == left.sum() else 0

    def witness(self, moves: Floats, columns: Ints, rows: Rows) -> None:
        """Learn from a solution: whole moves are other counts that print the same tables.

        A move falls apart into pieces that no relation ties; each stands alone, so that a broken number spoils its
        own piece only.
        """
        whole = np.round(moves)
        sound = np.abs(moves - whole) < NEAR
        moving = np.abs(moves) >= NEAR
        if not sound.all():
            piece = components(rows.kept(np.ones(len(rows), dtype=bool), moving), int(moving.sum()))
            spoilt = np.unique(piece[~sound[moving]])
            moving[np.flatnonzero(moving)[np.isin(piece, spoilt)]] = False
        whole = np.where(moving, whole, 0.0)
        # The solver works within a tolerance; what is learned is checked in whole numbers.
        of = rows.row_of_entries()
        broken = np.bincount(of, whole[rows.columns] * rows.values, minlength=len(rows)) != 0
        if broken.any() or (whole < self.down[columns]).any() or (whole > self.up[columns]).any():
            return
        places = self.places[columns]
        reached = self.system.counts[places] + whole
        self.reach.low[places] = np.minimum(self.reach.low[places], reached)
        self.reach.high[places] = np.maximum(self.reach.high[places], reached)

    # -- one count at a time, among its neighbors

    def around(self, column: int, size: int) -> Ints:
        """Columns near one, ascending: those of its rows, then of theirs, the short rows first, up to about `size`.

        A row with more than half of them is not followed: it holds among those that shorter rows reach.
        """
        seen = np.zeros(len(self.places), dtype=bool)
        met = self.rows.lengths > size // 2
        edge, number = np.array([column]), 1
        seen[edge] = True
        while len(edge) and number < size:
            rows = self.touching(edge)
            rows = rows[~met[rows]]
            met[rows] = True
            lengths = self.rows.lengths[rows]
            order = np.argsort(lengths, kind="stable")
            few = np.searchsorted(np.cumsum(lengths[order]), size - number) + 1
            reached = np.unique(self.rows.columns[entries_of(self.rows.starts, rows[order[:few]])])
            edge = reached[~seen[reached]]
            seen[edge] = True
            number += len(edge)
        return np.flatnonzero(seen)

    def touching(self, columns: Ints) -> Ints:
        return np.unique(self.rows_with[entries_of(self.with_starts, columns)])

    def part(self, rows: Ints, columns: Ints) -> Rows:
        """These rows in these columns only; both ascend."""
        entries = entries_of(self.rows.starts, rows)
        here = np.searchsorted(columns, self.rows.columns[entries])
        inside = columns[np.minimum(here, len(columns) - 1)] == self.rows.columns[entries]
        of = np.repeat(np.arange(len(rows)), self.rows.lengths[rows])[inside]
        starts = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=len(rows)))])
        return Rows(starts, here[inside], self.rows.values[entries[inside]])

    def settle_nearby(self, column: int) -> None:
        """Prove or refute one count's width by what is near it, or leave it in doubt.

        A move of the counts nearby alone is a move of all. What a few rows force is forced by all of them.
        """
        place = self.places[column]
        proofs: tuple[Proof, ...] = ()
        for size in SIZES:
            inside = self.around(column, size)
            if len(inside) == (self.component == self.component[column]).sum():
                return
            if self._moved(column, inside, whole=False):
                return
            if not proofs:
                proofs = self._bounded(column, inside)
            if not proofs and self._moved(column, inside, whole=True):
                return
            if proofs:
                self.reach.proofs[int(place)] = proofs
                if self._ended(place, 1.0) and self._ended(place, -1.0):
                    return

    def _moved(self, column: int, inside: Ints, *, whole: bool) -> bool:
        """Whether moves of these counts alone prove the width."""
        place = self.places[column]
        rows = self.part(self.touching(inside), inside)
        down, up = (room[inside] for room in self._room(Question.NEAR))
        zeros = np.zeros(len(rows))
        program = Program(rows, lower=down, upper=up, floor=zeros, ceiling=zeros, whole=whole)
        here = int(np.searchsorted(inside, column))
        costs = np.zeros(len(inside))
        if not whole:  # others in doubt move along, for less than what is asked of this one
            others = self.open_to_doubt()[inside]
            little = 0.25 / (len(inside) * max(1.0, self.need.max()))
            costs = np.where(others, little * np.random.default_rng(column).choice([-1.0, 1.0], len(inside)), 0.0)
        for side in (1.0, -1.0):
            costs[here] = -side
            if (answer := program.least(costs)) is not None:
                self.witness(answer.values, inside, rows)
            if self.reach.width[place] >= self.need[place]:
                return True
        return False

    def _bounded(self, column: int, inside: Ints) -> tuple[Proof, ...]:
        """What the rows of these counts force, upwards and downwards; nothing where they leave the width."""
        place, reach = self.places[column], self.reach
        need = self.need[place]
        near = self.touching(inside)
        # A row that is mostly elsewhere forces little, and makes the program large.
        near = near[2 * self.part(near, inside).lengths >= self.rows.lengths[near]]
        columns = np.union1d(self.rows.columns[entries_of(self.rows.starts, near)], [column])
        down, up = self.down[columns], self.up[columns]
        here = int(np.searchsorted(columns, column))
        down[here], up[here] = max(down[here], -need), min(up[here], need)
        zeros = np.zeros(len(near))
        program = Program(self.part(near, columns), lower=down, upper=up, floor=zeros, ceiling=zeros)
        proofs = []
        for side in (1.0, -1.0):
            costs = np.zeros(len(columns))
            costs[here] = -side
            answer = program.least(costs)
            if answer is None or not len(answer.multipliers):
                return ()
            self._learn_bound(place, side, need, answer.bound)
            used = np.flatnonzero(np.abs(answer.multipliers) > NEAR)
            proofs.append(Proof(self.row_places[near[used]], answer.multipliers[used]))
        return tuple(proofs) if reach.most[place] - reach.least[place] < need else ()

    def _learn_bound(self, place: int, side: float, limit: float, bound: float) -> None:
        count, end = self.system.counts[place], np.floor(-bound + NEAR)
        if end < limit:  # else the box stopped it, and nothing is known beyond
            if side > 0:
                self.reach.most[place] = min(self.reach.most[place], count + end)
            else:
                self.reach.least[place] = max(self.reach.least[place], count - end)

    # -- one count at a time, among all

    def settle(self, column: int, *, exactly: bool = False) -> None:
        """Prove or refute one count's width; `exactly`, find both of its ends."""
        place = self.places[column]
        reach, need = self.reach, self.need[place]
        limit = self.far if exactly else need
        proofs: list[Proof | None] = []
        # People halved by a linear program are made whole by an integer one: first close to the truth, which is quick.
        for question in Question:
            for side in (1.0, -1.0):
                if exactly:
                    wanted = question is not Question.NEAR and not self._ended(place, side)
                else:
                    refuted = reach.most[place] - reach.least[place] < need
                    wanted = reach.width[place] < need and (question is Question.LINEAR or not refuted)
                if wanted:
                    proof = self._push(column, side, limit, question)
                    proofs += [proof] if question is Question.LINEAR else []
        if reach.width[place] < need:
            reach.proofs[int(place)] = tuple(proof for proof in proofs if proof)

    def _ended(self, place: int, side: float) -> bool:
        reach = self.reach
        return reach.high[place] >= reach.most[place] if side > 0 else reach.low[place] <= reach.least[place]

    def _push(self, column: int, side: float, limit: float, question: Question) -> Proof | None:
        """Move one count as far as it goes, up (`side` 1) or down, `limit` at most; learn the bound and the witness."""
        program, columns, rows, inside = self._of_component(column, question)
        here = int(np.searchsorted(columns, column))
        place = self.places[column]
        reach = self.reach
        down, up = self._room(question)
        program.bound(here, max(self.down[column], -limit), min(self.up[column], limit))
        costs = np.zeros(len(columns))
        costs[here] = -side
        answer = program.least(costs)
        program.bound(here, down[column], up[column])
        if answer is None:
            return None
        self.witness(answer.values, columns, inside)
        if question is Question.NEAR:  # what was not found near may be far
            return None
        if limit >= self.far <= np.round(side * answer.values[here]):
            (reach.high if side > 0 else reach.low)[place] = side * np.inf
        else:
            self._learn_bound(place, side, limit, answer.bound)
        if question is Question.WHOLE or not len(answer.multipliers):
            return None
        used = np.flatnonzero(np.abs(answer.multipliers) > NEAR)
        return Proof(self.row_places[rows[used]], answer.multipliers[used])

    def _room(self, question: Question) -> tuple[Floats, Floats]:
        """How far each free count may move."""
        if question is Question.NEAR:
            most = float(self.need.max(initial=0))
            return np.maximum(self.down, -most), np.minimum(self.up, most)
        return self.down, self.up

    def _of_component(self, column: int, question: Question) -> tuple[Program, Ints, Ints, Rows]:
        number = int(self.component[column])
        if self._of != number:
            self._of, self._programs = number, {}
        if question not in self._programs:
            inside = self.component == number
            touched = np.bincount(self.rows.row_of_entries(), inside[self.rows.columns], minlength=len(self.rows)) > 0
            rows = self.rows.kept(touched, inside)
            down, up = self._room(question)
            zeros = np.zeros(len(rows))
            whole = question is not Question.LINEAR
            program = Program(rows, lower=down[inside], upper=up[inside], floor=zeros, ceiling=zeros, whole=whole)
            self._programs[question] = program, np.flatnonzero(inside), np.flatnonzero(touched), rows
        return self._programs[question]

    def run(self, *, exactly: bool = False) -> Reach:
        """Settle every count that asks for a width; `exactly`, find both ends of every free count."""
        if len(self.places):
            self.sweep(FEW)
            if not exactly:
                self._each(self.settle_nearby, self.open_to_doubt(), "counts by what is near them")
                self.sweep(0)
            doubtful = np.ones(len(self.places), dtype=bool) if exactly else self.open_to_doubt()
            self._each(partial(self.settle, exactly=exactly), doubtful, "counts one by one", always=exactly)
        fixed = ~self.columns
        self.reach.low[fixed], self.reach.high[fixed] = self.reach.least[fixed], self.reach.most[fixed]
        return self.reach

    def _each(
        self, settle: Callable[[int], None], which: NDArray[np.bool_], step: str, *, always: bool = False
    ) -> None:
        """Those of one component after the other; what others settled in the meantime is not asked."""
        left = np.flatnonzero(which)
        for number, column in enumerate(left[np.argsort(self.component[left], kind="stable")].tolist()):
            if always or self.open_to_doubt()[column]:
                settle(column)
            if number % 50 == 0:
                self.progress(step, number, len(left))
