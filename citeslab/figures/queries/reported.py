"""The numbers of a report: what each block of its outline asks, answered together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from citeslab.figures.definitions.indicators import BY_ID, Indicator
from citeslab.figures.definitions.outlines import blocks_of
from citeslab.figures.enums import OF_NUMBERS, BlockKind, Breakdown, Secrecy
from citeslab.figures.models import Outline, Report
from citeslab.figures.queries.computed import FIRST_YEAR, counts
from citeslab.figures.queries.explored import (
    Asked,
    Explored,
    breakdowns_of,
    explored,
    is_of_years,
    number_of,
    scope_of,
)
from citeslab.figures.queries.issued import issues_for
from citeslab.figures.queries.labelled import labels
from citeslab.figures.queries.protected import Shelter, protected_together
from citeslab.figures.queries.said import Check, statements
from citeslab.figures.values import Block, Perimeter


@dataclass
class Answered:
    """A block with its numbers; `unknowns` is how many a share leaves out, where it leaves some out."""

    block: Block
    found: Explored | None = None
    unknowns: Explored | None = None
    checks: Sequence[Check] = ()


def outline_of(report: Report) -> Outline | None:
    """What somebody made of the reports of this kind there; none while it is as the code says."""
    return Outline.objects.filter(kind=report.kind, level=report.level, code=report.code).first()


def blocks_for(report: Report) -> list[Block]:
    """The blocks of a report from top to bottom, without what its perimeter cannot be asked."""
    outline = outline_of(report)
    blocks = [one.said for one in outline.blocks.all()] if outline else blocks_of(report.kind)
    return [block for block in blocks if can_be_asked(block, report.perimeter)]


def can_be_asked(block: Block, perimeter: Perimeter) -> bool:
    """Whether the block's figure knows its breakdowns, and those of the perimeter."""
    if block.kind not in OF_NUMBERS:
        return True
    if block.indicator not in BY_ID:
        return False
    indicator = BY_ID[block.indicator]
    by = {Breakdown(one) for one in block.by}
    at = {Breakdown(name) for name, _code in perimeter.at if name != Breakdown.SITE}
    return by | at <= breakdowns_of(indicator) and (not block.years or not by or is_of_years(indicator))


def asked_of(block: Block, *, perimeter: Perimeter, year: int, known_by: datetime | None) -> Asked:
    since = max(year - block.years, FIRST_YEAR) if block.years else None
    by = tuple(Breakdown(one) for one in block.by)
    return Asked(BY_ID[block.indicator], perimeter, year, since, by, known_by)


def answers(
    blocks: Iterable[Block],
    *,
    perimeter: Perimeter,
    year: int,
    known_by: datetime | None = None,
    shelter: Shelter | None = None,
    secrecy: Secrecy = Secrecy.USUAL,
) -> list[Answered]:
    """Each block with its numbers, in order. The figures that stand alone are asked together.

    A site's own are exact. All others are protected together, here and nowhere else: what one table of the report
    hides, no other gives away, nor what is out already on the perimeter. `shelter` is filled with what they give.
    """
    told = [Answered(block) for block in blocks]
    asked = {
        place: asked_of(one.block, perimeter=perimeter, year=year, known_by=known_by)
        for place, one in enumerate(told)
        if one.block.kind in OF_NUMBERS
    }
    tables = together([one for one in asked.values() if not one.by and one.since is None])
    for question in asked.values():
        for wanted in filter(None, (question, left_out_of(question))):
            if wanted not in tables:
                tables[wanted] = explored(wanted)
    if perimeter.level != Breakdown.SITE:
        earlier = issues_for(
            perimeter,
            before=known_by or timezone.now(),
            by_territory={
                one
                for table in tables
                if Breakdown.QPV in table.by
                for one in range(table.year if table.since is None else table.since, table.year + 1)
            },
        )
        shown = protected_together(list(tables.values()), earlier=earlier, shelter=shelter, secrecy=secrecy)
        tables = dict(zip(tables, shown, strict=True))
    for place, one in enumerate(told):
        if one.block.kind == BlockKind.STATEMENTS:
            exact = statements()
            # What leaves says of them what a publication does: few people behind a share are not told by its digits.
            one.checks = exact if perimeter.level == Breakdown.SITE else [check.as_published() for check in exact]
        elif place in asked:
            left_out = left_out_of(asked[place])
            one.found, one.unknowns = tables[asked[place]], tables[left_out] if left_out else None
    return told


def left_out_of(asked: Asked) -> Asked | None:
    """What counts those whom a share leaves out."""
    unknowns = asked.indicator.unknowns
    return replace(asked, indicator=BY_ID[unknowns], by=(), since=None) if unknowns else None


def together(alone: Sequence[Asked]) -> dict[Asked, Explored]:
    """Single numbers: those of one base are one statement, where the perimeter is the network or a site."""
    if not alone or alone[0].perimeter.level not in ("", Breakdown.SITE):
        return {asked: explored(asked) for asked in alone}
    scope = scope_of(alone[0], year=alone[0].year, since=None)
    terms = {one.id: one for asked in alone for one in terms_of(asked.indicator)}
    values = counts(scope, terms.values())
    found = {}
    for asked in alone:
        for wanted in filter(None, (asked, left_out_of(asked))):
            found[wanted] = Explored(wanted, {}, {}, {("", ""): number_of(wanted.indicator, values)})
    return found


def terms_of(indicator: Indicator) -> list[Indicator]:
    named = [indicator.numerator, indicator.denominator] if indicator.numerator else [indicator.id]
    return [BY_ID[name] for name in [*named, *filter(None, [indicator.unknowns])]]


def reworded(answered: Iterable[Answered]) -> list[Answered]:
    """The same numbers, their classes named in the language that is active."""
    return [
        replace(
            one,
            found=one.found and worded(one.found),
            unknowns=one.unknowns and worded(one.unknowns),
        )
        for one in answered
    ]


def worded(found: Explored) -> Explored:
    by = found.asked.by
    rows = labels(by[0], found.rows) if by else {}
    columns = found.columns if found.asked.since is not None or len(by) < 2 else labels(by[1], found.columns)
    return Explored(found.asked, rows, columns, found.numbers)


# -- numbers, one by one ----------------------------------------------------------------------------------------------


def numbers_of(answered: Iterable[Answered]) -> list[dict[str, Any]]:
    """Each number once, with all that names it, in a fixed order."""
    rows: dict[tuple, dict[str, Any]] = {}
    for one in answered:
        for found in filter(None, (one.found, one.unknowns)):
            for row in rows_of(found):
                rows[key_of(row)] = row
    return [rows[key] for key in sorted(rows)]


def key_of(row: dict[str, Any]) -> tuple:
    """What tells a number apart from the others of a report."""
    return (row["indicator"], row["perimeter"], row["year"], tuple(sorted(row["by"].items())))


def rows_of(found: Explored) -> Iterable[dict[str, Any]]:
    asked = found.asked
    of_years = asked.since is not None
    for row in ["", *found.rows]:
        for column in found.columns if of_years else ["", *found.columns]:
            classes = [row] if of_years else [row, column]
            number = found.at(row, column)
            yield {
                "indicator": asked.indicator.id,
                "version": asked.indicator.version,
                "perimeter": asked.perimeter.said,
                "year": int(column) if of_years else asked.year,
                "by": {one.value: name for one, name in zip(asked.by, classes, strict=False) if name},
                "count": number.count,
                "of": None if number.is_hidden else number.of,
                "value": number.value,
                "status": "hidden" if number.is_hidden else "shown",
            }
