"""`citeslab intake WORKBOOK --site CODE`: a caseload workbook read in, whole or not at all."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from citeslab.accounts.services import command_line_user
from citeslab.intake import exports, services
from citeslab.intake.errors import Unreadable
from citeslab.intake.readers import process
from citeslab.ui import values

DONE, BAD_ROWS, UNUSABLE = 0, 1, 2
LINES_SHOWN = 60


class Command(BaseCommand):
    help = "Read a caseload workbook in. Exit codes: 0 done, 1 bad rows, 2 unusable file or site."

    def add_arguments(self, parser):
        parser.add_argument("workbook", type=Path, help="an .xlsx, a folder of five .csv, or a .zip of them")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--new-site", default="", metavar="NAME", help="open the site under this name if needed")
        parser.add_argument("--commune", default="", metavar="INSEE", help="of the site to open: says its local time")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
        parser.add_argument("--skip-bad-rows", action="store_true", help="take the rows that are right")
        parser.add_argument("--corrections", type=Path, metavar="OUT.xlsx", help="hand the bad rows back here")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="json: the report on stdout")
        parser.add_argument("--language", choices=["fr", "en"], default="fr")

    def handle(self, *args, language, **options):
        self.console = Console(stderr=True, width=None if Console(stderr=True).is_terminal else 140)
        with override(language):
            return self.intake(**options)

    def intake(self, *, workbook, site, new_site, commune, dry_run, skip_bad_rows, corrections, format, **options):
        at = timezone.now()
        if corrections and corrections.suffix.lower() != ".xlsx":
            raise CommandError(_("The workbook of corrections ends in .xlsx."), returncode=UNUSABLE)
        if not workbook.exists():
            raise CommandError(_("There is no %(path)s.") % {"path": workbook}, returncode=UNUSABLE)
        with self.progress() as step:
            try:
                sheets = process.read(workbook)
                step("read")
                asked = {"sheets": sheets, "site_code": site, "new_site": new_site, "commune_code": commune}
                asked |= {"at": at, "progress": step}
                # The actor's account is made at the first command: a refusal or a rehearsal leaves not even that.
                with transaction.atomic():
                    by = command_line_user(at=at)
                    if dry_run:
                        outcome, refusal = services.rehearse(by=by, **asked), None
                    else:
                        outcome, refusal = services.take_in(by=by, skip_bad_rows=skip_bad_rows, **asked), None
                    transaction.set_rollback(dry_run)
            except (Unreadable, services.UnknownSite) as unusable:
                raise CommandError(str(unusable), returncode=UNUSABLE) from unusable
            except services.BadRows as bad:
                outcome, refusal = None, bad
        examined = outcome.examined if outcome else refusal.examined
        if examined.faults and corrections:
            self.hand_back(exports.corrections(sheets, examined), corrections)
        self.say(examined, outcome)
        if format == "json":
            said = exports.report(outcome) if outcome else {"written": False, **exports.findings(examined)}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
        if refusal:
            raise CommandError(str(refusal) + " " + self.way_out(corrections), returncode=BAD_ROWS)
        if dry_run and examined.faults and not skip_bad_rows:
            raise CommandError(
                _("As it is, this workbook would be refused. ") + self.way_out(corrections), returncode=1
            )

    def way_out(self, corrections) -> str:
        if corrections:
            return _("Correct them, or take the others with --skip-bad-rows.")
        return _("Correct them, or take the others with --skip-bad-rows --corrections OUT.xlsx.")

    def hand_back(self, content: bytes, path: Path) -> None:
        try:
            path.write_bytes(content)
        except OSError as error:
            self.console.print(
                _("The corrections could not be written to %(path)s: %(why)s.") % {"path": path, "why": error.strerror},
                markup=False,
            )
        else:
            self.console.print(_("The rows to correct are in %(path)s.") % {"path": path}, markup=False)

    def progress(self):
        return Steps(self.console)

    def say(self, examined, outcome) -> None:
        found = exports.findings(examined)
        if found["faults"]:
            self.faults(found["faults"])
        if found["consequences"]:
            self.consequences(found["consequences"])
        for remark in found["remarks"][:LINES_SHOWN]:
            self.console.print(
                f"{remark['sheet']} {remark['row']}, {remark['column']}, {remark['value']}: {remark['remark']}",
                markup=False,
                highlight=False,
            )
        if outcome:
            self.counts(outcome)
            self.figures(outcome)

    def faults(self, faults) -> None:
        headings = (_("Sheet"), _("Row"), _("Column"), _("Value"), _("Why"), _("What would be right"))
        table = Table(*headings, title=_("Rows to correct"), title_justify="left")
        for fault in faults[:LINES_SHOWN]:
            cells = (fault["sheet"], str(fault["row"]), fault["column"], fault["value"] or "")
            table.add_row(*map(plain, (*cells, fault["reason"], fault["right"])))
        self.console.print(table)
        if len(faults) > LINES_SHOWN:
            more = len(faults) - LINES_SHOWN
            self.console.print(ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more})

    def consequences(self, consequences) -> None:
        by_cause: dict[tuple[str, int], list[str]] = {}
        for fallen in consequences:
            cause = (fallen["cause"]["sheet"], fallen["cause"]["row"])
            by_cause.setdefault(cause, []).append(f"{fallen['sheet']} {fallen['row']}")
        table = Table(_("Because of"), _("These rows fall too"), title=_("Consequences"), title_justify="left")
        for (sheet, row), fallen in list(by_cause.items())[:LINES_SHOWN]:
            table.add_row(f"{sheet} {row}", plain(", ".join(fallen[:12]) + (" …" if len(fallen) > 12 else "")))
        self.console.print(table)

    def counts(self, outcome) -> None:
        title = _("Written") if outcome.is_written else _("What would be written")
        headings = (_("Sheet"), _("New"), _("Changed"), _("Unchanged"), _("Refused"), _("Only in the books"))
        table = Table(*headings, title=title, title_justify="left")
        for sheet, count in outcome.counts.items():
            numbers = (count.created, count.updated, count.unchanged, count.refused, count.absent)
            table.add_row(sheet, *map(values.number, numbers))
        self.console.print(table)

    def figures(self, outcome) -> None:
        if outcome.is_written:
            return
        if not outcome.figures:
            self.console.print(_("No figure would move."))
            return
        years = sorted({move.year for move in outcome.figures})
        title = _("Figures that would move: now, then")
        table = Table(_("Figure"), *map(str, years), title=title, title_justify="left")
        for line in exports.moved(outcome.figures):
            table.add_row(plain(line["name"]), *line["cells"])
        self.console.print(table)


def plain(text: str) -> str:
    return text.replace("[", r"\[")


class Steps:
    """A bar on standard error that goes on by one at each step; silent when nobody watches."""

    WORDS = ("read", *services.STEPS)

    def __init__(self, console: Console):
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

    def __enter__(self):
        self.bar.start()
        self.task = self.bar.add_task(_("Reading the workbook"), total=len(self.WORDS))
        return self.step

    def step(self, name: str) -> None:
        said = {
            "read": _("Checking the rows"),
            "rows": _("Writing the people"),
            "people": _("Writing the projects"),
            "projects": _("Writing meetings and stages"),
            "followup": _("Writing the collective actions"),
            "workshops": _("Finishing"),
        }
        self.bar.update(self.task, advance=1, description=said[name])

    def __exit__(self, *failure):
        self.bar.stop()
