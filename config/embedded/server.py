"""The postmaster of one place: made, started, stopped, and cleaned up after."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from config.embedded import ADMINISTRATOR, PORT, USER, accounts, binaries, folders, locks
from config.embedded.errors import DatabaseUnavailable
from config.embedded.folders import Place

LONGEST_START = 600  # seconds; a server that was killed reads its journal again first
LONGEST_STOP = 60
UPGRADE_SETTLED = 5  # seconds without change
LARGEST_LOG = 5_000_000  # bytes

SYSTEM_LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"

SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    f"port={PORT}",
    "max_connections=100",
    "shared_buffers=256MB",
    "work_mem=32MB",
    "random_page_cost=1.1",
    "jit=off",
    # The application logs its own errors. From here they would come with the values of a query: names.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_checkpoints=off",
    "log_line_prefix=%m [%p] ",
)

Fingerprint = tuple[int, int, int]


class Server:
    def __init__(self, place: Place, settings: Sequence[str]) -> None:
        self.place = place
        self.settings = settings
        self.account = accounts.server_account(place.data)
        if not self.account.reaches(place.root):
            raise DatabaseUnavailable(
                f"The user {self.account.name}, who runs PostgreSQL for root, cannot enter {place.root}. Let "
                "others pass through the folders above (chmod o+x), or name another folder in CITESLAB_HOME."
            )
        chosen = binaries.choose(place.data)
        self.binaries = binaries.within_reach(chosen, self.account, place)
        self.socket = folders.socket_folder(place, self.account)
        self.environment = {**os.environ, "LC_ALL": SYSTEM_LOCALE, "LANG": SYSTEM_LOCALE}
        self.rules, self.people = place.root / "pg_hba.conf", place.root / "pg_ident.conf"
        self.process: subprocess.Popen[bytes] | None = None
        self.program: Fingerprint | None = None  # of the program that runs
        self.program_seen: Fingerprint | None = None  # of the one on the disk, and since when
        self.program_seen_at = 0.0

    def start(self) -> None:
        """Start the postmaster and wait until it answers."""
        if not self.place.data.exists():
            self._remove_drafts()
            self._create_cluster()
        self._remove_drafts()  # again: an initdb whose supervisor was killed wrote on while its draft was removed
        self._end_leftovers()
        self._say_who_may_connect()
        said = self.place.log.stat().st_size
        self.program = self._program_on_disk()
        self.process = self._spawn()
        deadline = time.monotonic() + LONGEST_START
        while not self._is_ready():
            if not self.is_running() or time.monotonic() > deadline:
                self.stop()
                raise DatabaseUnavailable(
                    f"PostgreSQL {self.binaries} did not start on {self.place.data}. "
                    + self.place.end_of_log(since=said)
                )
            time.sleep(0.01)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """A fast shutdown: transactions under way are undone, everything acknowledged is on the disk."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(LONGEST_STOP)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)  # ends at once; the next start reads the journal
                self.process.wait()
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.binaries = binaries.found_in(self.binaries.folder) or self.binaries
        self.start()

    def is_outdated(self) -> bool:
        """Whether the system has put a new minor version in the place of the one that runs, and is done.

        The server of before would go on, and load libraries of after: on Debian, every PL/pgSQL call then
        fails.
        """
        on_disk = self._program_on_disk()
        if on_disk != self.program_seen:
            self.program_seen, self.program_seen_at = on_disk, time.monotonic()
        if on_disk in (self.program, None) or time.monotonic() - self.program_seen_at < UPGRADE_SETTLED:
            return False
        upgrade = binaries.found_in(self.binaries.folder)
        return upgrade is not None and upgrade.major == self.binaries.major

    def trim_log(self) -> None:
        """Keep at most two logs of reasonable size. Emptied in place: the postmaster has it open."""
        with suppress(OSError):
            if self.place.log.stat().st_size > LARGEST_LOG:
                shutil.copy(self.place.log, self.place.log.with_suffix(".old"))
                os.truncate(self.place.log, 0)

    def _create_cluster(self) -> None:
        """Made aside, then renamed: what a killed initdb leaves is never taken for data."""
        draft = Path(tempfile.mkdtemp(prefix="data.new-", dir=self.place.root))
        os.chown(draft, self.account.uid, self.account.gid)
        command = [str(self.binaries.folder / "initdb"), f"--pgdata={draft}", f"--username={ADMINISTRATOR}"]
        command += ["--auth=peer", "--data-checksums", "--encoding=UTF8", "--no-instructions"]
        # Letters have case and accents; the order is the bytes': a French one, where it matters, is stored.
        command += ["--lc-messages=C", "--lc-collate=C", f"--lc-ctype={SYSTEM_LOCALE}"]
        if self.binaries.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = subprocess.run(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self.account.as_child(),
        )
        if made.returncode != 0:
            raise DatabaseUnavailable(
                f"PostgreSQL {self.binaries} could not make a database in {self.place.root}. It says:\n"
                + made.stdout.strip()[-1500:]
            )
        draft.rename(self.place.data)

    def _remove_drafts(self) -> None:
        for abandoned in self.place.root.glob("data.new-*"):
            shutil.rmtree(abandoned, ignore_errors=True)

    def _say_who_may_connect(self) -> None:
        """The account of the server, and root if it called; the kernel vouches for who is who."""
        people = {self.account.name, accounts.caller().name}
        pairs = [f'owner "{person}" {role}\n' for person in sorted(people) for role in (ADMINISTRATOR, USER)]
        for file, text in ((self.rules, "local all all peer map=owner\n"), (self.people, "".join(pairs))):
            file.write_text(text)
            file.chmod(0o644)  # the server's account reads them, and cannot change them

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = [
            *SETTINGS,
            f"unix_socket_directories={self.socket}",
            f"hba_file={self.rules}",
            f"ident_file={self.people}",
            *self.settings,
        ]
        shim = [sys.executable, "-I", "-S", str(Path(__file__).with_name("postmaster.py"))]
        shim += [str(os.getpid()), str(self.account.uid), str(self.account.gid)]
        postgres = [str(self.binaries.folder / "postgres"), "-D", str(self.place.data)]
        postgres += [word for setting in settings for word in ("-c", setting)]
        log = locks.open_private(self.place.log, os.O_APPEND)
        try:
            return subprocess.Popen(
                shim + postgres,
                cwd="/",
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        finally:
            os.close(log)

    def _is_ready(self) -> bool:
        """As pg_ctl does: by the eighth line of postmaster.pid, when its first names this postmaster."""
        lines = self._postmaster_file()
        ours = self.process is not None and lines[:1] == [str(self.process.pid)]
        return ours and len(lines) > 7 and lines[7].strip() == "ready"

    def _postmaster_file(self) -> list[str]:
        try:
            return (self.place.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _end_leftovers(self) -> None:
        """End what an earlier server left: a postmaster without supervisor, backends without postmaster.

        PostgreSQL refuses to start beside them, and rightly. It would also refuse when the number in a stale
        postmaster.pid is by now some other process's, as is usual after a container's restart; the list of
        processes settles that.
        """
        begun = time.monotonic()
        while left := list(_processes(self.place.data)):
            waited = time.monotonic() - begun
            if waited > LONGEST_STOP:
                raise DatabaseUnavailable(
                    f"An earlier PostgreSQL still works on {self.place.data} and does not end "
                    f"(processes {left}). Wait until it has, or end these processes."
                )
            postmaster = [process for process in left if str(process) in self._postmaster_file()[:1]]
            gently = postmaster and waited < LONGEST_STOP / 2
            for process in postmaster if gently else left:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGINT if gently else signal.SIGQUIT)
            time.sleep(0.02)
        for stale in [self.place.data / "postmaster.pid", *self.socket.iterdir()]:
            stale.unlink(missing_ok=True)

    def _program_on_disk(self) -> Fingerprint | None:
        try:
            program = (self.binaries.folder / "postgres").stat()
        except FileNotFoundError:
            return None
        return program.st_ino, program.st_mtime_ns, program.st_size


def _processes(data: Path) -> Iterator[int]:
    """The PostgreSQL processes of `data`: all of them, postmaster and backends, work from inside it."""
    if sys.platform == "linux":
        for process in Path("/proc").iterdir():
            with suppress(OSError):  # not a process, ended meanwhile, or another user's
                name, folder = (process / "comm").read_text(), os.readlink(process / "cwd")
                if name == "postgres\n" and folder == str(data):
                    yield int(process.name)
    else:
        listed = subprocess.run(["lsof", "-a", "-c", "postgres", "-d", "cwd", "-Fpn"], capture_output=True, check=False)
        process = 0
        for line in os.fsdecode(listed.stdout).splitlines():
            if line.startswith("p"):
                process = int(line[1:])
            elif line == f"n{data}":
                yield process
