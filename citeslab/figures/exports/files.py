"""Figures as files."""

import csv
import io

from citeslab.core.values import harmless
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS
from citeslab.figures.queries import Explored


def year_as_csv(figures: dict) -> str:
    """One line per indicator: its id, version, wording in the current language, and value (empty when unknown)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["indicator", "version", "wording", "value"])
    for id, value in flat(figures):
        writer.writerow([id, BY_ID[id].version, BY_ID[id].wording, "" if value is None else value])
    return out.getvalue()


def flat(figures: dict, prefix: str = "") -> list[tuple[str, int | float | None]]:
    """`{"residence": {"in": 3}}` as `("residence.in", 3)`, in the order of the definitions; the year is left out."""
    rows: list[tuple[str, int | float | None]] = []
    for name, value in figures.items():
        if isinstance(value, dict):
            rows += flat(value, f"{prefix}{name}.")
        elif f"{prefix}{name}" in BY_ID:
            rows.append((f"{prefix}{name}", value))
    return rows


def dictionary_rows() -> list[dict]:
    """Every definition, in words."""
    return [
        {
            "id": defined.id,
            "version": defined.version,
            "wording": str(defined.wording),
            "unit": str(defined.unit),
            "period": str(defined.period),
            "definition": str(defined.definition),
            "numerator": defined.numerator,
            "denominator": defined.denominator,
            "unknowns": defined.unknowns,
        }
        for defined in INDICATORS
    ]


def explored_as_csv(found: Explored) -> str:
    """One line per number, the totals with an empty class; a hidden number is empty and says so."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    asked = found.asked
    by = [one.value for one in asked.by] + (["year"] if asked.since is not None else [])
    writer.writerow(
        ["indicator", "version", "perimeter", "year", *by, *[f"{one}_wording" for one in by], "count", "of", "value",
         "status"]
    )  # fmt: skip
    rows = {"": "", **found.rows} if found.rows else {"": ""}
    columns = dict(found.columns) if asked.since is not None else {"": "", **found.columns}
    for row, row_words in rows.items():
        for column, column_words in columns.items():
            number = found.at(row, column)
            classes = [row, column][: len(by)] if asked.by else [column][: len(by)]
            words = [row_words, column_words][: len(by)] if asked.by else [column_words][: len(by)]
            writer.writerow(
                [
                    asked.indicator.id, asked.indicator.version, asked.perimeter.said or "network", asked.year,
                    *classes, *map(harmless, words),
                    *["" if one is None else one for one in (number.count, number.of, number.value)],
                    "hidden" if number.is_hidden else "shown",
                ]
            )  # fmt: skip
    return out.getvalue()
