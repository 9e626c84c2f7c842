"""How long a seat is offered, when to remind, who may be registered, and which code of a room is right."""

import hmac
from datetime import datetime, time, timedelta, tzinfo
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from citeslab.core.values import instant, whole_number
from citeslab.people.values import is_mobile
from citeslab.workshops.enums import Channel
from citeslab.workshops.models import Registration, Session, Workshop
from citeslab.workshops.values import ADVISORS, Group

OFFER_LASTS = timedelta(hours=24)
OFFER_LASTS_AT_LEAST = timedelta(minutes=30)
CODE_CHANGES = 30  # seconds
SCAN_LASTS = timedelta(minutes=10)  # from the code shown to its page opened, on the slowest of phones
CODE_LATE = timedelta(hours=12)  # how long after it was shown a scan may still arrive


def offered_until(*, starts_at: datetime, at: datetime) -> datetime:
    """A day; half of what is left when the action is near, and never past its beginning."""
    left = starts_at - at
    lasts = max(OFFER_LASTS_AT_LEAST, min(OFFER_LASTS, left / 2))
    return min(starts_at, at + lasts)


def group_of(registration: Registration) -> Group:
    """Of whose kept seats she may take one."""
    return group(registration.office_id, registration.channel)


def group(office_id: int | None, channel: str) -> Group:
    return office_id or (ADVISORS if channel == Channel.ADVISOR else None)


def reminder_at(starts_at: datetime, zone: tzinfo) -> datetime:
    """The day before, at ten in the morning there."""
    return instant(timezone.localdate(starts_at, zone) - timedelta(days=1), time(10), zone)


def may_be_written_to(registration: Registration) -> bool:
    return bool(registration.address) or is_mobile(registration.number_to_call)


def mac(*parts: object, length: int = 26) -> str:
    """Letters that only this installation can make of these parts, 5 bits each; no table holds them."""
    said = "\x1f".join(str(part) for part in ("citeslab.workshops", *parts)).encode()
    number = int.from_bytes(hmac.digest(settings.SECRET_KEY.encode(), said, sha256))
    letters = "abcdefghijkmnpqrstuvwxyz23456789"  # without l, o, 0, 1: read aloud and typed
    return "".join(letters[number >> 5 * place & 31] for place in range(length))


def is_mac(said: str, *parts: object, length: int = 26) -> bool:
    return hmac.compare_digest(said.encode(), mac(*parts, length=length).encode())


def secret_of(registration: Registration) -> str:
    """What stands in her private address; it opens her place at this action, and nothing else."""
    return f"{registration.pk}-{mac('registration', registration.pk, registration.key)}"


def is_secret_of(secret: str, registration: Registration) -> bool:
    return hmac.compare_digest(secret.encode(), secret_of(registration).encode())


def invitation_to(workshop: Workshop) -> str:
    """What stands in the address of an action that is on invitation."""
    return mac("invitation", workshop.pk, length=16)


def door_of(workshop: Workshop, office_id: int) -> str:
    """What stands in the address by which a partner's office registers people."""
    return f"{office_id}-{mac('office', workshop.pk, office_id)}"


def code_of(session: Session, at: datetime) -> str:
    """The code that the room shows at that instant; it says when it was shown."""
    step = int(at.timestamp()) // CODE_CHANGES
    return f"{step}-{mac('room', session.pk, step, length=16)}"


def shown_at(session: Session, code: str, *, at: datetime) -> datetime | None:
    """When the room showed this code, by our clock; nothing when it never did, will, or too long ago."""
    step, _dash, said = code.partition("-")
    number = whole_number(step, digits=9)
    if number is None or not is_mac(said, "room", session.pk, step, length=16):
        return None
    shown = datetime.fromtimestamp(number * CODE_CHANGES, tz=at.tzinfo)
    return shown if at - CODE_LATE <= shown <= at + timedelta(seconds=CODE_CHANGES) else None


def scanned_now(session: Session, code: str, *, at: datetime) -> bool:
    """Whether who opens this page can be in the room; what she says there may arrive much later."""
    shown = shown_at(session, code, at=at)
    return shown is not None and at - SCAN_LASTS <= shown


def ticket_of(session: Session, code: str) -> str:
    """What the page of a code carries: it was opened while the room showed that code."""
    return mac("scanned", session.pk, code, length=16)


def is_ticket_of(ticket: str, session: Session, code: str) -> bool:
    return is_mac(ticket, "scanned", session.pk, code, length=16)
