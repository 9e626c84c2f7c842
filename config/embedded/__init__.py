"""A private PostgreSQL server for one home folder: the database of whoever has not set up another.

`ensure(home)` is the whole of it. The server belongs to no process in particular: the first that comes has it
started, the last that leaves has it stopped, even when it leaves by `kill -9`. A small separate process, the
supervisor, sees to that:

    a user        shares a lock on `users.lock` for as long as it lives; the kernel drops it, however it dies
    supervisor    holds `supervisor.lock`; owns the postmaster, starts it again if it dies; stops it once
                  `users.lock` can be held alone
    server.json   says where the server is; true while the supervisor that wrote it holds its lock on it

A process whose server is lost under it (someone killed the supervisor) sees its connections end; it may call
`ensure` again. The place of the socket does not change while anyone uses the home, so a waiting web server
finds the new server by itself.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.embedded import folders, locks
from config.embedded.errors import DatabaseUnavailable
from config.embedded.folders import Place

__all__ = ["Connection", "DatabaseUnavailable", "ensure"]

DATABASE = USER = "citeslab"
ADMINISTRATOR = "postgres"  # not the application: nothing could be kept from a superuser
PORT = 5432  # part of the socket's file name; always said, since PGPORT may say another

_CHECKOUT = Path(__file__).parents[2]
_one_at_a_time = threading.Lock()
_joined: dict[Path, int] = {}  # the descriptors that keep each home's server alive, until this process ends
_seen_complete: set[Path] = set()  # the homes whose server has its database


@dataclass(frozen=True)
class Connection:
    """How to reach the server. The kernel says who is calling, so there is no password."""

    host: str  # the folder of the unix socket
    user: str = USER
    name: str = DATABASE
    port: int = PORT

    @property
    def url(self) -> str:
        """For libpq and what is made of it: psql, pg_dump, psycopg."""
        return f"postgresql://{self.user}@/{self.name}?host={quote(self.host, safe='/')}&port={self.port}"


def ensure(home: Path, *, settings: Sequence[str] = ()) -> Connection:
    """Have the server of `home` run until this process ends, and say how to reach it.

    `settings` ("fsync=off") are PostgreSQL's own, and count only if this call starts the server. Calling
    again is cheap, and brings back a server that was lost. Raises `DatabaseUnavailable`.
    """
    try:
        place = folders.prepare(home)
        with _one_at_a_time:
            # Waits for a supervisor that is leaving. From here on none leaves: it cannot hold the lock alone.
            if place.root not in _joined:
                _joined[place.root] = locks.join(place.users)
            while (server := locks.read_notice(place.notice)) is None:
                if (lock := locks.take(place.supervisor)) is not None:
                    _launch_supervisor(place, lock, settings)
                else:
                    time.sleep(0.02)  # another process is starting the server, or its supervisor is
            if place.root not in _seen_complete:
                _complete(Connection(host=server["host"]))
                _seen_complete.add(place.root)
        return Connection(host=server["host"])
    except OSError as error:
        raise DatabaseUnavailable(
            f"The embedded database of {home} cannot be used: {error.strerror or error} "
            f"({error.filename or home}). Make that folder writable, name another in CITESLAB_HOME, "
            "or name a server in DATABASE_URL."
        ) from error


def _complete(connection: Connection) -> None:
    # Imported here: the supervisor, which is of this package, starts three times faster without psycopg.
    from config.embedded import database  # noqa: PLC0415

    database.create_if_missing(connection)


def _launch_supervisor(place: Place, lock: int, settings: Sequence[str]) -> None:
    """Hand `lock` to a new supervisor and wait for its word: the server answers, or why it does not."""
    log = locks.open_private(place.log, os.O_APPEND)
    try:
        supervisor = subprocess.run(
            [sys.executable, "-m", "config.embedded.supervisor", str(place.root), str(lock), *settings],
            cwd=_CHECKOUT,
            env={name: value for name, value in os.environ.items() if not re.match("PG(?!_BIN)", name)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,  # not the caller's: $(citeslab ...) waits for all who hold its output
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C in the caller's terminal is not for the server
            check=False,
        )
    finally:
        os.close(lock)
        os.close(log)
    if (word := supervisor.stdout.decode()) != "ready":
        raise DatabaseUnavailable(word or f"The supervisor of {place.root} said nothing. {place.end_of_log()}")
