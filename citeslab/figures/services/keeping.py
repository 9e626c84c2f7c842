"""What is kept of each year in the operational database, written anew where a fact moved it: rows, usual views."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from citeslab.figures import queries
from citeslab.figures.definitions.facts import Scope, person_year
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.people import person_years
from citeslab.figures.enums import Breakdown
from citeslab.figures.gateways.operational import FIRST_OF_ALL, LAST_OF_ALL, first_moved
from citeslab.figures.models import Keeping, PersonYear
from citeslab.figures.queries.computed import ENGINE

# What is asked most, of all years and places.
USUAL = {
    "persons_met": (None, Breakdown.SEX, Breakdown.AGE, Breakdown.RESIDENCE),
    "persons_supported": (
        None,
        Breakdown.SEX,
        Breakdown.AGE,
        Breakdown.SITUATION_AT_ENTRY,
        Breakdown.DIPLOMA,
        Breakdown.SITUATION,
        Breakdown.RESIDENCE,
        Breakdown.QPV,
    ),
    "projects_cumulative": (None, Breakdown.SECTOR),
}


@dataclass(frozen=True)
class KeptAnew:
    """From which year on rows were written, and how many; none when nothing had moved."""

    since: int | None
    rows: int


def keep_years(*, at: datetime) -> KeptAnew:
    """Writes the years that moved anew, with the marks of the same instant.

    What is written meanwhile is a mark not yet seen: its years are not read before the next time.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # Taken before anything is seen: who comes second sees what the first has kept.
        cursor.execute(f"LOCK TABLE {Keeping._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        definition, marks = queries.kept_digest(), ENGINE.marks()
        last = Keeping.objects.filter(definition=definition).first()
        since = first_moved(last.marks, marks) if last else FIRST_OF_ALL
        if since is None:
            return KeptAnew(None, 0)
        PersonYear.objects.filter(year__gte=since).delete()
        columns = ", ".join(person_year.columns)
        scope = Scope(since=since, year=LAST_OF_ALL)
        made = ENGINE.sql(person_years())
        cursor.execute(
            f"INSERT INTO {person_year.get_name()} ({columns}) SELECT {columns} FROM ({made}) AS made", scope.parameters
        )
        rows = cursor.rowcount
        Keeping.objects.update_or_create(pk=1, defaults={"definition": definition, "marks": marks, "kept_at": at})
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {person_year.get_name()}")
    return KeptAnew(since, rows)


def keep_views(*, last_year: int) -> None:
    """What is hidden of the usual views is chosen before anyone asks. A year that did not move is not chosen again."""
    for indicator, breakdowns in USUAL.items():
        for one in breakdowns:
            by = (one,) if one else ()
            queries.sheltered(
                queries.Asked(BY_ID[indicator], queries.NETWORK, last_year, since=queries.FIRST_YEAR, by=by)
            )
