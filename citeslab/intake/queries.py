"""What a workbook would change at a site: its rows beside those of the books. Reads only."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from citeslab.followup.models import Meeting, Transition
from citeslab.intake.values import (
    ACTIONS,
    MEETINGS,
    PEOPLE,
    PROJECTS,
    STAGES,
    Count,
    Examined,
    MeetingRow,
    PersonRow,
    ProjectRow,
    TransitionRow,
    WorkshopRow,
)
from citeslab.network.models import Site
from citeslab.people.models import Person, Residence
from citeslab.projects.models import Project, ProjectHolder
from citeslab.workshops.models import Attendance, HeadCount, Workshop

IDENTITY = (
    "first_name",
    "preferred_name",
    "sex",
    "born_on",
    "phone",
    "email",
    "situation_at_entry",
    "diploma",
    "contact_source",
)
ADDRESS = ("address", "postal_code", "commune_name", "longitude", "latitude")
NO_ADDRESS = ("", "", "", None, None)
IDEA = ("title", "sector", "started_on")
PROGRAMME = ("held_on", "kind", "title", "commune_name")
MOST_YEARS = 12  # of figures measured before and after


def read(row, names: tuple[str, ...]) -> tuple:
    return tuple(getattr(row, name) for name in names)


@dataclass(slots=True)
class Changes:
    """What has to be written for the books to say what the workbook says. Facts to withdraw are given by their keys."""

    new_people: list[PersonRow] = field(default_factory=list)
    changed_people: list[tuple[Person, PersonRow]] = field(default_factory=list)
    addresses: list[PersonRow] = field(default_factory=list)
    addresses_gone: list[int] = field(default_factory=list)
    new_projects: list[ProjectRow] = field(default_factory=list)
    changed_projects: list[tuple[Project, ProjectRow]] = field(default_factory=list)
    holders: list[ProjectRow] = field(default_factory=list)
    meetings: list[MeetingRow] = field(default_factory=list)
    meetings_wrong: list[int] = field(default_factory=list)
    transitions: list[tuple[TransitionRow, str]] = field(default_factory=list)  # with the evidence to keep
    transitions_wrong: list[int] = field(default_factory=list)
    new_workshops: list[WorkshopRow] = field(default_factory=list)
    changed_workshops: list[tuple[Workshop, WorkshopRow]] = field(default_factory=list)
    attendances: list[WorkshopRow] = field(default_factory=list)
    heads: list[WorkshopRow] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)


def changes(*, site: Site, examined: Examined) -> Changes:
    """The rows of a workbook against the books of the site. The same workbook again gives nothing to write."""
    found = Changes()
    found.counts = {
        PEOPLE: compare_people(site, examined.rows[PEOPLE], found),
        PROJECTS: compare_projects(site, examined.rows[PROJECTS], found),
        MEETINGS: compare_meetings(site, examined.rows[MEETINGS], found, only_adds=MEETINGS in examined.corrections),
        STAGES: compare_transitions(site, examined.rows[STAGES], found),
        ACTIONS: compare_workshops(site, examined.rows[ACTIONS], found),
    }
    for sheet, out in examined.refused.items():
        found.counts[sheet].refused = len(out)
    return found


def references(model, site: Site) -> list[str]:
    """The references that a site already has."""
    return list(model.objects.filter(site=site).exclude(reference="").values_list("reference", flat=True))


def years(examined: Examined) -> list[int]:
    """The years that a workbook speaks of, the latest ones when there are many."""
    dated = [row.held_on for sheet in (MEETINGS, ACTIONS) for row in examined.rows[sheet]]
    dated += [row.occurred_on for row in examined.rows[STAGES]]
    return sorted({day.year for day in dated})[-MOST_YEARS:]


def first_day(examined: Examined) -> date | None:
    """The earliest act that a workbook tells."""
    dated = [row.held_on for sheet in (MEETINGS, ACTIONS) for row in examined.rows[sheet]]
    dated += [row.occurred_on for row in examined.rows[STAGES]]
    dated += [row.started_on for row in examined.rows[PROJECTS]]
    return min(dated, default=None)


def compare_people(site: Site, rows: list[PersonRow], found: Changes) -> Count:
    count = Count()
    known = {person.reference: person for person in Person.objects.named().filter(site=site)}
    homes = {home.person_id: home for home in Residence.objects.standing().filter(person__site=site, ends_on=None)}
    for row in rows:
        person = known.pop(row.reference, None)
        if person is None:
            found.new_people.append(row)
            count.created += 1
            if read(row, ADDRESS) != NO_ADDRESS:
                found.addresses.append(row)
            continue
        home = homes.get(person.pk)
        has_moved = read(row, ADDRESS) != (read(home, ADDRESS) if home else NO_ADDRESS)
        has_changed = read(row, IDENTITY) != read(person, IDENTITY)
        if has_changed:
            found.changed_people.append((person, row))
        if has_moved and read(row, ADDRESS) != NO_ADDRESS:
            found.addresses.append(row)
        elif has_moved:
            found.addresses_gone.append(home.pk)
        tell(count, has_changed or has_moved)
    count.absent = len(known)
    return count


def tell(count: Count, has_changed: bool) -> None:
    if has_changed:
        count.updated += 1
    else:
        count.unchanged += 1


def compare_projects(site: Site, rows: list[ProjectRow], found: Changes) -> Count:
    count = Count()
    known = {project.reference: project for project in Project.objects.filter(site=site)}
    holders: dict[int, set[str]] = defaultdict(set)
    for project, reference in ProjectHolder.objects.filter(project__site=site).values_list(
        "project", "person__reference"
    ):
        holders[project].add(reference)
    for row in rows:
        project = known.pop(row.reference, None)
        if project is None:
            found.new_projects.append(row)
            found.holders.append(row)
            count.created += 1
            continue
        has_changed = read(row, IDEA) != read(project, IDEA)
        has_other_holders = holders[project.pk] != set(row.people)
        if has_changed:
            found.changed_projects.append((project, row))
        if has_other_holders:
            found.holders.append(row)
        tell(count, has_changed or has_other_holders)
    count.absent = len(known)
    return count


def compare_meetings(site: Site, rows: list[MeetingRow], found: Changes, *, only_adds: bool) -> Count:
    """A meeting is known by its person, project, day and nature; two of one day by their minutes, then their order.

    Rows that come back from being corrected never got in: those that are not in the books word for word are
    added, and correct none.
    """
    count = Count()
    standing: dict[tuple, list[tuple[int | None, int]]] = defaultdict(list)
    for pk, person, project, held_on, nature, minutes in (
        Meeting.objects.standing()
        .filter(site=site)
        .order_by("pk")
        .values_list("pk", "person__reference", "project__reference", "held_on", "nature", "minutes")
    ):
        standing[person, project or "", held_on, nature].append((minutes, pk))
    told: dict[tuple, list[MeetingRow]] = defaultdict(list)
    for row in rows:
        told[row.person, row.project, row.held_on, row.nature].append(row)
    for about, said in told.items():
        books = standing.pop(about, [])
        others = []
        for row in said:
            same = next((pair for pair in books if pair[0] == row.minutes), None)
            if same:
                books.remove(same)
                count.unchanged += 1
            else:
                others.append(row)
        corrected = [] if only_adds else books[: len(others)]
        found.meetings += others
        found.meetings_wrong += [pk for _minutes, pk in corrected]
        count.updated += len(corrected)
        count.created += len(others) - len(corrected)
        count.absent += len(books) - len(corrected)
    count.absent += sum(len(books) for books in standing.values())
    return count


def compare_transitions(site: Site, rows: list[TransitionRow], found: Changes) -> Count:
    """A step is known by its person, project, day and stage. The order of the rows of a day is the order of its steps.

    The later entered wins a day: when a step must come before one that the books have, both are entered again.
    """
    count = Count()
    standing: dict[tuple, list[tuple]] = defaultdict(list)
    for pk, person, project, occurred_on, stage, reason, evidence in (
        Transition.objects.standing()
        .filter(site=site)
        .order_by("pk")
        .values_list("pk", "person__reference", "project__reference", "occurred_on", "stage", "exit_reason", "evidence")
    ):
        standing[person, project or "", occurred_on].append((stage, reason, pk, evidence))
    told: dict[tuple, list[TransitionRow]] = defaultdict(list)
    for row in rows:
        told[row.person, row.project, row.occurred_on].append(row)
    for about, said in told.items():
        books, waiting = [], list(said)
        for step in standing.pop(about, []):
            if waiting and (waiting[0].stage, waiting[0].exit_reason) == step[:2]:
                waiting.pop(0)
                count.unchanged += 1
            else:
                books.append(step)
        for row in waiting:
            old = next((step for step in books if step[0] == row.stage), None)
            if old:
                books.remove(old)
                found.transitions_wrong.append(old[2])
                count.updated += 1
            else:
                count.created += 1
            found.transitions.append((row, old[3] if old else ""))
        count.absent += len(books)
    count.absent += sum(len(books) for books in standing.values())
    return count


def compare_workshops(site: Site, rows: list[WorkshopRow], found: Changes) -> Count:
    count = Count()
    known = {workshop.reference: workshop for workshop in Workshop.objects.filter(site=site)}
    people: dict[int, set[str]] = defaultdict(set)
    for workshop, reference in (
        Attendance.objects.standing().filter(workshop__site=site).values_list("workshop", "person__reference")
    ):
        people[workshop].add(reference)
    heads: dict[int, Counter[str]] = defaultdict(Counter)
    for workshop, sex, number in (
        HeadCount.objects.standing().filter(workshop__site=site).values_list("workshop", "sex", "heads")
    ):
        heads[workshop][sex] += number
    for row in rows:
        workshop = known.pop(row.reference, None)
        if workshop is None:
            found.new_workshops.append(row)
            found.attendances.append(row)
            found.heads.append(row)
            count.created += 1
            continue
        has_changed = read(row, PROGRAMME) != read(workshop, PROGRAMME) or row.is_cancelled != bool(
            workshop.cancelled_at
        )
        has_others = people[workshop.pk] != set(row.people)
        has_other_heads = heads[workshop.pk] != {sex: number for sex, number in row.heads if number}
        if has_changed:
            found.changed_workshops.append((workshop, row))
        if has_others:
            found.attendances.append(row)
        if has_other_heads:
            found.heads.append(row)
        tell(count, has_changed or has_others or has_other_heads)
    count.absent = len(known)
    return count
