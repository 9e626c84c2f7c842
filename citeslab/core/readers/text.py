"""The text files of a folder, or of a zip, or one alone: UTF-8, with `;` or `,`."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TypeVar

from citeslab.core.readers import archive, headings, limits
from citeslab.core.readers.limits import Refused
from citeslab.core.readers.wanted import Wanted

File = TypeVar("File")


def lines_of_file(path: Path, wanted: Wanted) -> Iterator[dict | list]:
    if path.stat().st_size > limits.INFLATED_BYTES:
        raise Refused("too_large")
    yield from lines({path.stem: path.read_bytes}, wanted)


def lines_of_folder(path: Path, wanted: Wanted) -> Iterator[dict | list]:
    found = [file for file in sorted(path.iterdir()) if file.suffix.lower() == ".csv" and file.is_file()]
    files = by_name((file.stem, file) for file in found)
    if sum(file.stat().st_size for file in files.values()) > limits.INFLATED_BYTES:
        raise Refused("too_large")
    yield from lines({name: file.read_bytes for name, file in files.items()}, wanted)


def lines_of_zip(path: Path, wanted: Wanted) -> Iterator[dict | list]:
    parts = archive.Parts(path)
    names = by_name(
        (PurePosixPath(name).stem, name)
        for name in parts.archive.namelist()
        if name.lower().endswith(".csv") and not PurePosixPath(name).name.startswith(".") and "__MACOSX" not in name
    )
    yield from lines({stem: lambda name=name: parts.read(name) for stem, name in names.items()}, wanted)


def by_name(files: Iterable[tuple[str, File]]) -> dict[str, File]:
    """Files by name; two of one name, in two folders or two cases, are refused: neither is dropped in silence."""
    named: dict[str, File] = {}
    for name, file in files:
        if name in named:
            raise Refused("sheet_twice", sheet=name)
        named[name] = file
    return named


def lines(files: dict, wanted: Wanted) -> Iterator[dict | list]:
    matched = headings.matched_sheets(files, wanted)
    for sheet, name in matched.items():
        yield from headings.fitted(sheet, rows(sheet, files[name]()), wanted)


def rows(sheet: str, data: bytes) -> Iterator[headings.Row]:
    """Rows as a spreadsheet would number them; a comma or a semicolon, whichever the heading row uses most."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("not_utf8", sheet=sheet) from error
    heading = next((line for line in content.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=heading.count)
    csv.field_size_limit(100_000)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter), start=1):
            if number > limits.ROWS:
                raise Refused("too_long", sheet=sheet, rows=number, limit=limits.ROWS)
            if len(cells) > limits.COLUMNS:
                raise Refused("too_wide", sheet=sheet, columns=len(cells), limit=limits.COLUMNS)
            yield number, cells
    except csv.Error as error:
        raise Refused("not_text", sheet=sheet, row=number + 1) from error
