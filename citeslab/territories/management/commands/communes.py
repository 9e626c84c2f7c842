"""`citeslab communes load [FILE]`: communes, departments and regions."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from citeslab.accounts import services as accounts
from citeslab.territories import services
from citeslab.territories.readers import CommunesFileRefused


class Command(BaseCommand):
    help = "Communes, departments and regions: from the package, or from a CSV."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load")
        load.add_argument("file", type=Path, nargs="?")

    def handle(self, *args, file, **options):
        at = timezone.now()
        try:
            with Progress(console=Console(stderr=True)) as bar:
                task = bar.add_task("Communes", total=35_000)
                count = services.load_communes(
                    path=file,
                    by=accounts.command_line_user(at=at),
                    at=at,
                    progress=lambda done: bar.update(task, completed=done),
                )
        except CommunesFileRefused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.", returncode=2) from refusal
        self.stderr.write(f"{count} communes are known.")
