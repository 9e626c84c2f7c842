"""A certificate of attendance (FR: attestation): who was where, on which half-days, for how many hours."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citeslab.animation import queries
from citeslab.animation.models import Enrolment, Presence
from citeslab.ui.exports import accessible_pdf
from citeslab.ui.values import clock, day, number

CERTIFICATE = Path(__file__).parent.parent / "documents" / "certificate.typ"


def certificate(enrolment: Enrolment, presences: Sequence[Presence], *, at: datetime) -> tuple[bytes, list]:
    """One page (A4, PDF/UA-1) in the active language, and the warnings of its making."""
    hours = queries.time_there(presences).total_seconds() / 3600
    data = {
        "title": _("Certificate of attendance"),
        "lang": get_language() or settings.LANGUAGE_CODE,
        "sentence": _("%(name)s attended the training “%(title)s” of the CitésLab network.")
        % {"name": enrolment.user.name, "title": enrolment.session.training.title},
        "where": enrolment.session.place or _("at a distance"),
        "where_label": _("Place"),
        "days_label": _("Half-days"),
        "days": [
            f"{day(timezone.localdate(one.half_day.starts_at), 'weekday')}, "
            f"{clock(one.half_day.starts_at)} – {clock(one.half_day.ends_at)}"
            for one in presences
        ],
        "hours_label": _("Hours attended"),
        "hours": number(hours, 0 if hours == int(hours) else 1),
        "made": _("Made on %(day)s from the register of attendance.") % {"day": day(timezone.localdate(at))},
    }
    return accessible_pdf(CERTIFICATE, data, at=at)
