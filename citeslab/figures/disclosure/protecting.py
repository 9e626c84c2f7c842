"""Which counts to hide: the small ones, and as few others as keep each of them from being worked out.

The choice is an integer program (Fischetti and Salazar 2001): hide at least cost, such that for every hidden count, and
every way of adding up relations that bounds it, enough of what enters is hidden too. There are too many such ways to
list: the program begins with each relation taken alone, the attack finds a count that still leaks, the multipliers that
prove the leak are the row that was missing, and the program is solved again until nothing leaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from citeslab.figures.disclosure.attack import Attack, Progress, Proof, System, bounds_of, relations_as_rows, silent
from citeslab.figures.disclosure.auditing import DEFAULT, Rule
from citeslab.figures.disclosure.cells import Key, Publication
from citeslab.figures.disclosure.issues import Issue, Record, record_of
from citeslab.figures.disclosure.programs import NEAR, Floats, Ints, Program, Rows

ROUNDS = 40  # programs solved with all rows learned so far; what then still leaks is hidden with its neighbors
REACH = 3  # how far around a broken row, from row to row, the choice is made anew


class Reason(IntEnum):
    """Why a count is not printed; the first that applies."""

    SHOWN = 0
    SMALL = 1
    HIDDEN_EARLIER = 2
    PROTECTS_ANOTHER = 3
    NEVER_PRINTED = 4


@dataclass(frozen=True, eq=False)
class Protection:
    """What to hide of a publication: `hidden` bool (n,), why each `reasons` int8 (n,) (`Reason`).

    `exposed` are counts that no hiding protects any more: earlier issues give them away.
    """

    issue: Issue
    reasons: NDArray[np.int8]
    exposed: tuple[Key, ...]
    rounds: int

    @property
    def hidden(self) -> NDArray[np.bool_]:
        return self.issue.hidden


def protect(
    publication: Publication,
    *,
    rule: Rule = DEFAULT,
    earlier: Sequence[Issue] = (),
    progress: Progress = silent,
) -> Protection:
    """The fewest counts to hide (by their weights) so that no hidden count can be worked out.

    What earlier issues hid stays hidden; what they showed is known to the attacker and hides nobody. Gives the same
    pattern for the same counts in any order, on any machine. `audit` judges the outcome, and is the one to trust.
    """
    record = record_of(publication, earlier)
    choice = Choice(publication, record, rule)
    hidden = choice.program_alone()
    rounds, among = 0, None
    while True:
        rounds += 1
        leaks = choice.leaks_of(hidden, among)
        progress("counts that still leak", len(leaks), rounds)
        if leaks:
            choice.learn(leaks, hidden)
            before = hidden
            hidden = choice.solved(before) if rounds < ROUNDS else choice.with_neighbors(leaks, before)
            # What is far from any change is not asked again until the rest is safe.
            among = choice.near(np.isin(np.arange(len(hidden)), list(leaks)) | (hidden != before))
        elif among is not None:
            among = None
        else:
            break
    own = hidden[record.own] | ~publication.printed
    return Protection(
        issue=Issue(publication, own),
        reasons=choice.reasons(own),
        exposed=tuple(record.keys[place] for place in sorted(choice.exposed)),
        rounds=rounds,
    )


class Choice:
    """The integer program, growing. Counts are those of the record; `fixed` ones are not to be chosen."""

    def __init__(self, publication: Publication, record: Record, rule: Rule):
        self.publication, self.record, self.rule = publication, record, rule
        n = len(record.counts)
        counts = record.counts.astype(float)
        self.known = record.lower >= record.upper
        self.small = rule.small(record.counts) & ~self.known
        # Counts of earlier issues only, and those that nothing prints, are hidden at no cost.
        self.printed, self.weights = np.zeros(n, dtype=bool), np.zeros(n)
        self.printed[record.own] = publication.printed
        self.weights[record.own] = publication.weights
        self.always = (self.small | record.earlier_hidden | ~self.printed) & ~self.known
        self.never = self.known
        self.system = System(counts, record.lower, record.upper, relations_as_rows(record.relations))
        # How far a hidden count may fall or rise, as far as earlier issues let it.
        self.fall, self.rise = counts - record.lower, record.upper - counts
        asked = self.small | self.printed | record.earlier_hidden
        self.width = np.where(self.small, rule.width, np.where(asked, rule.other_width, 0)).astype(float)
        self.width[self.never] = 0
        self.exposed: set[int] = set()
        self.forced = np.zeros(n, dtype=bool)
        self.cuts: list[tuple[Ints, Floats, float, int]] = []

    # -- rows

    def program_alone(self) -> NDArray[np.bool_]:
        """The first program: each relation on its own.

        First what the counts that are hidden anyway ask for; then what those chosen ask in their turn.
        """
        for total, parts in self.record.relations:
            columns = np.array([total, *parts])
            certain = self.always[columns].tolist()
            width, own = self.width[columns].tolist(), self.fall[columns].tolist()
            for here, place in enumerate(columns.tolist()):
                if width[here] and not self.never[place]:
                    if sum(certain) == certain[here]:
                        self._cut(columns, np.full(len(columns), width[here]), width[here], place)
                    if own[here] < width[here]:
                        # Up: those of its side fall, those of the other rise.
                        same = (columns == total) == (place == total)
                        room = np.where(same, self.fall[columns], self.rise[columns])
                        self._cut(columns, room, width[here] - own[here], place)
        every_cut = self.cuts
        self.cuts = [cut for cut in every_cut if self.always[cut[3]]]
        hidden = self.solved()
        self.cuts = every_cut
        return self.solved(hidden)

    def _cut(self, columns: Ints, values: Floats, least: float, of: int) -> None:
        """What is hidden among `columns` must weigh `least` together, if `of` is hidden."""
        values = np.where(self.never[columns] | (columns == of), 0.0, np.minimum(values, least))
        certain = values[self.always[columns]].sum()
        if certain >= least - NEAR:
            return
        rest = (values > NEAR) & ~self.always[columns]
        if self.always[of] and values[rest].sum() + certain < least - NEAR:
            self.exposed.add(of)
            self.width[of] = 0
            return
        if self.always[of]:
            self.cuts.append((columns[rest], values[rest], least - certain, of))
        else:
            row = np.append(columns[rest], of), np.append(values[rest], certain - least)
            self.cuts.append((*row, 0.0, of))

    def learn(self, leaks: dict[int, tuple[Proof, ...]], hidden: NDArray[np.bool_]) -> None:
        """Turn each leak into the row that forbids it."""
        for place, proofs in sorted(leaks.items()):
            width = self.width[place]
            weigh = np.zeros(len(self.width))
            for proof, side in zip(proofs, (-1.0, 1.0), strict=False):
                multipliers = np.zeros(len(self.system.rows))
                multipliers[proof.rows] = proof.multipliers
                rest = -self.system.rows.weighted(multipliers, len(self.width))
                rest[place] += side
                rest = np.where(np.abs(rest) < NEAR, 0.0, rest)
                room = np.where(rest > 0, self.fall, self.rise)
                weigh += np.minimum(np.where(rest == 0, 0.0, np.abs(rest) * np.where(rest == 0, 0.0, room)), width)
            own = min(weigh[place], width)
            columns = np.flatnonzero((weigh > 0) & (np.arange(len(weigh)) != place))
            held = weigh[columns] * hidden[columns]
            if len(proofs) < 2 or own + held.sum() >= width - NEAR:
                columns, weight = self._neighbors(place, hidden), 1.0
                self._cut(columns, np.full(len(columns), weight), 1.0, place)
            else:
                self._cut(columns, weigh[columns], width - own, place)

    def _neighbors(self, place: int, hidden: NDArray[np.bool_]) -> Ints:
        """Printed counts that share a relation with it; else with a hidden one that does, and further on."""
        rows = self.system.rows
        of = rows.row_of_entries()
        inside = np.zeros(len(hidden), dtype=bool)
        inside[place] = True
        while True:
            touched = np.bincount(of, inside[rows.columns], minlength=len(rows)) > 0
            reached = np.zeros(len(hidden), dtype=bool)
            reached[rows.columns[touched[of]]] = True
            shown = np.flatnonzero(reached & ~hidden & ~self.never)
            further = inside | (reached & hidden)
            if len(shown) or np.array_equal(further, inside):
                return shown
            inside = further

    # -- solutions

    def solved(self, before: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """The cheapest choice that every row allows.

        With the choice `before`, only what lies around the rows that it breaks is chosen anew: the rest was the best
        one could do, and moving it would only open leaks elsewhere.
        """
        rows, least = self._rows()
        n = len(self.width)
        open_columns = np.bincount(rows.columns, minlength=n) > 0
        base = self.always | self.forced
        if before is not None:
            broken = rows.times(before.astype(float)) < least - NEAR
            around = np.zeros(n, dtype=bool)
            for _ in range(REACH):
                around[rows.columns[broken[rows.row_of_entries()]]] = True
                broken = np.bincount(rows.row_of_entries(), around[rows.columns], minlength=len(rows)) > 0
            open_columns &= around
            base = before | self.forced
        open_columns &= ~self.forced
        hidden = base & ~open_columns
        if not open_columns.any():
            return hidden
        touched = np.bincount(rows.row_of_entries(), open_columns[rows.columns], minlength=len(rows)) > 0
        left = least - rows.times(hidden.astype(float))
        inside = rows.kept(touched, open_columns)
        columns = int(open_columns.sum())
        program = Program(
            inside,
            lower=np.zeros(columns),
            upper=np.ones(columns),
            floor=left[touched],
            ceiling=np.full(len(inside), np.inf),
            whole=True,
        )
        answer = program.least(self.weights[open_columns])
        # Hiding all of them is always allowed, so no answer means that the solver gave up.
        chosen = np.ones(columns) if answer is None else answer.values
        hidden[np.flatnonzero(open_columns)[chosen > 0.5]] = True
        return hidden

    def _rows(self) -> tuple[Rows, Floats]:
        cuts = [cut for cut in self.cuts if self.width[cut[3]] > 0]
        lengths = [len(cut[0]) for cut in cuts]
        rows = Rows(
            np.cumsum([0, *lengths], dtype=np.int64),
            np.concatenate([cut[0] for cut in cuts] or [np.zeros(0, dtype=np.int64)]),
            np.concatenate([cut[1] for cut in cuts] or [np.zeros(0)]),
        )
        return rows, np.array([cut[2] for cut in cuts])

    def with_neighbors(self, leaks: dict[int, tuple[Proof, ...]], hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The last resort, which always ends: what still leaks gets its neighbors hidden for good."""
        hidden = hidden.copy()
        for place in leaks:
            around = self._neighbors(place, hidden)
            if not len(around):
                self.exposed.add(place)
                self.width[place] = 0
            hidden[around] = True
        self.forced |= hidden & ~self.always
        return hidden

    def near(self, places: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """These, and what a relation ties to them."""
        rows, of = self.system.rows, self.system.rows.row_of_entries()
        touched = np.bincount(of, places[rows.columns], minlength=len(rows)) > 0
        inside = places.copy()
        inside[rows.columns[touched[of]]] = True
        return inside

    def leaks_of(
        self, hidden: NDArray[np.bool_], among: NDArray[np.bool_] | None = None
    ) -> dict[int, tuple[Proof, ...]]:
        """The hidden counts (`among` some, or all) that an attacker works out too nearly, each with what proves it."""
        closed = np.where(hidden, self.system.lower, np.maximum(self.system.lower, self.system.counts))
        ceiling = np.where(hidden, self.system.upper, np.minimum(self.system.upper, self.system.counts))
        system = System(self.system.counts, closed, ceiling, self.system.rows)
        need = np.where(hidden if among is None else hidden & among, self.width, 0.0)
        reach = Attack(system, need, bounds=bounds_of(system)).run()
        leaking = np.flatnonzero(reach.width < need)
        return {int(place): reach.proofs.get(int(place), ()) for place in leaking}

    def reasons(self, own: NDArray[np.bool_]) -> NDArray[np.int8]:
        at = self.record.own
        return np.select(
            [~self.publication.printed, ~own, self.small[at], self.record.earlier_hidden[at]],
            [Reason.NEVER_PRINTED, Reason.SHOWN, Reason.SMALL, Reason.HIDDEN_EARLIER],
            Reason.PROTECTS_ANOTHER,
        ).astype(np.int8)
