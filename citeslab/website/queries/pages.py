"""What the home and the press page read in other rooms."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone

from citeslab.figures import exports as figures_exports
from citeslab.figures import queries as figures
from citeslab.workshops.models import Workshop


@dataclass(frozen=True)
class Upcoming:
    """An action to come, in a line."""

    pk: int
    title: str
    held_on: date
    place: str
    commune_name: str
    starts_at: datetime | None


def upcoming(*, at: datetime, most: int) -> list[Upcoming]:
    """The next actions that anyone may join, wherever they are; what has begun is left out."""
    announced = Workshop.objects.announced(on=timezone.localdate(at)).annotate(starts_at=Min("sessions__starts_at"))
    rows = announced.filter(Q(starts_at=None) | Q(starts_at__gt=at)).order_by("held_on", "starts_at", "pk")
    columns = rows.values_list("pk", "title", "held_on", "place", "commune_name", "starts_at")
    return [Upcoming(*row) for row in columns[:most]]


def last_published() -> dict[str, Any] | None:
    """The last published year as its page draws it; nothing before the first."""
    years = figures.published_years()
    if not years:
        return None
    found = figures.published(years[0])
    return {**figures_exports.year_page(found), "found": found}


def last_sentence() -> dict[str, Any] | None:
    """The last published year in one sentence; nothing before the first."""
    years = figures.published_years()
    return figures_exports.year_in_a_sentence(figures.published(years[0])) if years else None
