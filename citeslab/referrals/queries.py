"""Reading referrals: who waits, what was answered, how long partners take."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from citeslab.core.values import FEW, digest_of, midnight, month_of, sort_key
from citeslab.followup.models import Transition
from citeslab.network.models import Site
from citeslab.partners.models import Office
from citeslab.people.models import Person
from citeslab.referrals import rules
from citeslab.referrals.enums import Access, Kind
from citeslab.referrals.models import LATE, PROGRESS, UNANSWERED, Answer, Link, Referral


def with_names(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """With what a line of a list says: the person, the network, who follows it."""
    return referrals.select_related("person__site", "project", "contact__office__network", "advisor")


def waiting(sites: Iterable[Site], on: date) -> QuerySet[Referral]:
    """Referrals of these sites' people that no partner has answered by that day, the oldest first."""
    return (
        with_names(Referral.objects.waiting())
        .filter(person__site__in=[site.pk for site in sites], person__anonymised_at=None, sent_at__date__lte=on)
        .order_by("sent_at", "pk")
    )


def lately_answered(sites: Iterable[Site], since: datetime) -> QuerySet[Answer]:
    """What partners said of these sites' people since that instant, the latest first."""
    return (
        Answer.objects.from_partners()
        .filter(
            referral__person__site__in=[site.pk for site in sites],
            referral__person__anonymised_at=None,
            recorded_at__gte=since,
        )
        .select_related("referral__person", "contact__office__network")
        .order_by("-recorded_at", "-pk")
    )


LINES_ON_HOME = 5
ANSWERS_ON_HOME_FOR = timedelta(days=7)
PATIENCE = timedelta(days=9)  # before the first reminder a partner is given time


@dataclass(frozen=True)
class Home:
    """What home says of partners: what they answered this week, and those that a first reminder did not move."""

    answered: list[Answer]
    waiting_count: int


def home(sites: Iterable[Site], *, on: date) -> Home:
    since = midnight(on) - ANSWERS_ON_HOME_FOR
    late = waiting(sites, on - PATIENCE).count()
    last: dict[int, Answer] = {}
    for answer in lately_answered(sites, since):  # the latest first: of each referral, its last word
        last.setdefault(answer.referral_id, answer)
    return Home(list(last.values())[:LINES_ON_HOME], late)


def of_person(person: Person) -> list[Referral]:
    """A person's referrals with their days, the latest first."""
    sent = Referral.objects.filter(person=person)
    if not sent.exists():  # most people: the long question is not asked
        return []
    return list(with_names(sent).with_state().with_days().order_by("-sent_at", "-pk"))


def confirmations(person: Person) -> dict[int, str]:
    """Of the steps of a person, those that a partner's own answer made: key of the step to name of the network."""
    made = Answer.objects.from_partners().filter(referral__person=person).exclude(transition=None)
    return dict(made.values_list("transition", "referral__contact__office__network__name"))


def history(referral: Referral) -> list[Answer]:
    """Everything that happened to it, the first first; what was taken back is there too, marked as such."""
    return list(
        referral.answers.select_related(
            "contact__office__network", "recorded_by", "transition", "withdrawn_by"
        ).order_by("pk")
    )


def link_of(secret: str) -> Link | None:
    """The link that a secret opens, whatever it opens, with what a page of the partner needs."""
    return (
        Link.objects.filter(digest=digest_of(secret))
        .select_related("contact__office__network", "referral__consent", "referral__person__site", "referral__advisor")
        .first()
    )


def state_of(referral: Referral) -> str | None:
    """Its state as the table says now, and not as it was fetched."""
    return referral.answers.standing().order_by("-pk").values_list("kind", flat=True).first()


def access_by(link: Link, *, at: datetime) -> Access:
    return rules.access(link, state_of(link.referral), at)


def current_step(person: Person, project_id: int | None, *, on: date) -> Transition | None:
    """Where a person is on a pathway that day."""
    steps = Transition.objects.standing().filter(person=person, project=project_id, occurred_on__lte=on)
    return steps.order_by("-occurred_on", "-pk").first()


def search(referrals: QuerySet[Referral], *, words: str, purpose: str, site: str) -> QuerySet[Referral]:
    """Every word must be in the person's name or in the network's."""
    for word in sort_key(words).split():
        referrals = referrals.filter(
            Q(person__sort_key__contains=word) | Q(contact__office__network__sort_key__contains=word)
        )
    if purpose:
        referrals = referrals.filter(purpose=purpose)
    return referrals.filter(person__site__code=site) if site else referrals


VIEWS = ("", "waiting", "late", "underway", "answered", "closed")


def of_view(referrals: QuerySet[Referral], view: str, *, at: datetime) -> QuerySet[Referral]:
    """A ready-made view of a list that carries `state`."""
    said = Answer.objects.said().filter(referral=OuterRef("pk"))
    match view:
        case "waiting":
            return referrals.filter(state__in=UNANSWERED)
        case "late":
            return referrals.filter(state__in=UNANSWERED, sent_at__lte=at - LATE)
        case "underway":
            return referrals.filter(state__in=[Kind.ACCEPTED, Kind.FIRST_MEETING])
        case "answered":
            return referrals.filter(Exists(said))
        case "closed":
            return referrals.filter(state__in=[Kind.REFUSED, Kind.OUTCOME, Kind.EXPIRED, Kind.WITHDRAWN])
    return referrals


def view_counts(referrals: QuerySet[Referral], *, at: datetime) -> Mapping[str, int]:
    """How many each view holds, in one statement."""
    answered = Exists(Answer.objects.said().filter(referral=OuterRef("pk")))
    counted = (
        referrals.annotate(is_answered=answered)
        .order_by()
        .aggregate(
            all=Count("pk"),
            waiting=Count("pk", filter=Q(state__in=UNANSWERED)),
            late=Count("pk", filter=Q(state__in=UNANSWERED, sent_at__lte=at - LATE)),
            underway=Count("pk", filter=Q(state__in=[Kind.ACCEPTED, Kind.FIRST_MEETING])),
            answered=Count("pk", filter=Q(is_answered=True)),
            closed=Count("pk", filter=Q(state__in=[Kind.REFUSED, Kind.OUTCOME, Kind.EXPIRED, Kind.WITHDRAWN])),
        )
    )
    return {**counted, "": counted["all"]}


DELAYS_OVER = timedelta(days=365)


class Median(Aggregate):
    """The middle value: half took less."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Delay:
    """How a network answers."""

    network: str
    sent: int
    seen: int
    answered: int
    median_days: float | None  # from the sending to the first answer


def answered(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """With `is_seen`, `answered_at` and `took`, the time to the first answer."""
    standing = Answer.objects.standing().filter(referral=OuterRef("pk"))
    seen = Exists(standing.filter(kind=Kind.SEEN))
    first = standing.filter(kind__in=PROGRESS).order_by().values("referral")
    answered_at = Subquery(first.annotate(at=Min("recorded_at")).values("at"))
    return (
        referrals.order_by()
        .annotate(is_seen=seen, answered_at=answered_at)
        .annotate(took=F("answered_at") - F("sent_at"))
    )


def delays(referrals: QuerySet[Referral]) -> list[Delay]:
    """Of these referrals, by network: sent, seen, answered, and the median of the days to the first answer."""
    rows = (
        answered(referrals)
        .values(network=F("contact__office__network__name"))
        .annotate(
            sent=Count("pk"),
            seen=Count("pk", filter=Q(is_seen=True)),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            median=Median("took"),
        )
        .order_by("network")
    )
    return [
        Delay(
            row["network"],
            row["sent"],
            row["seen"],
            row["answered"],
            in_days(row["median"]),
        )
        for row in rows
    ]


def in_days(took: timedelta | None) -> float | None:
    return None if took is None else round(took.total_seconds() / 86_400, 1)


@dataclass(frozen=True)
class Answers:
    """How some offices answered. What is not shown is empty."""

    sent: int | None
    answered: int | None
    median_days: float | None


def answers_of(offices: QuerySet[Office], *, exact: Collection[int], on: date) -> tuple[Answers, Answers]:
    """How these offices answered, over twelve months: to the reader's sites, as it is; to the others, protected.

    To the others a month is told once it is over; an office counts when five people were sent to it; the answered are
    told when neither they nor the others are few, at each of these offices: of a sum, those of the one that is not told
    would be what is left. The two never overlap.
    """
    month = midnight(month_of(on))
    sent = Referral.objects.filter(contact__office__in=offices)
    here = sent.filter(person__site__in=exact, sent_at__gte=midnight(on) - DELAYS_OVER)
    elsewhere = sent.exclude(person__site__in=exact).filter(sent_at__gte=month - DELAYS_OVER, sent_at__lt=month)
    by_office = (
        answered(elsewhere)
        .order_by()
        .values("contact__office")
        .annotate(sent=Count("pk"), replied=Count("pk", filter=Q(answered_at__isnull=False)))
        .filter(sent__gte=FEW)
        .values_list("contact__office", "sent", "replied")
    )
    rows = {office: counts for office, *counts in by_office}
    counted = counts_of(elsewhere.filter(contact__office__in=rows))
    is_told = bool(rows) and all(may_be_told(*row) for row in rows.values())
    return counts_of(here), Answers(
        counted.sent or None, counted.answered if is_told else None, counted.median_days if is_told else None
    )


def may_be_told(sent: int, replied: int) -> bool:
    """Whether neither those answered nor the others are few."""
    return replied >= FEW and (sent == replied or sent - replied >= FEW)


def counts_of(referrals: QuerySet[Referral]) -> Answers:
    row = answered(referrals).aggregate(
        sent=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)), median=Median("took")
    )
    return Answers(row["sent"], row["answered"], in_days(row["median"]))
