"""Figures and steps turned into what the charts of `ui` are given."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from citeslab.figures import queries as figures
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.followup.enums import Stage
from citeslab.followup.models import Transition
from citeslab.network.models import Post
from citeslab.territories.models import Department as DepartmentRow
from citeslab.ui.charts import Curve, Department, DepartmentMap, Part, Parts, Point, Series, Step, Table, even_classes
from citeslab.ui.values import day, number, share

# On the pilot's page as on published ones, a count under this is not written.
SMALLEST_SHOWN = 5


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
    source = _("Source: files of the network, read on %(day)s.") % {"day": day(on)}
    return {
        "years": range(on.year, figures.FIRST_YEAR - 1, -1),
        "is_over": year < on.year,
        "supported": values["persons_supported"],
        "met": values["persons_met"],
        "women": values["share_women"],
        "sex_unknown": values["sex_unknown"],
        "covered": values["qpv_covered"],
        "advisors": values["advisors_in_post"],
        "actions": values["actions_held.total"],
        "projects": values["projects_cumulative"],
        "version": BY_ID["persons_supported"].version,
        "parts": situation(values, year, source) if values["persons_supported"] else None,
        "curve": supported_by_year(years, on, source),
        "map": supported_by_department(values["departments"], year, source) if values["departments"] else None,
        "checks": figures.statements(),
        "vacant": Post.objects.vacant(on).select_related("site").order_by("site__sort_key", "pk"),
        "residence": [values[f"residence.{answer}"] for answer in ("in", "out", "to_check", "not_located")],
    }


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
            [[label, number(persons), share(part, 2)] for label, persons, part in rows]
            + [[_("Together"), number(total), share(1)]],
        ),
        table_name=_("The exact numbers"),
    )


def supported_by_year(years: dict[int, dict], on: date, source: str) -> Curve:
    """People supported each year; the year that runs is drawn open."""
    points = [Point(year, values["persons_supported"], open=year >= on.year) for year, values in sorted(years.items())]
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
        table=Table(title, [_("Year"), _("People")], [[str(point.year), number(point.value)] for point in points]),
        table_name=_("The numbers, year by year"),
    )


def supported_by_department(departments: dict[str, list[int]], year: int, source: str) -> DepartmentMap:
    """People supported by the department of the site that met them; small numbers are not written."""
    names = dict(DepartmentRow.objects.filter(code__in=departments).values_list("code", "name"))
    rows = [Department(code, names[code], supported) for code, (supported, _advisors) in sorted(departments.items())]
    shown = [row for row in rows if row.value]
    highest = sorted(shown, key=lambda row: -row.value)[:3]
    said = [_("%(label)s: %(value)s") % {"label": row.name, "value": protected(row.value)} for row in highest]
    title = _("People supported in %(count)s departments in %(year)s") % {"count": len(shown), "year": year}
    return DepartmentMap(
        name="departments",
        title=title,
        lead=_("One tile a department: the place is approximate, the size says nothing."),
        description=", ".join(said),
        source=source,
        departments=rows,
        classes=even_classes([row.value for row in rows]),
        unit=_("People supported"),
        said=said,
        table=Table(
            title,
            [_("Department"), _("People supported"), _("Advisors in post")],
            [[f"{row.name} ({row.code})", protected(row.value), number(departments[row.code][1])] for row in rows],
        ),
        table_name=_("The list of departments"),
    )


def protected(count: int) -> str:
    """A count as it may be shown where there are no names: small ones are hidden."""
    if 0 < count < SMALLEST_SHOWN:
        return _("fewer than %(number)s") % {"number": SMALLEST_SHOWN}
    return number(count)
