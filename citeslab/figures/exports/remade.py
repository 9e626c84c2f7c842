"""The files of a report, and those of a sealed version made again from what is frozen, bit for bit."""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from django.utils.translation import override

from citeslab.figures.enums import Format
from citeslab.figures.exports.papers import paper
from citeslab.figures.exports.workbooks import workbook
from citeslab.figures.models import SealedVersion
from citeslab.figures.values import digest

HERE = Path(__file__).parent
# What draws a file: a change of any of these may change its bytes, and no number.
DRAWING = (
    *(HERE / name for name in ("drawings.py", "papers.py", "workbooks.py")),
    HERE.parent / "documents" / "report.typ",
    *(HERE.parents[1] / "ui" / name for name in ("charts.py", "exports.py", "values.py")),
)
DRAWERS = {Format.PDF: paper, Format.XLSX: workbook}


def file_of(document: Mapping[str, Any], format: str, *, sha256: str = "", at: datetime) -> bytes:
    """One file of a document; numbers inside drawings are written in its language."""
    with override(document["language"]):
        return DRAWERS[Format(format)](document, sha256=sha256, at=at.astimezone(UTC))


def name_of_file(reference: str, language: str, format: str) -> str:
    """
    >>> name_of_file("network-2016-v1", "fr", "pdf")
    'citeslab-network-2016-v1-fr.pdf'
    """
    return f"citeslab-{reference}-{language}.{format}"


def files_of(documents: Mapping[str, Mapping[str, Any]], *, sha256: str, at: datetime) -> dict[str, bytes]:
    """All the files of a version, by language and format."""
    return {
        f"{language}.{format}": file_of(document, format, sha256=sha256, at=at)
        for language, document in sorted(documents.items())
        for format in Format.values
    }


def remade(version: SealedVersion) -> dict[str, bytes]:
    """The files of a sealed version, from what is frozen and nothing else."""
    return files_of(version.frozen["documents"], sha256=version.sha256, at=version.known_by)


def tools() -> dict[str, str]:
    """What makes files, by name and version."""
    return {
        **{name: version_of(name) for name in ("typst", "xlsxwriter", "babel")},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "drawing": digest(b"\0".join(path.read_bytes() for path in DRAWING)),
    }
