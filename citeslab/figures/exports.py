"""Figures as files."""

import csv
import io

from citeslab.figures.definitions.indicators import BY_ID, INDICATORS


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
