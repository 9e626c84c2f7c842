"""Paper: accessible PDFs, drawn by typst from data alone."""

import json
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

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
