"""What a person is told of her appointment, in the transaction of the act: booked, moved, cancelled, tomorrow.

No message says why she comes, and no subject says who she is. It is written in French, the language of the network.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from citeslab.agenda import exports, queries, rules
from citeslab.agenda.enums import Kind
from citeslab.agenda.models import Appointment, PersonLink
from citeslab.core.values import digest_of, new_secret
from citeslab.notifications import services as notifications
from citeslab.notifications.enums import Channel as Way
from citeslab.ui.values import clock, day

# A cancellation can be undone from the page where it was made: its message leaves a little later.
TIME_TO_UNDO = timedelta(minutes=5)
EVENTS = ("booked", "moved", "cancelled", "reminder")


def tell(appointment: Appointment, event: str, *, at: datetime) -> None:
    """Say that it is "booked" or "moved", and renew the reminder of the day before."""
    was_told = not take_back(appointment, "booked")
    take_back(appointment, "moved", "reminder", "cancelled")
    way = way_of(appointment)
    if not way:
        return
    url = link(appointment, at=at)
    with translation.override(settings.LANGUAGE_CODE):
        post(appointment, event if was_told else "booked", way, url=url, at=at)
        reminder_at = rules.reminder_at(appointment.starts_at, appointment.site.zone)
        if reminder_at > at:
            post(appointment, "reminder", way, url=url, at=at, send_after=reminder_at)


def tell_cancelled(appointment: Appointment, *, at: datetime, now: bool = False) -> None:
    """Say that it will not be held, unless nothing that announced it had left."""
    was_told = not take_back(appointment, "booked")
    take_back(appointment, "moved", "reminder")
    way = way_of(appointment)
    if not way or not was_told or appointment.starts_at <= at:
        return
    with translation.override(settings.LANGUAGE_CODE):
        post(appointment, "cancelled", way, at=at, send_after=at if now else at + TIME_TO_UNDO)


def tell_restored(appointment: Appointment, *, at: datetime) -> None:
    """Its cancellation is undone: nothing to say if the message had not left, but the reminder comes again."""
    if not take_back(appointment, "cancelled"):
        tell(appointment, "booked", at=at)
        return
    way = way_of(appointment)
    reminder_at = rules.reminder_at(appointment.starts_at, appointment.site.zone)
    if way and reminder_at > at:
        with translation.override(settings.LANGUAGE_CODE):
            post(appointment, "reminder", way, url=link(appointment, at=at), at=at, send_after=reminder_at)


def take_back(appointment: Appointment, *events: str) -> int:
    """Forget the messages of these kinds that have not left."""
    return sum(
        notifications.take_back(prefix=f"agenda.appointment.{event}:{appointment.pk}:") for event in events or EVENTS
    )


def way_of(appointment: Appointment) -> str:
    """How she is told, if it can still reach her."""
    return appointment.told_by if appointment.told_by in rules.ways_to_tell(appointment.who) else ""


def link(appointment: Appointment, *, at: datetime) -> str:
    """A new private address of this appointment; those of older messages keep working."""
    return f"{settings.PUBLIC_URL}{reverse('agenda:hers', args=[secret(appointment, at=at)])}"


def secret(appointment: Appointment, *, at: datetime) -> str:
    """What opens this appointment to who has it."""
    made = new_secret()
    PersonLink.objects.create(appointment=appointment, digest=digest_of(made), made_at=at)
    return made


def post(
    appointment: Appointment, event: str, way: str, *, url: str = "", at: datetime, send_after: datetime | None = None
) -> None:
    is_cancelled = event == "cancelled"
    subject, body = text_message(appointment, event, url) if way == Way.SMS else letter(appointment, event, url)
    notifications.post(
        key=f"agenda.appointment.{event}:{appointment.pk}:{appointment.sequence}",
        to=appointment.who.phone if way == Way.SMS else appointment.who.email,
        subject=subject,
        body=body,
        channel=Way(way),
        calendar=""
        if way == Way.SMS or event == "reminder"
        else exports.invitation(appointment, url=url, is_cancelled=is_cancelled),
        at=at,
        send_after=send_after,
        useless_after=appointment.starts_at,
        about=appointment,
    )


def words(appointment: Appointment) -> dict[str, str | int]:
    begins = timezone.localtime(appointment.starts_at, appointment.site.zone)
    return {
        "day": day(begins.date(), "weekday"),
        "clock": clock(begins.time()),
        "minutes": appointment.minutes,
        "advisor": queries.advisor_as_told(appointment),
        "place": appointment.place if appointment.kind == Kind.MEET else said_place(appointment.kind),
        "site": appointment.site.name,
    }


def said_place(kind: str) -> str:
    return _("By telephone: we call you.") if kind == Kind.PHONE else _("By video: the link comes from your advisor.")


def letter(appointment: Appointment, event: str, url: str) -> tuple[str, str]:
    told = words(appointment)
    match event:
        case "booked":
            subject = _("Your appointment on %(day)s at %(clock)s")
            opening = _("Your appointment with %(advisor)s, of CitésLab, is booked.")
        case "moved":
            subject = _("New time for your appointment: %(day)s at %(clock)s")
            opening = _("Your appointment with %(advisor)s, of CitésLab, has changed. Here it is now.")
        case "reminder":
            subject = _("Reminder: appointment on %(day)s at %(clock)s")
            opening = _("You have an appointment with %(advisor)s, of CitésLab.")
        case _:
            subject = _("Your appointment on %(day)s is cancelled")
            opening = _("Your appointment with %(advisor)s, of CitésLab, is cancelled. It was to be held:")
    paragraphs = [
        _("Hello,"),
        opening % told,
        "\n".join(filter(None, [_("%(day)s at %(clock)s (%(minutes)s minutes)") % told, str(told["place"])])),
    ]
    if url:
        paragraphs.append(
            _("Something came up? Cancel it or ask for another time here, without an account:") + f"\n{url}"
        )
    paragraphs.append(_("See you soon,\nCitésLab, %(site)s") % told)
    return subject % told, "\n\n".join(paragraphs) + "\n"


def text_message(appointment: Appointment, event: str, url: str) -> tuple[str, str]:
    told = {**words(appointment), "url": url}
    match event:
        case "booked":
            text = _("CitésLab: appointment booked on %(day)s at %(clock)s. %(place)s Something came up? %(url)s")
        case "moved":
            text = _("CitésLab: your appointment is now on %(day)s at %(clock)s. %(place)s Something came up? %(url)s")
        case "reminder":
            text = _("CitésLab: appointment on %(day)s at %(clock)s. %(place)s Something came up? %(url)s")
        case _:
            text = _("CitésLab: your appointment on %(day)s at %(clock)s is cancelled.")
    if told["place"] and not str(told["place"]).endswith("."):
        told["place"] = f"{told['place']}."
    return "", " ".join((text % told).split())
