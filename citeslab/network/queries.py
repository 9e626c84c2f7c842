"""Reads of who works where."""

from datetime import date

from citeslab.accounts.models import User
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization, Mandate, Site


def sites_to_staff(user: User, *, on: date):
    """The sites for which this user invites advisors."""
    held = Mandate.objects.on(on).filter(user=user, role=Role.COORDINATOR)
    return Site.objects.filter(organization__in=held.values("organization")).order_by("sort_key", "pk")


def organizations_to_staff(user: User, *, on: date):
    """The organizations for which this user invites coordinators."""
    is_pilot = Mandate.objects.on(on).filter(user=user, role=Role.PILOT).exists()
    return HostOrganization.objects.order_by("name", "pk") if is_pilot else HostOrganization.objects.none()


def users_managed_by(user: User, *, on: date):
    """Accounts that she may close: each mandate still to run is hers to give."""
    current = Mandate.objects.filter(user__in=Mandate.objects.managed_by(user, on=on).values("user")).exclude(
        ends_on__lte=on
    )
    others = current.exclude(pk__in=Mandate.objects.managed_by(user, on=on).values("pk"))
    return (
        User.objects.filter(pk__in=Mandate.objects.managed_by(user, on=on).values("user"), is_active=True)
        .exclude(pk__in=others.values("user"))
        .exclude(pk=user.pk)
    )
