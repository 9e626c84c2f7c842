"""The five sheets of a caseload workbook, read by the child process of `core`."""

from pathlib import Path

from citeslab.core.readers import process
from citeslab.core.readers.limits import Refused
from citeslab.core.readers.wanted import Sheet, Wanted
from citeslab.intake.errors import Unreadable
from citeslab.intake.values import COLUMNS, REASON_COLUMN

WANTED = Wanted({name: tuple(columns) for name, columns in COLUMNS.items()}, extra=REASON_COLUMN)


def read(path: Path) -> dict[str, Sheet]:
    """The five sheets of a workbook (`.xlsx`), of a folder of five `.csv`, or of a zip of them.

    Raises `Unreadable`, with the reason in words, for anything else.
    """
    try:
        return process.read(path, WANTED)
    except Refused as refusal:
        raise Unreadable(refusal.code, name=path.name, **refusal.details) from refusal
