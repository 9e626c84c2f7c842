"""`citeslab serve`: the web server, on this machine unless told."""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from citeslab.desk.management.commands.work import leave_with

AGAIN_AFTER = 2  # seconds
APPLICATION = "config.wsgi.application"
# One more than the cores of a small server: while one waits for the database, another computes.
WORKERS = 3
# In each. Two would take turns: whoever is answered by the database waits for the other's computing, under a lock too,
# and everyone behind it (docs/decisions/0011).
THREADS = 1


class Command(BaseCommand):
    help = "Serve the platform; Ctrl-C stops it."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=WORKERS)
        parser.add_argument("--no-jobs", action="store_true", help="leave background jobs to `citeslab work`")

    def handle(self, *args, host, port, workers, no_jobs, **options):
        if workers < 1:
            raise CommandError("At least one worker serves: --workers 1.", returncode=2)
        if not 0 < port < 65_536:
            raise CommandError(f"There is no port {port}: they go from 1 to 65535.", returncode=2)
        refuse_taken(host, port)
        call_command("migrate", verbosity=0)
        Path(settings.STATIC_ROOT).mkdir(
            parents=True, exist_ok=True
        )  # empty unless collected; absent, each worker warns
        shown = f"[{host}]" if ":" in host else host
        self.stderr.write(f"The platform is on http://{shown}:{port}  (Ctrl-C stops it)")
        logging.getLogger("_granian").addFilter(is_news)
        server = Granian(
            APPLICATION,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            log_level=LogLevels.warning,
            workers_kill_timeout=10,
        )
        if not no_jobs:
            threading.Thread(target=keep_working, daemon=True).start()
        server.serve(target_loader=partial(load, server=os.getpid()))


def is_news(record: logging.LogRecord) -> bool:
    """More workers than cores is meant (`WORKERS`): a newcomer is not told to doubt it."""
    return "number of workers" not in record.getMessage()


def keep_working() -> None:
    """Background jobs in a process of their own, begun again when it dies; it leaves with this one."""
    command = [sys.executable, "-m", "config.cli", "work", "--parent", str(os.getpid())]
    while True:
        subprocess.run(command, check=False)
        time.sleep(AGAIN_AFTER)


def refuse_taken(host: str, port: int) -> None:
    """The server would share a taken port without a word, and half the visits would go to the other."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one just stopped is not taken
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"Nothing can be served on {host}:{port} ({error}). Stop what answers there, or choose another: --port.",
            returncode=2,
        ) from error


def load(application: str, *, server: int):
    """In a worker: the application. The worker leaves when `server`, its parent, was killed without a goodbye."""
    threading.Thread(target=leave_with, args=[server], daemon=True).start()
    return import_string(application)
