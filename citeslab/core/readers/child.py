"""The child that reads one file and writes what it found on its standard output, one JSON value a line.

`python -m citeslab.core.readers.child PATH WANTED`, the second as JSON. It takes its limits before it opens the file.
The last line is
`{"end": true}`, or `{"refused": code, ...}`; a reading without one of them was cut short.
"""

import json
import resource
import sys
from pathlib import Path

from citeslab.core.readers import archive, limits, sheets, text
from citeslab.core.readers.wanted import Wanted

READERS = {
    "folder": text.lines_of_folder,
    "text": text.lines_of_file,
    "texts": text.lines_of_zip,
    "workbook": sheets.lines,
}
ROWS_A_LINE = 500


def take_limits() -> None:
    for name, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        try:
            resource.setrlimit(name, (most, most))
        except (ValueError, OSError):  # macOS knows no limit of address space
            continue


def write(value) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


def read(path: Path, wanted: Wanted) -> None:
    waiting: list = []
    for line in READERS[archive.kind(path, is_alone=wanted.is_alone)](path, wanted):
        if isinstance(line, dict):
            write(waiting)
            waiting = []
            write(line)
        else:
            waiting.append(line)
        if len(waiting) == ROWS_A_LINE:
            write(waiting)
            waiting = []
    write(waiting)
    write({"end": True})


def main() -> int:
    take_limits()
    try:
        read(Path(sys.argv[1]), Wanted.of(json.loads(sys.argv[2])))
    except limits.Refused as refusal:
        write({"refused": refusal.code, **refusal.details})
    except MemoryError:
        write({"refused": "too_large"})
    except OSError as error:
        write({"refused": "unopened", "why": error.strerror or "?"})
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
