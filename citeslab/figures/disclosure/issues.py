"""What of a publication is printed, and what someone knows who has read it beside the earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from citeslab.figures.disclosure.attack import System, relations_as_rows
from citeslab.figures.disclosure.cells import Key, Publication, Relation
from citeslab.figures.disclosure.programs import Floats, Ints

AS_PRINTED = "as printed"  # the dimension of a count that a later publication corrects


@dataclass(frozen=True, eq=False)
class Issue:
    """A publication as printed: counts of `hidden` bool (n,) are not, the others exactly, or rounded to `base`."""

    publication: Publication
    hidden: NDArray[np.bool_]
    base: int = 1

    @property
    def shown(self) -> NDArray[np.bool_]:
        return self.publication.printed & ~self.hidden

    def values(self) -> Ints:
        """What is printed, int64 (n,); -1 where nothing is."""
        return np.where(self.shown, rounded(self.publication.counts, self.base), -1)

    def share(self, part: int, whole: int) -> Fraction | None:
        """One count over another, of what is printed; nothing where either is not, or nothing over nothing.

        Raises `ValueError` where no relation ties them: the rest of such a share was never protected.
        """
        if not any(total == whole and part in parts for total, parts in self.publication.relations):
            keys = self.publication.keys
            raise ValueError(f"{keys[part]} is no part of {keys[whole]}: give the pair to `sums`")
        values = self.values()
        if not self.shown[[part, whole]].all() or not values[whole]:
            return None
        return Fraction(int(values[part]), int(values[whole]))

    def bounds(self) -> tuple[Floats, Floats]:
        """Between what and what each count lies, for who reads this issue alone: two float64 (n,)."""
        printed = rounded(self.publication.counts, self.base)
        lower = np.maximum(0, printed - self.base // 2)
        upper = printed + (self.base - 1) // 2
        return np.where(self.shown, lower, 0).astype(float), np.where(self.shown, upper, np.inf).astype(float)


def rounded(counts: Ints, base: int) -> Ints:
    """The nearest multiple of `base`, the higher of two."""
    return (counts + base // 2) // base * base


@dataclass(frozen=True, eq=False)
class Record:
    """Everything printed so far, counts of all publications each once, in order of key.

    `own` int64 (n,) gives the places of the new publication's counts; `earlier_hidden` bool (all,) marks what some
    earlier issue printed nothing for. `lower` and `upper` are what earlier readers know.
    """

    keys: tuple[Key, ...]
    counts: Ints
    relations: tuple[Relation, ...]
    own: Ints
    lower: Floats
    upper: Floats
    earlier_hidden: NDArray[np.bool_]

    def system(self, issue: Issue) -> System:
        """What is known once `issue`, of the new publication, is read too."""
        lower, upper = self.lower.copy(), self.upper.copy()
        low, high = issue.bounds()
        lower[self.own] = np.maximum(lower[self.own], low)
        upper[self.own] = np.minimum(upper[self.own], high)
        return System(self.counts.astype(float), lower, upper, relations_as_rows(self.relations))


def record_of(publication: Publication, earlier: Sequence[Issue]) -> Record:
    """The new publication beside the earlier ones.

    A count that was corrected since is another unknown: what earlier issues tell about the old value stays true of the
    old value only.
    """
    issues = [Issue(publication, np.ones(len(publication.keys), dtype=bool)), *earlier]
    counts: dict[Key, int] = {}
    names: list[list[Key]] = []
    for issue in issues:
        here = []
        for key, count in zip(issue.publication.keys, issue.publication.counts.tolist(), strict=True):
            if counts.setdefault(key, count) != count:
                key = key.at(AS_PRINTED, str(count))
                counts[key] = count
            here.append(key)
        names.append(here)
    keys = sorted(counts)
    place = {key: number for number, key in enumerate(keys)}
    places = [np.array([place[key] for key in here], dtype=np.int64) for here in names]

    lower, upper = np.zeros(len(keys)), np.full(len(keys), np.inf)
    hidden = np.zeros(len(keys), dtype=bool)
    relations = set()
    for issue, at in zip(issues, places, strict=True):
        relations |= {
            Relation(int(at[total]), tuple(sorted(int(at[part]) for part in parts)))
            for total, parts in issue.publication.relations
        }
        if issue is not issues[0]:
            low, high = issue.bounds()
            lower[at], upper[at] = np.maximum(lower[at], low), np.minimum(upper[at], high)
            hidden[at] |= issue.publication.printed & issue.hidden
    return Record(
        keys=tuple(keys),
        counts=np.array([counts[key] for key in keys], dtype=np.int64),
        relations=tuple(sorted(relations)),
        own=places[0],
        lower=lower,
        upper=upper,
        earlier_hidden=hidden,
    )
