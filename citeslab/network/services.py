"""Acts on the network: sites opened, roles given."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization, Mandate, Site, Tenure


@transaction.atomic
def open_site(
    *,
    code: str,
    name: str,
    organization: HostOrganization | None = None,
    department_code: str | None = None,
    opened_on: date,
    by: User,
    at: datetime,
) -> Site:
    """A new site; without `organization`, one of the same name is made to hold it."""
    site = Site.objects.create(
        code=code,
        name=name,
        sort_key=sort_key(name),
        organization=organization or HostOrganization.objects.create(name=name),
        department_id=department_code,
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
def end_mandate(*, mandate: Mandate, on: date, leaves_post: bool, by: User, at: datetime) -> None:
    """The role ends that day (excluded): from then on the perimeter is closed to its holder.

    With `leaves_post`, her posts at the site end the same day and are vacant. Raises `BeganThatDay`.
    """
    if mandate.begins_on >= on:
        raise BeganThatDay
    mandate.ends_on = on
    mandate.save()
    if leaves_post:
        held = Tenure.objects.on(on).filter(user=mandate.user_id, post__site=mandate.site_id, begins_on__lt=on)
        held.update(ends_on=on)
    audit.record("network.mandate.ended", mandate, by=by, at=at, user_id=mandate.user_id, on=on.isoformat())
