"""Reads of one's own account."""

from datetime import datetime

from allauth.mfa.models import Authenticator

from citeslab.accounts.enums import Factor
from citeslab.accounts.models import Session, User
from citeslab.core.values import digest_of

BROWSERS = ("Edg", "Firefox", "OPR", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
SPOKEN = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS"}


def factors(user: User) -> dict[str, list[Authenticator]]:
    """Her second factors by kind."""
    kinds: dict[str, list[Authenticator]] = {factor: [] for factor in Factor}
    for authenticator in Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"):
        kinds[authenticator.type].append(authenticator)
    return kinds


def has_factor(user: User) -> bool:
    """One that stands by itself: recovery codes do not."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Factor.RECOVERY_CODES).exists()


def open_sessions(user: User, *, at: datetime, current_key: str) -> list[dict]:
    """Where she is signed in, the latest seen first; `mark` names a session without telling its key."""
    return [
        {
            "mark": digest_of(session.session_key),
            "device": device(session.agent),
            "opened_at": session.opened_at,
            "seen_at": session.seen_at,
            "is_current": session.session_key == current_key,
        }
        for session in Session.objects.open(at).filter(user=user).order_by("-seen_at", "session_key")
    ]


def session_of(user: User, *, at: datetime, mark: str) -> Session | None:
    sessions = Session.objects.open(at).filter(user=user)
    return next((session for session in sessions if digest_of(session.session_key) == mark), None)


def device(agent: str) -> str:
    """`Firefox, Windows` from what the browser says of itself; empty when it says nothing we know."""
    browser = next((name for name in BROWSERS if f"{name}/" in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return ", ".join(SPOKEN.get(name, name) for name in (browser, system) if name)
