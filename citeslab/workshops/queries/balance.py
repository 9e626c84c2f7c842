"""What actions gave: who came, for how long, and who of them was met and supported afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta

from django.db.models import Count, DateField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Sum, Value

from citeslab.core.values import FEW
from citeslab.followup.enums import SUPPORTING
from citeslab.followup.models import Meeting, Transition
from citeslab.funding.models import Agreement, Funder
from citeslab.funding.values import WHOLE, split
from citeslab.workshops.enums import THERE, State
from citeslab.workshops.models import ActionShare, Attendance, HeadCount, Opinion, Presence, Session, Workshop

AFTER_THREE, AFTER_SIX = timedelta(days=91), timedelta(days=182)
# What a funder reads is a multiple of these: a half-day of five people is at least so many hours.
PEOPLE, HOURS = 5, 10


@dataclass
class Balance:
    """Sums over actions. Minutes are of people: an hour of ten heads is 600; a half-day in part counts for half.

    `met`: of who came with a name, those with an individual meeting dated from the day of the action on, within 91 or
    182 days; `supported`: of those met, with a step that makes someone supported, dated likewise.
    """

    actions: int = 0
    came: int = 0
    heads: int = 0
    minutes: int = 0
    met_3: int = 0
    met_6: int = 0
    supported_3: int = 0
    supported_6: int = 0

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def people(self) -> int:
        """Attendances and heads: never people, who may come twice."""
        return self.came + self.heads

    @property
    def hours(self) -> int | None:
        """Whole hours; nothing when no half-day is known."""
        return round(self.minutes / 60) if self.minutes else None


def balances(workshops: QuerySet[Workshop]) -> dict[int, Balance]:
    """The balance of each of these actions that was held, by its key."""
    found: defaultdict[int, Balance] = defaultdict(Balance)
    for workshop in workshops.held().values_list("pk", flat=True):
        found[workshop] = Balance(actions=1)
    lengths = {
        session: (workshop, (end - start) // timedelta(minutes=1))
        for session, workshop, start, end in Session.objects.filter(workshop__in=found).values_list(
            "pk", "workshop", "starts_at", "ends_at"
        )
    }
    whole: defaultdict[int, int] = defaultdict(int)
    for workshop, minutes in lengths.values():
        whole[workshop] += minutes
    present = Presence.objects.standing().filter(session__in=lengths, state__in=THERE, registration__withdrawn_at=None)
    for session, state, number in present.order_by().values_list("session", "state").annotate(Count("pk")):
        workshop, minutes = lengths[session]
        found[workshop].minutes += number * (minutes if state == State.PRESENT else minutes // 2)
    counted = HeadCount.objects.standing().filter(workshop__in=found).order_by().values_list("workshop")
    for workshop, heads in counted.annotate(Sum("heads")):
        found[workshop].heads = heads
        found[workshop].minutes += heads * whole[workshop]
    for workshop, *numbers in afterwards(found):
        row = found[workshop]
        row.came, row.met_3, row.met_6, row.supported_3, row.supported_6 = numbers
    return dict(found)


def afterwards(workshops: Iterable[int]) -> QuerySet:
    def within(days: timedelta):
        return ExpressionWrapper(OuterRef("workshop__held_on") + Value(days), output_field=DateField())

    def met(days: timedelta) -> Exists:
        meetings = Meeting.objects.standing().filter(person=OuterRef("person"))
        return Exists(meetings.filter(held_on__gte=OuterRef("workshop__held_on"), held_on__lte=within(days)))

    def supported(days: timedelta) -> Exists:
        steps = Transition.objects.standing().filter(person=OuterRef("person"), stage__in=SUPPORTING)
        return Exists(steps.filter(occurred_on__gte=OuterRef("workshop__held_on"), occurred_on__lte=within(days)))

    return (
        Attendance.objects.standing()
        .filter(workshop__in=list(workshops))
        .order_by()
        .annotate(met_3=met(AFTER_THREE), met_6=met(AFTER_SIX))
        .annotate(supported_3=supported(AFTER_THREE), supported_6=supported(AFTER_SIX))
        .values("workshop")
        .annotate(
            came=Count("pk"),
            n_met_3=Count("pk", filter=Q(met_3=True)),
            n_met_6=Count("pk", filter=Q(met_6=True)),
            n_supported_3=Count("pk", filter=Q(met_3=True, supported_3=True)),
            n_supported_6=Count("pk", filter=Q(met_6=True, supported_6=True)),
        )
        .values_list("workshop", "came", "n_met_3", "n_met_6", "n_supported_3", "n_supported_6")
    )


def by_agreement(workshops: Sequence[Workshop], of: dict[int, Balance]) -> dict[str, Balance]:
    """The sums of each agreement; the empty one is of what none pays for.

    An action paid by several is counted in each, and so is who came; the time of people is shared out, no minute lost.
    """
    shares: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    paid = ActionShare.objects.filter(workshop__in=of).order_by("-share", "agreement")
    for workshop_pk, number, share in paid.values_list("workshop", "agreement__reference", "share"):
        shares[workshop_pk].append((number, share))
    sums: defaultdict[str, Balance] = defaultdict(Balance)
    for workshop in workshops:
        if workshop.pk not in of:
            continue
        row = of[workshop.pk]
        paying = shares.get(workshop.pk) or [(workshop.agreement, WHOLE)]
        left = WHOLE - sum(share for _number, share in paying)
        parts = [*paying, ("", left)] if left else paying
        minutes = split(row.minutes, [share for _number, share in parts])
        for (number, _share), some in zip(parts, minutes, strict=True):
            sums[number] += replace(row, minutes=some)
    return dict(sorted(sums.items(), key=lambda item: (not item[0], item[0])))


@dataclass(frozen=True)
class Funded:
    """What the actions of an agreement gave, as who knows nobody by name reads it: rounded (`PEOPLE`, `HOURS`).

    She may subtract one agreement from another, yesterday from today, what the explorer says of a site from both: of
    rounded numbers none of this leaves fewer than five people.
    """

    agreement: Agreement
    actions: int
    came: int
    heads: int
    hours: int | None  # nothing when no half-day is known


def funded(funder: Funder, *, year: int) -> list[Funded]:
    """A line for each agreement of the funder that pays for an action held in the year.

    An action that several of them pay for is counted in each.
    """
    shares = ActionShare.objects.filter(agreement__funder=funder, workshop__held_on__year=year)
    held = list(Workshop.objects.held().filter(pk__in=shares.values("workshop")).order_by("pk"))
    sums = by_agreement(held, balances(Workshop.objects.filter(pk__in=[one.pk for one in held])))
    agreements = Agreement.objects.filter(funder=funder, reference__in=sums).order_by("-begins_on", "reference")
    return [
        Funded(
            one,
            row.actions,
            nearest(row.came, PEOPLE),
            nearest(row.heads, PEOPLE),
            None if row.hours is None else nearest(row.hours, HOURS),
        )
        for one in agreements
        for row in [sums[one.reference]]
    ]


def nearest(count: int, base: int) -> int:
    """The nearest multiple, the higher of two."""
    return (count + base // 2) // base * base


def gave(workshop: Workshop) -> Balance | None:
    """What an action gave, for a partner who knows nobody by name; nothing where few came, or it was not held."""
    row = balances(Workshop.objects.filter(pk=workshop.pk)).get(workshop.pk)
    return row if row and row.people >= FEW else None


def opinions(workshop: Workshop) -> dict[str, list[int]] | None:
    """How many said no, so-so, yes to each question, of those shown; nothing while too few answered."""
    given = Opinion.objects.filter(workshop=workshop, is_shown=True)
    rows = list(given.values_list("useful", "understood", "next_step"))
    if not rows:
        return None
    return {
        name: [[row[place] for row in rows].count(face) for face in (1, 2, 3)]
        for place, name in enumerate(("useful", "understood", "next_step"))
    }
