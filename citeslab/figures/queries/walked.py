"""Flows between stages and the time they take; cohorts with the uncertainty of a share and those who do not answer."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import sqrt

from ibis.expr.types import Expr

from citeslab.figures.definitions.facts import Scope, Shape
from citeslab.figures.definitions.journeys import HORIZONS, OUTCOMES, cohorts, flows
from citeslab.figures.disclosure import STRICT, TOTAL, Cell, Publication, protect, publication_of
from citeslab.figures.queries.computed import ENGINE
from citeslab.figures.queries.tabulated import Engine

NORMAL = 1.959964  # 95 %
Cohorts = dict[int, dict[int, "Cohort"]]


@dataclass(frozen=True)
class Flow:
    """`steps` is nothing where it is hidden; `days` between them too, and where few walked them."""

    came_from: str
    stage: str
    steps: int | None
    days: float | None


@dataclass
class Cohort:
    """Those whose first meeting was in a year, at a horizon that has come for all of them or for some.

    `by` counts each outcome; `low` and `high` bound the share on a creation path (Wilson 1927, 95 %), `low_answers` and
    `high_answers` what it would be if all without news had failed, or had succeeded.
    """

    year: int
    months: int
    by: dict[str, int] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def told(self) -> dict[str, int]:
        """The counts that a page says, and what is left of all of them."""
        left = self.people - self.created - self.silent
        return {"creation_path": self.created, "no_news": self.silent, "left": left, TOTAL: self.people}

    @property
    def people(self) -> int:
        return sum(self.by.values())

    @property
    def created(self) -> int:
        return self.by.get("creation_path", 0)

    @property
    def silent(self) -> int:
        return self.by.get("no_news", 0)

    @property
    def share(self) -> float | None:
        return self.created / self.people if self.people else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.created, self.people) if self.people else None

    @property
    def at_most(self) -> float | None:
        """If everyone without news had made it."""
        return (self.created + self.silent) / self.people if self.people else None


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): right for small numbers, and never outside 0 to 1.

    >>> tuple(round(bound, 3) for bound in wilson(5, 10))
    (0.237, 0.763)
    """
    share, square = count / of, NORMAL**2
    middle = share + square / (2 * of)
    half = NORMAL * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, (middle - half) / (1 + square / of)), min(1.0, (middle + half) / (1 + square / of))


def flows_of(scope: Scope) -> list[Flow]:
    """From which stage to which, the most walked first."""
    rows = ENGINE.rows(flowing(scope.shape), scope.parameters)
    found = [Flow(row["came_from"], row["stage"], int(row["steps"]), row["days"]) for row in rows]
    return sorted(found, key=lambda flow: (-(flow.steps or 0), flow.came_from, flow.stage))


def cohorts_of(scope: Scope, engine: Engine = ENGINE) -> Cohorts:
    """By year of entry, then by months after."""
    found: defaultdict[int, dict[int, Cohort]] = defaultdict(dict)
    for months in HORIZONS:
        for row in engine.rows(following(engine.sql, scope.shape, months), scope.parameters):
            cohort = found[row["year"]].setdefault(months, Cohort(row["year"], months))
            cohort.by[OUTCOMES[row["rank"]]] = int(row["people"])
    return dict(sorted(found.items()))


def counts_of_flows(flows: Sequence[Flow]) -> Publication:
    """The steps of each flow, and all of them together."""
    cells = [
        Cell(table="flows", indicator="steps", by={"flow": f"{flow.came_from}>{flow.stage}"}, count=flow.steps or 0)
        for flow in flows
    ]
    return publication_of(
        [*cells, Cell(table="flows", indicator="steps", by={"flow": TOTAL}, count=sum(c.count for c in cells))]
    )


def protected_flows(flows: Sequence[Flow]) -> list[Flow]:
    """Without small numbers. The time of few is one's own, and is not said; those hidden are in no order of size."""
    publication = counts_of_flows(flows)
    gone = protect(publication).hidden[publication.places].tolist()
    shown = [
        replace(
            flow,
            steps=None if is_hidden else flow.steps,
            days=None if is_hidden or (flow.steps or 0) < STRICT else flow.days,
        )
        for flow, is_hidden in zip(flows, gone, strict=False)  # the last is all of them together
    ]
    return sorted(shown, key=lambda flow: (-(flow.steps or 0), flow.came_from, flow.stage))


def counts_of_cohorts(found: Cohorts) -> Publication:
    """What is said of each cohort: who is on a creation path, who gave no news, the others, and all of them."""
    return publication_of(
        [
            Cell(
                table="cohorts",
                indicator="people",
                by={"year": f"{year}", "months": f"{months}", "outcome": outcome},
                count=count,
            )
            for year, cohorts in found.items()
            for months, cohort in cohorts.items()
            for outcome, count in cohort.told.items()
        ]
    )


def protected_cohorts(found: Cohorts) -> Cohorts:
    """Those of which one of the counts said must be hidden say none."""
    publication = counts_of_cohorts(found)
    gone = protect(publication).hidden[publication.places].tolist()
    told = [
        (year, months) for year, cohorts in found.items() for months, cohort in cohorts.items() for _ in cohort.told
    ]
    hidden = {place for place, is_hidden in zip(told, gone, strict=True) if is_hidden}
    return {
        year: {months: replace(cohort, is_hidden=(year, months) in hidden) for months, cohort in cohorts.items()}
        for year, cohorts in found.items()
    }


@cache
def flowing(shape: Shape) -> str:
    return ENGINE.sql(flows(shape))


@cache
def following(sql: Callable[[Expr], str], shape: Shape, months: int) -> str:
    return sql(cohorts(shape, months))
