"""Workbooks: the reference figures, the planted faults, and ten thousand people in one file."""

import json
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from bench import Measure
from bench.home import HOME, SHARED, citeslab

SCRATCH = HOME.with_name(f"{HOME.name}-intake")
REFERENCE, WITH_ERRORS = SHARED / "caseload" / "reference.xlsx", SHARED / "caseload" / "with_errors.xlsx"
RELEASE = SHARED / "qpv" / "qpv2024_2026-01.geojson.gz"
PEOPLE = 10_000
TO_REACH_SECONDS = 40
SEED = 2017


class Undone(Exception):
    """Ends the transaction of a measure: nothing of it stays in the database."""


@contextmanager
def undone():
    from django.db import transaction

    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


def measures() -> Iterator[Measure]:
    shutil.rmtree(SCRATCH, ignore_errors=True)
    citeslab("migrate", home=SCRATCH)
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"CITESLAB_HOME": str(SCRATCH), "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    yield reference()
    yield faults()
    yield large()


def loaded_release(by, at) -> None:
    """The QPV that the reference figures were made with."""
    from citeslab.territories.enums import Edition
    from citeslab.territories.services import load_release

    load_release(path=RELEASE, edition=Edition.E2024, released_on=date(2026, 1, 15), by=by, at=at)


def reference() -> Measure:
    from django.utils import timezone

    from citeslab.accounts.services import command_line_user
    from citeslab.figures import queries as figures
    from citeslab.intake import services
    from citeslab.intake.readers import process
    from citeslab.network.models import Site

    path = REFERENCE
    target = "every key of both years; read twice: unchanged"
    if not path.exists():
        return Measure("reference.xlsx to figures", "the file is not here", target, False)
    expected = json.loads(path.with_name("reference.expected.json").read_text())
    with undone():
        at = timezone.now()
        by = command_line_user(at=at)
        loaded_release(by, at)
        asked = {"sheets": process.read(path), "site_code": "bench-reference", "by": by, "at": at}
        services.take_in(new_site="Bench", **asked)
        again = services.take_in(**asked)
        site = Site.objects.get(code="bench-reference")
        equal = [figures.figures_of_year(year=told["year"], site=site) == told for told in expected["figures"]]
    unchanged = {sheet: count.unchanged for sheet, count in again.counts.items()} == expected["rows"]
    reached = f"{sum(equal)} of {len(equal)} years equal; twice: {'unchanged' if unchanged else 'CHANGED'}"
    return Measure("reference.xlsx to figures", reached, target, all(equal) and unchanged)


def faults() -> Measure:
    from citeslab.intake.readers import process
    from citeslab.intake.rules.rows import examine

    path = WITH_ERRORS
    target = "14 of 14 named, and nothing else"
    if not path.exists():
        return Measure("with_errors.xlsx", "the file is not here", target, False)
    errors = json.loads(path.with_name("with_errors.expected.json").read_text())["errors"]
    planted = {(error["sheet"], error["row"], error["column"], error["value"]) for error in errors}
    found = examine(process.read(path), known_people=(), known_projects=(), known_actions=(), today=date.today())
    named = {(fault.sheet, fault.row, fault.column.value, str(fault.value)) for fault in found.faults}
    reached = f"{len(planted & named)} of {len(planted)} named, {len(named - planted)} else, "
    reached += f"{len(found.consequences)} rows fall with them"
    return Measure("with_errors.xlsx", reached, target, planted == named and len(planted) == 14)


def large() -> Measure:
    from django.utils import timezone

    from citeslab.accounts.services import command_line_user
    from citeslab.intake import services
    from citeslab.intake.readers import process

    with tempfile.TemporaryDirectory() as folder, undone():
        path = Path(folder) / "large.xlsx"
        facts = write_large(path)
        at = timezone.now()
        by = command_line_user(at=at)
        if RELEASE.exists():
            loaded_release(by, at)
        start = time.perf_counter()
        sheets = process.read(path)
        read = time.perf_counter()
        outcome = services.take_in(sheets=sheets, site_code="bench-large", new_site="Bench", by=by, at=at)
        end = time.perf_counter()
    created = sum(count.created for count in outcome.counts.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    reached = f"{end - start:.1f} s (reading {read - start:.1f} s), {created} rows, {memory:.0f} MB"
    work = f"intake of {PEOPLE:,} people, {facts:,} meetings and stages"
    return Measure(work, reached, f"{TO_REACH_SECONDS} s", end - start <= TO_REACH_SECONDS)


def write_large(path: Path) -> int:
    """A workbook of invented people, the same at each run; gives the number of its meetings and stages."""
    from citeslab.intake.values import COLUMNS

    chance, start, facts = random.Random(SEED), date(2022, 1, 3), 0
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        pages = {}
        for sheet, columns in COLUMNS.items():
            pages[sheet] = (page := workbook.add_worksheet(sheet))
            page.write_row(0, 0, columns)
        people, projects, meetings, stages, actions = pages.values()
        rows = dict.fromkeys(pages.values(), 0)

        def write(page, *values):
            rows[page] += 1
            page.write_row(rows[page], 0, values)

        for number in range(1, PEOPLE + 1):
            person, project = f"P{number:05d}", f"J{number:05d}"
            phone = f"06 {chance.randrange(100_000_000):08d}"
            place = (chance.uniform(-1, 7), chance.uniform(43.5, 49.5))
            born = date(1960, 1, 1) + timedelta(days=chance.randrange(16_000))
            write(
                people, person, f"Prenom{number % 300}", f"Nom{number % 900}", chance.choice(["F", "Mme", "H", "M."]),
                f"{born:%d/%m/%Y}", f"{number % 90} rue du Bac", "25000", "Besançon", *place, phone,
                f"p{number}@exemple.fr", "RSA", "4", "Bus",
            )  # fmt: skip
            day = start + timedelta(days=chance.randrange(1_000))
            write(projects, project, person, "Couture", "C", day.isoformat())
            path_ = ["ACCU", "AMOR", "EMER", "FORM"][: chance.randrange(1, 4)]
            for place_, stage in enumerate(path_):
                write(stages, person, project, (day + timedelta(days=30 * place_)).isoformat(), stage, "")
            for place_ in range(2):
                held = day + timedelta(days=20 * place_)
                write(meetings, person, project, f"{held:%d/%m/%Y}", chance.choice([20, 30, 45]), "Suivi")
            facts += len(path_) + 2
        write(actions, "A1", "2024-03-01", "Généraliste", "Oser son idée", "Besançon", "P00001", 3, 4, 0, "Tenue")
    return facts
