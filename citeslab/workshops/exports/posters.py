"""A poster to hang in a hall: what, when, where, and a code that leads to the registration."""

import io
from datetime import datetime
from pathlib import Path

import segno
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citeslab.ui.exports import accessible_pdf
from citeslab.ui.values import clock, day
from citeslab.workshops.exports.messages import public_address, where
from citeslab.workshops.models import Workshop

POSTER = Path(__file__).parent.parent / "documents" / "poster.typ"
SHOWN = 260  # letters of the description
SIZES = ((28, 58), (60, 46), (120, 34), (300, 24))  # up to so many letters, points of the title


def poster(workshop: Workshop, *, at: datetime) -> bytes:
    """One page, A4, PDF/UA-1."""
    title = workshop.title
    sessions = list(workshop.sessions.all())
    halves = [(day(one.starts_at, "near"), f"{clock(one.starts_at)} – {clock(one.ends_at)}") for one in sessions[:3]]
    partner = workshop.partner.whole_name if workshop.partner else ""
    description = workshop.description
    data = {
        "title": title,
        "author": f"CitésLab {workshop.site.name}",
        "lang": get_language() or settings.LANGUAGE_CODE,
        "size": next((points for most, points in SIZES if len(title) <= most), SIZES[-1][1]),
        "kicker": workshop.theme or _("Workshop"),
        "audience": workshop.audience,
        "halves": halves or [(day(workshop.held_on, "near"), "")],
        "place": where(workshop),
        "description": description if len(description) <= SHOWN else f"{description[:SHOWN].rsplit(' ', 1)[0]}…",
        "code": drawing(public_address(workshop)),
        "code_said": _("QR code of this address"),
        "call": _("Free: register"),
        "how": _("Scan this code, or come and see us. No e-mail address is needed."),
        "foot": " · ".join(part for part in (workshop.site.name, partner) if part),
    }
    return accessible_pdf(POSTER, data, at=at)[0]


def drawing(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, micro=False, error="q", mask=3).save(out, kind="svg", border=1, scale=8)
    return out.getvalue().decode()
