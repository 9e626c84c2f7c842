"""Why each count is hidden, how much of a publication is, and what a simpler method would do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citeslab.figures.disclosure.auditing import DEFAULT, Audit, Rule, audit
from citeslab.figures.disclosure.cells import Key, Publication
from citeslab.figures.disclosure.issues import Issue
from citeslab.figures.disclosure.programs import Ints
from citeslab.figures.disclosure.protecting import Protection, Reason

NOBODY = -1


@dataclass(frozen=True)
class Explanation:
    """Why one count is not printed. `protects` are the small counts nearest to one that is hidden for others' sake."""

    key: Key
    reason: Reason
    protects: tuple[Key, ...]


@dataclass(frozen=True)
class Summary:
    """Counts of counts. `share_hidden` is of those that tables print; 0 where they print none."""

    printed: int
    small: int
    hidden_earlier: int
    protecting: int
    exposed: int
    leaks: int

    @property
    def hidden(self) -> int:
        return self.small + self.hidden_earlier + self.protecting

    @property
    def share_hidden(self) -> float:
        return self.hidden / self.printed if self.printed else 0.0


def explain(protection: Protection) -> tuple[Explanation, ...]:
    """One explanation for each hidden count, in order of place."""
    publication, reasons = protection.issue.publication, protection.reasons
    nearest = _nearest_small(publication, reasons)
    return tuple(
        Explanation(
            key=publication.keys[place],
            reason=Reason(int(reasons[place])),
            protects=tuple(publication.keys[small] for small in nearest.get(place, ())),
        )
        for place in np.flatnonzero((reasons != Reason.SHOWN) & (reasons != Reason.NEVER_PRINTED)).tolist()
    )


def summary(protection: Protection, found: Audit) -> Summary:
    """How much is hidden and why, with what the audit found."""
    number = np.bincount(protection.reasons, minlength=len(Reason))
    return Summary(
        printed=int(protection.issue.publication.printed.sum()),
        small=int(number[Reason.SMALL]),
        hidden_earlier=int(number[Reason.HIDDEN_EARLIER]),
        protecting=int(number[Reason.PROTECTS_ANOTHER]),
        exposed=len(protection.exposed),
        leaks=len(found.leaks),
    )


def naive(publication: Publication, *, rule: Rule = DEFAULT) -> Issue:
    """What is hidden row by row: the small counts, then the next smallest of each relation until two are hidden.

    Repeated until no relation hides one alone. The next smallest is not a zero where there is another: it would hide
    nothing. Measured against, never published.
    """
    counts = publication.counts
    hidden = (rule.small(counts) & publication.printed) | ~publication.printed
    rows = [np.array([total, *parts]) for total, parts in publication.relations]
    waiting = list(range(len(rows)))
    of_count: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        for place in row.tolist():
            of_count.setdefault(place, []).append(number)
    while waiting:
        again: set[int] = set()
        for number in waiting:
            row = rows[number]
            if hidden[row].sum() == 1:
                shown = row[~hidden[row]]
                if len(shown):
                    next_one = min(shown.tolist(), key=lambda place: (counts[place] == 0, counts[place], place))
                    hidden[next_one] = True
                    again.update(of_count[next_one])
        waiting = sorted(again)
    return Issue(publication, hidden)


def recovered(issue: Issue, *, rule: Rule = DEFAULT, earlier: Sequence[Issue] = ()) -> Ints:
    """Places of the counts that are not printed and of which the attack leaves one value only."""
    found = audit(issue, rule=Rule(rule.threshold, 1, 1, rule.zeros), earlier=earlier)
    alone = (found.high - found.low < 1) & ~issue.shown & issue.publication.printed
    return np.flatnonzero(alone)


def _nearest_small(publication: Publication, reasons: NDArray[np.int8]) -> dict[int, tuple[int, ...]]:
    """For each count that protects others, the small ones of its relations, or the nearest beyond."""
    hidden = reasons != Reason.SHOWN
    around: dict[int, list[int]] = {}
    for total, parts in publication.relations:
        here = [place for place in (total, *parts) if hidden[place]]
        for place in here:
            around.setdefault(place, []).extend(other for other in here if other != place)
    nearest = {}
    for place in np.flatnonzero(reasons == Reason.PROTECTS_ANOTHER).tolist():
        seen, edge = {place}, [place]
        while edge:
            edge = sorted({other for here in edge for other in around.get(here, ())} - seen)
            seen.update(edge)
            small = tuple(other for other in edge if reasons[other] in (Reason.SMALL, Reason.HIDDEN_EARLIER))
            if small:
                nearest[place] = small
                break
    return nearest
