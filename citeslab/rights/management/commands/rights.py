"""`citeslab rights anonymise`: files without news, announced and anonymised; or only counted."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from citeslab.accounts.services import command_line_user
from citeslab.rights import queries, services
from citeslab.rights.services.sweeping import BATCH


class Command(BaseCommand):
    help = "Rights of the person: `citeslab rights anonymise` forgets the files without news for 24 months."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verb = verbs.add_parser(
            "anonymise", help="announce at 23 months, anonymise at 24; may be stopped and run again"
        )
        verb.add_argument("--dry-run", action="store_true", help="say how many files, by site, and change nothing")
        verb.add_argument("--yes", action="store_true", help="go on when much is to do and no run took place lately")
        verb.add_argument("--batch", type=int, default=BATCH, help="files in one transaction")

    def handle(self, *args, dry_run, yes, batch, **options):
        if batch < 1:
            raise CommandError("A batch holds at least one file: --batch 1.", returncode=2)
        at = timezone.now()
        if dry_run:
            return self.tell(timezone.localdate(at))
        try:
            done = services.sweep(yes=yes, batch=batch, by=command_line_user(at=at), at=at)
        except (services.ClockBehind, services.TooManyAtOnce) as refusal:
            raise CommandError(str(refusal), returncode=3) from refusal
        self.stdout.write(f"Announced: {done.announced}. Anonymised: {done.anonymised}.")

    def tell(self, on):
        console = Console(file=self.stdout)
        for title, people in (
            ("To anonymise now: announced, and without news for 24 months", queries.to_anonymise(on)),
            ("To announce now: without news for 23 months", queries.to_announce(on)),
        ):
            table = Table("Site", "Files", "Oldest contact", title=title, title_justify="left")
            total = 0
            for row in queries.by_site(people):
                table.add_row(
                    f"{row['site__name']} ({row['site__code']})", str(row["files"]), row["oldest"].isoformat()
                )
                total += row["files"]
            console.print(table)
            console.print(f"{total} files. Nothing was changed.\n")
