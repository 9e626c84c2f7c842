"""A publication, attacked before it leaves: what could be worked out of each count that is not printed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citeslab.figures.disclosure.attack import Attack, Bounds, Progress, Reach, System, narrowed, silent
from citeslab.figures.disclosure.cells import Key
from citeslab.figures.disclosure.issues import Issue, Record, record_of
from citeslab.figures.disclosure.programs import Floats

THRESHOLD = 5  # a count below is small
STRICT = 11  # what tax data asks for: the same rules with a higher threshold
WIDTH = 2  # a small count must be one of three values at least
OTHER_WIDTH = 1  # what is hidden for its sake, one of two


@dataclass(frozen=True)
class Rule:
    """What is small, and how uncertain a hidden count must stay.

    `width` is between the least and the greatest value of a small count; `other_width` that of a count hidden to
    protect one. `zeros` hides zeros as if they were small.
    """

    threshold: int = THRESHOLD
    width: int = WIDTH
    other_width: int = OTHER_WIDTH
    zeros: bool = False

    def __post_init__(self):
        if self.threshold < 2 or self.width < 1 or self.other_width < 1:
            raise ValueError("a threshold of 2 or more and widths of 1 or more protect something")

    def small(self, counts) -> NDArray[np.bool_]:
        return (counts >= (0 if self.zeros else 1)) & (counts < self.threshold)


DEFAULT = Rule()


@dataclass(frozen=True)
class Leak:
    """A count that can be worked out too nearly: it lies from `low` to `high`, which should be `needed` apart.

    `relations` are the sums (keys of the total, of the parts) from which it follows.
    """

    key: Key
    low: float
    high: float
    needed: int
    relations: tuple[tuple[Key, tuple[Key, ...]], ...]

    def __str__(self) -> str:
        return f"{self.key}: {self.low:g} to {self.high:g}"


@dataclass(frozen=True, eq=False)
class Audit:
    """Float64 (n,) each: an attacker knows that the count lies from `low` to `high`; printed counts are themselves.

    Both ends are values that the count may really have. Where `exact` bool (n,) is false the attacker knows less
    still: the width that the rule asks for was proven, and the ends were not looked for.
    """

    low: Floats
    high: Floats
    exact: NDArray[np.bool_]
    leaks: tuple[Leak, ...]

    @property
    def safe(self) -> bool:
        return not self.leaks


def audit(
    issue: Issue,
    *,
    rule: Rule = DEFAULT,
    earlier: Sequence[Issue] = (),
    exactly: bool = False,
    marked: bool = False,
    progress: Progress = silent,
) -> Audit:
    """What someone can work out who reads this issue, and the earlier ones, and knows how the counts add up.

    `exactly` finds both ends of each interval (one or two programs a count). `marked` tries someone who also knows
    which counts are small, because the publication marks them apart from those hidden for their sake. The source of
    truth is the publication's own counts: nothing is read from the database.
    """
    record = record_of(issue.publication, earlier)
    system = record.system(issue)
    if marked:
        system = told_which_are_small(system, rule)
    need = needed(record, issue, rule)
    bounds = narrowed(system)
    reach = Attack(system, need, bounds=bounds, progress=progress).run(exactly=exactly)
    leaking = np.flatnonzero(reach.high - reach.low < need)
    return Audit(
        low=reach.low[record.own],
        high=reach.high[record.own],
        exact=((reach.low <= reach.least) & (reach.high >= reach.most))[record.own],
        leaks=tuple(_leak(int(place), record, reach, bounds, need) for place in leaking),
    )


def told_which_are_small(system: System, rule: Rule) -> System:
    small = system.free & rule.small(system.counts)
    return System(
        system.counts,
        np.where(small, np.maximum(system.lower, 0 if rule.zeros else 1), system.lower),
        np.where(small, np.minimum(system.upper, rule.threshold - 1), system.upper),
        system.rows,
    )


def needed(record: Record, issue: Issue, rule: Rule) -> Floats:
    """The width to prove for each count of the record.

    Asked for small counts, printed or not, for whatever is hidden now, and for what was hidden before. A count that an
    earlier issue printed is no secret any more.
    """
    small = rule.small(record.counts)
    hidden = record.earlier_hidden.copy()
    hidden[record.own] |= issue.hidden & issue.publication.printed
    known = record.lower >= record.upper
    need = np.where(small, rule.width, np.where(hidden, rule.other_width, 0))
    return np.where(known, 0, need).astype(float)


def _leak(place: int, record: Record, reach: Reach, bounds: Bounds, need: Floats) -> Leak:
    used = [int(row) for proof in reach.proofs.get(place, ()) for row in proof.rows]
    used = used or _chain(place, record, bounds)
    return Leak(
        key=record.keys[place],
        low=float(reach.low[place]),
        high=float(reach.high[place]),
        needed=int(need[place]),
        relations=tuple(
            (record.keys[total], tuple(record.keys[part] for part in parts))
            for total, parts in (record.relations[row] for row in sorted(set(used)))
        ),
    )


def _chain(place: int, record: Record, bounds: Bounds) -> list[int]:
    """The relations that narrowed a count, and those that narrowed what these use."""
    seen: set[int] = set()
    to_see = [place]
    while to_see:
        here = to_see.pop()
        for row in (int(bounds.least_by[here]), int(bounds.most_by[here])):
            if row >= 0 and row not in seen:
                seen.add(row)
                total, parts = record.relations[row]
                to_see += [other for other in (total, *parts) if bounds.least[other] >= bounds.most[other]]
    return sorted(seen)
