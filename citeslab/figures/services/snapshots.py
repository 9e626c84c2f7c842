"""Snapshots of the facts: made of one instant, from the last one and what moved since."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from ibis.expr.types import Table

from citeslab.figures import queries
from citeslab.figures.definitions.facts import FACTS, Scope, meeting, person_year
from citeslab.figures.definitions.people import person_years
from citeslab.figures.gateways import parquet
from citeslab.figures.gateways.operational import FIRST_OF_ALL, first_moved
from citeslab.figures.gateways.snapshots import Damaged, Fact, File, Manifest, snapshots
from citeslab.figures.queries.computed import ENGINE

# A fact of a day is in the file of its year; one of a person without a day, in the file of her number's range. The
# others are small: a file each.
DAYS = {
    "fact_meeting": "held_on",
    "fact_transition": "occurred_on",
    "fact_project": "started_on",
    "fact_workshop": "held_on",
    "fact_attendance": "held_on",
    "fact_head_count": "held_on",
    "fact_payment": "paid_on",
}
RANGES = {"fact_person": "person_id", "fact_residence": "person_id", "fact_holder": "person_id"}
RANGE = 500_000
# A year with more rows than this is a file per department: thousands of small files would cost more than they save.
YEAR_WHOLE = 2_000_000
# Who is counted together stands together: what is counted is then read, and grouped, many rows at a time.
ORDER = ("supported", "qpv", "sex", "situation", "answer", "person_id")


@dataclass(frozen=True)
class Part:
    """A partition: where its file goes, which rows it has, and of which year it is."""

    path: str
    where: str = "true"
    year: int | None = None
    rows: int | None = None  # where that is known before they are read


@dataclass(frozen=True)
class Made:
    """A snapshot, and what it cost: files written anew, and files of the one before that are its own too."""

    folder: Path
    manifest: Manifest
    written: int
    kept: int


def make_snapshot(
    *, folder: Path | None = None, keep: int | None = None, whole: bool = False, year_whole: int = YEAR_WHOLE
) -> Made:
    """The facts as they stand, of one instant: that of the database. Raises `parquet.Busy`, and `OSError` without room.

    Years that no mark has moved since the last snapshot are not read again, unless `whole`.
    """
    folder = folder or settings.SNAPSHOTS
    with parquet.alone(folder):
        previous, before = (None, None) if whole else last_sound(folder)
        with parquet.one_instant():
            as_of = instant()
            name = as_of.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
            with parquet.aside(folder, name) as place:
                made = Making(place, previous, before, year_whole)
                facts = {fact.get_name(): made.fact(fact) for fact in FACTS}
                facts[person_year.get_name()] = made.person_years(facts)
                made.writer.close()
                manifest = Manifest(
                    as_of,
                    version("citeslab"),
                    queries.definitions_digest(),
                    made.marks,
                    facts,
                    queries.kept_digest(),
                )
                target = parquet.named(place, folder, name, manifest)
        parquet.pruned(folder, keep or settings.SNAPSHOTS_KEPT)
    return Made(target, manifest, made.written, made.kept)


def last_sound(folder: Path) -> tuple[Path | None, Manifest | None]:
    for one in snapshots(folder):
        try:
            return one, Manifest.read(one)
        except Damaged:
            continue
    return None, None


def instant() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


class Making:
    """One snapshot on its way: each file is written, or taken from the one before."""

    def __init__(self, place: Path, previous: Path | None, before: Manifest | None, year_whole: int):
        self.before, self.year_whole = before, year_whole
        self.writer = parquet.Writer(place, previous)
        self.marks = ENGINE.marks()
        self.moved_since = first_moved(before.marks, self.marks) if before else FIRST_OF_ALL
        self.written = self.kept = 0
        self.met_in: list[int] = []

    def fact(self, table: Table) -> Fact:
        name = table.get_name()
        columns = columns_of(table)
        files = self.known(name, columns)
        parts = list(self.parts(name)) or [Part(f"{name}/none.parquet", "false")]
        if table is meeting:
            self.met_in = sorted({part.year for part in parts if part.year is not None})
        return Fact(columns, [self.file(name, columns, part, files.get(part.path)) for part in parts])

    def known(self, name: str, columns: dict[str, str]) -> dict[str, File]:
        """The files of the one before, by path; none when they had other columns."""
        known = self.before.facts.get(name) if self.before else None
        return {file.path: file for file in known.files} if known and known.columns == columns else {}

    def person_years(self, facts: dict[str, Fact]) -> Fact:
        """The rows kept of each year in which someone was met: those of the years that moved are made of the facts."""
        name, columns = person_year.get_name(), columns_of(person_year)
        same = self.before is not None and self.before.kept == queries.kept_digest()
        known = self.known(name, columns) if same else {}
        paths = {year: f"{name}/year={year}/all.parquet" for year in self.met_in}
        files = {
            year: known[path]
            for year, path in paths.items()
            if path in known
            and not self.moved(Part(path, year=year), known[path])
            and self.writer.linked(known[path], path)
        }
        left = {year: path for year, path in paths.items() if year not in files}
        if left or not paths:
            left = left or {1: f"{name}/none.parquet"}
            asked_for = Scope(since=min(left), year=max(left)).parameters
            files |= self.writer.years_of(person_years(), asked_for, facts, left, ORDER, known)
        kept = sum(file in known.values() for file in files.values())
        self.kept, self.written = self.kept + kept, self.written + len(files) - kept
        return Fact(columns, [files[year] for year in sorted(files)])

    def file(self, name: str, columns: dict[str, str], part: Part, before: File | None) -> File:
        if before and not self.moved(part, before) and self.writer.linked(before, part.path):
            self.kept += 1
            return before
        order = sorted(columns, key=lambda column: column != "person_id")  # hers stand together
        select = f"SELECT {', '.join(columns)} FROM {name} WHERE {part.where} ORDER BY {', '.join(order)}"
        file = self.writer.file(part.path, select, columns, before)
        self.kept, self.written = self.kept + (file is before), self.written + (file is not before)
        return file

    def moved(self, part: Part, before: File) -> bool:
        """May its rows be others than those of its last file? A mark is of the first year that a write weighs on."""
        if part.year is None or part.rows not in (None, before.rows):
            return True
        return self.moved_since is not None and part.year >= self.moved_since

    def parts(self, name: str) -> Iterable[Part]:
        if day := DAYS.get(name):
            return self.years(name, day)
        if number := RANGES.get(name):
            return ranges(name, number)
        return [Part(f"{name}/all.parquet")]

    def years(self, name: str, day: str) -> Iterator[Part]:
        for year, rows in asked(f"SELECT extract(year FROM {day})::int, count(*) FROM {name} GROUP BY 1 ORDER BY 1"):
            path = f"{name}/year={year}"
            where = f"{day} BETWEEN '{year:04}-01-01' AND '{year:04}-12-31'"
            if rows <= self.year_whole:
                yield Part(f"{path}/all.parquet", where, year, rows)
                continue
            by_department = f"FROM {name} JOIN fact_site USING (site_id) WHERE {where} GROUP BY 1 ORDER BY 1"
            for department, some in asked(f"SELECT department, count(*) {by_department}"):
                sites = f"site_id IN (SELECT site_id FROM fact_site WHERE department = '{department}')"
                yield Part(f"{path}/department={department}/all.parquet", f"{where} AND {sites}", year, some)


def columns_of(table: Table) -> dict[str, str]:
    return {column: str(of) for column, of in table.schema().items()}


def ranges(name: str, number: str) -> Iterator[Part]:
    for (at,) in asked(f"SELECT DISTINCT {number} / {RANGE} FROM {name} ORDER BY 1"):
        low, high = at * RANGE, (at + 1) * RANGE
        yield Part(f"{name}/from={low}/all.parquet", f"{number} >= {low} AND {number} < {high}")


def asked(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
