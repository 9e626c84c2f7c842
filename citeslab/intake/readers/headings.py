"""Fitting what was read to the five sheets and their columns."""

import unicodedata
from collections.abc import Iterable, Iterator

from citeslab.intake.readers.limits import Refused
from citeslab.intake.values import COLUMNS, REASON_COLUMN

Row = tuple[int, list[str]]


def key(text: str) -> str:
    """How sheet names and headings are compared: no case, accent, space, mark or punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def matched_sheets(names: Iterable[str]) -> dict[str, str]:
    """Our five sheet names to those of the file."""
    names = list(names)
    by_key: dict[str, str] = {}
    for name in names:
        if key(name) in by_key and key(name) in {key(wanted) for wanted in COLUMNS}:
            raise Refused("sheet_twice", sheet=name)
        by_key[key(name)] = name
    missing = [name for name in COLUMNS if key(name) not in by_key]
    if missing:
        raise Refused("sheet_missing", missing=", ".join(missing), found=", ".join(names) or "-")
    return {name: by_key[key(name)] for name in COLUMNS}


def fitted(sheet: str, rows: Iterable[Row]) -> Iterator[dict | list]:
    """First the sheet's description, then its rows `[number, cells]` in our order of columns, empty ones left out."""
    rows = iter(rows)
    places, description = placed(sheet, next((row for row in rows if any(row[1])), (0, [])))
    yield description
    for number, cells in rows:
        width = len(cells)
        kept = [cells[place] if place < width else "" for place in places]
        if any(kept):
            yield [number, kept]


def placed(sheet: str, heading: Row) -> tuple[list[int], dict]:
    wanted = {key(column): column for column in (*COLUMNS[sheet], REASON_COLUMN)}
    found: dict[str, int] = {}
    ignored = []
    for place, text in enumerate(heading[1]):
        column = wanted.get(key(text))
        if column is None:
            ignored += [text[:60]] if text else []
        elif column in found:
            raise Refused("heading_twice", sheet=sheet, column=column)
        else:
            found[column] = place
    missing = [column for column in COLUMNS[sheet] if column not in found]
    if missing:
        said = ", ".join(text[:60] for text in heading[1] if text)[:400]
        raise Refused("column_missing", sheet=sheet, missing=", ".join(missing), found=said or "-")
    return [found[column] for column in COLUMNS[sheet]], {
        "sheet": sheet,
        "ignored": ignored,
        "is_correction": REASON_COLUMN in found,
    }
