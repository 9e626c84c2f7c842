"""The accounts: promised, paid and justified, summed by year, funder, region or use; own funds of the pilot apart."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from citeslab.core.values import sort_key
from citeslab.funding.enums import Axis, FunderKind, State, Use
from citeslab.funding.models import Agreement, Payment, Progress
from citeslab.funding.values import by_year, split

Key = str | int | None
FIRST_OF_ALL, LAST_OF_ALL = 1, 9999


@dataclass(frozen=True)
class Entry:
    """Some cents of one agreement, in one year; `use` is known of what was paid and justified."""

    kind: str  # "committed", "paid" or "justified"
    cents: int
    year: int
    agreement: int
    use: str = ""


@dataclass
class Sums:
    committed: int = 0
    paid: int = 0
    justified: int = 0

    def add(self, entry: Entry) -> None:
        setattr(self, entry.kind, getattr(self, entry.kind) + entry.cents)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.committed + other.committed, self.paid + other.paid, self.justified + other.justified)


@dataclass
class Line:
    """A row of the accounts: its class, in words, and its sums."""

    key: Key
    label: str
    sums: Sums


@dataclass
class Accounts:
    """The sums of agreements: the co-funders', the pilot's own, and both."""

    lines: list[Line]
    others: Sums
    own: Sums

    @property
    def total(self) -> Sums:
        return self.others + self.own


def entries(agreements: QuerySet[Agreement]) -> list[Entry]:
    """What is promised, once it is signed, shared out among the years of the agreement by their days; what was paid, in
    the year it was; what was justified, in the year it was, shared out among the uses that were paid.
    """
    found: list[Entry] = []
    keys = agreements.order_by().values("pk")
    signed = agreements.exclude(signed_on=None).order_by("pk")
    for key, cents, begins_on, ends_on in signed.values_list("pk", "committed_cents", "begins_on", "ends_on"):
        found += [Entry("committed", part, year, key) for year, part in by_year(cents, begins_on, ends_on).items()]
    uses: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    paid = Payment.objects.standing().filter(instalment__agreement__in=keys).order_by("pk")
    for instalment, agreement, use, day, cents in paid.values_list(
        "instalment", "instalment__agreement", "use", "paid_on", "amount_cents"
    ):
        found.append(Entry("paid", cents, day.year, agreement, use))
        uses[instalment].append((use, cents))
    justified = Progress.objects.standing().filter(state=State.JUSTIFIED, instalment__agreement__in=keys)
    for instalment, agreement, day, cents in justified.order_by("pk").values_list(
        "instalment", "instalment__agreement", "reached_on", "amount_cents"
    ):
        of = uses[instalment]
        parts = split(cents, [paid for _use, paid in of]) if of else []
        found += [
            Entry("justified", part, day.year, agreement, use) for (use, _paid), part in zip(of, parts, strict=True)
        ]
    return found


def accounts(
    agreements: QuerySet[Agreement], *, by: Axis, first: int = FIRST_OF_ALL, last: int = LAST_OF_ALL
) -> Accounts:
    """The sums of these agreements along an axis, of the years asked."""
    rows = agreements.order_by("pk").values_list("pk", "funder", "funder__name", "funder__kind", "region__name")
    of = {key: (funder, name, kind, region or "") for key, funder, name, kind, region in rows}
    kept = [one for one in entries(agreements) if first <= one.year <= last]
    labels: dict[Key, str] = {}
    sums: defaultdict[Key, Sums] = defaultdict(Sums)
    own, others = Sums(), Sums()
    classed: dict[Axis, Callable[[Entry], tuple[Key, str]]] = {
        Axis.YEAR: lambda one: (one.year, str(one.year)),
        Axis.FUNDER: lambda one: of[one.agreement][:2],
        Axis.REGION: lambda one: (of[one.agreement][3], of[one.agreement][3]),
        Axis.USE: lambda one: (one.use, str(Use(one.use).label) if one.use else ""),
    }
    for one in kept:
        key, label = classed[by](one)
        labels[key] = label
        sums[key].add(one)
        (own if of[one.agreement][2] == FunderKind.PILOT else others).add(one)
    return Accounts([Line(key, labels[key], sums[key]) for key in ordered(labels, by)], others, own)


def ordered(labels: dict[Key, str], by: Axis) -> Iterable[Key]:
    """Years from the last; names in their order, those without one at the end."""
    if by == Axis.YEAR:
        return sorted(labels, key=lambda key: -int(key or 0))
    if by == Axis.USE:
        order = [*Use.values, ""]
        return sorted(labels, key=lambda key: order.index(str(key)))
    return sorted(labels, key=lambda key: (not labels[key], sort_key(labels[key]), str(key)))
