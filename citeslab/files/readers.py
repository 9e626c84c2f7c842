"""What a file is, by its content: its name proves nothing."""

import io
import zipfile
from pathlib import PurePath

from citeslab.files.errors import NotTaken

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
# By the end of a name, the type that it promises.
PROMISED = {
    "pdf": PDF, "png": PNG, "jpg": JPEG, "jpeg": JPEG, "docx": DOCX, "xlsx": XLSX, "odt": ODT, "ods": ODS,
}  # fmt: skip
BEGINS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
MOST_ENTRIES = 5_000


def type_of(name: str, content: bytes) -> str:
    """The type of a document, which its name and its content both say. Raises `NotTaken`."""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    promised = PROMISED.get(ending)
    if promised is None:
        raise NotTaken("unknown")
    found = next((known for begins, known in BEGINS.items() if content.startswith(begins)), "")
    if not found and content.startswith(b"PK\x03\x04"):
        found = packed_type(content)
    if found != promised:
        raise NotTaken("other", named=ending)
    return found


def packed_type(content: bytes) -> str:
    """Of a packed document, only its list of entries and its label are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            label = packed.open("mimetype").read(100).decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return ""
    if len(names) > MOST_ENTRIES:
        return ""
    if any(PurePath(name).name.lower() == "vbaproject.bin" or name.startswith("Basic/") for name in names):
        raise NotTaken("macros")
    if label in {ODT, ODS}:
        return label
    if "[Content_Types].xml" in names:
        return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else ""
    return ""
