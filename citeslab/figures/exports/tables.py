"""A table of figures, written; a number of one's own people leads to them."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from citeslab.figures.queries import Asked, Explored, Number, adds_up
from citeslab.ui import values


def written(number: Number) -> str:
    """A number as it stands in a table; what is hidden says so."""
    if number.is_hidden:
        return _("hidden")
    return values.share(number.value, 1) if number.is_share else values.number(number.value)


def rests_on(number: Number) -> str:
    """What a share is made of."""
    if not number.is_share or number.is_hidden:
        return ""
    return _("%(count)s of %(of)s") % {"count": values.number(number.count), "of": values.number(number.of)}


def table(found: Explored, *, people_of: Asked | None) -> dict:
    """`headings`, and `rows` of a heading and cells: `number`, what it is `at`, `more`, `url`.

    `people_of` gives the links to those whom a number counts.
    """
    asked = found.asked
    of_years = asked.since is not None
    columns = dict(found.columns)
    if not of_years:
        columns[""] = str(_("Together"))
    rows = dict(found.rows)
    if not rows or (not asked.indicator.numerator and adds_up(asked.indicator)) or of_years:
        rows[""] = str(_("Together"))
    return {
        "by": asked.by[0].label if asked.by else "",
        "headings": list(columns.values()),
        "rows": [
            {
                "heading": words,
                "is_total": not row,
                "cells": [cell(found, row, column, people_of) for column in columns],
            }
            for row, words in rows.items()
        ],
        "has_shares": bool(asked.indicator.numerator),
    }


def cell(found: Explored, row: str, column: str, people_of: Asked | None) -> dict:
    number = found.at(row, column)
    return {
        "number": number,
        "at": classes_at(found.asked, row, column),
        "more": rests_on(number),
        "url": address(people_of, row, column) if people_of and number.count else "",
    }


def classes_at(asked: Asked, row: str, column: str) -> dict[str, str]:
    """The classes that a cell is of, by breakdown; and its year where years are side by side."""
    classes = [row] if asked.since is not None else [row, column]
    of = {one.value: value for one, value in zip(asked.by, classes, strict=False) if value}
    return of | {"year": column} if asked.since is not None and column else of


def address(asked: Asked, row: str, column: str) -> str:
    """The query of the list of those whom a number counts."""
    if not asked.indicator.of_people:
        return ""
    classes = classes_at(asked, row, column)
    year = classes.pop("year", asked.year)
    said = {"indicateur": asked.indicator.id, "perimetre": asked.perimeter.said, "annee": year}
    return f"?{urlencode(said | classes)}"
