"""`citeslab figures`: a year's figures; `explain`: why a person counts; `dictionary`: every definition."""

import csv
import json
import sys
from datetime import date, datetime, time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override
from rich.console import Console
from rich.table import Table

from citeslab.figures import exports, queries
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.ui import values


class Command(BaseCommand):
    help = "A year's figures; `explain INDICATOR` says why a person counts; `dictionary` lists every definition."

    def add_arguments(self, parser):
        parser.add_argument("verb", nargs="?", choices=["explain", "dictionary"], help="nothing: the year's figures")
        parser.add_argument("indicator", nargs="?", help="with explain: the id of an indicator of people")
        parser.add_argument("--year", type=int)
        parser.add_argument("--site", help="the code of a site; the whole network without it")
        parser.add_argument("--person", help="with explain: the reference of a person")
        parser.add_argument("--known-by", type=date.fromisoformat, help="as the books stood at the end of that day")
        parser.add_argument("--format", choices=["json", "csv", "table"], default="table")
        parser.add_argument("--language", choices=["fr", "en"], default="fr")

    def handle(self, *args, verb, language, **options):
        with override(language):
            if verb == "dictionary":
                return self.dictionary(**options)
            if not options["year"]:
                raise CommandError("Say which year: --year 2024.", returncode=2)
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
