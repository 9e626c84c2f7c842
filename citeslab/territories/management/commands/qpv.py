"""`citeslab qpv`: load an official file, answer a CSV of places, list what is loaded."""

import csv
import os
import sys
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from citeslab.accounts import services as accounts
from citeslab.core.values import folded
from citeslab.territories import queries, services
from citeslab.territories.enums import Edition, Territory
from citeslab.territories.models import Release
from citeslab.territories.readers import QPVFileRefused
from citeslab.territories.values import NOT_LOCATED, TERRITORIES, Located, edition_in_force, territories_of

CHUNK = 50_000
ADDED = ["qpv_answer", "qpv_code", "qpv_edition", "qpv_release", "border_m"]


class Command(BaseCommand):
    help = "Priority neighborhoods: `load` an official file, `locate` the places of a CSV, `list` the releases."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="take in the official file (.geojson, .geojson.gz or .zip)")
        load.add_argument("file", type=Path)
        load.add_argument("--edition", type=int, choices=list(Edition), required=True)
        load.add_argument("--release", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        load.add_argument("--fewer", action="store_true", help="accept far fewer QPV than the last release")
        locate = verbs.add_parser("locate", help="add the answers to a CSV of longitude, latitude")
        locate.add_argument("file", type=Path)
        locate.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today")
        locate.add_argument("--output", type=Path, help="default: standard output")
        verbs.add_parser("list", help="the releases loaded")

    def handle(self, *args, verb, **options):
        getattr(self, verb)(**options)

    def load(self, *, file, edition, release, fewer, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.", returncode=2)
        at = timezone.now()
        by = accounts.command_line_user(at=at)
        try:
            loaded = services.load_release(
                path=file, edition=Edition(edition), released_on=release, fewer_ok=fewer, by=by, at=at
            )
        except (QPVFileRefused, services.ReleaseDiffers, services.TooFewQPV) as refusal:
            raise CommandError(f"{refusal} Nothing was changed.", returncode=2) from refusal
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}. Nothing was changed.", returncode=2) from error
        done = loaded.release
        what = f"{done.qpv_count} QPV of the {edition} edition, release of {release}, {done.repaired_count} repaired"
        self.stderr.write(f"Loaded {what}." if loaded.is_new else f"Already loaded: {what}. Nothing was changed.")

    def list(self, **options):
        for one in Release.objects.order_by("edition", "released_on"):
            drawn = ", drawn" if one.is_drawn else ""
            self.stdout.write(f"{one.edition}  {one.released_on}  {one.qpv_count} QPV  {one.source}{drawn}")

    def locate(self, *, file, on, output, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.", returncode=2)
        if not Release.objects.exists():
            raise CommandError(
                "No QPV file is loaded. Run: citeslab qpv load FILE --edition 2024 --release YYYY-MM-DD", returncode=2
            )
        on = on or timezone.localdate()
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines, written(output) as target:
                self.answer(lines, target, on, size=file.stat().st_size)
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not UTF-8 text: {error}.", returncode=2) from error
        except csv.Error as error:
            raise CommandError(f"{file} is not a CSV: {error}.", returncode=2) from error
        except BrokenPipeError:
            raise  # who reads standard output has seen enough
        except OSError as error:
            raise CommandError(f"{error.filename or output or file}: {error.strerror}.", returncode=2) from error

    def answer(self, lines, target, on, *, size):
        head = lines.readline()
        separator = ";" if head.count(";") > head.count(",") else ","
        heading = next(csv.reader([head], delimiter=separator), [])
        names = [folded(name) for name in heading]
        missing = [name for name in ("longitude", "latitude") if name not in names]
        if missing:
            raise CommandError(
                f"The file has no column {' nor '.join(missing)}. Its columns are: {', '.join(heading) or 'none'}.",
                returncode=2,
            )
        where = names.index("longitude"), names.index("latitude")
        writer = csv.writer(target, delimiter=separator, lineterminator="\n")
        writer.writerow([*heading, *ADDED])
        rows = whole_rows(csv.reader(lines, delimiter=separator), len(heading))
        unanswered = 0
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} places"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        with bar:
            task = bar.add_task("Locating", total=None)
            done = 0
            while chunk := [row for row, _ in zip(rows, range(CHUNK), strict=False)]:
                found, without_release = answers(chunk, where, on)
                unanswered += without_release
                writer.writerows([*row, *columns(located)] for row, located in zip(chunk, found, strict=True))
                done += len(chunk)
                bar.update(task, completed=done)
        if unanswered:
            self.stderr.write(
                f"{unanswered} places are not located: no file of the edition in force there on {on} is loaded."
            )


def whole_rows(rows, width):
    """Rows as wide as the heading; blank lines are passed over, and a wider row is refused."""
    for row in rows:
        if not row:
            continue
        if any(row[width:]):
            raise CommandError(f"Line {rows.line_num + 1} has more values than there are columns.", returncode=2)
        yield row[:width] + [""] * (width - len(row))


def answers(rows, where, on):
    """The answer of each row in the edition in force that day where it is; how many had no release of it."""
    longitudes, latitudes = (np.array([degrees(row, column) for row in rows]) for column in where)
    territories = territories_of(longitudes, latitudes)
    located: list[Located] = [NOT_LOCATED] * len(rows)
    without_release = 0
    editions = np.array([edition_in_force(territory, on) for territory in TERRITORIES])[territories]
    for edition in Edition:
        there = np.flatnonzero(editions == edition)
        places = queries.locate_many(longitudes=longitudes[there], latitudes=latitudes[there], edition=edition)
        if places is None:
            without_release += int((territories[there] != TERRITORIES.index(Territory.ELSEWHERE)).sum())
            continue
        for place, index in enumerate(there.tolist()):
            located[index] = places[place]
    return located, without_release


def degrees(row, column) -> float:
    try:
        value = float(row[column].strip().replace(",", "."))
    except (ValueError, IndexError):
        return np.nan
    return value if np.isfinite(value) else np.nan


def columns(located: Located) -> list[str]:
    if located.edition is None:
        return [located.answer.lower(), "", "", "", ""]
    border = "" if located.border_m is None else f"{located.border_m:.1f}"
    return [
        located.answer.lower(),
        " ".join(located.codes),
        str(int(located.edition)),
        str(located.released_on),
        border,
    ]


@contextmanager
def written(output: Path | None):
    """Standard output, or `output` written aside and renamed once whole."""
    if output is None:
        yield sys.stdout
        return
    handle, draft = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as target:
            yield target
        os.chmod(draft, 0o644)
        os.replace(draft, output)
    except BaseException:
        os.unlink(draft)
        raise
