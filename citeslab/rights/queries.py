"""Reading a person's rights: what she was told, what she agreed to, since when there is no news."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.apps import apps
from django.db.models import Count, DateField, DateTimeField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit.models import Entry
from citeslab.core.models import Fact
from citeslab.core.values import whole_number
from citeslab.followup.models import Meeting
from citeslab.network.models import Mandate
from citeslab.notifications.models import Message
from citeslab.people.models import Person
from citeslab.people.signals import earlier_keys_asked
from citeslab.rights import definitions
from citeslab.rights.enums import Purpose, Said
from citeslab.rights.index import reaches
from citeslab.rights.models import AccessCode, Closing, Consent, CorrectionRequest, Hold, Notice

KEPT_MONTHS = 24  # after the last contact
ANNOUNCED_MONTHS = 23
GRACE = timedelta(days=28)  # at least, between the announcement and the end


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last one of its month.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def end_of(last_contact_on: date) -> date:
    """The day when a file without news is anonymised."""
    return months_before(last_contact_on, -KEPT_MONTHS)


def has_consent(person: Person, purpose: Purpose, on: date) -> bool:
    """Did she agree to this purpose, by what she had said up to that day? The last answer is the one that counts."""
    last = Consent.objects.standing().filter(person=person, purpose=purpose, said_on__lte=on)
    return last.order_by("-said_on", "-pk").values_list("said", flat=True).first() == Said.YES


def who_consent(people: QuerySet[Person], purpose: Purpose, on: date) -> QuerySet[Person]:
    """Of these people, those who agree to a purpose that day: for invitations sent to many."""
    last = Consent.objects.standing().filter(person=OuterRef("pk"), purpose=purpose, said_on__lte=on)
    said = Subquery(last.order_by("-said_on", "-pk").values("said")[:1])
    return people.alias(consented=said).filter(consented=Said.YES)


@dataclass(frozen=True)
class Agreement:
    """Where a person stands on one purpose."""

    purpose: Purpose
    last: Consent | None

    @property
    def is_given(self) -> bool:
        return self.last is not None and self.last.said == Said.YES


def agreements(person: Person, *, on: date) -> list[Agreement]:
    last: dict[str, Consent] = {}
    for row in Consent.objects.standing().filter(person=person, said_on__lte=on).order_by("said_on", "pk"):
        last[row.purpose] = row
    return [Agreement(purpose, last.get(purpose)) for purpose in Purpose]


def notice_given(person: Person) -> Notice | None:
    """The last information she was given, of whatever version."""
    return (
        Notice.objects.standing().filter(person=person).select_related("recorded_by").order_by("given_on", "pk").last()
    )


@dataclass(frozen=True)
class Card:
    """What her page says of her rights."""

    notice: Notice | None
    is_current: bool  # the information given is of today's text
    agreements: list[Agreement]
    waiting: int  # requests without an answer
    closing: Closing | None
    hold: Hold | None

    @property
    def agreed(self) -> list[Agreement]:
        return [agreement for agreement in self.agreements if agreement.is_given]


def card(person: Person, *, on: date) -> Card:
    notice = notice_given(person)
    return Card(
        notice=notice,
        is_current=notice is not None and notice.version == definitions.NOTICE_VERSION,
        agreements=agreements(person, on=on),
        waiting=CorrectionRequest.objects.filter(person=person, answered_at=None).count(),
        closing=closing_of(person, on=on),
        hold=Hold.objects.on(on).filter(person=person).order_by("-until").first(),
    )


# -- the last contact, and what follows from it -----------------------------------------------------------------------


def contact_days(on: date) -> list[Subquery]:
    """For each kind of contact, the last day up to `on` of the person of the outer query."""
    days = []
    to_person = {reach.label: reach.paths[0] for reach in reaches()}
    for label, path in definitions.CONTACTS.items():
        if label not in to_person:
            continue  # a room that is not open here
        model = apps.get_model(label)
        *_steps, moment = path.split("__")
        owner = model._meta.get_field(path.split("__")[0]).related_model if "__" in path else model
        has_hour = isinstance(owner._meta.get_field(moment), DateTimeField)
        bound = {f"{path}__date__lte" if has_hour else f"{path}__lte": on}
        that_count = definitions.THAT_COUNT.get(label, {})
        rows = model._base_manager.filter(**{to_person[label]: OuterRef("pk")}, **bound).filter(**that_count)
        if issubclass(model, Fact):
            rows = rows.filter(withdrawn_at=None)
        day = TruncDate(path) if has_hour else F(path)
        days.append(Subquery(rows.order_by().values(to_person[label]).annotate(last=Max(day)).values("last")))
    return days


def with_last_contact(people: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """Each person with `last_contact_on`: the last of her contacts, or the day when her file began."""
    first_day = TruncDate("recorded_at", tzinfo=timezone.get_default_timezone())
    # `Greatest` leaves aside what is empty, unless all is.
    return people.annotate(last_contact_on=Coalesce(Greatest(*contact_days(on), output_field=DateField()), first_day))


def last_contact_on(person: Person, *, on: date) -> date:
    return with_last_contact(Person.objects.filter(pk=person.pk), on=on).values_list("last_contact_on", flat=True)[0]


def not_held(on: date) -> Q:
    return ~Q(Exists(Hold.objects.on(on).filter(person=OuterRef("pk"))))


def announced(on: date) -> Exists:
    """That this file will be anonymised was announced long enough ago, and nothing happened since."""
    return Exists(
        Closing.objects.filter(
            person=OuterRef("pk"), last_contact_on=OuterRef("last_contact_on"), announced_on__lte=on - GRACE
        )
    )


def without_news(on: date, *, months: int) -> QuerySet[Person]:
    """Files with a name whose last contact is so many months old, and that nothing asks to keep.

    Most files that are old are old by all their rows: they are found by who has no contact since, then dated.
    """
    day = months_before(on, months)
    return with_last_contact(Person.objects.named(), on=on).filter(not_held(on), last_contact_on__lte=day)


def to_announce(on: date) -> QuerySet[Person]:
    told = Closing.objects.filter(person=OuterRef("pk"), last_contact_on=OuterRef("last_contact_on"))
    return without_news(on, months=ANNOUNCED_MONTHS).filter(~Exists(told))


def to_anonymise(on: date) -> QuerySet[Person]:
    return without_news(on, months=KEPT_MONTHS).filter(announced(on))


def closings(people: QuerySet[Person], *, on: date) -> QuerySet[Closing]:
    """The announcements that still hold: she had no contact since. The nearest end first."""
    standing = with_last_contact(people.named().filter(closings__isnull=False), on=on)
    return (
        Closing.objects.filter(person__in=people.named())
        .annotate(contact=Subquery(standing.filter(pk=OuterRef("person")).values("last_contact_on")[:1]))
        .filter(contact=F("last_contact_on"))
        .select_related("person")
        .order_by("last_contact_on", "pk")
    )


def closings_count(people: QuerySet[Person], *, on: date) -> int:
    announced = Closing.objects.filter(person__in=people)
    return closings(people, on=on).count() if announced.exists() else 0  # on most days: not asked at length


def closing_of(person: Person, *, on: date) -> Closing | None:
    if not person.closings.exists():  # most people: the long question is not asked
        return None
    return closings(Person.objects.filter(pk=person.pk), on=on).first()


def by_site(people: QuerySet[Person]) -> list[dict]:
    """How many files at each site, and the oldest contact: what a dry run says. It names nobody."""
    by_place = people.order_by().values("site__code", "site__name")
    counted = by_place.annotate(files=Count("pk"), oldest=Min("last_contact_on"))
    return [dict(row) for row in counted.order_by("site__name")]


def newest_fact_at() -> datetime | None:
    """The last instant that the books know: a clock behind it is wrong."""
    newest = [
        Entry.objects.order_by("-pk").values_list("at", flat=True).first(),
        Meeting.objects.aggregate(last=Max("recorded_at"))["last"],
    ]
    return max((instant for instant in newest if instant), default=None)


# -- who read it, what was written ------------------------------------------------------------------------------------

READINGS_SHOWN = 500


@dataclass(frozen=True)
class Reading:
    """Someone opened her file or wrote in it, that day."""

    on: date
    name: str
    role: str
    act: str
    reason: str


def readings(person: Person) -> list[Reading]:
    """Who opened or wrote in her file, by the journal, the latest first; the same act of one day is one line.

    Files that were joined into hers are hers: who opened them is told too.
    """
    keys: list[int] = [person.pk]
    for _receiver, earlier in earlier_keys_asked.send(Person, people=[person.pk]):
        keys += earlier  # type: ignore[arg-type]
    lines_about = Entry.objects.filter(subject_kind=Person._meta.label_lower, subject_id__in=keys)
    entries = list(lines_about.order_by("-pk")[:READINGS_SHOWN])
    actors = User.objects.in_bulk({entry.actor_id for entry in entries})
    mandates: dict[int, list[Mandate]] = {}
    for mandate in Mandate.objects.filter(user__in=actors).select_related("site", "organization").order_by("pk"):
        mandates.setdefault(mandate.user_id, []).append(mandate)
    lines: dict[Reading, None] = {}
    for entry in entries:
        actor = actors.get(entry.actor_id)
        on = timezone.localdate(entry.at)
        reason = entry.details.get("reason") or entry.details.get("purpose") or ""
        line = Reading(
            on=on,
            name=actor_name(actor),
            role=", ".join(role_in_words(one) for one in mandates.get(entry.actor_id or 0, []) if held(one, on)),
            act=str(
                definitions.ACTS.get(entry.action)
                or definitions.ACTS.get(entry.action.rpartition(".")[2])
                or definitions.OTHER_ACT
            ),
            reason=str(reason) if entry.action.endswith(("read", "opened", "asked")) else "",
        )
        lines[line] = None
    return list(lines)


def actor_name(actor: User | None) -> str:
    if actor is None:
        return _("someone whose account is gone")
    if actor.email == definitions.HERSELF:
        return _("yourself")
    return actor.name


def held(mandate: Mandate, on: date) -> bool:
    return mandate.begins_on <= on and (mandate.ends_on is None or on < mandate.ends_on)


def role_in_words(mandate: Mandate) -> str:
    place = mandate.site or mandate.organization
    return f"{mandate.get_role_display()}, {place.name}" if place else str(mandate.get_role_display())


@dataclass(frozen=True)
class Letter:
    """A message about her or to her; its words are forgotten after 30 days."""

    at: datetime
    channel: str
    subject: str
    body: str


def letters(person: Person) -> list[Letter]:
    """What was sent to her addresses about her: what is on file for someone of her household is not hers."""
    addresses = [address for address in (person.email, person.phone) if address]
    sent = Message.objects.filter(about_kind=Person._meta.label_lower, about_id=person.pk).exclude(sent_at=None)
    return [
        Letter(
            at=message.sent_at, channel=str(message.get_channel_display()), subject=message.subject, body=message.body
        )
        for message in sent.filter(recipient__in=[*addresses, ""]).order_by("-sent_at", "-pk")
        if message.sent_at
    ]


# -- her own space ----------------------------------------------------------------------------------------------------


def visit(key: object, *, at: datetime) -> AccessCode | None:
    """The visit that the cookie of her space names, while it lasts."""
    number = whole_number(str(key))
    if number is None:
        return None
    return AccessCode.objects.open(at).filter(pk=number).select_related("person__site").first()


def requests_waiting(people: QuerySet[Person]) -> QuerySet[CorrectionRequest]:
    """What people of these sites ask about their files, the oldest first: the law gives a month."""
    return (
        CorrectionRequest.objects.filter(answered_at=None, person__in=people)
        .select_related("person")
        .order_by("asked_at", "pk")
    )


def same_contact(people: Iterable[Person]) -> bool:
    """Files of one name: the same person, known at several sites."""
    return len({person.sort_key for person in people}) == 1
