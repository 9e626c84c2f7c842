"""Figures and steps turned into what the charts of `ui` are given."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from citeslab.figures import queries as figures
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.enums import Breakdown
from citeslab.figures.exports import by_department, figure
from citeslab.figures.queries import Explored, Number
from citeslab.followup.enums import Stage
from citeslab.followup.models import Transition
from citeslab.network.enums import Cover
from citeslab.territories.enums import Answer
from citeslab.territories.models import Department as DepartmentRow
from citeslab.ui.charts import (
    Curve,
    Department,
    DepartmentMap,
    Part,
    Parts,
    Point,
    Series,
    Step,
    Table,
)
from citeslab.ui.values import day, money, number, share


def sprout(pathway: Sequence[Transition]) -> list[Step]:
    """The six stages, each with the day it was first reached; the last reached is where the person is."""
    reached: dict[str, Transition] = {}
    for step in pathway:
        reached.setdefault(step.stage, step)
    growing = [stage for stage in Stage if stage != Stage.SORT]
    last = next((step.stage for step in reversed(pathway) if step.stage != Stage.SORT), None)
    return [
        Step(
            code=stage.value,
            name=str(stage.label),
            reached_on=reached[stage].occurred_on if stage in reached else None,
            here=stage == last,
        )
        for stage in growing
    ]


def network(*, year: int, on: date) -> dict:
    """What the pilot's home shows of a year: its figures, where people stood, the curve, the map, the statements."""
    years = figures.network_of_years(figures.FIRST_YEAR, on.year)
    values = years[year]
    shown, departments, of_years = figures.protected_year(years, year=year)
    source = _("Source: files of the network, read on %(day)s.") % {"day": day(on)}
    return {
        "years": range(on.year, figures.FIRST_YEAR - 1, -1),
        "is_over": year < on.year,
        "numbers": shown,
        "women": shown["share_women"],
        "actions": shown["actions_held.total"],
        "residence": [
            (words, f"residence.{answer.lower()}", shown[f"residence.{answer.lower()}"])
            for answer, words in figures.labels(Breakdown.RESIDENCE, Answer.values).items()
        ],
        "version": BY_ID["persons_supported"].version,
        "parts": situation(values, year, source) if values["persons_supported"] and is_shown(shown) else None,
        "curve": supported_by_year(of_years, on, source),
        "map": map_of_year(departments, values["departments"], source) if departments.rows else None,
        "checks": figures.statements(),
    }


def is_shown(numbers: dict[str, Number]) -> bool:
    """Whether none of the situations is hidden."""
    return not any(number.is_hidden for id, number in numbers.items() if id.startswith("situation."))


def situation(values: dict, year: int, source: str) -> Parts:
    """The four situations of the supported; they sum to the whole."""
    total = values["persons_supported"]
    classes = ("creation_path", "emergence", "employment", "other")
    rows = [
        (
            str(BY_ID[f"situation.{name}.persons"].wording),
            values[f"situation.{name}.persons"],
            values[f"situation.{name}.share"],
        )
        for name in classes
    ]
    title = _("Where these %(total)s people stood on 31 December %(year)s") % {"total": number(total), "year": year}
    return Parts(
        name="situation",
        title=title,
        description=", ".join(
            _("%(label)s: %(value)s") % {"label": label, "value": share(part)} for label, _persons, part in rows
        ),
        source=_("Each person counts once; the four parts make the whole.") + " " + source,
        parts=[
            Part(part, label, _("%(persons)s people") % {"persons": number(persons)}) for label, persons, part in rows
        ],
        table=Table(
            title,
            [_("Situation"), _("People"), _("Share")],
            [
                [
                    label,
                    figure(persons, f"situation.{name}.persons"),
                    figure(part, f"situation.{name}.share", 2),
                ]
                for name, (label, persons, part) in zip(classes, rows, strict=True)
            ]
            + [[_("Together"), figure(total, "persons_supported"), share(1)]],
        ),
        table_name=_("The exact numbers"),
    )


def supported_by_year(found: Explored, on: date, source: str) -> Curve | None:
    """People supported each year, but those of which there were few; the year that runs is drawn open."""
    points = [
        Point(int(year), count, open=int(year) >= on.year)
        for year in sorted(found.columns)
        if (count := found.at("", year).count) is not None
    ]
    if not points:
        return None
    whole = [point for point in points if not point.open] or points
    first, last = whole[0], whole[-1]
    title = _("People supported each year")
    said = _("From %(first)s people in %(first_year)s to %(last)s in %(last_year)s.") % {
        "first": number(first.value),
        "first_year": first.year,
        "last": number(last.value),
        "last_year": last.year,
    }
    return Curve(
        name="supported",
        title=title,
        lead=_("The last year is not over."),
        description=said,
        source=source,
        series=[Series(_("people supported"), points)],
        marked=[first.year, last.year],
        table=Table(
            title,
            [_("Year"), _("People")],
            [
                [
                    str(point.year),
                    figure(point.value, "persons_supported", at={"year": point.year}),
                ]
                for point in points
            ],
        ),
        table_name=_("The numbers, year by year"),
    )


def map_of_year(found: Explored, departments: dict[str, list[int]], source: str) -> DepartmentMap:
    """People supported by the department of the site that met them; hidden where they are few."""
    counts = {code: found.at(code, "") for code in sorted(departments)}
    names = dict(DepartmentRow.objects.filter(code__in=departments).values_list("code", "name"))
    title = _("People supported in %(count)s departments in %(year)s") % {
        "count": sum(one.is_hidden or bool(one.count) for one in counts.values()),
        "year": found.asked.year,
    }
    table = Table(
        title,
        [_("Department"), _("People supported"), _("Advisors in post")],
        [
            [
                f"{names[code]} ({code})",
                figure(one, "persons_supported", at={Breakdown.DEPARTMENT.value: code}),
                number(departments[code][1]),
            ]
            for code, one in counts.items()
        ],
    )
    rows = [Department(code, names[code], one.count) for code, one in counts.items()]
    return by_department(rows, title=title, unit=_("People supported"), source=source, table=table)


def map_of_posts(posts: Mapping[str, tuple[int, int]], on: date) -> DepartmentMap | None:
    held = sum(filled for _number, filled in posts.values())
    title = _("%(held)s posts held of %(posts)s, on %(day)s") % {
        "held": number(held),
        "posts": number(sum(all_of_it for all_of_it, _filled in posts.values())),
        "day": day(on),
    }
    return department_map(
        {code: filled for code, (_number, filled) in posts.items()},
        title=title,
        unit=_("Posts held"),
        columns=[_("Posts"), _("Posts held")],
        cells={code: [number(all_of_it), number(filled)] for code, (all_of_it, filled) in posts.items()},
        source=_("Source: the network’s own records of posts and who holds them."),
    )


def map_of_coverage(covers: Mapping[str, Counter[Cover]], on: date) -> DepartmentMap | None:
    white = {code: of[Cover.NONE] + of[Cover.VACANT] for code, of in covers.items()}
    title = _("%(white)s neighborhoods without an advisor, of %(total)s in force on %(day)s") % {
        "white": number(sum(white.values())),
        "total": number(sum(of.total() for of in covers.values())),
        "day": day(on),
    }
    return department_map(
        white,
        title=title,
        unit=_("Neighborhoods without an advisor"),
        columns=[_("Neighborhoods"), _("Without an advisor"), _("Covered by several sites")],
        cells={
            code: [number(of.total()), number(white[code]), number(of[Cover.SEVERAL])] for code, of in covers.items()
        },
        source=_("Source: the official file of the edition in force, and the coverage of the sites."),
    )


def map_of_money(cents: Mapping[str, int], year: int) -> DepartmentMap | None:
    title = _("%(amount)s paid by co-funders for posts in %(year)s") % {
        "amount": money(sum(cents.values())),
        "year": year,
    }
    return department_map(
        {code: amount // 100 for code, amount in cents.items()},
        title=title,
        unit=_("Euros paid for posts"),
        columns=[_("Paid for posts")],
        cells={code: [money(amount)] for code, amount in cents.items()},
        source=_("Source: payments of the agreements, shared out among the posts that they pay for; own funds apart."),
    )


def department_map(
    values: Mapping[str, int],
    *,
    title: str,
    unit: str,
    columns: Sequence[str],
    cells: Mapping[str, Sequence[str]],
    source: str,
) -> DepartmentMap | None:
    """One number a department, and the table of them; what is of no department is in the table alone."""
    if not values:
        return None
    names = dict(DepartmentRow.objects.filter(code__in=values).values_list("code", "name"))
    rows = [Department(code, names[code], value) for code, value in sorted(values.items()) if code in names]
    table = Table(
        title,
        [_("Department"), *columns],
        [
            [f"{names[code]} ({code})" if code in names else _("Elsewhere"), *cells[code]]
            for code in sorted(values, key=lambda code: (code not in names, code))
        ],
    )
    return by_department(rows, title=title, unit=unit, source=source, table=table)
