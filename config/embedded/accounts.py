"""Who runs the server: this user, or another when this user is root, whom PostgreSQL refuses to serve."""

import os
import pwd
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.errors import DatabaseUnavailable

UNPRIVILEGED = ("postgres", "nobody")  # in order of preference


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def as_child(self) -> dict[str, Any]:
        """Arguments with which `subprocess` runs a command as this account, in a folder open to all."""
        if self.uid == os.geteuid():
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, folder: Path) -> bool:
        """Whether this account may enter `folder`. The system is asked: it alone knows all the rules."""
        if self.uid == os.geteuid():
            return True
        enter = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        entered = subprocess.run(enter, stderr=subprocess.DEVNULL, check=False, **self.as_child())
        return entered.returncode == 0


def caller() -> Account:
    return _numbered(os.geteuid())


def server_account(data: Path) -> Account:
    """The account that owns `data`, or will: the caller, or if that is root one that PostgreSQL accepts."""
    if os.geteuid() != 0:
        return caller()
    if data.exists():
        return _numbered(data.stat().st_uid)
    wanted = os.environ.get("CITESLAB_PG_USER")
    for name in [wanted] if wanted else UNPRIVILEGED:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    nobody_fit = wanted or " or ".join(UNPRIVILEGED)
    raise DatabaseUnavailable(
        f"PostgreSQL does not run as root, and there is no ordinary user {nobody_fit} to run it. Name one in "
        "CITESLAB_PG_USER, work as an ordinary user, or name a server in DATABASE_URL."
    )


def _numbered(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise DatabaseUnavailable(
            f"PostgreSQL needs a user with a name, and number {uid} has none on this machine (a container?). "
            "Add it to /etc/passwd, work as another user, or name a server in DATABASE_URL."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
