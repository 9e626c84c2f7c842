"""Files forgotten: what figures count them by stays, so that no breakdown of a past year moves."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection

from citeslab.figures.definitions.dimensions import AGES
from citeslab.figures.models import AnonymousTraits
from citeslab.followup.models import Meeting

OLDEST = 130  # years: an age that nobody passes


def keep_classes(*, people: Collection[int]) -> None:
    """Keep the classes of these people, whose files are about to be blanked, in the transaction that blanks them."""
    years = defaultdict(set)
    met = Meeting.objects.filter(person__in=people).order_by().values_list("person", "held_on__year").distinct()
    for person, year in met:
        years[person].add(year)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, birth_year, situation_at_entry, diploma, contact_source FROM fact_person"
            " WHERE person_id = ANY(%s)",
            [list(people)],
        )
        rows = cursor.fetchall()
    AnonymousTraits.objects.bulk_create(
        [
            AnonymousTraits(
                person_id=person,
                birth_year=None if born is None else birth_year_kept(born, years[person]),
                situation_at_entry=situation,
                diploma=diploma,
                contact_source=source,
            )
            for person, born, situation, diploma, source in rows
        ],
        ignore_conflicts=True,
    )


def birth_year_kept(birth_year: int, years: Iterable[int]) -> int | None:
    """The middle of the years of birth that give the same age bands in these years; `None` without any year."""
    edges = [0, *[below for below, _ in AGES], OLDEST]
    first: list[int] = []
    last: list[int] = []
    for year in years:
        age = min(max(year - birth_year, 0), OLDEST - 1)
        lower, upper = next((low, up) for low, up in zip(edges, edges[1:], strict=False) if low <= age < up)
        first.append(year - upper + 1)
        last.append(year - lower)
    return (max(first) + min(last)) // 2 if first else None
