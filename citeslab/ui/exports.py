"""Paper and files: accessible PDFs drawn by typst from data alone, lists in which no cell can start a formula."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import typst
import xlsxwriter
from django.utils import translation

from citeslab.core.values import harmless

FONTS = Path(__file__).parent / "fonts"  # the face of the product, brought by the build
NO_SIGN = "\u25a1"  # stands for a sign that no font of the PDF has
SPACES = "\n\u00a0\u202f"  # kept, though Python holds them unprintable


def accessible_pdf(template: Path, data: dict, *, at: datetime, plain: bool = False) -> tuple[bytes, list]:
    """A PDF/UA-1 file and the warnings of its making; the same data at the same instant make the same bytes.

    `plain` packs nothing: what a page draws can be read in the file.
    """
    return typst.compile_with_warnings(
        str(template),
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(printable(data))},
        timestamp=int(at.timestamp()),
        pretty=plain,
    )


def printable(value):
    """The same, with the signs that no font has replaced: an accessible PDF refuses them."""
    if isinstance(value, str) and not (value.isascii() and value.isprintable()):
        return "".join(sign if has_glyph(sign) else NO_SIGN for sign in value if sign in SPACES or sign.isprintable())
    if isinstance(value, dict):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    return value


@cache
def has_glyph(sign: str) -> bool:
    """Has one of the fonts this sign? The usual ones are known; the others are tried."""
    if sign in "\n\u00a0\u202f\u2019\u2013\u20ac" or ord(sign) < 0x180:
        return True
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return False  # joins its neighbor: alone it proves nothing
    source = f'#set document(title: [x])\n#text(font: "Libertinus Serif")[#str.from-unicode({ord(sign)})]'
    try:
        typst.compile(source.encode(), format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True)
    except typst.TypstError:
        return False
    return True


# -- lists as files ---------------------------------------------------------------------------------------------------

Cell = str | date | int | None


class Text:
    """Plain text as a French spreadsheet opens it with a double click: a mark of UTF-8, semicolons."""

    def __init__(self, headings: Sequence[str], title: str = ""):
        self.file = io.StringIO(newline="")
        self.file.write("\ufeff")
        self.language = translation.get_language() or "fr"
        is_french = self.language.startswith("fr")
        self.day = "%d/%m/%Y" if is_french else "%Y-%m-%d"
        self.writer = csv.writer(self.file, delimiter=";" if is_french else ",", lineterminator="\r\n")
        self.writer.writerow(headings)

    def write(self, lines: Iterable[Sequence[Cell]]) -> None:
        for cells in lines:
            self.writer.writerow(self.written(cell) for cell in cells)

    def written(self, cell: Cell) -> str:
        if isinstance(cell, date):
            return cell.strftime(self.day)
        return str(cell) if isinstance(cell, int) else harmless(cell or "")

    def finished(self) -> bytes:
        return self.file.getvalue().encode()

    def close(self) -> None:
        self.file.close()


class Workbook:
    """A workbook: days are days, numbers are numbers, everything else is text."""

    def __init__(self, headings: Sequence[str], title: str):
        self.file = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(
            self.file,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self.workbook.set_properties({"author": "", "comments": ""})
        self.page = self.workbook.add_worksheet(title)
        self.day = self.workbook.add_format({"num_format": "dd/mm/yyyy"})
        self.page.set_column(0, len(headings) - 1, 20)
        self.page.freeze_panes(1, 0)
        bold = self.workbook.add_format({"bold": True})
        for place, heading in enumerate(headings):
            self.page.write_string(0, place, heading, bold)
        self.line = 0

    def write(self, lines: Iterable[Sequence[Cell]]) -> None:
        for cells in lines:
            self.line += 1
            for place, cell in enumerate(cells):
                if isinstance(cell, date):
                    # A day that no spreadsheet counts (before 1900) is written in letters.
                    if cell.year < 1900:
                        self.page.write_string(self.line, place, cell.strftime("%d/%m/%Y"))
                    else:
                        self.page.write_datetime(self.line, place, datetime.combine(cell, time()), self.day)
                elif isinstance(cell, int):
                    self.page.write_number(self.line, place, cell)
                elif cell:
                    self.page.write_string(self.line, place, cell)

    def finished(self) -> bytes:
        self.workbook.close()
        return self.file.getvalue()

    def close(self) -> None:
        """Leave no temporary file behind, even when it was not finished."""
        if not self.workbook.fileclosed:
            self.workbook.close()


WRITERS: dict[str, type[Text] | type[Workbook]] = {"CSV": Text, "XLSX": Workbook}
TYPES = {
    "CSV": "text/csv; charset=utf-8",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
