"""Accounts made and found."""

from datetime import datetime

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
