"""A poster to hang in a hall: what, when, where, and a code that leads to the registration."""

import io
from datetime import date, datetime
from pathlib import Path

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citeslab.ui.exports import accessible_pdf
from citeslab.ui.templatetags.drawings import ROOM
from citeslab.ui.values import clock, day
from citeslab.workshops.exports.messages import public_address
from citeslab.workshops.models import Workshop

POSTER = Path(__file__).parent.parent / "documents" / "poster.typ"
MARK = ROOM / "static/ui/icon.svg"
LONGEST_WHOLE = 14  # letters of a word that the largest title has room for


def poster(workshop: Workshop, *, at: datetime, phone: str = "") -> tuple[bytes, list]:
    """One page (A4, PDF/UA-1), in the active language and as large as it holds; and the warnings of its making."""
    address = public_address(workshop)
    title = " ".join(workshop.title.split())
    partner = workshop.partner.whole_name if workshop.partner else ""
    data = {
        "title": title,
        "hyphenate": max(map(len, title.split()), default=0) > LONGEST_WHOLE,
        "author": workshop.site.name,
        "lang": get_language() or settings.LANGUAGE_CODE,
        "kind": workshop.theme or _("Workshop"),
        "days": days_of(workshop),
        "place": workshop.place,
        "address": ", ".join(part for part in (workshop.address, workshop.commune_name) if part),
        "audience": workshop.audience,
        "partner": partner and _("With %(partner)s") % {"partner": partner},
        "free": _("Free registration"),
        "how": _("Scan this code with your phone, or write this address:"),
        "shown": address.partition("://")[2],
        "by_phone": _("Or by phone:"),
        "phone": phone,
        "qr": drawing(address),
        "qr_said": _("QR code of the registration page: %(url)s") % {"url": address},
        "mark": MARK.read_text(),
        "foot": _("%(site)s: your idea is listened to, from the start.") % {"site": workshop.site.name},
    }
    return accessible_pdf(POSTER, data, at=at)


def days_of(workshop: Workshop) -> list[dict[str, str]]:
    """Each day with its hours; several half-days of a day are on one line."""
    hours: dict[date, list[str]] = {}
    for one in workshop.sessions.all():
        hours.setdefault(timezone.localdate(one.starts_at), []).append(f"{clock(one.starts_at)} – {clock(one.ends_at)}")
    return [
        {"day": capfirst(day(held_on, "near")), "hours": ", ".join(said)}
        for held_on, said in (hours or {workshop.held_on: []}).items()
    ]


def drawing(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, micro=False, error="q", mask=3).save(out, kind="svg", border=0, dark="#0E4338", light=None)
    return out.getvalue().decode()
