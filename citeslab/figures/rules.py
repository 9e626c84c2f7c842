"""Who reads, makes and seals reports; who sets targets."""

from datetime import date

from citeslab.accounts.models import User
from citeslab.figures.enums import Breakdown, ReportKind
from citeslab.figures.models import Report, SealedVersion
from citeslab.figures.values import Perimeter
from citeslab.network.enums import Role
from citeslab.network.models import Site, SiteQuerySet, held_by


def makes_reports(user: User, *, on: date) -> bool:
    """An advisor and a coordinator of their sites, the pilot of the network. A funder reads."""
    return bool({mandate.role for mandate in held_by(user, on=on)} & {Role.ADVISOR, Role.COORDINATOR, Role.PILOT})


def seals_here(user: User, report: Report, *, on: date) -> bool:
    """The coordinator of the site's host organization answers for its reports; the pilot for all others."""
    held = held_by(user, on=on)
    if report.kind != ReportKind.SITE:
        return any(mandate.role == Role.PILOT for mandate in held)
    organizations = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
    return Site.objects.filter(pk=int(report.code), organization__in=organizations).exists()


def may_read_sealed(user: User, version: SealedVersion, *, on: date) -> bool:
    """A funder reads what is protected: of the network, and of the perimeters of her agreements in their years."""
    if Report.objects.drafts_visible_to(user, on=on).filter(pk=version.report_id).exists():
        return True
    return version.is_protected and Report.objects.visible_to(user, on=on).filter(pk=version.report_id).exists()


def sets_all_targets(user: User, *, on: date) -> bool:
    return any(mandate.role == Role.PILOT for mandate in held_by(user, on=on))


def sites_to_aim_at(user: User, *, on: date) -> SiteQuerySet:
    """Those whose targets she sets: all for the pilot, a coordinator's for her."""
    if sets_all_targets(user, on=on):
        return Site.objects.order_by("sort_key")
    held = held_by(user, on=on)
    organizations = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
    return Site.objects.filter(organization__in=organizations).order_by("sort_key")


def sets_targets_of(user: User, perimeter: Perimeter, *, on: date) -> bool:
    if sets_all_targets(user, on=on):
        return True
    is_site = perimeter.level == Breakdown.SITE
    return is_site and sites_to_aim_at(user, on=on).filter(pk=int(perimeter.code)).exists()
