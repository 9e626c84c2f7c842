"""Secrets given once, their links closed; and the account that partners' answers are written under."""

from datetime import datetime

from citeslab.accounts.models import User
from citeslab.accounts.services import stand_in
from citeslab.core.values import digest_of, new_secret
from citeslab.notifications import services as notifications
from citeslab.referrals import exports
from citeslab.referrals.enums import Occasion
from citeslab.referrals.models import Link, Referral

PARTNERS = "partners@citeslab.invalid"


def partners_user(*, at: datetime) -> User:
    """The actor of what partners do by links, in the journal with the contact beside; nobody signs in to it."""
    return stand_in(email=PARTNERS, name="partners", at=at)


def send_link(referral: Referral, occasion: Occasion, *, at: datetime, reminder_day: int | None = None) -> Link:
    """A new secret in a message to the contact; nobody can read it from the table of links."""
    secret = new_secret()
    link = referral.links.create(
        contact=referral.contact,
        digest=digest_of(secret),
        occasion=occasion,
        reminder_day=reminder_day,
        made_at=at,
    )
    notifications.post(
        key=f"referrals.link.sent:{referral.pk}:{link.pk}",
        to=referral.address,
        at=at,
        about=referral,
        **exports.to_contact(referral, link, secret),
    )
    return link


def close_links(referral: Referral, *, at: datetime) -> None:
    """Every link sent so far opens nothing, and those that still wait to leave are not sent."""
    referral.links.filter(closed_at=None).update(closed_at=at)
    notifications.take_back(prefix=f"referrals.link.sent:{referral.pk}:")


def locked(referral: Referral) -> Referral:
    """The same referral, held until the end of the transaction: two answers never cross."""
    return (
        Referral.objects.select_for_update(of=["self"])
        .select_related("person__site", "project", "contact__office__network", "advisor", "consent")
        .get(pk=referral.pk)
    )
