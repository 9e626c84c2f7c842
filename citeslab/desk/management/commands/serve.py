"""`citeslab serve`: the web server, on this machine unless told."""

import socket

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


class Command(BaseCommand):
    help = "Serve the platform; Ctrl-C stops it."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args, host, port, workers, **options):
        self.refuse_taken(host, port)
        call_command("migrate", verbosity=0)
        self.stderr.write(f"The platform is on http://{host}:{port}  (Ctrl-C stops it)")
        server = Granian(
            "config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_level=LogLevels.warning,
            workers_kill_timeout=10,
        )
        server.serve()

    def refuse_taken(self, host: str, port: int) -> None:
        """The server would share a taken port without a word, and half the visits would go to the other."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                raise CommandError(
                    f"Something already answers on {host}:{port}. Stop it, or choose another: --port {port + 1}.", 2
                )
