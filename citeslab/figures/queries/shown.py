"""What the public site shows of a year: read in the register of publications, never in today's books."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from citeslab.figures.definitions.indicators import BY_ID, VERSIONS, Indicator
from citeslab.figures.definitions.publications import TERRITORY
from citeslab.figures.definitions.statements import BY_STATEMENT
from citeslab.figures.disclosure import TOTAL
from citeslab.figures.models import Publication
from citeslab.figures.queries.said import Check

Key = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Published:
    """The last publication of a year: `numbers` of the whole country, none where they are hidden."""

    year: int
    number: int
    made_at: datetime
    threshold: int
    hidden: int
    cells: int
    neighborhoods: int
    versions: Mapping[str, int]
    checks: tuple[Check, ...]
    numbers: Mapping[Key, int | None]

    @property
    def reference(self) -> str:
        return f"{self.year}-{self.number}"

    def has(self, table: str) -> bool:
        return any(name == table for name, _by in self.numbers)

    def meaning(self, id: str) -> Indicator:
        """What an indicator meant when the year was published."""
        return VERSIONS.get(f"{id}@{self.versions.get(id, 0)}", BY_ID[id])

    def at(self, table: str, **by: str) -> int | None:
        """A count of a table, a total over what is not said; nothing where it is hidden or withheld; 0: nobody."""
        return self.numbers.get((table, frozenset(by.items())), 0 if self.has(table) else None)

    def classes(self, table: str, dimension: str) -> dict[str, int | None]:
        """The counts of a table by one dimension, total over the others."""
        found = {}
        for name, by in self.numbers:
            if name == table and [of for of, _value in by] == [dimension]:
                found[next(value for _of, value in by)] = self.numbers[name, by]
        return dict(sorted(found.items()))


def published_years() -> list[int]:
    return list(Publication.objects.standing().values_list("year", flat=True))


def published(year: int) -> Published:
    """What the last publication of that year says; there must be one."""
    last = Publication.objects.filter(year=year).only("pk", "digest").latest("number")
    return told_to_everyone(last.pk, last.digest)


@lru_cache(maxsize=8)  # a publication never changes; its counts are many
def told_to_everyone(key: int, digest: str) -> Published:
    row = Publication.objects.with_country().get(pk=key, digest=digest)
    summary: dict[str, Any] = row.summary
    numbers = {
        (table, frozenset((name, value) for name, value in by.items() if value != TOTAL and name != TERRITORY)): (
            None if is_hidden else count
        )
        for table, _indicator, by, count, is_hidden in row.country
    }
    return Published(
        year=row.year,
        number=row.number,
        made_at=row.made_at,
        threshold=row.threshold,
        hidden=summary["hidden"],
        cells=summary["cells"],
        neighborhoods=sum(level == "qpv" for _code, level, _parent, _name in summary["territories"]),
        versions=summary.get("versions", {}),
        checks=tuple(
            Check(BY_STATEMENT[said["id"]], said["value"], said["holds"])
            for said in summary.get("statements", [])
            if said["id"] in BY_STATEMENT
        ),
        numbers=numbers,
    )
