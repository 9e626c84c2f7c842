"""What a year's publication holds: its tables, in the order in which they are written.

A table counts one indicator by the values of its dimensions. `territory` is where people live: the priority
neighborhoods of the answers that are in, in their department and region; everyone else is `UNKNOWN`. Each table has
one level of it.
"""

from dataclasses import dataclass

from citeslab.figures.enums import Breakdown

TERRITORY = "territory"
LEVELS = ("qpv", "department", "region")
# What people are published by, with where they live.
OF_PEOPLE = (
    Breakdown.SEX,
    Breakdown.AGE,
    Breakdown.SITUATION_AT_ENTRY,
    Breakdown.DIPLOMA,
    Breakdown.SITUATION,
)


@dataclass(frozen=True)
class PublishedTable:
    """`level` is that of the territory, empty where the table has none.

    `comes_back`: its classes stand in the publications of later years too, the same counts: it is left out where one
    of them is small. Hidden, it would be hidden otherwise each year, and the patterns would give each other away.
    """

    id: str
    indicator: str
    by: tuple[Breakdown, ...] = ()
    level: str = ""
    comes_back: bool = False

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (*([TERRITORY] if self.level else []), *[one.value for one in self.by])


TABLES = (
    PublishedTable("met", "persons_met"),
    *[
        PublishedTable(f"supported_by_{level}_and_{one.value}", "persons_supported", (one,), level)
        for level in LEVELS
        for one in OF_PEOPLE
    ],
    PublishedTable("supported_by_residence", "persons_supported", (Breakdown.RESIDENCE,)),
    PublishedTable("supported_by_department_of_site", "persons_supported", (Breakdown.DEPARTMENT,)),
    PublishedTable("projects_by_sector", "projects_cumulative", (Breakdown.SECTOR,)),
    PublishedTable("projects_by_year", "projects_cumulative", (Breakdown.BEGUN,), comes_back=True),
    PublishedTable("actions_by_kind", "actions_held.total", (Breakdown.KIND,)),
    PublishedTable("attendances_by_sex", "attendances_named", (Breakdown.SEX,)),
    PublishedTable("heads_by_sex_and_age", "heads_counted", (Breakdown.SEX, Breakdown.AGE)),
)
DIMENSIONS = tuple(dict.fromkeys(name for table in TABLES for name in table.dimensions))
