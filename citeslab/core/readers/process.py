"""The parent's side: a child reads, and what it says is believed only as far as it is text."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import citeslab
from citeslab.core.readers import limits
from citeslab.core.readers.limits import Refused
from citeslab.core.readers.wanted import Sheet, Wanted

ROOT = Path(citeslab.__file__).resolve().parent.parent
SAID_BYTES = 512 * limits.MEBI
CHUNK = 1 << 18


def read(path: Path, wanted: Wanted) -> dict[str, Sheet]:
    """The sheets of a workbook (`.xlsx`), of a folder of `.csv` files, or of a zip of them.

    Raises `Refused`, with the reason as a code, for anything else. Nothing of the file is parsed in this process.
    """
    read_: dict[str, Sheet] = {}
    sheet = None
    for said in spoken(path, wanted):
        if isinstance(said, list) and sheet is not None:
            sheet.rows.extend((number, tuple(cells)) for number, cells in said)
        elif isinstance(said, dict) and "refused" in said:
            raise Refused(said.pop("refused"), **said)
        elif isinstance(said, dict) and said.get("sheet") in wanted.sheets:
            sheet = Sheet(said["sheet"], [], tuple(said["ignored"]), said["is_correction"])
            read_[sheet.name] = sheet
        elif said == {"end": True} and len(read_) == len(wanted.sheets):
            return read_
    raise Refused("too_heavy")


def spoken(path: Path, wanted: Wanted) -> Iterator[dict | list]:
    """What the child says, line by line; it is killed when it takes too long or says too much."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "citeslab.core.readers.child", str(path.absolute()), json.dumps(wanted.plain())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a reader that aborts writes its own farewell there
        # No secret and no database address: the child only needs to find its own code.
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "RAYON_NUM_THREADS": "1"},
        start_new_session=True,
    )
    assert child.stdout is not None  # asked for above
    try:
        for line in bounded_lines(child.stdout.fileno()):
            yield json.loads(line)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.stdout.close()
        child.wait()


def bounded_lines(descriptor: int) -> Iterator[bytes]:
    """Whole lines; a last one without its end is dropped, and the silence tells the reader."""
    deadline, said, rest = time.monotonic() + limits.WALL_SECONDS, 0, b""
    while (left := deadline - time.monotonic()) > 0 and select.select([descriptor], [], [], left)[0]:
        data = os.read(descriptor, CHUNK)
        said += len(data)
        if not data or said > SAID_BYTES:
            return
        *whole, rest = (rest + data).split(b"\n")
        yield from whole
