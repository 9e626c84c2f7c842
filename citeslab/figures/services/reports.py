"""Reports begun."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.figures.enums import ReportKind, Secrecy
from citeslab.figures.models import Report
from citeslab.figures.queries import site_of
from citeslab.figures.values import Perimeter


class StrictBefore(Exception):
    def __str__(self):
        return _(
            "A report on this perimeter hides numbers under 11: those after it do too, or they would give them away."
        )


class YearNotBegun(Exception):
    def __init__(self, year: int):
        self.year = year

    def __str__(self):
        return _("%(year)s has not begun: there is nothing to report yet. Choose a year that has.") % {
            "year": self.year
        }


@transaction.atomic
def begin(
    *,
    kind: str,
    perimeter: Perimeter,
    year: int,
    secrecy: Secrecy = Secrecy.USUAL,
    by: User,
    at: datetime,
) -> Report:
    """A report whose draft can be read. Asking twice gives the first, as it was begun.

    Raises `YearNotBegun`; `StrictBefore` where what one on the perimeter hides, this one would show.
    """
    if year > timezone.localdate(at).year:
        raise YearNotBegun(year)
    named = {"kind": kind, "level": perimeter.level, "code": perimeter.code, "year": year}
    report, is_new = Report.objects.get_or_create(
        **named,
        defaults={
            "reference": reference_of(kind, perimeter, year),
            "secrecy": secrecy,
            "begun_at": at,
            "begun_by": by,
        },
    )
    if is_new:
        others = Report.objects.filter(level=perimeter.level, code=perimeter.code, secrecy=Secrecy.STRICT)
        if secrecy != Secrecy.STRICT and others.exists():
            raise StrictBefore
        audit.record("figures.report.begun", report, by=by, at=at, reference=report.reference)
    return report


def reference_of(kind: str, perimeter: Perimeter, year: int) -> str:
    """What the report is called in addresses of files and on the command line, for ever."""
    if kind == ReportKind.NETWORK:
        return f"network-{year}"
    site = site_of(perimeter)
    whose = slugify(site.code if site else f"{perimeter.level}-{perimeter.code}")
    wanted = f"site-{whose}-{year}" if site else f"funder-{whose}-{year}"
    if not whose or Report.objects.filter(reference=wanted).exists():  # two codes may read alike
        wanted = f"{wanted}-{slugify(perimeter.said.replace(':', '-'))}"
    return wanted
