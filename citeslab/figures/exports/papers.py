"""A report on paper: a tagged PDF drawn by typst from its document."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from citeslab.figures.exports import drawings
from citeslab.ui.exports import accessible_pdf

REPORT = Path(__file__).parents[1] / "documents" / "report.typ"


def paper(told: Mapping[str, Any], *, sha256: str = "", at: datetime) -> bytes:
    """The pages of a document; with the digest of what is frozen, in full, at the foot of each."""
    data = {
        **{name: told[name] for name in ("language", "title", "state", "lead", "is_draft", "definitions")},
        "draft_word": told["words"]["draft"],
        "foot": f"{told['title']} · {told['reference']} · {told['state']}",
        "seal": f"{told['words']['digest']}{told['words']['colon']} {in_eights(sha256)}" if sha256 else "",
        "sections": [
            {**section, "pieces": [on_paper(piece) for piece in section["pieces"]]} for section in told["sections"]
        ],
    }
    return accessible_pdf(REPORT, data, at=at)[0]


def on_paper(piece: Mapping[str, Any]) -> Mapping[str, Any]:
    if piece["kind"] != "chart":
        return piece
    chart = piece["chart"]
    return {
        "kind": "chart",
        "form": piece["form"],
        "title": chart["title"],
        "lead": chart["lead"],
        "source": chart["source"],
        "alt": f"{chart['title']}. {chart['description']}",
        "drawing": drawings.svg(piece["form"], chart),
    }


def in_eights(digits: str) -> str:
    """
    >>> in_eights("a1b2c3d4e5f6")
    'a1b2c3d4 e5f6'
    """
    return " ".join(digits[place : place + 8] for place in range(0, len(digits), 8))
