"""Organizations and sites: opened, corrected, renamed, closed."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import is_siret, sort_key
from citeslab.network.enums import LegalForm
from citeslab.network.models import Coverage, FormerName, HostOrganization, Post, Site, Tenure
from citeslab.network.services.posts import NotThen
from citeslab.network.values import NO_CONTACT, Contact
from citeslab.territories.models import Commune
from citeslab.ui.values import day


class NotASiret(Exception):
    def __init__(self, said: str):
        super().__init__(said)
        self.said = said

    def __str__(self):
        return _(
            "%(said)s is not a SIRET: it has 14 digits, the last of which checks the others. Read it again on the "
            "organization's papers."
        ) % {"said": self.said}


class SiretTaken(Exception):
    def __init__(self, organization: HostOrganization):
        super().__init__()
        self.organization = organization

    def __str__(self):
        return _("%(name)s has this SIRET. Is it the same organization? Then add the site to it, or merge the two.") % {
            "name": self.organization.name
        }


class CodeTaken(Exception):
    def __init__(self, site: Site):
        super().__init__()
        self.site = site

    def __str__(self):
        return _("%(name)s has this code. Choose another.") % {"name": self.site.name}


class AlreadyNamed(Exception):
    """A name was taken that day or later, or it is the same."""

    def __init__(self, since: date | None):
        super().__init__()
        self.since = since

    def __str__(self):
        if self.since is None:
            return _("This is its name already.")
        return _("It bears its present name since %(day)s: the new one comes after that day.") % {
            "day": day(self.since)
        }


def checked_siret(said: str, *, of: HostOrganization | None = None) -> str:
    """The 14 digits, or nothing when none was said; raises `NotASiret`, `SiretTaken`."""
    siret = "".join(said.split())
    if not siret:
        return ""
    if not is_siret(siret):
        raise NotASiret(said)
    taken = HostOrganization.objects.filter(siret=siret).exclude(pk=of.pk if of else None).first()
    if taken:
        raise SiretTaken(taken)
    return siret


@transaction.atomic
def open_organization(
    *,
    name: str,
    legal_form: LegalForm = LegalForm.OTHER,
    siret: str = "",
    contact_name: str = "",
    contact: Contact = NO_CONTACT,
    by: User,
    at: datetime,
) -> HostOrganization:
    """A body that employs advisors; raises `NotASiret`, `SiretTaken`."""
    organization = HostOrganization.objects.create(
        name=name,
        sort_key=sort_key(name),
        legal_form=legal_form,
        siret=checked_siret(siret),
        contact_name=contact_name,
        **asdict(contact),
    )
    audit.record("network.organization.opened", organization, by=by, at=at)
    return organization


@transaction.atomic
def correct_organization(
    *,
    organization: HostOrganization,
    legal_form: LegalForm,
    siret: str,
    contact_name: str,
    contact: Contact,
    by: User,
    at: datetime,
) -> HostOrganization:
    """Everything but its name, which is taken from a day on (`rename`); raises `NotASiret`, `SiretTaken`."""
    wanted = {
        "legal_form": legal_form,
        "siret": checked_siret(siret, of=organization),
        "contact_name": contact_name,
        **asdict(contact),
    }
    return corrected("network.organization.corrected", organization, wanted, by=by, at=at)


@transaction.atomic
def correct_contact(*, site: Site, contact: Contact, by: User, at: datetime) -> Site:
    """How everyone reaches the site."""
    return corrected("network.site.corrected", site, asdict(contact), by=by, at=at)


def corrected(action: str, row, wanted: dict, *, by: User, at: datetime):
    """The row with these values; the journal says which fields moved, when one did."""
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
        audit.record(action, row, by=by, at=at, fields=changed)
    return row


@transaction.atomic
def open_site(
    *,
    code: str,
    name: str,
    organization: HostOrganization | None = None,
    commune_code: str = "",
    opened_on: date,
    contact: Contact = NO_CONTACT,
    by: User,
    at: datetime,
) -> Site:
    """A new site; without `organization`, one of the same name is made to hold it. Its commune says its hours.

    Raises `CodeTaken`.
    """
    taken = Site.objects.filter(code=code).first()
    if taken:
        raise CodeTaken(taken)
    commune = Commune.objects.filter(code=commune_code).first()
    site = Site.objects.create(
        code=code,
        name=name,
        sort_key=sort_key(name),
        organization=organization or HostOrganization.objects.create(name=name, sort_key=sort_key(name)),
        department_id=commune.department_id if commune else None,
        commune_code=commune_code,
        opened_on=opened_on,
        **asdict(contact),
    )
    audit.record("network.site.opened", site, by=by, at=at)
    return site


@transaction.atomic
def rename(*, place: Site | HostOrganization, name: str, since: date, by: User, at: datetime) -> FormerName:
    """Take another name from that day on; the one before stays told for the days before. Raises `AlreadyNamed`."""
    place = type(place).objects.select_for_update(of=["self"]).get(pk=place.pk)
    if place.name == name:
        raise AlreadyNamed(None)
    whose = {"site": place} if isinstance(place, Site) else {"organization": place}
    last = place.former_names.order_by("until").values_list("until", flat=True).last()
    last = max(filter(None, [last, place.opened_on if isinstance(place, Site) else None]), default=None)
    if last is not None and since <= last:
        raise AlreadyNamed(last)
    former = FormerName.objects.create(name=place.name, sort_key=place.sort_key, until=since, **whose)
    place.name, place.sort_key = name, sort_key(name)
    place.save(update_fields=["name", "sort_key"])
    audit.record(f"network.{next(iter(whose))}.renamed", place, by=by, at=at, since=str(since))
    return former


@transaction.atomic
def close_site(*, site: Site, closed_on: date, by: User, at: datetime) -> Site:
    """From that day (included) the site is closed: its posts end, are left, and its coverage ends.

    The people's files stay with the organization: its coordinator hands them over. Raises `NotThen`.
    """
    site = Site.objects.select_for_update(of=["self"]).get(pk=site.pk)
    if closed_on <= site.opened_on:
        raise NotThen(_("The site opened on %(day)s: it closes after that day."), site.opened_on)
    begun = [
        *Post.objects.filter(site=site, begins_on__gte=closed_on).values_list("begins_on", flat=True),
        *Tenure.objects.filter(post__site=site, begins_on__gte=closed_on).values_list("begins_on", flat=True),
        *Coverage.objects.filter(site=site, begins_on__gte=closed_on).values_list("begins_on", flat=True),
    ]
    if begun:
        raise NotThen(
            _(
                "A post, a holder or a coverage of this site begins on %(day)s or later: remove it first, or close "
                "later."
            ),
            min(begun),
        )
    site.closed_on = closed_on
    site.save(update_fields=["closed_on"])
    ended = {}
    for rows in (
        Tenure.objects.filter(post__site=site),
        Post.objects.filter(site=site),
        Coverage.objects.filter(site=site),
    ):
        still = rows.not_over(closed_on)
        ended[rows.model._meta.model_name] = {
            str(pk): str(ends_on or "") for pk, ends_on in still.values_list("pk", "ends_on")
        }
        still.update(ends_on=closed_on)
    audit.record("network.site.closed", site, by=by, at=at, closed_on=str(closed_on), before=ended)
    return site


@transaction.atomic
def reopen_site(*, site: Site, by: User, at: datetime) -> Site:
    """It does not close after all; posts and coverage that ended with it are opened again by hand."""
    if site.closed_on is not None:
        before, site.closed_on = site.closed_on, None
        site.save(update_fields=["closed_on"])
        audit.record("network.site.reopened", site, by=by, at=at, before=str(before))
    return site
