"""Locks that the kernel drops when their holder dies, however it dies.

They are `flock` locks: a lock belongs to the open file, so a child that inherits the descriptor holds the
same lock.
"""

import fcntl
import json
import os
import tempfile
from pathlib import Path


def open_private(path: Path, flags: int = 0) -> int:
    """Open `path`, made if missing, readable by its owner alone.

    The descriptor is never 0, 1 or 2, even in a process started with those closed: a child's would land on
    top of it.
    """
    low = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | flags, 0o600)
    try:
        return fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 3)
    finally:
        os.close(low)


def join(path: Path) -> int:
    """Share `path` with the other users; waits for whoever holds it alone."""
    descriptor = open_private(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def take(path: Path) -> int | None:
    """Hold `path` alone, or None if anyone else holds it or shares it."""
    descriptor = open_private(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def post_notice(path: Path, facts: dict[str, str]) -> int:
    """Publish `facts` at `path` until the descriptor is closed or this process dies.

    Made aside, locked, then renamed: there is no instant at which it could be read and not believed.
    """
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    os.write(descriptor, json.dumps(facts).encode())
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.rename(draft, path)
    return descriptor


def read_notice(path: Path) -> dict[str, str] | None:
    """The facts posted at `path`, or None if whoever posted them no longer vouches for them."""
    try:
        with path.open() as notice:
            try:
                fcntl.flock(notice, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return json.load(notice)
    except FileNotFoundError:
        pass
    return None
