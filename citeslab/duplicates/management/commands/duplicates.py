"""`citeslab duplicates find`: everyone compared with everyone, now."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from citeslab.accounts.services import command_line_user
from citeslab.duplicates.services import finding


class Command(BaseCommand):
    help = "Duplicates: `citeslab duplicates find` looks for people known twice. It proposes; a person decides."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("find", help="compare everyone; stopped at any moment, nothing is half done")

    def handle(self, *args, **options):
        at = timezone.now()
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Reading files", total=None)

            def progress(step, done, total):
                bar.update(task, description=step, completed=done, total=total or None)

            found = finding.find(by=command_line_user(at=at), at=at, progress=progress)
        self.stdout.write(
            f"{found.files} files compared: {found.likenesses} likenesses, {found.new} of them new, "
            f"{found.gone} no longer there. Nothing was joined."
        )
