"""iCalendar files of a meeting and of a training session: one identifier, with the next sequence at each change."""

from collections.abc import Iterable
from datetime import UTC

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from citeslab.animation.models import NetworkMeeting, TrainingSession

MADE_BY = "-//CitésLab//Network life//FR"
DOMAIN = "animation.citeslab"  # of the identifiers; stays when the address of the site changes


def meeting_entry(meeting: NetworkMeeting, *, url: str) -> str:
    said = {
        "uid": f"meeting-{meeting.pk}@{DOMAIN}",
        "sequence": meeting.sequence,
        "dtstamp": meeting.changed_at.astimezone(UTC),
        "dtstart": meeting.starts_at.astimezone(UTC),
        "dtend": meeting.ends_at.astimezone(UTC),
        "summary": meeting.title,
        "location": meeting.place or meeting.link,
        "description": "\n\n".join(part for part in (meeting.agenda, meeting.link, url) if part),
        "status": "CANCELLED" if meeting.cancelled_at else "CONFIRMED",
    }
    return written([said])


def session_entry(session: TrainingSession, *, url: str) -> str:
    """One event a half-day."""
    return written(
        {
            "uid": f"half-day-{half_day.pk}@{DOMAIN}",
            "sequence": int(bool(session.cancelled_at)),
            "dtstamp": (session.cancelled_at or session.recorded_at).astimezone(UTC),
            "dtstart": half_day.starts_at.astimezone(UTC),
            "dtend": half_day.ends_at.astimezone(UTC),
            "summary": _("Training: %(title)s") % {"title": session.training.title},
            "location": session.place or session.link,
            "description": "\n\n".join(part for part in (session.link, url) if part),
            "status": "CANCELLED" if session.cancelled_at else "CONFIRMED",
        }
        for half_day in session.half_days.all()
    )


def written(events: Iterable[dict[str, object]]) -> str:
    calendar = Calendar()
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    for said in events:
        event = Event()
        for name, value in said.items():
            event.add(name, value)
        calendar.add_component(event)
    return calendar.to_ical().decode()
