"""`citeslab work`: background jobs; `citeslab serve` starts it too, unless told `--no-jobs`."""

import asyncio
import os
import signal
import threading
import time
from contextlib import suppress

from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

BEHIND = 10  # beside a server, in the system's turns: who waits for a page comes first
AGAIN_AFTER = 2  # seconds; the embedded server comes back in less


class Command(BaseCommand):
    help = "Run background jobs: messages, matching, reminders, exports; Ctrl-C stops it."

    def add_arguments(self, parser):
        parser.add_argument("--parent", type=int, help="leave when this process, which started it, is gone")
        parser.add_argument("--once", action="store_true", help="run what waits, and stop")

    def handle(self, *args, parent, once, **options):
        if parent:
            os.nice(BEHIND)
            threading.Thread(target=leave_with, args=[parent], daemon=True).start()
        asyncio.run(self.keep_working(once=once))

    async def keep_working(self, *, once: bool) -> None:
        """A worker gives up when the database leaves it; another one begins until someone says stop.

        It may give up without a word, once the database is back for some of its connections and not for all.
        """
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        while not stop.is_set():
            try:
                await work(stop, once=once)
            except (ConnectorException, OperationalError):
                self.stderr.write("The database does not answer; trying again.")
            if once:
                return
            await sync_to_async(close_old_connections)()  # a broken one of its thread would stay so
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_AFTER)


async def work(stop: asyncio.Event, *, once: bool) -> None:
    connector = await asyncio.to_thread(app.connector.get_worker_connector)  # may start the embedded server
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        worker = asyncio.create_task(
            worker_app.run_worker_async(
                wait=not once, concurrency=2, fetch_job_polling_interval=2, install_signal_handlers=False
            )
        )
        told = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, told}, return_when=asyncio.FIRST_COMPLETED)
        worker.cancel()  # the jobs under way are ended first
        told.cancel()
        with suppress(asyncio.CancelledError):
            await worker


def leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
