"""What the agenda shows, and what other rooms ask of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet, Window
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.agenda import rules
from citeslab.agenda.enums import Access, ContactOutcome, Kind, Outcome, Wish
from citeslab.agenda.models import (
    Appointment,
    Closure,
    ContactAnswer,
    Feed,
    FirstContact,
    MoveRequest,
    PublicName,
    Surgery,
    SurgeryChange,
)
from citeslab.agenda.values import Occurrence, Slot
from citeslab.core.values import midnight, sort_key
from citeslab.followup.enums import Nature
from citeslab.followup.models import Meeting
from citeslab.network import queries as network
from citeslab.network.models import Site
from citeslab.people import queries as people
from citeslab.people.models import Person

SOON = timedelta(hours=2)
LEAST_NOTICE = timedelta(hours=2)  # before a time that a resident books
DAYS_ONLINE = 21
CANDIDATES = 5  # files that may be hers


def held(surgeries: QuerySet[Surgery], first: date, last: date) -> list[Occurrence]:
    """Each time that these surgeries are held from `first` to `last`, both included, in order."""
    in_force = surgeries.not_over(first - timedelta(days=366)).filter(begins_on__lte=last)
    changes = Prefetch("changes", SurgeryChange.objects.order_by("day"))
    found = [
        one
        for surgery in in_force.order_by("pk").select_related("site").prefetch_related(changes)
        for one in rules.occurrences(surgery, surgery.changes.all(), first, last)
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.surgery_id))


def busy(advisors: Iterable[int], first: datetime, last: datetime) -> dict[int, list[rules.Busy]]:
    """When these advisors cannot be booked: an appointment stands, or they receive nobody."""
    times: dict[int, list[rules.Busy]] = defaultdict(list)
    keys = list(advisors)
    appointments = Appointment.objects.standing().between(first, last).filter(advisor__in=keys)
    closures = Closure.objects.filter(advisor__in=keys, starts_at__lt=last, ends_at__gt=first)
    for rows in (appointments, closures):
        for advisor, starts_at, ends_at in rows.values_list("advisor", "starts_at", "ends_at"):
            times[advisor].append((starts_at, ends_at))
    return times


def free_slots(
    *, advisor: User | None = None, site: Site | None = None, since: datetime, days: int = 14, access: str = ""
) -> list[Slot]:
    """What can be booked with this advisor, or at this site, after `since` and within `days` days, in order.

    With `access`, in the hours open to these alone.
    """
    surgeries = Surgery.objects.filter(access=access) if access else Surgery.objects.all()
    if advisor is not None:
        surgeries = surgeries.filter(advisor=advisor)
    if site is not None:
        surgeries = surgeries.filter(site=site)
    first = localdate(since)
    last = first + timedelta(days=days - 1)
    times = held(surgeries, first, last)
    taken = busy({one.advisor_id for one in times}, midnight(first), midnight(last + timedelta(days=1)))
    return rules.slots(times, taken, since=since)


def bookable(site: Site, *, at: datetime) -> list[Slot]:
    """What a resident may book herself at this site: by appointment, with who works there that day, soon enough."""
    slots = free_slots(site=site, since=at + LEAST_NOTICE, days=DAYS_ONLINE, access=Access.BOOKED)
    # Asked of each slot's own day: an advisor may leave, or come, within these weeks, and the site close.
    days: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for advisor, begins_on, ends_on in network.days_of_advisors(site) if slots else []:
        days[advisor].append((begins_on, ends_on))
    is_open = [(site.opened_on, site.closed_on)]
    return [
        slot
        for slot in slots
        for day in [localdate(slot.starts_at, site.zone)]
        if within(day, is_open) and within(day, days[slot.advisor_id])
    ]


def within(day: date, periods: Iterable[tuple[date, date | None]]) -> bool:
    """Whether the day is in one of these periods: from a day (included) to another (excluded, or no end)."""
    return any(begins_on <= day and (ends_on is None or day < ends_on) for begins_on, ends_on in periods)


def appointments_of_day(user: User, day: date) -> QuerySet[Appointment]:
    """The appointments of that day that stand, with who comes and where, in order."""
    return appointments_of(user, on=day, first=day, last=day)


def appointments_of(user: User, *, on: date, first: date, last: date) -> QuerySet[Appointment]:
    """An advisor's own from `first` to `last`, both included, of people whose name she may see `on` that day."""
    return (
        Appointment.objects.visible_to(user, on=on)
        .standing()
        .filter(advisor=user, starts_at__gte=midnight(first), starts_at__lt=midnight(last + timedelta(days=1)))
        .select_related("person", "contact", "site")
        .order_by("starts_at", "pk")
    )


def next_appointment(person: Person, *, at: datetime) -> Appointment | None:
    """The first that stands and is not over."""
    return (
        person.appointments.standing()
        .filter(ends_at__gt=at)
        .select_related("advisor")
        .order_by("starts_at", "pk")
        .first()
    )


@dataclass(frozen=True)
class Coming:
    """What a person's page says of her appointments."""

    next: Appointment | None
    held: int
    missed: int
    asked_to_move: MoveRequest | None


def coming(person: Person, *, at: datetime) -> Coming:
    counts = person.appointments.aggregate(
        held=Count("pk", filter=Q(outcome=Outcome.HELD)), missed=Count("pk", filter=Q(outcome=Outcome.NO_SHOW))
    )
    following = next_appointment(person, at=at)
    asked = following.move_requests.filter(settled_at=None).first() if following else None
    return Coming(following, counts["held"], counts["missed"], asked)


@dataclass(frozen=True)
class Prefill:
    """What a note written on that day starts with."""

    appointment_id: int
    held_on: date
    minutes: int
    nature: Nature


def to_prefill_note(person: Person, on: date) -> Prefill | None:
    """The appointment of that day that a note would tell of: the last that began, missed ones left aside."""
    appointment = (
        person.appointments.standing()
        .filter(starts_at__gte=midnight(on), starts_at__lt=midnight(on + timedelta(days=1)))
        .exclude(outcome=Outcome.NO_SHOW)
        .order_by("-starts_at", "-pk")
        .first()
    )
    if appointment is None:
        return None
    nature = Nature.PHONE if appointment.kind == Kind.PHONE else Nature.FOLLOW_UP
    if nature == Nature.FOLLOW_UP and not Meeting.objects.standing().filter(person=person).exists():
        nature = Nature.RECEPTION
    return Prefill(appointment.pk, on, appointment.minutes, nature)


@dataclass
class Line:
    """One appointment of a day, and where it stands in it."""

    appointment: Appointment
    is_over: bool
    is_next: bool
    minutes_left: int | None = None  # before it begins, when it is soon


@dataclass
class Today:
    lines: list[Line]
    tomorrow: list[Appointment]
    asking: list[MoveRequest]
    to_come: int


def today(user: User, *, on: date, at: datetime) -> Today:
    """An advisor's day for her home page: what is past, what is next, tomorrow, and who asks for another time."""
    both = list(appointments_of(user, on=on, first=on, last=on + timedelta(days=1)))
    mine = [one for one in both if localdate(one.starts_at) == on]
    lines = in_turn(mine, at=at)
    return Today(
        lines=lines,
        tomorrow=[one for one in both if localdate(one.starts_at) > on],
        asking=list(asking(user, on=on, at=at)),
        to_come=sum(not line.is_over for line in lines),
    )


def in_turn(appointments: Iterable[Appointment], *, at: datetime) -> list[Line]:
    """These appointments, in order, with the one that is next."""
    lines, found = [], False
    for one in appointments:
        is_over = one.ends_at <= at or bool(one.outcome)
        is_next = not is_over and not found
        found = found or is_next
        wait = one.starts_at - at
        left = int(wait.total_seconds()) // 60 if is_next and timedelta() < wait <= SOON else None
        lines.append(Line(one, is_over, is_next, left))
    return lines


def asking(user: User, *, on: date, at: datetime) -> QuerySet[MoveRequest]:
    """Who asks this advisor for another time, the longest wait first."""
    mine = Appointment.objects.visible_to(user, on=on).standing().filter(advisor=user, ends_at__gt=at)
    return (
        MoveRequest.objects.filter(settled_at=None, appointment__in=mine)
        .select_related("appointment__person", "appointment__contact")
        .order_by("asked_at", "pk")
    )


@dataclass
class Day:
    """A day of an advisor's week."""

    date: date
    lines: list[Line] = field(default_factory=list)
    held: list[Occurrence] = field(default_factory=list)
    closure: Closure | None = None


def week(*, advisor: User, seen_by: User, monday: date, on: date, at: datetime) -> list[Day]:
    """Seven days of an advisor, as `seen_by` may see them."""
    sunday = monday + timedelta(days=6)
    first, last = midnight(monday), midnight(sunday + timedelta(days=1))
    days = {monday + timedelta(days=number): Day(monday + timedelta(days=number)) for number in range(7)}
    appointments = (
        Appointment.objects.visible_to(seen_by, on=on)
        .standing()
        .filter(advisor=advisor, starts_at__gte=first, starts_at__lt=last)
        .select_related("person", "contact", "site")
        .order_by("starts_at", "pk")
    )
    for line in in_turn(appointments, at=at):
        line.is_next = line.is_next and localdate(line.appointment.starts_at) == on
        days[localdate(line.appointment.starts_at)].lines.append(line)
    for one in held(Surgery.objects.visible_to(seen_by, on=on).filter(advisor=advisor), monday, sunday):
        days[localdate(one.starts_at)].held.append(one)
    for closure in Closure.objects.filter(advisor=advisor, starts_at__lt=last, ends_at__gt=first):
        for day in days.values():
            if closure.starts_at <= midnight(day.date) < closure.ends_at:
                day.closure = closure
    return list(days.values())


def feed_of(advisor: User) -> Feed | None:
    return Feed.objects.filter(advisor=advisor, revoked_at=None).first()


def conflicts(*, advisor: User, to: User, since: date) -> list[Appointment]:
    """The appointments that cannot pass from one advisor to the other: the other is busy, or away, then."""
    theirs = future_of(advisor, since=since)
    if not theirs:
        return []
    taken = busy([to.pk], theirs[0].starts_at, max(one.ends_at for one in theirs))[to.pk]
    return [one for one in theirs if any(begun < one.ends_at and ended > one.starts_at for begun, ended in taken)]


def future_of(advisor: User, *, since: date) -> list[Appointment]:
    """What stands from that day on, and has not happened."""
    return list(
        Appointment.objects.standing()
        .filter(advisor=advisor, starts_at__gte=midnight(since), outcome="")
        .select_related("person__site", "contact__site", "site", "advisor")
        .order_by("starts_at", "pk")
    )


def surgeries_with_next(surgeries: QuerySet[Surgery], *, on: date) -> list[tuple[Surgery, Occurrence | None]]:
    """Those not ended, each with its next date, soonest first; a rule that gives none comes last."""
    changes = Prefetch("changes", SurgeryChange.objects.order_by("day"))
    rows = [
        (surgery, next(iter(rules.next_days(surgery, surgery.changes.all(), on, 1)), None))
        for surgery in surgeries.not_over(on).order_by("pk").prefetch_related(changes)
    ]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(rows, key=lambda row: (row[1].starts_at if row[1] else far, row[0].pk))


# -- who comes by the public pages ------------------------------------------------------------------------------------


def public_names(advisors: Iterable[int]) -> dict[int, PublicName]:
    """What these advisors let the public pages say of them."""
    return {one.advisor_id: one for one in PublicName.objects.standing().filter(advisor__in=list(advisors))}


def advisor_as_told(appointment: Appointment) -> str:
    """Whom one meets, as one may know it: on the public pages, and to who has no file, as the advisor agreed to."""
    if appointment.person_id:
        return appointment.advisor.name
    shown = public_names([appointment.advisor_id]).get(appointment.advisor_id)
    return shown.first_name if shown else _("an advisor")


@dataclass(frozen=True)
class Waiting:
    """A first contact that waits, and the time that she booked."""

    contact: FirstContact
    booked: Appointment | None


def contacts_waiting(user: User, *, on: date, lines: int) -> tuple[list[Waiting], int]:
    """The first contacts of her sites that nobody has settled, the longest wait first, and how many there are.

    Two queries at most, and some lines, however many came in a night.
    """
    waiting = FirstContact.objects.visible_to(user, on=on).waiting().with_tries().select_related("site")
    found = list(waiting.annotate(total=Window(Count("pk")))[:lines])
    times = Appointment.objects.standing().filter(contact__in=[one.pk for one in found]).order_by("-starts_at")
    booked = {one.contact_id: one for one in times} if any(one.wish == Wish.BOOK for one in found) else {}
    return [Waiting(one, booked.get(one.pk)) for one in found], found[0].total if found else 0


def contacts_settled(user: User, *, on: date, lines: int) -> list[ContactAnswer]:
    """The last answers that settled a first contact of her sites."""
    settled = ContactAnswer.objects.standing().exclude(outcome=ContactOutcome.TRIED)
    hers = settled.filter(contact__in=FirstContact.objects.visible_to(user, on=on))
    return list(hers.select_related("contact__site", "recorded_by").order_by("-recorded_at", "-pk")[:lines])


def candidates(contact: FirstContact, visible: QuerySet[Person], *, words: str = "") -> list[Person]:
    """Files that may be hers: by a name that is looked for, else by her number, her address or her very name."""
    if words:
        return list(visible.filter(sort_key__contains=sort_key(words)).order_by("sort_key", "pk")[:CANDIDATES])
    reached = people.same_contact(visible, phone=contact.phone, email=contact.email)
    key = sort_key(contact.name).split()
    named = visible.filter(sort_key__in=[" ".join(key), " ".join([*key[1:], *key[:1]])]).order_by("sort_key", "pk")
    return list({one.pk: one for one in [*reached, *named[:CANDIDATES]]}.values())[:CANDIDATES]
