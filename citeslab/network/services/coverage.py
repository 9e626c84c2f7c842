"""Which QPV a site covers, from when to when."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from difflib import get_close_matches

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.network.models import Coverage, Site
from citeslab.network.services.posts import NotThen
from citeslab.network.values import edition_of
from citeslab.territories import queries as territories
from citeslab.territories.enums import Edition
from citeslab.territories.models import QPV
from citeslab.territories.readers import department_in
from citeslab.territories.values import change_day_of
from citeslab.ui.values import day

LIKELY, LIKENESS = 3, 0.7  # codes proposed for one that nobody knows, and how like it they are


class NoSuchQPV(Exception):
    """No QPV has this code; `near` are codes that look like it."""

    def __init__(self, code: str, near: Sequence[str] = ()):
        super().__init__(code)
        self.code, self.near = code, tuple(near)

    def __str__(self):
        said = {"code": self.code, "near": ", ".join(self.near)}
        if self.near:
            return _("No QPV has the code %(code)s. Did you mean %(near)s?") % said
        return _("No QPV has the code %(code)s. A code is like QN02501M, as the official list writes it.") % said


class OutOfForce(Exception):
    """The code is of an edition that is not in force there on that day; `instead` are the QPV that share its ground."""

    def __init__(self, code: str, *, edition: Edition, change: date, instead: Sequence[QPV]):
        super().__init__(code)
        self.code, self.edition, self.change, self.instead = code, edition, change, tuple(instead)

    def __str__(self):
        said = {"code": self.code, "day": day(self.change)}
        if self.edition == Edition.E2015:
            why = _("%(code)s is a code of the 2015 edition, which is not in force there since %(day)s.") % said
        else:
            why = _("%(code)s is a code of the 2024 edition, which is in force there from %(day)s on.") % said
        return f"{why} {self.right}"

    @property
    def right(self) -> str:
        """What would be right."""
        if self.instead:
            named = ", ".join(f"{one.code} ({one.name})" for one in self.instead)
            return _("On the same ground: %(named)s.") % {"named": named}
        if self.edition == Edition.E2015:
            return _("No QPV of the 2024 edition is on its ground.")
        return _("No QPV of the 2015 edition is on its ground: begin on %(day)s.") % {"day": day(self.change)}


class AlreadyCovered(Exception):
    """This very site covers it on one of these days: `coverage`."""

    def __init__(self, coverage: Coverage | None):
        super().__init__()
        self.coverage = coverage

    def __str__(self):
        if self.coverage is None:
            return _("This site already covers this QPV on these days.")
        said = {"code": self.coverage.qpv_code, "first": day(self.coverage.begins_on)}
        if self.coverage.last_on is None:
            return _("This site already covers %(code)s, since %(first)s.") % said
        return _("This site already covers %(code)s from %(first)s to %(last)s.") % {
            **said,
            "last": day(self.coverage.last_on),
        }


def checked_code(said: str, *, on: date) -> tuple[str, Edition, date | None]:
    """The code, its edition, and the day that edition ends there; raises `NoSuchQPV`, `OutOfForce`."""
    code = said.strip().upper()
    edition = edition_of(code)
    if edition is None:
        raise NoSuchQPV(said.strip(), near=like(code))
    found = territories.qpv_of_code(code, edition=edition)
    if found is None and territories.latest_release_id(edition) is not None:
        raise NoSuchQPV(code, near=like(code))
    change = change_day_of(found.department_code if found else department_in(code))
    is_over, is_to_come = edition == Edition.E2015 and on >= change, edition == Edition.E2024 and on < change
    if is_over or is_to_come:
        other = Edition.E2024 if is_over else Edition.E2015
        instead = territories.counterparts(code, edition=edition, wanted=other)
        raise OutOfForce(code, edition=edition, change=change, instead=instead[:LIKELY])
    return code, edition, change if edition == Edition.E2015 else None


def like(code: str) -> list[str]:
    known = [one for edition in Edition for one in territories.middles(edition)]
    return get_close_matches(code, known, n=LIKELY, cutoff=LIKENESS)


def end_within(coverage: Coverage, ends_on: date) -> date:
    """Where a coverage that is asked to end that day does: with its edition or its site, if they end sooner."""
    change = None
    if coverage.edition == Edition.E2015:
        found = territories.qpv_of_code(coverage.qpv_code, edition=Edition.E2015)
        change = change_day_of(found.department_code if found else department_in(coverage.qpv_code))
    return min(end for end in (ends_on, change, coverage.site.closed_on) if end is not None)


@transaction.atomic
def cover(
    *, site: Site, qpv_code: str, begins_on: date, ends_on: date | None = None, by: User, at: datetime
) -> Coverage:
    """`site` covers the QPV from that day on; a coverage of an edition ends with it.

    Raises `NoSuchQPV`, `OutOfForce`, `AlreadyCovered`, and `NotThen` outside the days of the site.
    """
    code, edition, change = checked_code(qpv_code, on=begins_on)
    if begins_on < site.opened_on:
        raise NotThen(
            _("The site opened on %(day)s: it covers a neighborhood from that day at the soonest."), site.opened_on
        )
    if site.closed_on is not None and begins_on >= site.closed_on:
        raise NotThen(_("The site is closed from %(day)s on."), site.closed_on)
    ends_on = min((end for end in (ends_on, change, site.closed_on) if end is not None), default=None)
    try:
        with transaction.atomic():
            coverage = Coverage.objects.create(
                site=site, edition=edition, qpv_code=code, begins_on=begins_on, ends_on=ends_on
            )
    except IntegrityError as error:
        if "network_coverage_said_once" not in str(error):
            raise
        there = Coverage.objects.not_over(begins_on).filter(site=site, qpv_code=code)
        raise AlreadyCovered(there.order_by("begins_on").first()) from error
    audit.record("network.coverage.begun", coverage, by=by, at=at, site_id=site.pk, qpv=code, begins_on=str(begins_on))
    return coverage


@transaction.atomic
def cover_all(
    *, site: Site, codes: Iterable[str], begins_on: date, ends_on: date | None = None, by: User, at: datetime
) -> list[Coverage]:
    """Several at once, all of them or none; raises what `cover` raises for the first that is wrong."""
    return [cover(site=site, qpv_code=code, begins_on=begins_on, ends_on=ends_on, by=by, at=at) for code in codes]


@transaction.atomic
def end_coverage(*, coverage: Coverage, ends_on: date, by: User, at: datetime) -> Coverage:
    """The site covers it no more from that day on; the end can come sooner, never later. Raises `NotThen`."""
    coverage = Coverage.objects.select_for_update(of=["self"]).get(pk=coverage.pk)
    if ends_on <= coverage.begins_on:
        raise NotThen(_("The site covers it since %(day)s: it ends after that day."), coverage.begins_on)
    if coverage.ends_on is not None and ends_on > coverage.ends_on:
        raise NotThen(_("It already ends on %(day)s. For later days, begin another coverage."), coverage.ends_on)
    if coverage.ends_on != ends_on:
        before, coverage.ends_on = coverage.ends_on, ends_on
        coverage.save(update_fields=["ends_on"])
        audit.record(
            "network.coverage.ended",
            coverage,
            by=by,
            at=at,
            site_id=coverage.site_id,
            qpv=coverage.qpv_code,
            ends_on=str(ends_on),
            before=str(before or ""),
        )
    return coverage


@transaction.atomic
def remove_coverage(*, coverage: Coverage, by: User, at: datetime) -> None:
    """The site never covered it: said by mistake. The journal keeps what it said; asked twice, it is once."""
    found = Coverage.objects.select_for_update(of=["self"]).filter(pk=coverage.pk).first()
    if found is None:
        return
    audit.record(
        "network.coverage.removed",
        found,
        by=by,
        at=at,
        site_id=found.site_id,
        qpv=found.qpv_code,
        begins_on=str(found.begins_on),
        ends_on=str(found.ends_on or ""),
    )
    found.delete()
