"""Messages to who is registered, a calendar entry, the addresses to give.

No subject says who she is; a message names nobody but the action and its site.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from citeslab.core.values import harmless
from citeslab.partners.models import Office
from citeslab.territories.models import Commune
from citeslab.ui.values import clock, day
from citeslab.workshops import queries, rules
from citeslab.workshops.models import Registration, Session, Workshop

MADE_BY = "-//CitésLab//Actions//FR"
ASKED_AGAIN = timedelta(hours=1)
DOMAIN = "actions.citeslab"  # of the identifiers; stays when the address of the site changes


def her_address(registration: Registration) -> str:
    return settings.PUBLIC_URL + reverse("workshops:hers", args=[rules.secret_of(registration)])


def public_address(workshop: Workshop) -> str:
    """Where anyone registers; of an action on invitation, who has the address."""
    if workshop.is_public:
        return settings.PUBLIC_URL + reverse("workshops:public", args=[workshop.pk])
    return settings.PUBLIC_URL + reverse("workshops:invited", args=[workshop.pk, rules.invitation_to(workshop)])


def doors(workshop: Workshop) -> list[tuple[Office | None, str, str]]:
    """Whose door, its address, and its QR code: everyone's (no office), then each office's that has seats or leads."""
    found: list[tuple[Office | None, str, str]] = [(None, public_address(workshop), qr(public_address(workshop)))]
    kept = Office.objects.filter(pk__in=workshop.quotas.exclude(office=None).values("office"))
    offices = (kept | Office.objects.filter(pk=workshop.partner_id)).select_related("network").order_by("sort_key")
    for office in offices:
        secret = rules.door_of(workshop, office.pk)
        address = settings.PUBLIC_URL + reverse("workshops:door", args=[workshop.pk, secret])
        found.append((office, address, qr(address)))
    return found


def qr(address: str) -> str:
    """The drawing of a QR code, to stand in an `img`: dark on white, in both themes.

    One mask for all: trying the eight of them takes three times as long, for a code that readers read as well.
    """
    return segno.make(address, micro=False, mask=3).svg_data_uri(scale=5, light="#fff", border=3)


def code_address(session: Session, at: datetime) -> str:
    """What the room shows at that instant, as the QR code says it."""
    return settings.PUBLIC_URL + reverse("workshops:scan", args=[session.pk, rules.code_of(session, at)])


def codes(session: Session, *, at: datetime, many: int) -> list[dict[str, object]]:
    """The codes of the room from now on: after how many seconds each is shown, its address, its drawing."""
    begun = timedelta(seconds=at.timestamp() % rules.CODE_CHANGES)
    found = []
    for place in range(many):
        shown = at - begun + timedelta(seconds=place * rules.CODE_CHANGES)
        address = code_address(session, shown)
        drawing = segno.make(address, micro=False, error="m").svg_data_uri(light="#fff", border=2, xmldecl=False)
        found.append({"after": (shown - at).total_seconds(), "address": address, "drawing": drawing})
    return found


def where(workshop: Workshop) -> str:
    return ", ".join(part for part in (workshop.place, workshop.address, workshop.commune_name) if part)


def words(registration: Registration, half: Session | None) -> dict[str, str | int]:
    workshop = registration.workshop
    until = registration.offered_until
    return {
        "title": workshop.title,
        "day": day(half.starts_at if half else workshop.held_on, "weekday"),
        "clock": clock(half.starts_at) if half else "",
        "place": where(workshop),
        "site": workshop.site.name,
        "number": registration.number,
        "url": her_address(registration),
        "because": workshop.cancelled_because,
        "until_day": day(until, "near") if until else "",
        "until": clock(until) if until else "",
    }


def message(registration: Registration, event: str, *, half: Session | None, short: bool) -> tuple[str, str]:
    """Subject and text, with the day and hour of that half-day; `short` for a text message, which has no subject."""
    told = words(registration, half)
    match event:
        case "registered":
            subject = _("You are registered: %(title)s, %(day)s")
            said = _("You are registered for “%(title)s”. Your number: %(number)s.")
            text = _("You are registered: %(title)s, %(day)s at %(clock)s. Number %(number)s. Cancel: %(url)s")
        case "waiting":
            subject = _("You are in the line: %(title)s, %(day)s")
            said = _("“%(title)s” is full: you are in the line. We write to you as soon as a seat is free for you.")
            text = _("%(title)s, %(day)s: it is full, you are in the line. We write when a seat is free. %(url)s")
        case "offered":
            subject = _("A seat is free for you: %(title)s, %(day)s")
            said = _(
                "A seat is free at “%(title)s”. It is yours until %(until_day)s at %(until)s: take it by the address "
                "below. After that, it goes to the next person."
            )
            text = _("A seat is free: %(title)s, %(day)s. Take it before %(until_day)s at %(until)s: %(url)s")
        case "moved":
            subject = _("Changed: %(title)s, now %(day)s")
            said = _("“%(title)s” has changed. You keep your seat or your place in the line. Here it is now.")
            text = _("Changed: %(title)s is now on %(day)s at %(clock)s, %(place)s. %(url)s")
        case "called_off":
            subject = _("Called off: %(title)s, %(day)s")
            said = _("“%(title)s” is called off. %(because)s")
            text = _("Called off: %(title)s, %(day)s. %(because)s")
        case "restored":
            subject = _("It takes place after all: %(title)s, %(day)s")
            said = _("“%(title)s” takes place after all. You keep your seat or your place in the line.")
            text = _("It takes place after all: %(title)s, %(day)s at %(clock)s. %(url)s")
        case _:
            subject = _("Tomorrow: %(title)s")
            said = _("“%(title)s” is tomorrow. Your number: %(number)s.")
            text = _("Tomorrow at %(clock)s: %(title)s, %(place)s. Cannot come? %(url)s")
    if short:
        return "", " ".join((text % told).split())
    paragraphs = [
        _("Hello,"),
        (said % told).strip(),
        "\n".join(filter(None, [_("%(day)s at %(clock)s") % told, str(told["place"])])),
    ]
    if event == "offered":
        paragraphs.append(_("Take the seat, or say that you do not come:") + f"\n{told['url']}")
    elif event != "called_off":
        paragraphs.append(_("Cannot come? Say so here in one tap, so that someone else may:") + f"\n{told['url']}")
    paragraphs.append(_("See you soon,\nCitésLab, %(site)s") % told)
    return subject % told, "\n\n".join(paragraphs) + "\n"


def events_of(workshop: Workshop, *, description: str = "", url: str = "") -> list[Event]:
    """One calendar event for each half-day, in UTC, which each program shows in its own zone; a day alone is whole."""
    changed_at = (workshop.changed_at or workshop.recorded_at).astimezone(UTC)
    times: list[tuple[int | str, date, date]] = [
        (one.pk, one.starts_at.astimezone(UTC), one.ends_at.astimezone(UTC)) for one in workshop.sessions.all()
    ]
    events = []
    for key, starts, ends in times or [("day", workshop.held_on, workshop.held_on + timedelta(days=1))]:
        event = Event()
        event.add("uid", f"{workshop.pk}-{key}@{DOMAIN}")
        event.add("sequence", workshop.sequence)
        event.add("dtstamp", changed_at)
        event.add("last-modified", changed_at)
        event.add("dtstart", starts)
        event.add("dtend", ends)
        event.add("summary", workshop.title)
        event.add("location", where(workshop))
        event.add("status", "CANCELLED" if workshop.cancelled_at else "CONFIRMED")
        if description:
            event.add("description", description)
        if url:
            event.add("url", url)
        events.append(event)
    return events


def public_events(workshop: Workshop) -> list[Event]:
    """Those of an action of the public agenda: where one registers or, once it is called off, why."""
    address = public_address(workshop)
    said = workshop.cancelled_because if workshop.cancelled_at else _("Registration: %(url)s") % {"url": address}
    return events_of(workshop, description=said, url=address)


def calendar(events: list[Event], *, name: str = "") -> str:
    made = Calendar()
    made.add("prodid", MADE_BY)
    made.add("version", "2.0")
    if name:
        made.add("x-wr-calname", name)
        made.add("refresh-interval", vDuration(ASKED_AGAIN), parameters={"VALUE": "DURATION"})
    for event in events:
        made.add_component(event)
    return made.to_ical().decode()


def invitation(registration: Registration) -> str:
    """The half-days of her action, for her own calendar."""
    said = _("Cannot come? Say so here: %(url)s") % {"url": her_address(registration)}
    return calendar(events_of(registration.workshop, description=said))


def height_of(lines: int) -> int:
    """Pixels that hold a heading, so many lines on a phone, and the way to the whole agenda."""
    return 150 + 140 * lines


def frame_of(source: str, *, commune: Commune | None, lines: int, language: str) -> str:
    """The lines that a town pastes, with the title that a screen reader says."""
    with translation.override(language):
        title = _("CitésLab around %(commune)s") % {"commune": commune.name} if commune else _("Workshops to come")
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0"></iframe>',
        settings.PUBLIC_URL + source,
        title,
        str(height_of(lines)),
    )


def balance_as_csv(workshops: Sequence[Workshop], of: Mapping[int, queries.Balance]) -> bytes:
    """One line an action, without any name."""
    heading = [
        _("Day"), _("Action"), _("Kind"), _("Site"), _("Commune"), _("Agreement"), _("With a name"),
        _("Without a name"), _("Minutes × people"), _("Met within 3 months"), _("Met within 6 months"),
        _("Supported within 3 months"), _("Supported within 6 months"),
    ]  # fmt: skip
    rows = []
    for one in workshops:
        row = of[one.pk]
        told = [one.title, str(one.get_kind_display()), one.site.name, one.commune_name, one.agreement]
        numbers = [row.came, row.heads, row.minutes, row.met_3, row.met_6, row.supported_3, row.supported_6]
        rows.append([one.held_on.isoformat(), *map(harmless, told), *numbers])
    return as_csv(heading, rows)


def funded_as_csv(lines: Sequence[queries.Funded]) -> bytes:
    """One line an agreement, rounded; what is not known is empty."""
    heading = [_("Agreement"), _("Actions"), _("With a name"), _("Without a name"), _("Hours × people")]
    return as_csv(
        heading,
        [[harmless(one.agreement.reference), one.actions, one.came, one.heads, one.hours] for one in lines],
    )


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Opens in a French spreadsheet with a double click."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue().encode()
