"""What a method gave where it was used again: exact where the reader sees the people, protected elsewhere."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from citeslab.animation.models import Method
from citeslab.core.values import FEW, month_of
from citeslab.network.models import Site
from citeslab.workshops.models import Opinion, Workshop
from citeslab.workshops.queries.balance import AFTER_THREE, Balance, balances

LATELY = 12  # uses that the page of a method shows at once


@dataclass(frozen=True)
class Use:
    """The actions of a site in a month that followed the method; no number when so few came that it would tell them."""

    site: Site
    month: date
    actions: int
    people: int | None


@dataclass(frozen=True)
class Given:
    """What some uses gave together. What is not shown is empty."""

    uses: Sequence[Use]
    actions: int
    people: int | None
    followed: int | None  # of who came with a name, three months ago or more
    met: int | None
    supported: int | None
    opinions: int | None
    useful: int | None

    @property
    def lately(self) -> Sequence[Use]:
        return self.uses[:LATELY]

    @property
    def before(self) -> Sequence[Use]:
        return self.uses[LATELY:]

    @property
    def met_share(self) -> float | None:
        return self.met / self.followed if self.met is not None and self.followed else None

    @property
    def supported_share(self) -> float | None:
        return self.supported / self.followed if self.supported is not None and self.followed else None


def may_become_a_method(workshop: Workshop) -> bool:
    """An action that was held, and that no method is behind yet."""
    return not (workshop.is_planned or workshop.cancelled_at or workshop.method_id)


def reuse(method: Method, *, exact: Collection[int], on: date) -> tuple[Given, Given]:
    """What the method gave at the sites of `exact`, as it is; and elsewhere, protected.

    Elsewhere a month is told when it is over, a use when five people came; sums are of what is told, and who was met
    afterwards is counted three months after: what is shown does not move by one person. The two never overlap, or one
    could be taken from the other.
    """
    found = Workshop.objects.held().filter(method=method, held_on__lte=on)
    here, elsewhere = Q(site__in=exact), ~Q(site__in=exact) & Q(held_on__lt=month_of(on))
    return given(found.filter(here), on=on), protected(found.filter(elsewhere), on=on)


def by_use(held: Sequence[Workshop]) -> dict[tuple[Site, date], list[Workshop]]:
    uses: defaultdict[tuple[Site, date], list[Workshop]] = defaultdict(list)
    for workshop in held:
        uses[workshop.site, month_of(workshop.held_on)].append(workshop)
    return dict(uses)


def fetched(workshops) -> tuple[list[Workshop], dict[int, Balance]]:
    return list(workshops.select_related("site").order_by("-held_on", "-pk")), balances(workshops)


def given(workshops, *, on: date) -> Given:
    held, of = fetched(workshops)
    uses = [
        Use(site, month, len(rows), sum(of[row.pk].people for row in rows))
        for (site, month), rows in by_use(held).items()
    ]
    after = afterwards(held, of, on=on)
    opinions, useful = opinions_on(held)
    return Given(
        uses, len(held), sum(use.people or 0 for use in uses), after.came, after.met_3, after.supported_3,
        opinions or None, useful if opinions else None,
    )  # fmt: skip


def protected(workshops, *, on: date) -> Given:
    held, of = fetched(workshops)
    uses, told = [], []
    for (site, month), rows in by_use(held).items():
        people = sum(of[row.pk].people for row in rows)
        shown = people if people >= FEW else None
        uses.append(Use(site, month, len(rows), shown))
        told += rows if shown else []
    after = afterwards(told, of, on=on)
    opinions, useful = opinions_on(told)
    return Given(
        uses,
        len(held),
        sum(use.people for use in uses if use.people) or None,
        after.came if after.came >= FEW else None,
        of_many(after.met_3, after.came),
        of_many(after.supported_3, after.came),
        opinions if opinions >= FEW else None,
        useful if opinions >= FEW else None,
    )


def of_many(part: int, whole: int) -> int | None:
    """A part that may be told: neither it nor the others are few."""
    return part if part >= FEW and whole - part >= FEW else None


def afterwards(held: Sequence[Workshop], of: dict[int, Balance], *, on: date) -> Balance:
    over = (of[row.pk] for row in held if row.held_on + AFTER_THREE <= on)
    return sum(over, start=Balance())


def opinions_on(held: Sequence[Workshop]) -> tuple[int, int]:
    """How many opinions came to light, and how many of them found it useful."""
    shown = Opinion.objects.filter(workshop__in=held, is_shown=True)
    counted = shown.aggregate(all=Count("pk"), useful=Count("pk", filter=Q(useful=3)))
    return counted["all"], counted["useful"]
