"""What the pages of several rooms show. Access is part of each fetch."""

from citeslab.desk.queries.lists import (
    VIEWS,
    listed,
    ordered,
    people,
    rows,
    search,
    view_counts,
    with_advisor,
)
from citeslab.desk.queries.network import (
    MOST_CHANGES,
    changes,
    cover_by_department,
    money_by_department,
    posts_by_department,
    received,
)
from citeslab.desk.queries.pages import (
    current,
    furthest_pathway,
    met_lately,
    silent,
    story,
    to_check,
    with_story_heads,
)
from citeslab.people.queries import answer_in_force, qpv_names

__all__ = [
    "MOST_CHANGES",
    "changes",
    "cover_by_department",
    "money_by_department",
    "posts_by_department",
    "received",
    "VIEWS",
    "answer_in_force",
    "current",
    "furthest_pathway",
    "listed",
    "met_lately",
    "ordered",
    "people",
    "qpv_names",
    "rows",
    "search",
    "silent",
    "story",
    "to_check",
    "view_counts",
    "with_advisor",
    "with_story_heads",
]
