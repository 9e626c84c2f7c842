"""`citeslab figures`: a year's figures; `explain` why a person counts; `dictionary`; `publish` a year as open data.

`reproduce`: the files of a sealed report made again, and compared. `snapshot`: the facts put in files.
"""

import csv
import json
import shutil
import sys
import tempfile
from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from citeslab.accounts.services import command_line_user
from citeslab.figures import disclosure, exports, queries, services
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.gateways.parquet import Busy
from citeslab.figures.gateways.snapshots import Damaged, snapshots, sound
from citeslab.figures.management import reproducing
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.ui import values


class Command(BaseCommand):
    help = (
        "A year's figures; `explain INDICATOR` says why a person counts; `dictionary` lists every definition; "
        "`reproduce REPORT` makes the files of a sealed version again and compares them; "
        "`snapshot` puts the facts in files."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "verb",
            nargs="?",
            choices=["explain", "dictionary", "publish", "reproduce", "snapshot"],
            help="nothing: the year's figures",
        )
        parser.add_argument(
            "indicator",
            nargs="?",
            help="with explain: the id of an indicator of people; with reproduce: network-2016-v1",
        )
        parser.add_argument("--year", type=int)
        parser.add_argument("--site", help="the code of a site; the whole network without it")
        parser.add_argument("--person", help="with explain: the reference of a person")
        parser.add_argument("--known-by", type=date.fromisoformat, help="as the books stood at the end of that day")
        parser.add_argument("--output", type=Path, help="with publish, reproduce: the folder to make; snapshot: of all")
        parser.add_argument(
            "--from-facts", action="store_true", help="with reproduce: compute the numbers anew, and list what moved"
        )
        parser.add_argument("--dry-run", action="store_true", help="with publish: only say what would be hidden")
        parser.add_argument("--strict", action="store_true", help="with publish: counts under 11, not under 5")
        parser.add_argument(
            "--without", nargs="+", default=[], metavar="TABLE", help="with publish: the tables that may be withheld"
        )
        parser.add_argument("--format", choices=["json", "csv", "table"], default="table")
        parser.add_argument("--keep", type=int, help="with snapshot: how many stay; the oldest go")
        parser.add_argument("--whole", action="store_true", help="with snapshot: take nothing from the one before")
        parser.add_argument("--check", action="store_true", help="with snapshot: read those there are, make none")
        parser.add_argument("--language", choices=["fr", "en"], default="fr")

    def handle(self, *args, verb, language, **options):
        with override(language):
            if verb == "dictionary":
                return self.dictionary(**options)
            if verb == "reproduce":
                return reproducing.reproduce(out=self.stdout, **options)
            if verb == "snapshot":
                return self.examine(**options) if options["check"] else self.snapshot(**options)
            if not options["year"]:
                raise CommandError("Say which year: --year 2024.", returncode=2)
            if verb == "publish":
                return self.publish(**options)
            options["site"] = self.site(options["site"])
            if verb == "explain":
                return self.explain(**options)
            return self.year(**options)

    def site(self, code):
        if code is None:
            return None
        if found := Site.objects.filter(code=code).first():
            return found
        known = ", ".join(Site.objects.order_by("code").values_list("code", flat=True)[:20]) or "none yet"
        raise CommandError(f"There is no site {code}. Known codes: {known}.", returncode=2)

    def year(self, *, year, site, known_by, format, **options):
        by = timezone.make_aware(datetime.combine(known_by, time.max)) if known_by else None
        figures = queries.figures_of_year(year=year, site=site, known_by=by)
        if format == "json":
            self.stdout.write(json.dumps(figures, indent=1))
            return
        rows = exports.flat(figures)
        if format == "csv":
            self.stdout.write(exports.year_as_csv(figures), ending="")
            return
        table = Table(title=f"{site.name if site else 'CitésLab'}, {year}", box=None)
        table.add_column("")
        table.add_column("", justify="right")
        table.add_column("", style="dim")
        for id, value in rows:
            defined = BY_ID[id]
            written = values.share(value, 2) if defined.numerator else values.number(value)
            table.add_row(str(defined.wording), written, f"{id}, v{defined.version}")
        Console(file=self.stdout._out).print(table)

    def explain(self, *, indicator, year, site, person, **options):
        people = [id for id in BY_ID if BY_ID[id].of_people]
        if indicator not in people:
            raise CommandError(
                f"{indicator or 'Nothing'} is not an indicator of people. Those that can be explained: "
                f"{', '.join(people)}.",
                returncode=2,
            )
        found = Person.objects.filter(reference=person or "", **({"site": site} if site else {}))
        if len(found) != 1:
            what = f"No person has the reference {person}" if not found else f"Several sites have a {person}"
            raise CommandError(f"{what}: say --person REFERENCE and --site CODE.", returncode=2)
        self.stdout.write(queries.explanation(BY_ID[indicator], person=found[0], year=year, site=site).sentence)

    def snapshot(self, *, output, keep, whole, **options):
        try:
            made = services.make_snapshot(folder=output, keep=keep, whole=whole)
        except Busy as busy:
            raise CommandError(str(busy), returncode=3) from busy
        except OSError as trouble:
            raise CommandError(f"No snapshot was made, those there were stay: {trouble}", returncode=1) from trouble
        rows = sum(file.rows for file in made.manifest.files())
        self.stdout.write(
            f"{made.folder}: {rows} rows as of {made.manifest.as_of.isoformat(timespec='seconds')}, "
            f"{made.written} files written, {made.kept} kept."
        )

    def examine(self, *, output, **options):
        damaged = False
        for folder in snapshots(output or settings.SNAPSHOTS):
            try:
                manifest = sound(folder, whole=True)
                self.stdout.write(f"{folder.name}: sound, as of {manifest.as_of.isoformat(timespec='seconds')}.")
            except Damaged as trouble:
                damaged = True
                self.stderr.write(str(trouble))
        if damaged:
            raise CommandError("A snapshot is damaged. The next one is made without its files.", returncode=1)

    def dictionary(self, *, format, **options):
        rows = exports.dictionary_rows()
        if format == "json":
            self.stdout.write(json.dumps(rows, indent=1, ensure_ascii=False))
        elif format == "csv":
            writer = csv.DictWriter(self.stdout, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        else:
            table = Table("id", "", "", box=None)
            for row in rows:
                table.add_row(f"{row['id']}, v{row['version']}", row["wording"], row["definition"])
            Console(file=sys.stdout).print(table)

    def publish(self, *, year, output, dry_run, strict, without, **options):
        if output is None and not dry_run:
            raise CommandError("Say where: --output FOLDER, or --dry-run to see what would be hidden.", returncode=2)
        if output and output.exists():
            raise CommandError(f"{output} is there already: nothing is written over.", returncode=2)
        at = timezone.now()
        with Progress(
            TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True
        ) as bar:
            task = bar.add_task(f"Computing, protecting and attacking the figures of {year}", total=None)

            def told(step, done, total):
                bar.update(task, description=f"{step}: {done}")

            try:
                prepared = services.prepare(
                    year=year,
                    on=timezone.localdate(at),
                    rule=disclosure.Rule(threshold=disclosure.STRICT) if strict else disclosure.DEFAULT,
                    progress=told,
                )
            except services.NotYet as refusal:
                raise CommandError(str(refusal), returncode=2) from refusal
            except services.Leaks as refusal:
                raise CommandError(str(refusal), returncode=1) from refusal
        said = prepared.summary
        self.stdout.write(
            f"{said['cells']} counts; {said['hidden']} hidden ({said['small']} small, {said['protecting']} to protect "
            f"them, {said['hidden_earlier']} hidden before); {said['leaks']} recovered by the attack."
        )
        for one in prepared.withheld:
            self.stdout.write(f"Withheld: {one.table}. Beside what is out, it would tell:")
            for leak in one.leaks:
                self.stdout.write(f"  {leak}")
        if dry_run:
            return
        if missing := [one.table for one in prepared.withheld if one.table not in without]:
            raise CommandError(
                f"Nothing is published: some tables would be missing. If that is meant, say --without "
                f"{' '.join([*without, *missing])}.",
                returncode=1,
            )
        output.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
        try:
            with transaction.atomic():
                made = services.publish(prepared=prepared, by=command_line_user(at=at), at=at)
                reference = f"{made.year}-{made.number}"
                exports.write_all(aside, prepared.year, prepared.hidden, prepared.summary, reference=reference, at=at)
                aside.chmod(0o755)
                aside.rename(output)
        except services.RegisterMoved as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        finally:
            shutil.rmtree(aside, ignore_errors=True)  # nothing is there once it is the folder asked for
        self.stdout.write(f"Publication {reference} is in {output}.")
