"""A published year as the public site draws it: its numbers with their words, its curve, its map, its parts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.people import SITUATIONS
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.exports.marks import figure, marked
from citeslab.figures.queries import Number, Published, labels, ratio
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer
from citeslab.ui import values
from citeslab.ui.charts import (
    COLUMN_AND_ROW,
    Curve,
    Department,
    DepartmentMap,
    Part,
    Parts,
    Point,
    Series,
    Table,
    even_classes,
)

SUPPORTED = "supported_by_region_and_"  # of the country, each level of places says the same
LEAST_DRAWN = 0.001  # of a whole: a part under it is in the table, and has no place in the bar


def year_page(found: Published) -> dict[str, Any]:
    """What the page of a published year is given; a number that is hidden says so."""
    total = found.at(f"{SUPPORTED}sex")
    by_sex = found.classes(f"{SUPPORTED}sex", "sex")
    sentence = year_in_a_sentence(found)
    source = _("Source: publication %(reference)s of %(day)s.") % {
        "reference": found.reference,
        "day": values.day(made_on(found)),
    }
    situations = found.classes(f"{SUPPORTED}situation", "situation")
    residences = found.classes("supported_by_residence", "residence")
    return {
        **sentence,
        "numbers": numbers(
            found,
            women=sentence["share_of_women"],
            unknown=by_sex.get(Sex.UNKNOWN.value, 0) if by_sex else None,
        ),
        "situation": parts(
            "situation",
            _("Where these people stood on 31 December %(year)s") % {"year": found.year},
            labels(Breakdown.SITUATION, SITUATIONS),
            situations,
            total,
            _("Each person counts once; the four parts make the whole.") + " " + source,
        ),
        "sex": parts("sex", _("Women and men"), sex_words(by_sex), by_sex, total, source),
        "residence": parts(
            "residence",
            _("Where these people live"),
            labels(Breakdown.RESIDENCE, residences),
            residences,
            total,
            source,
        ),
        "curve": curve(found, source),
        "map": department_map(found, source),
        "checks": found.checks,
    }


def year_in_a_sentence(found: Published) -> dict[str, Any]:
    """What `figures/published_sentence.html` says of a published year."""
    return {
        "year": found.year,
        "made_on": made_on(found),
        "supported": figure(Number(found.at(f"{SUPPORTED}sex")), "persons_supported"),
        "neighborhoods": found.neighborhoods,
        "share_of_women": share_of_women(found.classes(f"{SUPPORTED}sex", "sex")),
    }


def made_on(found: Published) -> date:
    return timezone.localdate(found.made_at)


def written(count: int | None) -> str:
    return _("hidden") if count is None else values.number(count)


def share_of_women(by_sex: Mapping[str, int | None]) -> float | None:
    """Of those whose sex is known, where both counts are shown."""
    women, men = (by_sex.get(sex.value, 0) for sex in (Sex.WOMAN, Sex.MAN))
    return None if women is None or men is None else ratio(women, women + men)


def in_numbers(title: str) -> str:
    """The name of the table behind a drawing: not that of the drawing."""
    return _("%(title)s, in numbers") % {"title": title}


def sex_words(sexes: Mapping[str, int | None]) -> dict[str, str]:
    said = {Sex.WOMAN.value: _("Women"), Sex.MAN.value: _("Men"), Sex.UNKNOWN.value: _("Sex unknown")}
    return {sex: words for sex, words in said.items() if sex in sexes}


def numbers(found: Published, *, women: float | None, unknown: int | None) -> list[dict[str, Any]]:
    """The great numbers of the year, each with its definition."""
    more = "" if unknown is None else _("Sex unknown: %(total)s.") % {"total": values.number(unknown)}
    wholes = {
        "persons_supported": f"{SUPPORTED}sex",
        "persons_met": "met",
        "share_women": f"{SUPPORTED}sex",
        "residence.in": "supported_by_residence",
        "projects_cumulative": "projects_by_sector",
        "actions_held.total": "actions_by_kind",
        "attendances_named": "attendances_by_sex",
        "heads_counted": "heads_by_sex_and_age",
    }
    said = {id: figure(Number(found.at(table)), id) for id, table in wholes.items() if not BY_ID[id].numerator}
    said["share_women"] = marked(women, _("hidden") if women is None else values.share(women, 1), "share_women", {})
    said["residence.in"] = figure(Number(found.at("supported_by_residence", residence=Answer.IN.value)), "residence.in")
    return [
        {"defined": found.meaning(id), "written": said[id], "more": more if id == "share_women" else ""}
        for id, table in wholes.items()
        if found.has(table)
    ]


def parts(
    name: str,
    title: str,
    words: Mapping[str, str],
    counts: Mapping[str, int | None],
    total: int | None,
    source: str,
) -> dict[str, Any] | None:
    """The bar of a whole where each part may be shown, else its table alone; nothing of nobody, nor if withheld."""
    if total == 0 or not counts:
        return None
    shown = {code: counts.get(code, 0) for code in words}
    known = {code: count for code, count in shown.items() if count is not None}
    whole = total is not None and len(known) == len(shown)
    shares = {code: ratio(count, total) for code, count in known.items() if total}
    table = Table(
        in_numbers(title),
        [_("Class"), _("People"), _("Share")],
        [
            [
                capfirst(words[code]),
                figure(Number(count), "persons_supported", at={name: code}),
                values.share(shares.get(code), 1),
            ]
            for code, count in shown.items()
        ]
        + [[_("Together"), figure(Number(total), "persons_supported"), values.share(1) if whole else values.UNKNOWN]],
    )
    drawn = [
        Part(part, words[code], _("%(persons)s people") % {"persons": written(shown[code])})
        for code, part in shares.items()
        if part and part >= LEAST_DRAWN
    ]
    chart = None
    if whole and len(drawn) > 1:
        chart = Parts(
            name=name,
            title=title,
            description=", ".join(
                _("%(label)s: %(value)s") % {"label": part.label, "value": values.share(part.share)} for part in drawn
            ),
            source=source,
            parts=drawn,
            table=table,
            table_name=_("The exact numbers"),
        )
    return {"name": name, "title": title, "chart": chart, "table": table, "source": source}


def curve(found: Published, source: str) -> Curve | None:
    """Projects since the start, by the year in which they began; nothing where a year had few."""
    begun = {int(year): count for year, count in found.classes("projects_by_year", Breakdown.BEGUN.value).items()}
    if not begun or any(count is None for count in begun.values()):
        return None
    points, so_far = [], 0
    for year in range(min(begun), found.year + 1):
        so_far += begun.get(year) or 0
        points.append(Point(year, so_far))
    first, last = points[0], points[-1]
    title = _("Projects since %(year)s") % {"year": first.year}
    return Curve(
        name="projects",
        title=title,
        lead=_("Each year adds to those before."),
        description=_("From %(first)s projects in %(first_year)s to %(last)s in %(last_year)s.")
        % {
            "first": values.number(first.value),
            "first_year": first.year,
            "last": values.number(last.value),
            "last_year": last.year,
        },
        source=source,
        series=[Series(_("projects"), points)],
        marked=sorted({first.year, *[year for year in (2010, 2017) if first.year < year < last.year]}),
        table=Table(
            in_numbers(title),
            [_("Year"), _("Begun in the year"), _("Since the start")],
            [
                [
                    str(one.year),
                    figure(begun.get(one.year) or 0, "projects_cumulative", at={Breakdown.BEGUN.value: one.year}),
                    figure(int(one.value), "projects_cumulative", at={"year": one.year}),
                ]
                for one in points
            ],
        ),
        table_name=_("The numbers, year by year"),
    )


def department_map(found: Published, source: str) -> DepartmentMap | None:
    """People by the department of the site that met them last."""
    counts = found.classes("supported_by_department_of_site", Breakdown.DEPARTMENT.value)
    names = labels(Breakdown.DEPARTMENT, counts)
    rows = [Department(code, name, counts[code]) for code, name in names.items() if code in COLUMN_AND_ROW]
    if not rows:
        return None
    title = _("People supported in %(count)s departments in %(year)s") % {"count": len(rows), "year": found.year}
    elsewhere = [code for code in counts if code not in COLUMN_AND_ROW]
    told = [
        [
            f"{row.name} ({row.code})",
            figure(Number(row.value), "persons_supported", at={Breakdown.DEPARTMENT.value: row.code}),
        ]
        for row in rows
    ]
    table = Table(
        in_numbers(title),
        [_("Department"), _("People supported")],
        told + [[_("Not placed") if code == UNKNOWN else code, written(counts[code])] for code in elsewhere],
    )
    return by_department(rows, title=title, unit=_("People supported"), source=source, table=table)


def by_department(rows: Sequence[Department], *, title: str, unit: str, source: str, table: Table) -> DepartmentMap:
    """One number a department (`unit` says of what), with the three places where it is highest."""
    said = highest(rows)
    return DepartmentMap(
        name="departments",
        title=title,
        lead=_("One tile a department: the place is approximate, the size says nothing."),
        description=", ".join(said),
        source=source,
        departments=rows,
        classes=even_classes([row.value or 0 for row in rows]),
        unit=unit,
        said=said,
        table=table,
        table_name=_("The list of departments"),
    )


def highest(rows: Sequence[Department]) -> list[str]:
    """The three with the most people."""
    first = sorted(rows, key=lambda row: (-(row.value or 0), row.code))[:3]
    return [_("%(label)s: %(value)s") % {"label": row.name, "value": written(row.value)} for row in first if row.value]
