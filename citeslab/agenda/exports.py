"""iCalendar objects: what is attached to a message, and what an advisor's calendar program reads.

Times are in UTC, which each program shows in its own zone; there is no table of time zones to get wrong.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vDuration, vText

from citeslab.agenda import queries
from citeslab.agenda.enums import Kind
from citeslab.agenda.models import Appointment, Feed, Surgery
from citeslab.agenda.values import Occurrence
from citeslab.core.values import midnight
from citeslab.network.models import zone_for
from citeslab.ui.values import initials

MADE_BY = "-//CitésLab//Agenda//FR"
PAST, AHEAD = timedelta(days=31), timedelta(days=184)
ASKED_AGAIN = timedelta(minutes=15)
DOMAIN = "agenda.citeslab"  # of the identifiers; stays when the address of the site changes


def invitation(appointment: Appointment, *, url: str = "", is_cancelled: bool = False) -> str:
    """What a person's calendar reads: the same identifier at each change, with the next sequence."""
    event = Event()
    event.add("uid", f"{appointment.uid}@{DOMAIN}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", _("CitésLab appointment"))
    event.add("location", where(appointment))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if url:
        event.add("description", _("Cancel or ask for another time: %(url)s") % {"url": url})
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"MAILTO:{address}")
    organizer.params["CN"] = vText(queries.advisor_as_told(appointment) or name)
    event.add("organizer", organizer)
    if appointment.who.email:
        attendee = vCalAddress(f"MAILTO:{appointment.who.email}")
        attendee.params["RSVP"] = vText("FALSE")
        attendee.params["PARTSTAT"] = vText("DECLINED" if is_cancelled else "ACCEPTED")
        event.add("attendee", attendee)
    return written([event], method="CANCEL" if is_cancelled else "REQUEST")


def where(appointment: Appointment) -> str:
    return appointment.place if appointment.kind == Kind.MEET else str(appointment.get_kind_display()).capitalize()


def written(events: Iterable[Event], *, method: str = "", name: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", vDuration(ASKED_AGAIN), parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical().decode()


def feed(found: Feed, *, at: datetime) -> tuple[str, datetime]:
    """The calendar of an advisor, in French, and when it last changed. Its days move on at midnight."""
    zone = zone_for(found.advisor, on=timezone.localdate(at))
    on = timezone.localdate(at, zone)
    appointments = list(
        queries.appointments_of(found.advisor, on=on, first=on - PAST, last=on + AHEAD).select_related(
            "person", "contact", "site", "advisor"
        )
    )
    surgeries = Surgery.objects.visible_to(found.advisor, on=on).filter(advisor=found.advisor)
    held = queries.held(surgeries, on - PAST, on + AHEAD)
    with translation.override(settings.LANGUAGE_CODE):
        events = [meeting(one, shows_names=found.shows_names) for one in appointments]
        events += [permanence(one) for one in held]
        text = written(events, name=_("CitésLab, appointments"))
    changes = [
        *latest_change(Appointment.objects.filter(advisor=found.advisor)),
        *latest_change(surgeries),
    ]
    return text, max([found.changed_at, midnight(on, zone), *changes])


def latest_change(rows: QuerySet) -> QuerySet:
    return rows.order_by("-changed_at").values_list("changed_at", flat=True)[:1]


def meeting(appointment: Appointment, *, shows_names: bool) -> Event:
    event = Event()
    name = appointment.who.name
    event.add("uid", f"{appointment.uid}@{DOMAIN}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at.astimezone(UTC))
    event.add("last-modified", appointment.changed_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", _("Appointment: %(who)s") % {"who": name if shows_names else initials(name)})
    event.add("location", where(appointment))
    event.add("class", "CONFIDENTIAL")
    return event


def permanence(one: Occurrence) -> Event:
    """Hours at a place: shown, without blocking the advisor's own calendar."""
    event = Event()
    event.add("uid", f"surgery-{one.surgery_id}-{one.day.isoformat()}@{DOMAIN}")
    event.add("dtstamp", one.starts_at)
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.ends_at)
    event.add("summary", _("Surgery: %(place)s") % {"place": one.place})
    event.add("location", one.where)
    event.add("transp", "TRANSPARENT")
    return event
