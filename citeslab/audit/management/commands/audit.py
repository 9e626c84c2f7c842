from django.core.management.base import BaseCommand, CommandError

from citeslab.audit import queries, services
from citeslab.audit.models import Entry


class Command(BaseCommand):
    help = "The journal: `citeslab audit verify` says whether its chain is whole."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("verify", help="recompute each line's digest; exit 1 at the first broken line")

    def handle(self, *args, **options):
        while services.chain():  # the lines of the last seconds
            pass
        if broken := queries.first_broken_line():
            raise CommandError(f"The journal is broken at line {broken}: it was changed, or a line before it is gone.")
        self.stdout.write(f"The journal is whole: {Entry.objects.count()} lines.")
