"""The list of agreements: asked, ordered; and what waits to be done about them."""

from collections.abc import Sized
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from citeslab.accounts.models import User
from citeslab.funding.models import Agreement, Instalment, Payment, ReportDue
from citeslab.funding.queries.shares import FundedPost, unfunded

SOON = timedelta(days=30)  # a report due
ENDING = timedelta(days=90)  # an agreement that nothing follows
ORDERS = {
    "reference": ("reference",),
    "funder": ("funder__sort_key", "-begins_on", "reference"),
    "host": ("organization__name", "-begins_on", "reference"),
    "end": ("ends_on", "reference"),
    "amount": ("committed_cents", "reference"),
    "paid": ("paid_cents", "reference"),
}
USUAL = "-end"


@dataclass(frozen=True)
class Question:
    """What the list is asked; empty asks for all."""

    words: str = ""
    phase: str = ""
    kind: str = ""
    funder: int | None = None
    year: int | None = None
    sort: str = USUAL


def listed(visible: QuerySet[Agreement], asked: Question, *, on: date) -> QuerySet[Agreement]:
    found = visible.search(asked.words).with_phase(on).with_sums().select_related("funder", "organization")
    if asked.phase:
        found = found.filter(phase=asked.phase)
    if asked.kind:
        found = found.filter(funder__kind=asked.kind)
    if asked.funder:
        found = found.filter(funder=asked.funder)
    if asked.year:
        found = found.filter(begins_on__lt=date(asked.year + 1, 1, 1), ends_on__gt=date(asked.year, 1, 1))
    descending = asked.sort.startswith("-")
    names = ORDERS.get(asked.sort.removeprefix("-"), ORDERS["end"])
    first, *others = names
    first = first.removeprefix("-")
    return found.order_by(f"-{first}" if descending else first, *others, "pk")


@dataclass(frozen=True)
class Waiting:
    """What waits, in the order in which it presses."""

    late: list[Instalment]
    reports: list[ReportDue]
    unsigned: list[Agreement]
    ending: list[Agreement]
    unfunded: list[FundedPost]

    @property
    def number(self) -> int:
        reasons: tuple[Sized, ...] = (self.late, self.reports, self.unsigned, self.ending, self.unfunded)
        return sum(len(one) for one in reasons)


def waiting(user: User, *, on: date) -> Waiting:
    """What she may settle: five questions, whatever the number of agreements."""
    hers = Agreement.objects.written_by(user, on=on)
    running = hers.filter(begins_on__lte=on, ends_on__gt=on).select_related("funder", "organization")
    host = OuterRef("organization")
    heir = Q(organization__absorptions__absorbed=host, organization__absorptions__undone_at=None)
    follows = Agreement.objects.filter(
        Q(organization=host) | heir,
        funder=OuterRef("funder"),
        ends_on__gt=OuterRef("ends_on"),
        begins_on__lte=OuterRef("ends_on"),
    )
    return Waiting(
        late=list(late_instalments(hers, on=on).select_related("agreement__funder", "agreement__organization")),
        reports=list(
            ReportDue.objects.standing()
            .filter(agreement__in=hers, sent_on=None, due_on__lte=on + SOON)
            .select_related("agreement__funder", "agreement__organization")
            .order_by("due_on", "pk")
        ),
        unsigned=list(running.filter(signed_on=None).order_by("begins_on", "pk")),
        ending=list(
            running.filter(ends_on__lte=on + ENDING, organization__isnull=False)
            .exclude(Exists(follows))
            .order_by("ends_on", "pk")
        ),
        unfunded=unfunded(user, on=on),
    )


def late_instalments(agreements: QuerySet[Agreement], *, on: date) -> QuerySet[Instalment]:
    """Due before that day, of a signed agreement, and not paid; the oldest first."""
    paid = Payment.objects.standing().filter(instalment=OuterRef("pk"))
    found = Instalment.objects.standing().filter(agreement__in=agreements, due_on__lt=on)
    return found.filter(agreement__signed_on__isnull=False).exclude(Exists(paid)).order_by("due_on", "pk")
