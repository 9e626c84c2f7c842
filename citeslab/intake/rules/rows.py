"""The five sheets read together: each row is right, or has its faults, or falls because another fell."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from citeslab.core.readers.wanted import Fault, Sheet
from citeslab.intake import values
from citeslab.intake.rules import cells
from citeslab.intake.rules.cells import Bad
from citeslab.intake.values import (
    ACTIONS,
    COLUMNS,
    MEETINGS,
    PEOPLE,
    PROJECTS,
    STAGES,
    Column,
    Consequence,
    Examined,
    Remark,
)
from citeslab.territories.enums import Territory
from citeslab.territories.values import territory_of

Cause = tuple[str, int]
NUMBERED = re.compile(r"(.*?)([0-9]+)")


def examine(
    sheets: Mapping[str, Sheet],
    *,
    known_people: Iterable[str],
    known_projects: Iterable[str],
    known_actions: Iterable[str],
    today: date,
) -> Examined:
    """Read every row. A reference may be to a row of the workbook, or to what the site already has."""
    found = Examined(corrections=frozenset(name for name, sheet in sheets.items() if sheet.is_correction))
    people, projects, actions = Ledger(known_people), Ledger(known_projects), Ledger(known_actions)
    readers: dict[str, Callable] = {
        PEOPLE: lambda line: person(line, ledger=people, today=today),
        PROJECTS: lambda line: project(line, ledger=projects, people=people, today=today),
        MEETINGS: lambda line: meeting(line, people=people, projects=projects, today=today),
        STAGES: lambda line: transition(line, people=people, projects=projects, today=today),
        ACTIONS: lambda line: workshop(line, ledger=actions, people=people, today=today),
    }
    ledgers = {PEOPLE: people, PROJECTS: projects, ACTIONS: actions}
    for name, read in readers.items():
        found.rows[name] = kept = []
        if name in ledgers:
            ledgers[name].open(sheets[name])
        for number, row in sheets[name].rows:
            line = Line(name, number, row)
            if (one := read(line)) is not None:
                kept.append(one)
            found.faults += line.faults
            found.remarks += line.remarks
            if not line.faults and line.causes:
                column, value, cause = line.causes[0]
                found.consequences.append(Consequence(name, number, column, value, cause))
    return found


def key(reference: str) -> str:
    """References are compared without case: some type them."""
    return reference.casefold()


class Ledger:
    """The references of a sheet: which stand, which fell and why, which the site already has."""

    def __init__(self, known: Iterable[str]):
        self.known = {key(reference): reference for reference in known}
        self.standing: dict[str, str] = {}
        self.rows: dict[str, int] = {}
        self.fallen: dict[str, Cause] = {}
        self.presumed: dict[int, str] = {}

    def open(self, sheet: Sheet) -> None:
        """Note the references that were probably meant where one is missing or said twice.

        Between P00007 and P00009 a second P00007 is taken for P00008: the rows that name P00008 then fall with it,
        instead of each being called wrong. Nothing is written under a presumed reference.
        """
        said = [(number, " ".join(row[0].split())) for number, row in sheet.rows]
        present = {key(reference) for _, reference in said}
        seen: set[str] = set()
        for place, (number, reference) in enumerate(said):
            if (not reference or key(reference) in seen) and 0 < place < len(said) - 1:
                between = middle(said[place - 1][1], said[place + 1][1])
                if between and key(between) not in present and key(between) not in self.known:
                    self.presumed[number] = between
                    self.fallen[key(between)] = (sheet.name, number)
            seen.add(key(reference))

    def find(self, reference: str) -> str | Cause | None:
        """The reference as its row writes it; or the row whose fall takes it along; or nothing."""
        wanted = key(reference)
        return self.standing.get(wanted) or self.fallen.get(wanted) or self.known.get(wanted)

    def settle(self, line: "Line", reference: str) -> None:
        """The row was read: its reference stands, or falls with it."""
        if line.faults:
            self.fallen.setdefault(key(reference), (line.sheet, line.number))
        elif line.causes:
            self.fallen.setdefault(key(reference), line.causes[0][2])
        else:
            self.standing[key(reference)] = self.known.get(key(reference), reference)


def middle(before: str, after: str) -> str:
    """The one number between two of a series, written like them; empty when there is not exactly one."""
    low, high = NUMBERED.fullmatch(before), NUMBERED.fullmatch(after)
    if not low or not high or low[1] != high[1] or int(high[2]) != int(low[2]) + 2:
        return ""
    return f"{low[1]}{int(low[2]) + 1:0{len(low[2])}d}"


class Line:
    """A row being read: its cells by column, and what is found wrong on the way."""

    def __init__(self, sheet: str, number: int, row: tuple[str, ...]):
        self.sheet, self.number = sheet, number
        self.cells = dict(zip(COLUMNS[sheet], row, strict=True))
        self.faults: list[Fault] = []
        self.causes: list[tuple[str, str, Cause]] = []
        self.remarks: list[Remark] = []

    def read(self, column: str, reader: Callable, **options):
        """What `reader` makes of the cell; nothing when it is bad, and the fault is noted."""
        try:
            return reader(self.cells[column], **options)
        except Bad as bad:
            self.fault(column, bad.code, **bad.details)
            return None

    def fault(self, column: str, code: str, **details) -> None:
        value = self.cells[column]
        self.faults.append(Fault(self.sheet, self.number, column, cells.shown(value[:200]) or None, code, details))

    def remark(self, column: str, code: str) -> None:
        self.remarks.append(Remark(self.sheet, self.number, column, cells.shown(self.cells[column][:200]), code))

    def own_reference(self, ledger: Ledger) -> str:
        """The row's own reference, which no row above may have."""
        reference = self.read(Column.REFERENCE, cells.required, most=64) or ""
        above = ledger.rows.setdefault(key(reference), self.number) if reference else self.number
        if above != self.number:
            presumed = ledger.presumed.get(self.number)
            code = "reference_twice_presumed" if presumed else "reference_twice"
            self.fault(Column.REFERENCE, code, row=above, **({"presumed": presumed} if presumed else {}))
        return reference

    def tie(self, column: str, ledger: Ledger, reference: str, *, code: str, sheet: str) -> str:
        """The row named by `reference`; it takes this one along if it fell."""
        found = ledger.find(reference)
        if found is None:
            self.fault(column, code, reference=reference, sheet=sheet)
        elif isinstance(found, tuple):
            self.causes.append((column, reference, found))
        return found if isinstance(found, str) else ""

    def person(self, column: str, ledger: Ledger, reference: str) -> str:
        return self.tie(column, ledger, reference, code="no_such_person", sheet=PEOPLE)

    def project(self, ledger: Ledger) -> str:
        reference = self.read(Column.PROJECT, cells.text, most=64)
        return self.tie(Column.PROJECT, ledger, reference, code="no_such_project", sheet=PROJECTS) if reference else ""

    def stands(self) -> bool:
        return not self.faults and not self.causes


def person(line: Line, *, ledger: Ledger, today: date) -> values.PersonRow | None:
    reference = line.own_reference(ledger)
    longitude, latitude = position(line)
    phone, is_number = line.read(Column.PHONE, cells.phone) or ("", True)
    email, is_mailbox = line.read(Column.EMAIL, cells.mailbox) or ("", True)
    if not is_number:
        line.remark(Column.PHONE, "phone_as_written")
    if not is_mailbox:
        line.remark(Column.EMAIL, "email_as_written")
    found = values.PersonRow(
        row=line.number,
        reference=ledger.known.get(key(reference), reference),
        first_name=line.read(Column.FIRST_NAME, cells.required, most=200),
        preferred_name=line.read(Column.NAME, cells.required, most=200),
        sex=line.read(Column.SEX, cells.word, table=values.SEXES),
        born_on=line.read(Column.BORN_ON, cells.birth, today=today),
        address=line.read(Column.ADDRESS, cells.text, most=300),
        postal_code=line.read(Column.POSTAL_CODE, cells.text, most=10),
        commune_name=line.read(Column.COMMUNE, cells.text, most=120),
        longitude=longitude,
        latitude=latitude,
        phone=phone,
        email=email,
        situation_at_entry=line.read(Column.SITUATION, cells.text, most=120),
        diploma=line.read(Column.DIPLOMA, cells.text, most=120),
        contact_source=line.read(Column.CONTACT_SOURCE, cells.text, most=120),
    )
    # A reference said twice is that of the row above: this row takes none along.
    if not any(fault.code.startswith("reference_twice") for fault in line.faults):
        ledger.settle(line, reference)
    return found if line.stands() else None


def position(line: Line) -> tuple[float | None, float | None]:
    longitude = line.read(Column.LONGITUDE, cells.degrees, most=180)
    latitude = line.read(Column.LATITUDE, cells.degrees, most=90)
    if any(fault.column in {Column.LONGITUDE, Column.LATITUDE} for fault in line.faults):
        return None, None
    if (longitude is None) != (latitude is None):
        line.fault(Column.LONGITUDE if longitude is None else Column.LATITUDE, "half_position")
        return None, None
    if longitude == latitude == 0:
        line.fault(Column.LONGITUDE, "position_zero")
        return None, None
    if longitude is not None and territory_of(longitude, latitude) == Territory.ELSEWHERE:
        line.remark(Column.LONGITUDE, "elsewhere")
    return longitude, latitude


def project(line: Line, *, ledger: Ledger, people: Ledger, today: date) -> values.ProjectRow | None:
    reference = line.own_reference(ledger)
    found = values.ProjectRow(
        row=line.number,
        reference=ledger.known.get(key(reference), reference),
        people=named(line, Column.HOLDERS, people, is_required=True),
        title=line.read(Column.TITLE, cells.required, most=300),
        sector=line.read(Column.SECTOR, cells.section),
        started_on=line.read(Column.STARTED_ON, cells.act, today=today),
    )
    if not any(fault.code.startswith("reference_twice") for fault in line.faults):
        ledger.settle(line, reference)
    return found if line.stands() else None


def named(line: Line, column: str, people: Ledger, *, is_required: bool) -> tuple[str, ...]:
    references = line.read(column, cells.references)
    if references == () and is_required:
        line.fault(column, "required")
    found = (line.person(column, people, reference) for reference in references or ())
    return tuple(dict.fromkeys(found))


def meeting(line: Line, *, people: Ledger, projects: Ledger, today: date) -> values.MeetingRow | None:
    reference = line.read(Column.PERSON, cells.required, most=64)
    found = values.MeetingRow(
        row=line.number,
        person=line.person(Column.PERSON, people, reference) if reference else "",
        project=line.project(projects),
        held_on=line.read(Column.DAY, cells.act, today=today),
        minutes=line.read(Column.MINUTES, cells.minutes),
        nature=line.read(Column.NATURE, cells.word, table=values.NATURES),
    )
    return found if line.stands() else None


def transition(line: Line, *, people: Ledger, projects: Ledger, today: date) -> values.TransitionRow | None:
    reference = line.read(Column.PERSON, cells.required, most=64)
    stage = line.read(Column.STAGE, cells.word, table=values.STAGE_WORDS, is_required=True)
    found = values.TransitionRow(
        row=line.number,
        person=line.person(Column.PERSON, people, reference) if reference else "",
        project=line.project(projects),
        occurred_on=line.read(Column.DAY, cells.act, today=today),
        stage=stage,
        exit_reason=exit_reason(line, stage),
    )
    return found if line.stands() else None


def exit_reason(line: Line, stage: str | None) -> str | None:
    if not line.cells[Column.REASON].strip():
        if stage == "SORT":
            line.fault(Column.REASON, "reason_required")
        return ""
    if stage is not None and stage != "SORT":
        line.fault(Column.REASON, "reason_without_exit")
        return None
    return line.read(Column.REASON, cells.word, table=values.EXIT_REASONS)


def workshop(line: Line, *, ledger: Ledger, people: Ledger, today: date) -> values.WorkshopRow | None:
    reference = line.own_reference(ledger)
    status = line.read(Column.STATUS, cells.word, table=values.STATUSES)
    found = values.WorkshopRow(
        row=line.number,
        reference=ledger.known.get(key(reference), reference),
        # What will not be held may be of a day to come.
        held_on=line.read(Column.DAY, cells.act, today=today, may_come=status == "CANCELLED"),
        kind=line.read(Column.KIND, cells.word, table=values.KINDS, is_required=True),
        title=line.read(Column.TITLE, cells.required, most=300),
        commune_name=line.read(Column.COMMUNE, cells.text, most=120),
        people=named(line, Column.PARTICIPANTS, people, is_required=False),
        heads=tuple(
            (sex, line.read(column, cells.heads) or 0)
            for sex, column in (("MAN", Column.MEN), ("WOMAN", Column.WOMEN), ("UNKNOWN", Column.UNKNOWN))
        ),
        is_cancelled=status == "CANCELLED",
    )
    return found if line.stands() else None
