"""Acts on projects and their holders.

The functions that take many rows leave the journal to their caller: they are a part of its act, told in its line.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from citeslab.accounts.models import User
from citeslab.projects.models import Project, ProjectHolder

BATCH = 5_000
IDEA = ("title", "sector", "started_on")


@transaction.atomic
def save_projects(*, projects: Sequence[Project], by: User, at: datetime) -> None:
    """Record the new ones (those without a key, which they receive) and rewrite the idea of the others."""
    new = [project for project in projects if project.pk is None]
    known = [project for project in projects if project.pk is not None]
    for project in new:
        project.recorded_at, project.recorded_by = at, by
    Project.objects.bulk_create(new, batch_size=BATCH)
    Project.objects.bulk_update(known, IDEA, batch_size=500)


@transaction.atomic
def set_holders(*, holders: Mapping[int, Collection[int]]) -> None:
    """Make each project (by its key) held by exactly these people (by theirs)."""
    wanted = {(project, person) for project, people in holders.items() for person in people}
    standing = {
        (project, person): pk
        for pk, project, person in ProjectHolder.objects.filter(project__in=list(holders)).values_list(
            "pk", "project_id", "person_id"
        )
    }
    gone = [pk for pair, pk in standing.items() if pair not in wanted]
    if gone:
        ProjectHolder.objects.filter(pk__in=gone).delete()
    ProjectHolder.objects.bulk_create(
        [ProjectHolder(project_id=project, person_id=person) for project, person in sorted(wanted - standing.keys())],
        batch_size=BATCH,
    )
