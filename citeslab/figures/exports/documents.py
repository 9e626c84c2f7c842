"""A report in one language, as plain data: every word written, every number with its value.

Its page, its PDF and its workbook are all drawn from this and from nothing else. A sealed version freezes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from citeslab.figures.definitions.statements import QUALIFIERS, Qualifier
from citeslab.figures.enums import BlockKind, Breakdown, ReportKind, Secrecy
from citeslab.figures.exports.corrections import corrections
from citeslab.figures.exports.pictures import picture
from citeslab.figures.exports.tables import classes_at, rests_on, table, written
from citeslab.figures.models import Report
from citeslab.figures.queries.explored import Explored, Number
from citeslab.figures.queries.perimeters import name_of
from citeslab.figures.queries.reported import Answered
from citeslab.figures.queries.said import Check
from citeslab.ui import values
from citeslab.ui.values import day, moment

Document = dict[str, Any]
PROTECTED = {
    Secrecy.USUAL: gettext_lazy("Small numbers are hidden here, and others with them, so that none can be worked out."),
    Secrecy.STRICT: gettext_lazy(
        "Numbers under 11 are hidden here, and others with them, so that none can be worked out."
    ),
    Secrecy.ROUNDED: gettext_lazy(
        "Each number of people is rounded to the nearest multiple of 5: parts do not always add up to their total. "
        "Where that would not be enough, it is hidden."
    ),
}


def document(
    report: Report,
    answered: Sequence[Answered],
    *,
    definitions: Iterable[Mapping[str, Any]],
    known_by: datetime,
    year_runs: bool,
    number: int = 0,
    reason: str = "",
    moved: Sequence[Mapping[str, Any]] = (),
) -> Document:
    """The report in the language that is active; `number` is that of the version to seal, none for a draft."""
    whose = name_of(report.perimeter)
    state = (
        _("Version %(number)s, sealed on %(moment)s") % {"number": number, "moment": moment(known_by)}
        if number
        else _("Draft, computed on %(moment)s") % {"moment": moment(known_by)}
    )
    source = _("Source: files of the network, read on %(day)s.") % {"day": day(known_by)}
    sections = list(sections_of(answered, source=source, year_runs=year_runs))
    if number > 1:
        sections.append(corrections(moved, number=number))
    return {
        "language": get_language(),
        "title": title_of(report.kind, report.year, whose),
        "whose": whose,
        "year": report.year,
        "state": state,
        "is_draft": not number,
        "lead": lead_of(report, year_runs=year_runs, number=number, reason=reason),
        "reference": f"{report.reference}-v{number}" if number else report.reference,
        "sections": sections,
        "definitions": defined(definitions),
        "words": {
            "colon": _(":"),
            "digest": _("SHA-256 of what is frozen"),
            "draft": _("Draft"),
            "definitions": _("Definitions"),
            "figures": _("Figures"),
            "report": _("Report"),
            "hidden": _("hidden"),
            "columns": [_("Id"), _("Version"), _("Figure"), _("What it counts"), _("Unit"), _("Period"), _("Share of")],
            "figure_columns": [_("Figure"), _("Value"), _("Count"), _("Out of"), _("Id"), _("Version")],
        },
    }


def title_of(kind: str, year: int, whose: str) -> str:
    if kind == ReportKind.NETWORK:
        return _("The network in %(year)s") % {"year": year}
    return _("%(whose)s in %(year)s") % {"whose": whose, "year": year}


def lead_of(report: Report, *, year_runs: bool, number: int, reason: str) -> str:
    corrects = ""
    if reason:
        corrects = _("It corrects version %(number)s: %(reason)s") % {"number": number - 1, "reason": reason}
    exact = (
        _("Exact counts, for who works with these people.")
        if report.level == Breakdown.SITE
        else PROTECTED[Secrecy(report.secrecy)]
    )
    runs = _("The year is not over: the figures still grow.") if year_runs else ""
    return " ".join(filter(None, [str(exact), runs, corrects]))


def sections_of(answered: Sequence[Answered], *, source: str, year_runs: bool) -> Iterable[dict[str, Any]]:
    """What stands under each heading; figures that follow one another stand side by side."""
    language = get_language() or "fr"
    section: dict[str, Any] = {"title": _("In short"), "pieces": []}  # of what stands above the first heading
    is_named = False
    for place, one in enumerate(answered):
        pieces = section["pieces"]
        match one.block.kind:
            case BlockKind.HEADING:
                if pieces or is_named:
                    yield section
                section, is_named = {"title": said(one.block.words, language), "pieces": []}, True
            case BlockKind.SENTENCE:
                paragraphs = said(one.block.words, language).split("\n")
                pieces.append({"kind": "text", "paragraphs": [words for words in map(str.strip, paragraphs) if words]})
            case BlockKind.FIGURE:
                if not pieces or pieces[-1]["kind"] != "figures":
                    pieces.append({"kind": "figures", "figures": []})
                pieces[-1]["figures"].append(figure(one))
            case BlockKind.TABLE:
                pieces.append(tabled(one.found, source=source))
            case BlockKind.CHART:
                pieces.append(charted(one.found, place=place, source=source, year_runs=year_runs))
            case BlockKind.STATEMENTS:
                pieces.append(stated(one.checks))
            case BlockKind.METHOD:
                if pieces or is_named:
                    yield section
                section, is_named = {"title": _("How these figures are made"), "pieces": [method()]}, True
    if is_named or section["pieces"]:
        yield section


def said(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")


def figure(one: Answered) -> dict[str, Any]:
    found = one.found
    assert found is not None  # of a block of numbers
    number = found.total
    indicator = found.asked.indicator
    more = [rests_on(number)] if number.is_share else []
    if one.unknowns is not None and not one.unknowns.total.is_hidden and one.unknowns.total.count:
        left_out = values.number(one.unknowns.total.count)
        more.append(_("Not known and left out: %(total)s.") % {"total": left_out})
    elif one.unknowns is not None and one.unknowns.total.is_hidden:
        more.append(_("Not known and left out: hidden."))
    return {
        "wording": str(indicator.wording),
        "id": indicator.id,
        "version": indicator.version,
        "more": " · ".join(filter(None, more)),
        **valued(number),
    }


def valued(number: Number) -> dict[str, Any]:
    """A number with its words: the value for machines, the writing for people."""
    return {
        "written": written(number),
        "value": number.value,
        "count": number.count,
        "of": None if number.is_hidden else number.of,
        "is_share": number.is_share,
        "is_hidden": number.is_hidden,
        "rests_on": rests_on(number),
    }


def name_of_table(found: Explored) -> str:
    asked = found.asked
    years = f"{asked.since}–{asked.year}" if asked.since is not None else str(asked.year)
    what = str(asked.indicator.wording)
    if len(asked.by) > 1:
        what = _("%(figure)s by %(class)s and %(second)s") % {
            "figure": what, "class": asked.by[0].label, "second": asked.by[1].label,
        }  # fmt: skip
    elif asked.by:
        what = _("%(figure)s by %(class)s") % {"figure": what, "class": asked.by[0].label}
    return _("%(what)s, %(when)s") % {"what": what, "when": years}


def tabled(found: Explored | None, *, source: str) -> dict[str, Any]:
    """A table of numbers: the words of `exports.table`, and beside each cell its value."""
    assert found is not None  # of a block of numbers
    drawn = table(found, people_of=None)
    rows = [*found.rows] + ([""] if len(drawn["rows"]) > len(found.rows) else [])
    columns = list(found.columns) if found.asked.since is not None else [*found.columns, ""]
    return {
        "kind": "table",
        "title": name_of_table(found),
        "by": capfirst(str(drawn["by"])),
        "headings": [capfirst(str(words)) for words in drawn["headings"]],
        "rows": [
            {
                "heading": capfirst(str(line["heading"])),
                "is_total": line["is_total"],
                "cells": [
                    valued(found.at(row, column)) | {"at": classes_at(found.asked, row, column)} for column in columns
                ],
            }
            for row, line in zip(rows, drawn["rows"], strict=True)
        ],
        "id": found.asked.indicator.id,
        "version": found.asked.indicator.version,
        "source": source,
    }  # fmt: skip


def charted(found: Explored | None, *, place: int, source: str, year_runs: bool) -> dict[str, Any]:
    """A drawing with the table of its values; of what has no drawing, the table alone."""
    assert found is not None  # of a block of numbers
    values_of = tabled(found, source=source)
    drawn = picture(found, title=values_of["title"], source=source, year_runs=year_runs)
    if drawn is None:
        return values_of
    form, chart = drawn
    return {
        "kind": "chart",
        "form": form,
        "chart": as_json(asdict(replace(chart, name=f"chart-{place}"))),
        "table": values_of,
    }


def as_json(value: Any) -> Any:
    """The same with lists for tuples and text for lazy words: what a JSON file gives back."""
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def stated(checks: Sequence[Check]) -> dict[str, Any]:
    verdicts = {True: _("holds"), False: _("does not hold"), None: _("not computed")}
    rows = []
    for check in checks:
        expected = in_words(check, check.statement.expected, 0)
        if check.statement.qualifier is not Qualifier.EXACTLY:
            expected = f"{QUALIFIERS[check.statement.qualifier]} {expected}"
        rows.append(
            {
                "id": check.statement.id,
                "wording": str(check.statement.wording),
                "said": expected,
                "found": in_words(check, check.value, 2),
                "value": check.value,
                "verdict": verdicts[check.holds],
                "holds": check.holds,
            }
        )
    return {
        "kind": "statements",
        "title": _("Statements"),
        "columns": [_("Statement"), _("Said"), _("Computed"), _("Verdict")],
        "rows": rows,
    }


def in_words(check: Check, value: float | None, decimals: int) -> str:
    if value is None:
        return values.UNKNOWN
    if check.statement.is_share:
        return values.share(value, decimals)
    if check.statement.indicator == "began_in":
        return str(int(value))
    return values.number(value, 0 if float(value).is_integer() else 1)


def method() -> dict[str, Any]:
    return {
        "kind": "method",
        "paragraphs": [
            _("Each figure is computed from the records by one definition, which has a version; none is typed in."),
            _("The reference day is 31 December of the year. A share is printed with what it rests on."),
            _("Of a site, everyone whom it met in the year is counted; of a wider place, whom was last met there."),
        ],
    }


def defined(definitions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    language = get_language() or "fr"
    return [
        {
            "id": one["id"],
            "version": one["version"],
            **{name: said(one[name], language) for name in ("wording", "definition", "unit", "period")},
            "of": f"{one['numerator']} / {one['denominator']}" if one["numerator"] else "",
        }
        for one in definitions
    ]
