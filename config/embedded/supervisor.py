"""The process that owns a server, started by `ensure`: `supervisor ROOT LOCK SETTINGS...`.

LOCK is the descriptor of `supervisor.lock`, already held: there is never a second supervisor. It answers
"ready", or why not, on its standard output, and closes that.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.embedded import locks
from config.embedded.errors import DatabaseUnavailable
from config.embedded.folders import Place
from config.embedded.server import Server

TICK = 0.25  # seconds


def main(root: str, lock: str, *settings: str) -> None:
    if os.fork():
        os._exit(0)  # the caller is not the parent of what follows: it has no child to wait for
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    place = Place(Path(root))
    try:
        with _running(Server(place, settings)) as server:
            _answer("ready")
            _serve(place, server)
        with suppress(OSError):
            server.socket.rmdir()  # no one looks for it any more
    except (DatabaseUnavailable, OSError) as refusal:
        _answer(str(refusal))
    # Newcomers wait for users.lock, held until this process ends; they must then find supervisor.lock free.
    os.close(int(lock))


def _serve(place: Place, server: Server) -> None:
    """Keep `server` up until nobody uses it any more."""
    while True:
        with _published(place, server):
            while server.is_running() and not server.is_outdated():
                if locks.take(place.users) is not None:  # kept to the end: whoever comes now waits
                    return
                server.trim_log()
                time.sleep(TICK)
        server.restart()


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def _published(place: Place, server: Server) -> Iterator[None]:
    facts = {"host": str(server.socket), "postgresql": str(server.binaries), "supervisor": str(os.getpid())}
    notice = locks.post_notice(place.notice, facts)
    try:
        yield
    finally:
        os.close(notice)


def _answer(word: str) -> None:
    """Tell the caller, who reads until the end; whatever comes later goes to the log."""
    with suppress(BrokenPipeError):  # the caller is gone
        os.write(sys.stdout.fileno(), word.encode())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _leave(number: int, _frame: object) -> None:
    """The machine is shutting down, or someone asked: stop the server and go, users or not."""
    for again in (signal.SIGTERM, signal.SIGINT):
        signal.signal(again, signal.SIG_IGN)
    sys.exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
