"""Acts on funders, and on who reads their accounts."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.funding.enums import FunderKind
from citeslab.funding.models import Delegate, Funder


class FunderKnown(Exception):
    def __str__(self):
        return _("A funder of this name is already known. Choose it in the list.")


class AlreadyReads(Exception):
    def __str__(self):
        return _("She already reads this account.")


@transaction.atomic
def add_funder(*, name: str, kind: FunderKind, by: User, at: datetime) -> Funder:
    """Raises `FunderKnown`."""
    if Funder.objects.filter(name__iexact=name).exists():
        raise FunderKnown
    try:
        with transaction.atomic():
            funder = Funder.objects.create(name=name, sort_key=sort_key(name)[:160], kind=kind)
    except IntegrityError as error:
        raise FunderKnown from error
    audit.record("funding.funder.added", funder, by=by, at=at)
    return funder


@transaction.atomic
def let_read(*, funder: Funder, user: User, begins_on: date, by: User, at: datetime) -> Delegate:
    """From that day on `user` reads the account of `funder`, and of no other. Raises `AlreadyReads`."""
    try:
        with transaction.atomic():
            delegate = Delegate.objects.create(funder=funder, user=user, begins_on=begins_on)
    except IntegrityError as error:
        if "funding_delegate_once_at_a_time" not in str(error):
            raise
        raise AlreadyReads from error
    audit.record("funding.delegate.named", delegate, by=by, at=at, funder_id=funder.pk, user_id=user.pk)
    return delegate


@transaction.atomic
def end_reading(*, delegate: Delegate, ends_on: date, by: User, at: datetime) -> None:
    """From that day on she reads it no more; named that very day, it is as if she had not been. Twice is once."""
    found = Delegate.objects.select_for_update(of=["self"]).filter(pk=delegate.pk).first()
    if found is None or (found.ends_on and found.ends_on <= ends_on):
        return
    audit.record("funding.delegate.ended", found, by=by, at=at, funder_id=found.funder_id, user_id=found.user_id)
    if found.begins_on >= ends_on:
        found.delete()
        return
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
