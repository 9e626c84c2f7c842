"""`citeslab demo`: the demonstration network made, if it is not there, and served."""

import os
import sys
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console

from citeslab.accounts import services as accounts
from citeslab.demo import services
from citeslab.demo.models import Demonstration
from citeslab.figures import queries as figures
from citeslab.figures import services as figures_services
from citeslab.territories.readers import CommunesFileRefused, QPVFileRefused
from citeslab.territories.services import load_communes


class Command(BaseCommand):
    help = "Make the demonstration network, of invented people, and serve it. A second run keeps the data."
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--no-serve", action="store_true", help="make it and stop")
        parser.add_argument("--qpv", type=Path, help="an official file of the 2024 edition, instead of drawn shapes")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--until", type=date.fromisoformat, help="the last day told (default: today)")
        parser.add_argument("--scale", type=float, default=1.0, help="a smaller network, for a quick look")

    def handle(self, *args, no_serve, qpv, port, until, scale, **options):
        console = Console(stderr=True)
        if qpv and not qpv.is_file():
            raise CommandError(f"There is no file {qpv}.", returncode=2)
        with console.status("Preparing the database") as status:
            call_command("migrate", verbosity=0)
            if Demonstration.objects.exists():
                console.print("The demonstration network is there; its data is kept.")
            else:
                self.make(status, qpv=qpv, until=until or timezone.localdate(), scale=scale)
                console.print("The demonstration network is made.")
        if no_serve:
            return
        console.print(
            "\nOpen the address below and choose who you are on the sign-in page: an advisor, a coordinator, "
            "the national pilot or a funder. No password is needed: everyone here is invented.\n"
        )
        # The server is this process from now on: it reads its settings anew, in demonstration mode.
        command = [sys.executable, "-m", "config.cli", "serve", "--port", str(port)]
        os.execve(sys.executable, command, os.environ | {"CITESLAB_MODE": "demo"})

    def make(self, status, *, qpv, until, scale):
        def progress(step):
            status.update(f"{step}…")

        at = timezone.now()
        by = accounts.command_line_user(at=at)
        try:
            progress("Reading communes")
            load_communes(by=by, at=at)
            made = services.make_demonstration(until=until, by=by, at=at, scale=scale, qpv=qpv, progress=progress)
        except services.NotInvented as refusal:
            raise CommandError(
                "This database holds people or sites that the demonstration did not invent: it never mixes with "
                "them. Name another data folder in CITESLAB_HOME.",
                returncode=2,
            ) from refusal
        except (QPVFileRefused, CommunesFileRefused) as refusal:
            raise CommandError(f"{refusal} Nothing was made.", returncode=2) from refusal
        progress("Computing the figures of each year")
        figures.network_of_years(figures.FIRST_YEAR, made.until.year)
        figures.statements()
        progress("Putting years and facts aside, as each night")
        figures_services.keep_years(at=at)
        figures_services.make_snapshot()
        progress(f"Publishing {made.until.year - 1}: hiding small numbers, and attacking what is left")
        services.publish_last_year(until=made.until, at=at)
