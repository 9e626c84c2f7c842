"""`citeslab work`: background jobs; `citeslab serve` starts it too, unless told `--no-jobs`."""

import os
import threading
import time

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

AGAIN_AFTER = 2  # seconds; the embedded server comes back in less


class Command(BaseCommand):
    help = "Run background jobs: messages, matching, reminders, exports; Ctrl-C stops it."

    def add_arguments(self, parser):
        parser.add_argument("--parent", type=int, help="leave when this process, which started it, is gone")
        parser.add_argument("--once", action="store_true", help="run what waits, and stop")

    def handle(self, *args, parent, once, **options):
        if parent:
            threading.Thread(target=leave_with, args=[parent], daemon=True).start()
        while True:
            try:
                worker = app.with_connector(app.connector.get_worker_connector())
                with worker.open():
                    worker.run_worker(wait=not once, concurrency=2, fetch_job_polling_interval=2, name=f"{os.getpid()}")
                return
            except ConnectorException:
                self.stderr.write("The database does not answer; trying again.")
                time.sleep(AGAIN_AFTER)


def leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
