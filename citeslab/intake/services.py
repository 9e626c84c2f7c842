"""Taking a caseload workbook in: all or nothing, and nothing twice."""

import hashlib
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.readers.wanted import Sheet
from citeslab.followup import services as followup
from citeslab.followup.enums import Evidence
from citeslab.followup.models import Meeting, Transition
from citeslab.intake import exports, queries
from citeslab.intake.errors import Unreadable
from citeslab.intake.models import Workbook
from citeslab.intake.readers import process
from citeslab.intake.rules.rows import examine
from citeslab.intake.signals import figures_wanted
from citeslab.intake.values import Examined, Move, Outcome, moves
from citeslab.network import services as network
from citeslab.network.models import Site
from citeslab.people import services as people
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.projects import services as projects
from citeslab.projects.models import Project, ProjectHolder
from citeslab.workshops import services as workshops
from citeslab.workshops.enums import AgeBand
from citeslab.workshops.models import Attendance, Workshop

Progress = Callable[[str], None]
STEPS = ("rows", "people", "projects", "followup", "workshops")
MANY_ROWS = 1_000  # beyond, the database counts its tables anew at once


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


class AlreadyTakenIn(Exception):
    def __str__(self):
        return _("This workbook was already taken in.")


def examined_for(*, sheets: Mapping[str, Sheet], site: Site | None, at: datetime) -> Examined:
    """The rows of a workbook, checked against themselves and against what the site already has."""
    return examine(
        sheets,
        known_people=queries.references(Person, site) if site else (),
        known_projects=queries.references(Project, site) if site else (),
        known_actions=queries.references(Workshop, site) if site else (),
        today=timezone.localdate(at),
    )


@transaction.atomic
def take_in(
    *,
    sheets: Mapping[str, Sheet],
    site_code: str,
    new_site: str = "",
    commune_code: str = "",
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
        commune_code=commune_code,
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
    if sum(count.created for count in changes.counts.values()) > MANY_ROWS:
        tell_the_planner()
    counts = {sheet: asdict(count) for sheet, count in changes.counts.items()}
    audit.record("intake.workbook.taken_in", site, by=by, at=at, counts=counts)
    return Outcome(examined, changes.counts)


def tell_the_planner() -> None:
    """Let the database learn at once what was written: figures asked in the next minute took eleven to be answered."""
    told = (Person, Residence, ResidenceAnswer, Project, ProjectHolder, Meeting, Transition, Workshop, Attendance)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in told)}")


def rehearse(
    *,
    sheets: Mapping[str, Sheet],
    site_code: str,
    new_site: str = "",
    commune_code: str = "",
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
                commune_code=commune_code,
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


def receive(*, site: Site, name: str, content: bytes, by: User, at: datetime) -> Workbook:
    """Keep a workbook that was sent by page, with what was found in it, until someone decides.

    Raises `Unreadable` when it cannot be read; then nothing is kept.
    """
    outcome = rehearse(sheets=sheets_of(name, content), site_code=site.code, by=by, at=at)
    with transaction.atomic():
        workbook = Workbook.objects.create(
            site=site,
            name=name[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            findings=outcome.as_json(),
            sent_at=at,
            sent_by=by,
        )
        audit.record("intake.workbook.received", workbook, by=by, at=at, sha256=workbook.sha256)
    return workbook


def sheets_of(name: str, content: bytes) -> dict[str, Sheet]:
    """The sheets of a workbook held in memory. It touches the disk for the time of its reading, for our eyes only."""
    with tempfile.NamedTemporaryFile(prefix="intake-", suffix=Path(name).suffix[:8]) as file:
        file.write(content)
        file.flush()
        try:
            return process.read(Path(file.name))
        except Unreadable as refusal:
            refusal.details["name"] = name
            raise


@transaction.atomic
def take_in_received(*, workbook: Workbook, skip_bad_rows: bool, by: User, at: datetime) -> Outcome:
    """Take in a workbook that was sent by page. Of its content, only the rows to correct are kept.

    It is examined again: the books may have changed since. Raises `AlreadyTakenIn`, or `BadRows` as `take_in`.
    """
    workbook = Workbook.objects.select_for_update(of=["self"]).select_related("site").get(pk=workbook.pk)
    if workbook.taken_in_at:
        raise AlreadyTakenIn
    sheets = sheets_of(workbook.name, bytes(workbook.content))
    outcome = take_in(sheets=sheets, site_code=workbook.site.code, skip_bad_rows=skip_bad_rows, by=by, at=at)
    has_bad_rows = bool(outcome.examined.faults)
    outcome.figures = [Move.from_json(move) for move in workbook.findings.get("figures", [])]
    workbook.content = exports.corrections(sheets, outcome.examined) if has_bad_rows else None
    workbook.findings = outcome.as_json()
    workbook.taken_in_at, workbook.taken_in_by = at, by
    workbook.save(update_fields=["content", "findings", "taken_in_at", "taken_in_by"])
    return outcome


def corrections_of(*, workbook: Workbook, at: datetime) -> bytes:
    """The rows to correct of a workbook that waits, as they are today."""
    sheets = sheets_of(workbook.name, bytes(workbook.content))
    return exports.corrections(sheets, examined_for(sheets=sheets, site=workbook.site, at=at))


@transaction.atomic
def drop(*, workbook: Workbook, by: User, at: datetime) -> None:
    """Forget a workbook that was sent by page; what was taken in from it stays."""
    audit.record("intake.workbook.dropped", workbook, by=by, at=at, sha256=workbook.sha256)
    workbook.delete()


@transaction.atomic
def forget_contents(*, sites: Collection[int] | None = None, sent_before: datetime, by: User, at: datetime) -> int:
    """Forget the names that workbooks sent by page still hold, at these sites (by their keys) or everywhere.

    Those that wait for a decision are dropped; of those taken in, counts and days stay. Returns how many.
    """
    kept = Workbook.objects.filter(sent_at__lt=sent_before).defer("content", "findings")
    if sites is not None:
        kept = kept.filter(site__in=sites)
    waiting = kept.filter(taken_in_at=None)
    for workbook in waiting:
        audit.record("intake.workbook.dropped", workbook, by=by, at=at, sha256=workbook.sha256)
    forgotten, _rows = waiting.delete()
    for workbook in kept.exclude(name="").only("findings"):
        workbook.name, workbook.content = "", None
        workbook.findings |= {"faults": [], "consequences": [], "remarks": []}
        workbook.save(update_fields=["name", "content", "findings"])
        forgotten += 1
    return forgotten


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
    workshops.set_head_counts(
        head_counts={
            what[row.reference]: {(sex, AgeBand.UNKNOWN): heads for sex, heads in row.heads} for row in changes.heads
        },
        by=by,
        at=at,
    )
