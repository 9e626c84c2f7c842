"""Roles offered, given and ended; accounts closed."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from citeslab.accounts import services as accounts
from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import digest_of, new_secret
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization, Invitation, Mandate, Site, Tenure
from citeslab.network.services import posts
from citeslab.notifications import services as notifications

INVITED_FOR = timedelta(days=7)


class InvitationOver(Exception):
    def __str__(self):
        return _(
            "This invitation is over: it was used, taken back, or it waited more than seven days. Ask for another."
        )


class AccountExists(Exception):
    def __str__(self):
        return _("An account already has this address. Sign in to it, then open the link again.")


class OwnAccount(Exception):
    def __str__(self):
        return _("You cannot close your own account. Ask somebody who manages it.")


@transaction.atomic
def give_mandate(
    *,
    user: User,
    role: Role,
    site: Site | None = None,
    organization: HostOrganization | None = None,
    begins_on: date,
    ends_on: date | None = None,
    by: User,
    at: datetime,
) -> Mandate:
    """Give `user` a role on a perimeter; the database refuses one that does not fit the role."""
    mandate = Mandate.objects.create(
        user=user, role=role, site=site, organization=organization, begins_on=begins_on, ends_on=ends_on
    )
    audit.record("network.mandate.given", mandate, by=by, at=at, role=role, user_id=user.pk)
    return mandate


class BeganThatDay(Exception):
    """A role lasts a day at least: it cannot end on the day it began."""

    def __str__(self):
        return _("This access began on that day or later: it can end on the next day at the soonest.")


@transaction.atomic
def end_mandate(*, mandate: Mandate, ends_on: date, leaves_post: bool = False, by: User, at: datetime) -> None:
    """The role ends that day (excluded): from then on the perimeter is closed to its holder.

    With `leaves_post`, her posts at the site end the same day and are vacant; she takes none of them later. Raises
    `BeganThatDay`.
    """
    if mandate.begins_on >= ends_on:
        raise BeganThatDay
    mandate.ends_on = ends_on
    mandate.save()
    if leaves_post:
        hers = Tenure.objects.filter(user=mandate.user_id, post__site=mandate.site_id)
        posts.leave(tenures=hers, on=ends_on, by=by, at=at)
    audit.record("network.mandate.ended", mandate, by=by, at=at, user_id=mandate.user_id, ends_on=str(ends_on))


@transaction.atomic
def invite(
    *,
    email: str,
    role: Role,
    site: Site | None = None,
    organization: HostOrganization | None = None,
    begins_on: date,
    ends_on: date | None = None,
    by: User,
    at: datetime,
) -> tuple[Invitation, str]:
    """Offer a mandate by e-mail; gives the invitation and the secret of its link, which is said nowhere else.

    An earlier offer of the same mandate to the same address is taken back: one link is good at a time.
    """
    earlier = Invitation.objects.open(at).filter(email__iexact=email, role=role, site=site, organization=organization)
    earlier.update(withdrawn_at=at, withdrawn_by=by)
    secret = new_secret()
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        site=site,
        organization=organization,
        begins_on=begins_on,
        ends_on=ends_on,
        digest=digest_of(secret),
        invited_at=at,
        invited_by=by,
        expires_at=at + INVITED_FOR,
    )
    audit.record("network.invitation.sent", invitation, by=by, at=at, role=role)
    where = site or organization
    offered = _("You are invited to CitésLab as %(role)s%(where)s.") % {
        "role": Role(role).label,
        "where": f" ({where})" if where else "",
    }
    notifications.post(
        key=f"network.invitation.sent:{invitation.pk}",
        to=email,
        subject=_("Your invitation to CitésLab"),
        body="\n\n".join(
            [
                _("Hello,"),
                offered,
                _("Open your account with this link, which is good for seven days and once:") + f"\n{link_of(secret)}",
                _("You did not expect this message? Do nothing: no account is made without you."),
                "CitésLab",
            ]
        ),
        at=at,
        about=invitation,
    )
    return invitation, secret


def link_of(secret: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('network:invitation', args=[secret])}"


@transaction.atomic
def accept_invitation(*, invitation: Invitation, name: str, password: str | None, at: datetime) -> User:
    """Make the account that the invitation opens, and give it its mandate; raises `InvitationOver`, `AccountExists`."""
    invitation = still_open(invitation, at)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise AccountExists
    user = accounts.create_user(email=invitation.email, name=name, password=password, at=at)
    return take(invitation, user, at)


@transaction.atomic
def accept_invitation_as(*, invitation: Invitation, user: User, at: datetime) -> User:
    """For who has an account already, of that very address: one more mandate."""
    invitation = still_open(invitation, at)
    if user.email.lower() != invitation.email.lower():
        raise InvitationOver
    return take(invitation, user, at)


def still_open(invitation: Invitation, at: datetime) -> Invitation:
    # The lock stops two browsers from opening two accounts with one link.
    found = Invitation.objects.open(at).filter(pk=invitation.pk).select_for_update(of=["self"]).first()
    if found is None:
        raise InvitationOver
    return found


def take(invitation: Invitation, user: User, at: datetime) -> User:
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    give_mandate(
        user=user,
        role=Role(invitation.role),
        site=invitation.site,
        organization=invitation.organization,
        begins_on=invitation.begins_on,
        ends_on=invitation.ends_on,
        by=invitation.invited_by,
        at=at,
    )
    audit.record("network.invitation.accepted", invitation, by=user, at=at)
    return user


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """The link opens nothing any more; what was accepted stays."""
    taken_back = Invitation.objects.open(at).filter(pk=invitation.pk).update(withdrawn_at=at, withdrawn_by=by)
    if taken_back:
        notifications.take_back(prefix=f"network.invitation.sent:{invitation.pk}")
        audit.record("network.invitation.withdrawn", invitation, by=by, at=at)


@transaction.atomic
def close_account(*, user: User, by: User, at: datetime, on: date) -> None:
    """Close the account, end on that day the mandates and the posts it still holds; it takes none from that day on.

    Raises `OwnAccount`.
    """
    if user == by:
        raise OwnAccount
    for mandate in Mandate.objects.not_over(on).filter(user=user):
        # A role lasts a day at least.
        end_mandate(mandate=mandate, ends_on=max(on, mandate.begins_on + timedelta(days=1)), by=by, at=at)
    posts.leave(tenures=Tenure.objects.filter(user=user), on=on, by=by, at=at)
    accounts.close_account(user=user, by=by, at=at)
