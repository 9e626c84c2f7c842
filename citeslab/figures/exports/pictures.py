"""The chart that suits what was asked: a curve over years, the map of departments, bars, or none for one number."""

from collections.abc import Sequence

import shapely
from django.utils.translation import gettext as _
from shapely import Geometry

from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.exports.tables import written
from citeslab.figures.queries import Explored
from citeslab.territories import charts as maps
from citeslab.territories import queries as territories
from citeslab.ui import values
from citeslab.ui.charts import (
    COLUMN_AND_ROW,
    Area,
    AreaMap,
    Bar,
    Bars,
    Chart,
    Curve,
    Department,
    DepartmentMap,
    Point,
    Series,
    even_classes,
)

MOST_SERIES, MOST_BARS = 6, 20
SMALLEST, FINEST = 10, 0.2  # units of a map: an outline under the first is a point too, a detail under the second goes
MOST_TOWNS = 8


def picture(found: Explored, *, title: str, source: str, year_runs: bool) -> tuple[str, Chart] | None:
    """The name of its tag, and the chart."""
    if found.asked.since is not None:
        return curve(found, title=title, source=source, year_runs=year_runs)
    if not found.rows:
        return None
    if found.asked.by[0] == Breakdown.DEPARTMENT and not found.total.is_share:
        return "map", department_map(found, title=title, source=source)
    shown = sorted(found.rows, key=lambda row: -(found.at(row, "").value or 0))[:MOST_BARS]
    bars = [
        Bar(words, found.at(row, "").value, written(found.at(row, "")))
        for row, words in found.rows.items()
        if row in shown
    ]
    said = ", ".join(_("%(label)s: %(value)s") % {"label": bar.label, "value": bar.written} for bar in bars)
    lead = ""
    if len(found.rows) > MOST_BARS:
        lead = _("The %(count)s highest of %(all)s.") % {"count": MOST_BARS, "all": len(found.rows)}
    return "bars", Bars(name="picture", title=title, description=said, source=source, lead=lead, bars=bars)


def curve(found: Explored, *, title: str, source: str, year_runs: bool) -> tuple[str, Chart] | None:
    """The figure by year; of a breakdown, its six largest classes. A hidden year is a gap."""
    last = str(found.asked.year)
    rows = sorted(found.rows, key=lambda row: -(found.at(row, last).value or 0))[:MOST_SERIES] or [""]
    series = []
    for row in rows:
        numbers = [(int(year), found.at(row, year)) for year in found.columns]
        points = [
            Point(year, number.value, open=year_runs and str(year) == last)
            for year, number in numbers
            if number.value is not None
        ]
        if points:
            series.append(Series(found.rows.get(row, str(found.asked.indicator.wording)), points))
    if not series:
        return None
    years = [point.year for point in series[0].points]
    said = ", ".join(
        _("%(label)s: %(value)s") % {"label": one.name, "value": values.number(one.points[-1].value)} for one in series
    )
    lead = _("The last year is not over.") if year_runs else ""
    return "curve", Curve(
        name="picture", title=title, description=said, source=source, lead=lead, series=series,
        marked=[] if len(series) > 1 else sorted({years[0], years[-1]}),
    )  # fmt: skip


def department_map(found: Explored, *, title: str, source: str) -> DepartmentMap:
    shown = [
        Department(code, words, found.at(code, "").count)
        for code, words in found.rows.items()
        if code in COLUMN_AND_ROW
    ]
    highest = sorted((row for row in shown if row.value is not None), key=lambda row: -(row.value or 0))[:3]
    said = [_("%(label)s: %(value)s") % {"label": row.name, "value": values.number(row.value)} for row in highest]
    if not found.at(UNKNOWN, "").is_hidden and found.at(UNKNOWN, "").count:
        said.append(_("Not placed: %(value)s") % {"value": written(found.at(UNKNOWN, ""))})
    return DepartmentMap(
        name="picture", title=title, description=", ".join(said), source=source, departments=shown,
        lead=_("One tile a department: the place is approximate, the size says nothing."),
        classes=even_classes([row.value or 0 for row in shown]), unit=str(found.asked.indicator.wording), said=said,
    )  # fmt: skip


def neighborhood_map(
    found: Explored, drawn: Sequence[tuple[str, str, Geometry]], *, title: str, source: str
) -> AreaMap | None:
    """The neighborhoods of a department by their outlines; of less, closer to those where someone lives."""
    near = [
        outline
        for code, _name, outline in drawn
        if found.asked.perimeter.level == Breakdown.DEPARTMENT or code in found.rows
    ]
    if not near or found.total.is_share:
        return None
    frame = maps.Frame.around(shapely.total_bounds(near), least_m=2_000)
    edge = shapely.box(0, 0, maps.WIDTH, maps.HEIGHT)
    areas = []
    for code, name, outline in drawn:
        shape = shapely.transform(outline, frame.xy).simplify(FINEST)
        if shape.intersects(edge):
            west, north, east, south = shape.bounds
            x, y = maps.written((west + east) / 2), maps.written((north + south) / 2)
            is_point = max(east - west, south - north) < SMALLEST
            areas.append(Area(name, found.at(code, "").count, maps.path_of(shape), x, y, is_point))
    shown = sorted((area for area in areas if area.value), key=lambda area: -(area.value or 0))[:3]
    said = [_("%(label)s: %(value)s") % {"label": area.name, "value": values.number(area.value)} for area in shown]
    towns = territories.towns_around(frame.longitude, frame.latitude, km=frame.radius_m / 1_000, limit=MOST_TOWNS)
    places = [(name, *frame.xy(shapely.get_coordinates(shapely.Point(*at)))[0]) for name, *at in towns]
    return AreaMap(
        name="picture", title=title, description=", ".join(said), source=source, areas=areas, said=said,
        lead=_("The priority neighborhoods in force that year, where they lie; a small one is drawn as a point."),
        classes=even_classes([area.value or 0 for area in areas]), unit=str(found.asked.indicator.wording),
        width=maps.WIDTH, height=maps.HEIGHT,
        towns=[(name, maps.written(x), maps.written(y - SMALLEST)) for name, x, y in places],
    )  # fmt: skip
