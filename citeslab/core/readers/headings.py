"""Fitting what was read to the sheets and the columns that were asked for."""

import unicodedata
from collections.abc import Iterable, Iterator

from citeslab.core.readers.limits import Refused
from citeslab.core.readers.wanted import Wanted

Row = tuple[int, list[str]]


def key(text: str) -> str:
    """How sheet names and headings are compared: no case, accent, space, mark or punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def matched_sheets(names: Iterable[str], wanted: Wanted) -> dict[str, str]:
    """The names of the sheets asked for to those of the file."""
    names = list(names)
    if wanted.is_alone and len(names) == 1:
        return dict(zip(wanted.sheets, names, strict=True))
    by_key: dict[str, str] = {}
    for name in names:
        if key(name) in by_key and key(name) in {key(one) for one in wanted.sheets}:
            raise Refused("sheet_twice", sheet=name)
        by_key[key(name)] = name
    missing = [name for name in wanted.sheets if key(name) not in by_key]
    if missing:
        raise Refused("sheet_missing", missing=", ".join(missing), found=", ".join(names) or "-")
    return {name: by_key[key(name)] for name in wanted.sheets}


def fitted(sheet: str, rows: Iterable[Row], wanted: Wanted) -> Iterator[dict | list]:
    """First the sheet's description, then its rows `[number, cells]` in our order of columns, empty ones left out."""
    rows = iter(rows)
    places, description = placed(sheet, next((row for row in rows if any(row[1])), (0, [])), wanted)
    yield description
    for number, cells in rows:
        width = len(cells)
        kept = [cells[place] if 0 <= place < width else "" for place in places]
        if any(kept):
            yield [number, kept]


def placed(sheet: str, heading: Row, wanted: Wanted) -> tuple[list[int], dict]:
    """Where each heading asked for is, -1 for one that may be missing and is; and what is said of the sheet."""
    known = {key(column): column for column in (*wanted.sheets[sheet], *filter(None, [wanted.extra]))}
    found: dict[str, int] = {}
    ignored = []
    for place, text in enumerate(heading[1]):
        column = known.get(key(text))
        if column is None:
            ignored += [text[:60]] if text else []
        elif column in found:
            raise Refused("heading_twice", sheet=sheet, column=column)
        else:
            found[column] = place
    missing = [one for one in wanted.sheets[sheet] if one not in found and one not in wanted.optional]
    if missing:
        said = ", ".join(text[:60] for text in heading[1] if text)[:400]
        raise Refused("column_missing", sheet=sheet, missing=", ".join(missing), found=said or "-")
    return [found.get(column, -1) for column in wanted.sheets[sheet]], {
        "sheet": sheet,
        "ignored": ignored,
        "is_correction": bool(wanted.extra) and wanted.extra in found,
    }
