"""Who registered is told: by a message where one can reach her, by a call of the advisor where none can."""

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone, translation

from citeslab.accounts.models import User
from citeslab.notifications import services as notifications
from citeslab.notifications.enums import Channel as Way
from citeslab.notifications.models import Message
from citeslab.workshops import exports, queries, rules
from citeslab.workshops.enums import Occasion
from citeslab.workshops.models import Call, Registration, Session, Workshop


def registered(registration: Registration, *, at: datetime) -> None:
    """Her seat or her place in the line, unless the action has begun; and the reminders of what is to come of it."""
    if not rules.may_be_written_to(registration):
        return
    prefetch_related_objects([registration.workshop], "sessions")  # each message tells them
    halves = list(registration.workshop.sessions.all())
    starts_at = queries.begins_at(registration.workshop)
    messages = reminders(registration, halves, at=at)
    if starts_at > at:
        event = "waiting" if registration.is_waiting else "registered"
        first = queries.next_half(halves, at=at)
        messages = [message(registration, event, half=first, at=at, until=starts_at), *messages]
    notifications.post_all(messages)


def seated(registration: Registration, *, at: datetime) -> None:
    """A seat came to her in the line: who was not written to is called."""
    if not rules.may_be_written_to(registration):
        call(registration, Occasion.SEATED, at=at)


def remind(registration: Registration, halves: Collection[Session], *, at: datetime) -> None:
    notifications.post_all(reminders(registration, halves, at=at))


def reminders(registration: Registration, halves: Collection[Session], *, at: datetime) -> list[Message]:
    """The day before each day of the action that is to come, with the hour at which that day begins."""
    if registration.is_waiting or not rules.may_be_written_to(registration):
        return []
    zone = registration.workshop.site.zone
    days: dict[date, Session | None] = {}
    for half in halves:
        days.setdefault(timezone.localdate(half.starts_at, zone), half)
    beginnings = [
        (first, first.starts_at if first else queries.begins_at(registration.workshop))
        for first in days.values() or [None]
    ]
    return [
        message(registration, "reminder", half=first, at=at, until=starts_at, send_after=send_after)
        for first, starts_at in beginnings
        for send_after in [rules.reminder_at(starts_at, zone)]
        if send_after > at
    ]


def offered(registration: Registration, *, at: datetime) -> None:
    half = queries.next_half(registration.workshop.sessions.all(), at=at)
    tell(registration, Occasion.OFFER, "offered", half=half, at=at, until=registration.offered_until)


def all_of(workshop: Workshop, occasion: Occasion, event: str, *, at: datetime) -> None:
    """Tell everyone who stands, seats and line, while it is of use: until the next half-day that is to come."""
    standing = workshop.registrations.standing().select_related("person").order_by("pk")
    halves = list(workshop.sessions.all())
    half, until = queries.next_half(halves, at=at), queries.tells_until(workshop, at=at)
    for registration in standing:
        registration.workshop = workshop
        forget(registration)
        tell(registration, occasion, event, half=half, at=at, until=until)
        if event != "called_off":
            remind(registration, halves, at=at)
            if registration.offered_until and registration.offered_until > at:
                offered(registration, at=at)  # it still stands, and what told of it was forgotten


def tell(
    registration: Registration,
    occasion: Occasion,
    event: str,
    *,
    half: Session | None,
    at: datetime,
    until: datetime | None,
) -> None:
    if rules.may_be_written_to(registration):
        notifications.post_all([message(registration, event, half=half, at=at, until=until)])
    else:
        call(registration, occasion, at=at)


def call(registration: Registration, occasion: Occasion, *, at: datetime) -> None:
    Call.objects.get_or_create(registration=registration, occasion=occasion, made_at=None, defaults={"asked_at": at})


def answered(registration: Registration, occasion: Occasion, *, by: User, at: datetime) -> None:
    """Nobody needs to call her about it any more."""
    registration.calls.filter(occasion=occasion, made_at=None).update(made_at=at, made_by=by)


def forget(registration: Registration) -> None:
    """What announces a seat and has not left stays here; nobody calls her about it."""
    notifications.take_back(prefix=f"workshops.registration:{registration.pk}:")
    registration.calls.filter(made_at=None).delete()


def message(
    registration: Registration,
    event: str,
    *,
    half: Session | None,
    at: datetime,
    until: datetime | None = None,
    send_after: datetime | None = None,
) -> Message:
    by_mail = bool(registration.address)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(registration.workshop.site.zone):
        subject, body = exports.message(registration, event, half=half, short=not by_mail)
        calendar = exports.invitation(registration) if by_mail and event in {"registered", "moved"} else ""
    return notifications.message(
        key=f"workshops.registration:{registration.pk}:{event}:{at.isoformat()}:{half.pk if half else ''}",
        to=registration.address or registration.number_to_call,
        subject=subject,
        body=body,
        channel=Way.EMAIL if by_mail else Way.SMS,
        calendar=calendar,
        at=at,
        send_after=send_after,
        useless_after=until,
        about=registration,
    )
