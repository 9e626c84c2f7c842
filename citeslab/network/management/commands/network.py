"""`citeslab network import KIND FILE`: structures, posts or coverage from a file, whole or not at all."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from rich.console import Console
from rich.table import Table

from citeslab.accounts.services import command_line_user
from citeslab.network.enums import Kind
from citeslab.network.errors import Unreadable
from citeslab.network.services import imports

BAD_ROWS, UNUSABLE = 1, 2
LINES_SHOWN = 60


class Command(BaseCommand):
    help = "Organizations and sites, posts, or coverage from a file. Exit codes: 0 done, 1 bad rows, 2 unusable file."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        bring = verbs.add_parser("import", help="take a .csv or an .xlsx in, all of it or nothing")
        bring.add_argument("kind", choices=[kind.lower() for kind in Kind.values])
        bring.add_argument("file", type=Path)
        bring.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
        bring.add_argument("--format", choices=["text", "json"], default="text", help="json: the report on stdout")
        bring.add_argument("--language", choices=["fr", "en"], default="fr")

    def handle(self, *args, kind, file, dry_run, format, language, **options):
        self.console = Console(stderr=True, width=None if Console(stderr=True).is_terminal else 140)
        with override(language):
            outcome = self.bring(Kind(kind.upper()), file, dry_run=dry_run)
            if format == "json":
                self.stdout.write(json.dumps(outcome.plain(), ensure_ascii=False, indent=1))
            self.say(outcome)
            if outcome.faults:
                raise CommandError(_("Some rows are to be corrected: nothing was written."), returncode=BAD_ROWS)

    def bring(self, kind: Kind, file: Path, *, dry_run: bool) -> imports.Outcome:
        at = timezone.now()
        if not file.is_file():
            raise CommandError(_("There is no %(path)s.") % {"path": file}, returncode=UNUSABLE)
        try:
            sheet = imports.read(file, kind)
            # The actor's account is made at the first command: a rehearsal or a refusal leaves not even that.
            with transaction.atomic():
                by = command_line_user(at=at)
                if dry_run:
                    outcome = imports.rehearse(kind=kind, sheet=sheet, by=by, at=at)
                    transaction.set_rollback(True)
                else:
                    outcome = imports.take_in(kind=kind, sheet=sheet, by=by, at=at)
        except Unreadable as refusal:
            raise CommandError(str(refusal), returncode=UNUSABLE) from refusal
        except imports.BadRows as refusal:
            outcome = refusal.outcome
        return outcome

    def say(self, outcome: imports.Outcome) -> None:
        if outcome.faults:
            headings = (_("Row"), _("Column"), _("Value"), _("Why"), _("What would be right"))
            table = Table(*headings, title=_("Rows to correct"), title_justify="left")
            for fault in outcome.faults[:LINES_SHOWN]:
                cells = (str(fault.row), fault.column, fault.value, fault.reason, fault.right)
                table.add_row(*(cell.replace("[", r"\[") for cell in cells))
            self.console.print(table)
            return
        for row, sentence in outcome.changes[:LINES_SHOWN]:
            self.console.print(f"{row}: {sentence}", markup=False, highlight=False)
        said = {"rows": outcome.rows, "changed": outcome.changed, "unchanged": outcome.unchanged}
        self.console.print(
            _("Rows: %(rows)s. They change something: %(changed)s; already here: %(unchanged)s.") % said, markup=False
        )
