"""Acts on the network: sites opened, roles offered, given and ended."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from citeslab.accounts import services as accounts
from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import digest_of, new_secret, sort_key
from citeslab.network import queries
from citeslab.network.enums import Role
from citeslab.network.models import FSEPlus, HostOrganization, Invitation, Mandate, Site, Tenure
from citeslab.notifications import services as notifications
from citeslab.territories.models import Commune
from citeslab.ui.values import day

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
def open_site(
    *,
    code: str,
    name: str,
    organization: HostOrganization | None = None,
    commune_code: str = "",
    opened_on: date,
    by: User,
    at: datetime,
) -> Site:
    """A new site; without `organization`, one of the same name is made to hold it. Its commune says its hours."""
    commune = Commune.objects.filter(code=commune_code).first()
    site = Site.objects.create(
        code=code,
        name=name,
        sort_key=sort_key(name),
        organization=organization or HostOrganization.objects.create(name=name),
        department_id=commune.department_id if commune else None,
        commune_code=commune_code,
        opened_on=opened_on,
    )
    audit.record("network.site.opened", site, by=by, at=at)
    return site


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

    With `leaves_post`, her posts at the site end the same day and are vacant. Raises `BeganThatDay`.
    """
    if mandate.begins_on >= ends_on:
        raise BeganThatDay
    mandate.ends_on = ends_on
    mandate.save()
    if leaves_post:
        held = Tenure.objects.on(ends_on).filter(user=mandate.user_id, post__site=mandate.site_id)
        held.filter(begins_on__lt=ends_on).update(ends_on=ends_on)
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
    """Close the account, and end on that day the mandates it still holds; raises `OwnAccount`."""
    if user == by:
        raise OwnAccount
    for mandate in Mandate.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), user=user):
        # A role lasts a day at least.
        end_mandate(mandate=mandate, ends_on=max(on, mandate.begins_on + timedelta(days=1)), by=by, at=at)
    accounts.close_account(user=user, by=by, at=at)


# -- days that an FSE+ agreement pays for -----------------------------------------------------------------------------


class DaysAlreadyPaid(Exception):
    """Another period of the site has one of these days: `period`, or nothing if it was removed at that very moment."""

    def __init__(self, period: FSEPlus | None):
        super().__init__()
        self.period = period

    def __str__(self):
        if self.period is None:
            return _("An FSE+ agreement already pays for this site on these days.")
        said = {"reference": self.period.reference, "first": day(self.period.begins_on)}
        if self.period.last_on is None:
            return (
                _(
                    "The agreement %(reference)s already pays for this site from %(first)s, without an end. "
                    "Set its end first, or choose days before."
                )
                % said
            )
        return _(
            "The agreement %(reference)s already pays for this site from %(first)s to %(last)s. "
            "Choose other days, or set its end first."
        ) % {**said, "last": day(self.period.last_on)}


class NotSooner(Exception):
    """The end of `period` can come sooner, never later, nor before it begins."""

    def __init__(self, period: FSEPlus, *, begins_later: bool):
        super().__init__()
        self.period, self.begins_later = period, begins_later

    def __str__(self):
        if self.begins_later:
            return _(
                "It begins on %(first)s: that is the soonest last day. Set by mistake, it can be removed instead."
            ) % {"first": day(self.period.begins_on)}
        return _("It already ends on %(last)s. To pay for later days, set another period.") % {
            "last": day(self.period.last_on)
        }


class AlreadyAnswered(Exception):
    def __str__(self):
        return _(
            "FSE+ answers were recorded at this site on these days: the period was used, and stays for the fund's "
            "controls."
        )


@transaction.atomic
def set_fse_plus(
    *, site: Site, reference: str, begins_on: date, ends_on: date | None = None, by: User, at: datetime
) -> FSEPlus:
    """Say that an FSE+ agreement pays for `site` on these days: its items are asked then, and only then.

    Raises `DaysAlreadyPaid` when another period of the site has one of these days.
    """
    try:
        with transaction.atomic():
            period = FSEPlus.objects.create(site=site, reference=reference, begins_on=begins_on, ends_on=ends_on)
    except IntegrityError as error:
        if "network_fseplus_one_at_a_time" not in str(error):
            raise
        taken = FSEPlus.objects.filter(site=site).overlapping(begins_on=begins_on, ends_on=ends_on)
        raise DaysAlreadyPaid(taken.order_by("begins_on").first()) from error
    audit.record("network.fse_plus.set", period, by=by, at=at, site_id=site.pk)
    return period


@transaction.atomic
def end_fse_plus(*, period: FSEPlus, ends_on: date, by: User, at: datetime) -> FSEPlus:
    """From that day on (that day excluded) the agreement pays no more; said twice, it is once. Raises `NotSooner`.

    Answers recorded since stay: an end is often learned after its day.
    """
    period = FSEPlus.objects.select_for_update(of=["self"]).get(pk=period.pk)
    if period.ends_on == ends_on:
        return period
    if ends_on <= period.begins_on:
        raise NotSooner(period, begins_later=True)
    if period.ends_on and ends_on > period.ends_on:
        raise NotSooner(period, begins_later=False)
    before, period.ends_on = period.ends_on, ends_on
    period.save(update_fields=["ends_on"])
    audit.record(
        "network.fse_plus.ended",
        period,
        by=by,
        at=at,
        site_id=period.site_id,
        ends_on=str(ends_on),
        before=str(before or ""),
    )
    return period


@transaction.atomic
def remove_fse_plus(*, period: FSEPlus, by: User, at: datetime) -> None:
    """Take away a period set by mistake; the journal keeps what it said. Raises `AlreadyAnswered` once it was used."""
    found = FSEPlus.objects.select_for_update(of=["self"]).filter(pk=period.pk).first()
    if found is None:  # asked twice
        return
    if queries.is_answered(found):
        raise AlreadyAnswered
    audit.record(
        "network.fse_plus.removed",
        found,
        by=by,
        at=at,
        site_id=found.site_id,
        reference=found.reference,
        begins_on=str(found.begins_on),
        ends_on=str(found.ends_on or ""),
    )
    found.delete()
