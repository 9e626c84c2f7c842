"""What the home and the press page read in other rooms."""

from datetime import datetime
from typing import Any

from citeslab.figures import exports as figures_exports
from citeslab.figures import queries as figures
from citeslab.workshops import queries as workshops


def upcoming(*, at: datetime, most: int | None = None) -> list[workshops.Announced]:
    """The next actions that anyone may join, wherever they are; what has begun there is left out."""
    return workshops.upcoming(workshops.Wanted(), at=at)[:most]


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
