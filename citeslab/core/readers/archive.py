"""What a file is, told from its bytes and not from its name; its dangers, found before a reader opens it."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from citeslab.core.readers import limits
from citeslab.core.readers.limits import Refused

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NAMESPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})[0-9]')
ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="([0-9]+)"')
CELL_ROW = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="[A-Z]{1,3}([0-9]{6,})"')
FORMULA = re.compile(rb'<(?:\w+:)?c(?:\s[^>]*?\br="([A-Z]+[0-9]+)")?[^>]*>\s*<(?:\w+:)?f[\s>/]')
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="([^"]+)"')


def kind(path: Path, *, is_alone: bool = False) -> str:
    """`folder`, `workbook`, `texts` (a zip of text files), or `text` when one table alone is asked for.

    Anything else is refused with its reason.
    """
    if path.is_dir():
        return "folder"
    with path.open("rb") as file:
        start = file.read(8)
        if not start:
            raise Refused("empty")
        if start == OLE:
            raise Refused("locked" if ENCRYPTED in start + file.read() else "old_format")
    if not start.startswith(b"PK"):
        is_text = path.suffix.lower() in {".csv", ".txt", ".tsv"}
        if is_text and is_alone:
            return "text"
        raise Refused("single_text" if is_text else "not_workbook")
    names = checked_names(path)
    if "[Content_Types].xml" in names:
        return "workbook"
    if "mimetype" in names:
        raise Refused("open_document")
    if any(name.lower().endswith(".csv") for name in names):
        return "texts"
    raise Refused("not_workbook")


def checked_names(path: Path) -> list[str]:
    """The parts of the archive, once their declared sizes are known to be bearable."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise Refused("truncated") from error
    if len(parts) > limits.PARTS or sum(part.file_size for part in parts) > limits.INFLATED_BYTES:
        raise Refused("too_large")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused("locked")
    return [part.filename for part in parts]


class Parts:
    """The parts of an archive, inflated one at a time under a common limit: a declared size may lie."""

    def __init__(self, path: Path):
        self.archive = zipfile.ZipFile(path)
        self.left = limits.INFLATED_BYTES

    def read(self, name: str) -> bytes:
        try:
            with self.archive.open(name) as part:
                data = part.read(self.left + 1)
        except KeyError as error:
            raise Refused("not_workbook") from error
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, zipfile.zlib.error) as error:
            raise Refused("truncated") from error
        self.left -= len(data)
        if self.left < 0:
            raise Refused("too_large")
        return data


def check_workbook(path: Path) -> dict[str, str]:
    """Refuse what is dangerous or untrustworthy in a workbook; gives its sheets as `{name: part}`.

    Macros and entity declarations anywhere; formulas, merged cells and absurd dimensions come with `check_sheet`.
    """
    parts = Parts(path)
    names = parts.archive.namelist()
    lower = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lower):
        raise Refused("macros")
    if any(name.endswith("workbook.bin") for name in lower):
        raise Refused("old_format")
    content_types = parts.read("[Content_Types].xml")
    if b"macroEnabled" in content_types:
        raise Refused("macros")
    for name in names:
        if name.lower().endswith((".xml", ".rels")):
            data = parts.read(name)
            # Entities hide in any part; in an encoding of two bytes the pattern below would not see them.
            if b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff") or DECLARATION.search(data):
                raise Refused("entities")
    return sheets_of(parts)


def sheets_of(parts: Parts) -> dict[str, str]:
    parts.left = limits.INFLATED_BYTES
    try:
        relations = {
            one.get("Id"): one.get("Target", "")
            for one in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
        }
        workbook = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    except ElementTree.ParseError as error:
        raise Refused("not_workbook") from error
    sheets = {}
    for element in workbook.iter():
        target = relations.get(element.get(f"{NAMESPACE}id"))
        if element.tag.rpartition("}")[2] == "sheet" and target:
            sheets[element.get("name", "")] = str(PurePosixPath("/xl") / target).lstrip("/")
    return sheets


def check_sheet(path: Path, *, sheet: str, part: str) -> None:
    """Refuse a sheet with formulas, merged cells, too many rows or a rectangle that no memory holds."""
    data = Parts(path).read(part)
    if formulas := [found.group(1) for found in first(FORMULA.finditer(data), 3)]:
        raise Refused("formulas", sheet=sheet, cells=", ".join((name or b"?").decode() for name in formulas))
    if merged := [found.group(1).decode() for found in first(MERGED.finditer(data), 3)]:
        raise Refused("merged", sheet=sheet, ranges=", ".join(merged))
    rows = max(
        sum(1 for _ in ROW.finditer(data)),
        max((int(found.group(1)) for found in ROW_NUMBER.finditer(data)), default=0),
        max((int(found.group(1)) for found in CELL_ROW.finditer(data)), default=0),
    )
    columns = max((column_number(letters) for letters in {found.group(1) for found in CELL.finditer(data)}), default=0)
    if columns > limits.COLUMNS:
        raise Refused("too_wide", sheet=sheet, columns=columns, limit=limits.COLUMNS)
    if rows > limits.ROWS or rows * columns > limits.CELLS:
        raise Refused("too_long", sheet=sheet, rows=rows, limit=limits.ROWS)


def first(found: Iterator, many: int) -> Iterator:
    for _, one in zip(range(many), found, strict=False):
        yield one


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
