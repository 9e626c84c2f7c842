"""Where the neighborhoods of a view lie, to draw them."""

from shapely import Geometry

from citeslab.core.values import last_day
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.queries.explored import Explored
from citeslab.figures.queries.placed import LEVELS, where_sites_are
from citeslab.territories import queries as territories

WIDEST = (Breakdown.DEPARTMENT, Breakdown.EPCI, Breakdown.COMMUNE, Breakdown.SITE)


def drawn_neighborhoods(found: Explored) -> list[tuple[str, str, Geometry]]:
    """Those of the departments of its sites, of the edition in force on 31 December: code, name, outline.

    Nothing where it is not by neighborhood, or wider than a department.
    """
    asked = found.asked
    if asked.since is not None or asked.by[:1] != (Breakdown.QPV,) or asked.perimeter.level not in WIDEST:
        return []
    level, department = (LEVELS.index(Breakdown(one)) for one in (asked.perimeter.level, Breakdown.DEPARTMENT))
    departments = {where[department] for where in where_sites_are().values() if where[level] == asked.perimeter.code}
    return territories.outlines_of(departments - {UNKNOWN}, on=last_day(asked.year))
