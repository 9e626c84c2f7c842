"""`citeslab fse_plus SITE REFERENCE FROM [UNTIL]`: the days on which an FSE+ agreement pays for a site."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone

from citeslab.accounts import services as accounts
from citeslab.network import services
from citeslab.network.models import Site


class Command(BaseCommand):
    help = "Say that an FSE+ agreement pays for a site on these days: its items are asked then, and only then."

    def add_arguments(self, parser):
        parser.add_argument("site", help="the site's code")
        parser.add_argument("reference", help="the agreement's reference")
        parser.add_argument("begins_on", type=date.fromisoformat, help="the first day, as 2026-01-01")
        parser.add_argument(
            "ends_on", type=date.fromisoformat, nargs="?", help="the day after the last; open if absent"
        )

    def handle(self, *args, site, reference, begins_on, ends_on, **options):
        at = timezone.now()
        found = Site.objects.filter(code=site).first()
        if found is None:
            raise CommandError(f"No site has the code {site}. Nothing was changed.", returncode=2)
        try:
            services.set_fse_plus(
                site=found,
                reference=reference,
                begins_on=begins_on,
                ends_on=ends_on,
                by=accounts.command_line_user(at=at),
                at=at,
            )
        except (services.DaysAlreadyPaid, IntegrityError) as refusal:
            raise CommandError(
                "These days overlap another agreement of the site, or end before they begin. Nothing was changed.",
                returncode=2,
            ) from refusal
        self.stderr.write(f"FSE+ items are asked at {found.name} from {begins_on}.")
