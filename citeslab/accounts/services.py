"""Accounts made and found."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from citeslab.accounts.models import User

COMMAND_LINE = "command-line@citeslab.invalid"


@transaction.atomic
def create_user(*, email: str, name: str, password: str | None, at: datetime) -> User:
    """An account; with `password=None` nobody can sign in to it by password."""
    user = User(email=email, name=name, created_at=at)
    user.set_password(password)
    user.save()
    return user


def command_line_user(*, at: datetime) -> User:
    """The actor of what is done by command: the journal always has one, and it cannot sign in."""
    existing = User.objects.filter(email=COMMAND_LINE).first()
    return existing or create_user(email=COMMAND_LINE, name="citeslab", password=None, at=at)


@transaction.atomic
def end_sessions(*, user: User) -> int:
    """Sign `user` out everywhere. Sessions are few enough (a working day of them) to be read one by one."""
    hers = [
        session.pk
        for session in Session.objects.order_by("pk")
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    Session.objects.filter(pk__in=hers).delete()
    return len(hers)
