"""Whom one staffs, who works at a site, which agreements pay there."""

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from citeslab.accounts.models import User
from citeslab.network.enums import Role
from citeslab.network.models import FSEPlus, HostOrganization, Mandate, Site
from citeslab.network.signals import fse_answers_wanted


def sites_to_staff(user: User, *, on: date):
    """The sites for which this user invites advisors."""
    held = Mandate.objects.on(on).filter(user=user, role=Role.COORDINATOR)
    return Site.objects.filter(organization__in=held.values("organization")).order_by("sort_key", "pk")


def organizations_to_staff(user: User, *, on: date):
    """The organizations for which this user invites coordinators."""
    is_pilot = Mandate.objects.on(on).filter(user=user, role=Role.PILOT).exists()
    return HostOrganization.objects.order_by("name", "pk") if is_pilot else HostOrganization.objects.none()


def advisors_of(sites: Iterable[Site], *, on: date) -> QuerySet[User]:
    """Who receives and follows the people of these sites that day."""
    held_there = Mandate.objects.on(on).filter(role=Role.ADVISOR, site__in=[site.pk for site in sites])
    return User.objects.filter(is_active=True, pk__in=held_there.values("user")).order_by("sort_key", "pk")


def advisors(*, on: date) -> QuerySet[User]:
    """Those of the whole network that day; `where` is the name of a site of hers."""
    held_then = Mandate.objects.on(on).filter(role=Role.ADVISOR)
    where = held_then.filter(user=OuterRef("pk")).order_by("site__sort_key", "pk").values("site__name")[:1]
    found = User.objects.filter(is_active=True, pk__in=held_then.values("user"))
    return found.annotate(where=Subquery(where)).order_by("sort_key", "pk")


def days_of_advisors(site: Site) -> list[tuple[int, date, date | None]]:
    """Who receives and follows the people of this site, from which day (included) to which (excluded, or no end)."""
    held_there = Mandate.objects.filter(role=Role.ADVISOR, site=site, user__is_active=True)
    return list(held_there.order_by("pk").values_list("user", "begins_on", "ends_on"))


def users_managed_by(user: User, *, on: date):
    """Accounts that she may close: each mandate still to run is hers to give."""
    managed = Mandate.objects.managed_by(user, on=on)
    current = Mandate.objects.not_over(on).filter(user__in=managed.values("user"))
    others = current.exclude(pk__in=managed.values("pk"))
    return (
        User.objects.filter(pk__in=managed.values("user"), is_active=True)
        .exclude(pk__in=others.values("user"))
        .exclude(pk=user.pk)
    )


def fse_plus_periods(user: User, *, on: date):
    """The periods that this user sees, by phase, each with its site and organization."""
    return FSEPlus.objects.visible_to(user, on=on).by_phase(on).select_related("site__organization")


def is_answered(period: FSEPlus) -> bool:
    """Whether some room holds an FSE+ answer recorded on the days of the period, at its site."""
    return any(answer for _receiver, answer in fse_answers_wanted.send(FSEPlus, period=period))
