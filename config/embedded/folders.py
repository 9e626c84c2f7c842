"""Where the server of a home keeps its files.

All is in `HOME/postgresql`. When root works in a folder that nobody else can enter (a checkout in /root), the
account that runs the server could not read its data there: then `HOME/postgresql` is a link to a folder of
/var/lib.
"""

import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded import accounts
from config.embedded.errors import DatabaseUnavailable

LONGEST_SOCKET = 103  # bytes in the path of a unix socket: 107 on Linux, 103 on macOS
SOCKET_NAME = ".s.PGSQL.5432"
SYSTEM_FOLDERS = ("/var/lib", "/var/db")  # Linux, macOS

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """The files of one server. `root` is the caller's; `data` and the socket are the server account's."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def users(self) -> Path:
        return self.root / "users.lock"

    @property
    def supervisor(self) -> Path:
        return self.root / "supervisor.lock"

    @property
    def notice(self) -> Path:
        return self.root / "server.json"

    def end_of_log(self, since: int = 0) -> str:
        """What was logged after byte `since`, cut to a readable length."""
        try:
            lines = self.log.read_bytes()[since:].decode(errors="replace").strip()
        except OSError:
            lines = ""
        return f"The end of {self.log}:\n{lines[-1500:]}" if lines else f"{self.log} says nothing."


def prepare(home: Path) -> Place:
    """The place of `home`'s server, its folder made if it is missing."""
    home = home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    entrance = home / "postgresql"
    if not entrance.exists():
        if entrance.is_symlink():
            raise DatabaseUnavailable(
                f"The database of {home} was kept in {entrance.readlink()}, which is gone. "
                f"Bring it back, or delete the link {entrance} to begin with an empty database."
            )
        _make(entrance)
    root = entrance.resolve()
    owner = root.stat().st_uid
    if owner != os.geteuid():
        raise DatabaseUnavailable(
            f"The database in {root} belongs to user number {owner}, and this process runs as number "
            f"{os.geteuid()}. Work as that user, or name another folder in CITESLAB_HOME."
        )
    # Root's own files there are closed one by one; the server's account has to pass through.
    root.chmod(0o711 if owner == 0 else 0o700)
    return Place(root)


def _make(entrance: Path) -> None:
    """Make the folder, or the link to it. Another process may do the same: either result is good for both."""
    if accounts.server_account(entrance).reaches(entrance.parent):
        entrance.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
        return
    base = next(folder for folder in SYSTEM_FOLDERS if os.path.isdir(folder))
    away = Path(tempfile.mkdtemp(prefix="citeslab-", dir=base))
    try:
        entrance.symlink_to(away)
    except FileExistsError:
        away.rmdir()
    else:
        log.warning("The database of %s is kept in %s: PostgreSQL does not run as root.", entrance.parent, away)


def socket_folder(place: Place, account: accounts.Account) -> Path:
    """A folder of `account` alone, short enough to name a socket; the same as last time, if it still is.

    Its name is drawn, so that no one can take it first, and a server that is slow to stop removes its own
    socket, not the next's. $XDG_RUNTIME_DIR is not used: it is emptied when the user signs out, under the
    feet of a server left running.
    """
    link = place.root / "socket"
    if link.is_symlink() and _is_private(link.readlink(), account):
        return link.readlink()
    link.unlink(missing_ok=True)
    room = LONGEST_SOCKET - len(os.fsencode(place.root / "s-12345678" / SOCKET_NAME))
    # A comma separates two folders, for the server and for its clients.
    if room >= 0 and "," not in str(place.root):
        folder = Path(tempfile.mkdtemp(prefix="s-", dir=place.root))
    else:
        folder = Path(tempfile.mkdtemp(prefix="citeslab-", dir="/tmp"))
    os.chown(folder, account.uid, account.gid)
    link.symlink_to(folder)
    return folder


def _is_private(folder: Path, account: accounts.Account) -> bool:
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return found.st_uid == account.uid and found.st_mode & 0o170777 == 0o040700
