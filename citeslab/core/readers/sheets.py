"""The cells of an `.xlsx`, as text: dates as `2024-12-31`, whole numbers without a decimal point."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import python_calamine

from citeslab.core.readers import archive, headings
from citeslab.core.readers.limits import Refused
from citeslab.core.readers.wanted import Wanted

MIDNIGHT = time()


def lines(path: Path, wanted: Wanted) -> Iterator[dict | list]:
    """What `headings.fitted` gives for each sheet asked for, one after the other."""
    parts = archive.check_workbook(path)
    matched = headings.matched_sheets(parts, wanted)
    for sheet, name in matched.items():
        archive.check_sheet(path, sheet=sheet, part=parts[name])
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for sheet, name in matched.items():
            yield from headings.fitted(sheet, rows(workbook, name), wanted)
    except python_calamine.CalamineError:
        # Some writers take liberties that the fast reader refuses; openpyxl is slower and bears more.
        for sheet, name in matched.items():
            yield from headings.fitted(sheet, slow_rows(path, name), wanted)


def rows(workbook, name: str) -> Iterator[headings.Row]:
    """Rows by their number in the spreadsheet: the empty ones before the heading are counted."""
    for number, cells in enumerate(workbook.get_sheet_by_name(name).iter_rows(), start=1):
        yield number, [text(value) for value in cells]


def slow_rows(path: Path, name: str) -> Iterator[headings.Row]:
    import openpyxl  # a fallback: 0.2 s that most readings do not pay  # noqa: PLC0415

    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for number, cells in enumerate(workbook[name].iter_rows(values_only=True), start=1):
            yield number, [text(value) for value in cells]
    except Exception as error:  # any way that two readers fail in is the same news for who sent the file
        raise Refused("not_workbook") from error


def text(value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == MIDNIGHT else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
