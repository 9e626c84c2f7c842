"""What is handed back: the report of a reading, and the workbook of the rows to correct."""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import xlsxwriter
from django.utils.translation import gettext as _

from citeslab.core.readers.wanted import Fault, Sheet
from citeslab.intake import errors
from citeslab.intake.rules import cells
from citeslab.intake.rules.cells import Bad
from citeslab.intake.signals import figure_names_wanted
from citeslab.intake.values import (
    COLUMNS,
    REASON_COLUMN,
    Column,
    Consequence,
    Examined,
    Move,
    Outcome,
    Remark,
)
from citeslab.ui import values

DAYS = frozenset({Column.BORN_ON, Column.STARTED_ON, Column.DAY})
NUMBERS = frozenset({Column.LONGITUDE, Column.LATITUDE, Column.MINUTES, Column.MEN, Column.WOMEN, Column.UNKNOWN})
WIDTH, REASON_WIDTH = 18, 90
FALLEN_SHOWN = 12


def figure_names() -> dict[str, str]:
    """How the room of figures calls each of them, by its path with points."""
    return {figure: name for _receiver, names in figure_names_wanted.send(Outcome) for figure, name in names.items()}


def report(outcome: Outcome) -> dict:
    """What a workbook did or would do, as plain values; reasons are in the language in use."""
    return {
        "written": outcome.is_written,
        "sheets": {sheet: asdict(count) for sheet, count in outcome.counts.items()},
        **findings(outcome.examined),
        "figures": [
            {"year": move.year, "figure": ".".join(move.figure), "before": move.before, "after": move.after}
            for move in outcome.figures
        ],
    }


def findings(examined: Examined) -> dict:
    """What keeps rows out, and what was taken in as it is written."""
    return {
        "faults": [
            {
                "sheet": fault.sheet,
                "row": fault.row,
                "column": fault.column.value if isinstance(fault.column, Column) else fault.column,
                "value": fault.value,
                "code": fault.code,
                "reason": errors.reason(fault),
                "right": errors.remedy(fault),
            }
            for fault in examined.faults
        ],
        "consequences": [
            {
                "sheet": fallen.sheet,
                "row": fallen.row,
                "column": fallen.column,
                "value": fallen.value,
                "cause": {"sheet": fallen.cause[0], "row": fallen.cause[1]},
            }
            for fallen in examined.consequences
        ],
        "remarks": [
            {
                "sheet": one.sheet,
                "row": one.row,
                "column": one.column,
                "value": one.value,
                "remark": errors.remark(one.code),
            }
            for one in examined.remarks
        ],
    }


def corrections(sheets: Mapping[str, Sheet], examined: Examined) -> bytes:
    """The rows that stay out, in a workbook that intake reads again: the same columns, then the reason.

    Bad cells are coloured. Everything that is not a day or a number is written as text: no cell starts a formula.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        day, bold = workbook.add_format({"num_format": "dd/mm/yyyy"}), workbook.add_format({"bold": True})
        bad = workbook.add_format({"bg_color": "#FFE3C2"})
        wrapped = workbook.add_format({"text_wrap": True})
        reasons, columns = reasons_of(examined), bad_columns(examined.faults)
        for name, headings in COLUMNS.items():
            page = workbook.add_worksheet(name)
            page.write_row(0, 0, [*headings, REASON_COLUMN], bold)
            page.set_column(0, len(headings) - 1, WIDTH)
            page.set_column(len(headings), len(headings), REASON_WIDTH)
            page.freeze_panes(1, 0)
            line = 0
            for number, row in sheets[name].rows:
                if (name, number) not in reasons:
                    continue
                line += 1
                for place, (column, value) in enumerate(zip(headings, row, strict=True)):
                    is_bad = (name, number, column) in columns
                    write(page, line, place, column, value, bad if is_bad else None, day)
                page.write_string(line, len(headings), " ".join(reasons[name, number]), wrapped)
    return file.getvalue()


def reasons_of(examined: Examined) -> dict[tuple[str, int], list[str]]:
    reasons: dict[tuple[str, int], list[str]] = defaultdict(list)
    for fault in examined.faults:
        said = {"column": fault.column, "reason": errors.reason(fault), "right": errors.remedy(fault)}
        reasons[fault.sheet, fault.row].append(_("%(column)s: %(reason)s %(right)s") % said)
    for fallen in examined.consequences:
        sheet, row = fallen.cause
        reasons[fallen.sheet, fallen.row].append(
            _("This row is right; it waits for row %(row)s of the sheet %(sheet)s.") % {"row": row, "sheet": sheet}
        )
    return reasons


def bad_columns(faults: Iterable[Fault]) -> set[tuple[str, int, str]]:
    return {(fault.sheet, fault.row, fault.column) for fault in faults}


def write(page, line: int, place: int, column: Column, value: str, bad, day) -> None:
    if bad is None and value and column in DAYS:
        page.write_datetime(line, place, datetime.combine(cells.day(value), datetime.min.time()), day)
    elif bad is None and value and column in NUMBERS and is_plain(value):
        page.write_number(line, place, float(value))
    elif value:
        page.write_string(line, place, cells.shown(value), bad)
    elif bad is not None:
        page.write_blank(line, place, None, bad)


def is_plain(value: str) -> bool:
    try:
        return repr(float(value)) in {value, f"{value}.0"}
    except (ValueError, Bad):
        return False


@dataclass(frozen=True)
class Told:
    """What was found in a workbook, in words, for a page."""

    counts: list[dict]
    faults: list[dict]
    causes: list[dict]
    remarks: list[dict]
    years: list[int]
    moves: list[dict]
    bad_rows: int
    fallen_rows: int
    written: int  # rows new or changed


def told(findings_: dict) -> Told:
    """A kept `Outcome.as_json`, in the language in use."""
    examined = Examined(
        faults=[Fault(**fault) for fault in findings_["faults"]],
        consequences=[
            Consequence(**{**fallen, "cause": tuple(fallen["cause"])}) for fallen in findings_["consequences"]
        ],
        remarks=[Remark(**remark) for remark in findings_["remarks"]],
    )
    words = findings(examined)
    causes: dict[tuple[str, int], list[str]] = defaultdict(list)
    for fallen in examined.consequences:
        causes[fallen.cause].append(f"{fallen.sheet} {fallen.row}")
    figures = [Move.from_json(move) for move in findings_["figures"]]
    counts = [{"sheet": sheet, **findings_["counts"][sheet]} for sheet in COLUMNS]
    return Told(
        counts=counts,
        faults=words["faults"],
        causes=[
            {"sheet": sheet, "row": row, "fallen": fallen[:FALLEN_SHOWN], "more": max(0, len(fallen) - FALLEN_SHOWN)}
            for (sheet, row), fallen in causes.items()
        ],
        remarks=words["remarks"],
        years=sorted({move.year for move in figures}),
        moves=moved(figures),
        bad_rows=len({(fault.sheet, fault.row) for fault in examined.faults}),
        fallen_rows=len(examined.consequences),
        written=sum(count["created"] + count["updated"] for count in counts),
    )


def moved(figures: list[Move]) -> list[dict]:
    """One line a figure: its name, and for each year what it is and what it would be."""
    names, years = figure_names(), sorted({move.year for move in figures})
    lines: dict[tuple[str, ...], dict[int, str]] = defaultdict(dict)
    for move in figures:
        lines[move.figure][move.year] = f"{figure(move.before)} → {figure(move.after)}"
    return [
        {"name": names.get(".".join(path), ".".join(path)), "cells": [said.get(year, "") for year in years]}
        for path, said in lines.items()
    ]


def figure(value: int | float | None) -> str:
    """A figure as it is written; the shares are the only ones with decimals."""
    return values.share(value, 1) if isinstance(value, float) else values.number(value)
