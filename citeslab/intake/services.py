"""Taking a caseload workbook in: all or nothing, and nothing twice."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.followup import services as followup
from citeslab.followup.enums import Evidence
from citeslab.followup.models import Meeting, Transition
from citeslab.intake import queries
from citeslab.intake.rules.rows import examine
from citeslab.intake.signals import figures_wanted
from citeslab.intake.values import Examined, Outcome, Sheet, moves
from citeslab.network import services as network
from citeslab.network.models import Site
from citeslab.people import services as people
from citeslab.people.models import Person, Residence
from citeslab.projects import services as projects
from citeslab.projects.models import Project
from citeslab.workshops import services as workshops
from citeslab.workshops.models import Workshop

Progress = Callable[[str], None]
STEPS = ("rows", "people", "projects", "followup", "workshops")


class UnknownSite(Exception):
    def __init__(self, code: str):
        super().__init__(code)
        self.code = code

    def __str__(self):
        known = ", ".join(Site.objects.order_by("code").values_list("code", flat=True)[:20])
        if not known:
            return _("There is no site %(code)s; none exists yet. To open it, name it with --new-site.") % {
                "code": self.code
            }
        return _("There is no site %(code)s. Known codes: %(known)s. To open it, name it with --new-site.") % {
            "code": self.code,
            "known": known,
        }


class BadRows(Exception):
    """Some rows are bad and nobody said to leave them out: nothing was written."""

    def __init__(self, examined: Examined):
        super().__init__(len(examined.faults))
        self.examined = examined

    def __str__(self):
        return _("Some rows are not right; nothing was written.")


class Rehearsed(Exception):
    """Ends the transaction of a rehearsal, so that nothing of it stays."""


def examined_for(*, sheets: Mapping[str, Sheet], site: Site | None, at: datetime) -> Examined:
    """The rows of a workbook, checked against themselves and against what the site already has."""
    return examine(
        sheets,
        known_people=queries.references(Person, site) if site else (),
        known_projects=queries.references(Project, site) if site else (),
        today=timezone.localdate(at),
    )


@transaction.atomic
def take_in(
    *,
    sheets: Mapping[str, Sheet],
    site_code: str,
    new_site: str = "",
    skip_bad_rows: bool = False,
    by: User,
    at: datetime,
    progress: Progress | None = None,
) -> Outcome:
    """Write what a workbook says into the books of a site, and count what it changed.

    The same workbook again changes nothing. Rows that the books have and the workbook has not are left alone.
    Raises `UnknownSite` unless `new_site` names it, and `BadRows` unless `skip_bad_rows`; then nothing is written.
    """
    step = progress or (lambda name: None)
    # The lock makes two workbooks of one site wait for each other.
    site = Site.objects.select_for_update(of=["self"]).filter(code=site_code).first()
    if site is None and not new_site:
        raise UnknownSite(site_code)
    examined = examined_for(sheets=sheets, site=site, at=at)
    if examined.faults and not skip_bad_rows:
        raise BadRows(examined)
    step("rows")
    site = site or network.open_site(
        code=site_code,
        name=new_site,
        opened_on=queries.first_day(examined) or timezone.localdate(at),
        by=by,
        at=at,
    )
    changes = queries.changes(site=site, examined=examined)
    write_people(changes, site=site, by=by, at=at)
    step("people")
    write_projects(changes, site=site, by=by, at=at)
    step("projects")
    write_followup(changes, site=site, by=by, at=at)
    step("followup")
    write_workshops(changes, site=site, by=by, at=at)
    step("workshops")
    counts = {sheet: asdict(count) for sheet, count in changes.counts.items()}
    audit.record("intake.workbook.taken_in", site, by=by, at=at, counts=counts)
    return Outcome(examined, changes.counts)


def rehearse(
    *,
    sheets: Mapping[str, Sheet],
    site_code: str,
    new_site: str = "",
    by: User,
    at: datetime,
    progress: Progress | None = None,
) -> Outcome:
    """What `take_in` would do with the rows that are right, and to the figures; writes nothing.

    It is done for good and then undone: what is told is what would happen.
    """
    outcome = None
    try:
        with transaction.atomic():
            before = figures(site_code, examined_years(sheets, site_code, at))
            outcome = take_in(
                sheets=sheets,
                site_code=site_code,
                new_site=new_site,
                skip_bad_rows=True,
                by=by,
                at=at,
                progress=progress,
            )
            outcome.is_written = False
            outcome.figures = moves(before, figures(site_code, queries.years(outcome.examined)))
            raise Rehearsed
    except Rehearsed:
        return outcome


def examined_years(sheets, site_code: str, at: datetime) -> list[int]:
    site = Site.objects.filter(code=site_code).first()
    return queries.years(examined_for(sheets=sheets, site=site, at=at)) if site else []


def figures(site_code: str, years: list[int]) -> dict[int, dict]:
    """The figures of a site in these years, from the room upstairs that knows them."""
    site = Site.objects.filter(code=site_code).first()
    found: dict[int, dict] = {}
    if site and years:
        for _receiver, answer in figures_wanted.send(Site, site=site, years=years):
            for year, figures_of_year in answer.items():
                found.setdefault(year, {}).update(figures_of_year)
    return found


def write_people(changes: queries.Changes, *, site: Site, by: User, at: datetime) -> None:
    new = [Person(site=site, reference=row.reference) for row in changes.new_people]
    pairs = [*zip(new, changes.new_people, strict=True), *changes.changed_people]
    for person, row in pairs:
        for name in queries.IDENTITY:
            setattr(person, name, getattr(row, name))
    people.save_people(people=[person for person, _row in pairs], by=by, at=at)
    people.withdraw_residences(residences=changes.addresses_gone, by=by, at=at)
    keys = keys_by_reference(Person, site)
    people.record_residences(
        residences=[
            Residence(
                person_id=keys[row.reference],
                **{name: getattr(row, name) for name in queries.ADDRESS},
            )
            for row in changes.addresses
        ],
        by=by,
        at=at,
    )


def keys_by_reference(model, site: Site) -> dict[str, int]:
    return dict(model.objects.filter(site=site).exclude(reference="").values_list("reference", "pk"))


def write_projects(changes: queries.Changes, *, site: Site, by: User, at: datetime) -> None:
    new = [Project(site=site, reference=row.reference) for row in changes.new_projects]
    pairs = [*zip(new, changes.new_projects, strict=True), *changes.changed_projects]
    for project, row in pairs:
        for name in queries.IDEA:
            setattr(project, name, getattr(row, name))
    projects.save_projects(projects=[project for project, _row in pairs], by=by, at=at)
    who, what = keys_by_reference(Person, site), keys_by_reference(Project, site)
    projects.set_holders(
        holders={what[row.reference]: [who[reference] for reference in row.people] for row in changes.holders}
    )


def write_followup(changes: queries.Changes, *, site: Site, by: User, at: datetime) -> None:
    who, what = keys_by_reference(Person, site), keys_by_reference(Project, site)
    followup.withdraw_meetings(meetings=changes.meetings_wrong, by=by, at=at)
    followup.record_meetings(
        meetings=[
            Meeting(
                site=site,
                person_id=who[row.person],
                project_id=what.get(row.project),
                held_on=row.held_on,
                minutes=row.minutes,
                nature=row.nature,
            )
            for row in changes.meetings
        ],
        by=by,
        at=at,
    )
    followup.withdraw_transitions(transitions=changes.transitions_wrong, by=by, at=at)
    followup.record_transitions(
        transitions=[
            Transition(
                site=site,
                person_id=who[row.person],
                project_id=what.get(row.project),
                occurred_on=row.occurred_on,
                stage=row.stage,
                exit_reason=row.exit_reason,
                evidence=evidence or Evidence.DECLARED,
            )
            for row, evidence in changes.transitions
        ],
        by=by,
        at=at,
    )


def write_workshops(changes: queries.Changes, *, site: Site, by: User, at: datetime) -> None:
    new = [Workshop(site=site, reference=row.reference) for row in changes.new_workshops]
    pairs = [*zip(new, changes.new_workshops, strict=True), *changes.changed_workshops]
    for workshop, row in pairs:
        for name in queries.PROGRAMME:
            setattr(workshop, name, getattr(row, name))
        if row.is_cancelled != bool(workshop.cancelled_at):
            workshop.cancelled_at, workshop.cancelled_by = (at, by) if row.is_cancelled else (None, None)
    workshops.save_workshops(workshops=[workshop for workshop, _row in pairs], by=by, at=at)
    who, what = keys_by_reference(Person, site), keys_by_reference(Workshop, site)
    workshops.set_attendances(
        attendances={what[row.reference]: [who[reference] for reference in row.people] for row in changes.attendances},
        by=by,
        at=at,
    )
    workshops.set_head_counts(head_counts={what[row.reference]: dict(row.heads) for row in changes.heads}, by=by, at=at)
