"""What was held, who came, how many heads, as a workbook or the demonstration tells it.

The functions that take many rows leave the journal to their caller: they are a part of its act, told in its line.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from citeslab.accounts.models import User
from citeslab.workshops.models import Attendance, HeadCount, Workshop

BATCH = 5_000
PROGRAMME = ("held_on", "kind", "title", "commune_name", "cancelled_at", "cancelled_by")


@transaction.atomic
def save_workshops(*, workshops: Sequence[Workshop], by: User, at: datetime) -> None:
    """Record the new ones (those without a key, which they receive) and rewrite the programme of the others."""
    new = [workshop for workshop in workshops if workshop.pk is None]
    known = [workshop for workshop in workshops if workshop.pk is not None]
    for workshop in new:
        workshop.recorded_at, workshop.recorded_by = at, by
    Workshop.objects.bulk_create(new, batch_size=BATCH)
    Workshop.objects.bulk_update(known, PROGRAMME, batch_size=500)


@transaction.atomic
def set_attendances(*, attendances: Mapping[int, Collection[int]], by: User, at: datetime) -> None:
    """Make exactly these people (by their keys) the ones who came to each workshop (by its key)."""
    wanted = {(workshop, person) for workshop, people in attendances.items() for person in people}
    rows = Attendance.objects.standing().filter(workshop__in=list(attendances))
    standing = {(workshop, person): pk for pk, workshop, person in rows.values_list("pk", "workshop_id", "person_id")}
    wrong = [pk for pair, pk in standing.items() if pair not in wanted]
    if wrong:
        Attendance.objects.filter(pk__in=wrong).update(withdrawn_at=at, withdrawn_by=by)
    Attendance.objects.bulk_create(
        [
            Attendance(workshop_id=workshop, person_id=person, recorded_at=at, recorded_by=by)
            for workshop, person in sorted(wanted - standing.keys())
        ],
        batch_size=BATCH,
    )


@transaction.atomic
def set_head_counts(*, head_counts: Mapping[int, Mapping[tuple[str, str], int]], by: User, at: datetime) -> None:
    """Make these the heads counted at each workshop (by its key), by sex and age band; a zero is not kept as a row."""
    wanted = {
        (workshop, *of): heads for workshop, counts in head_counts.items() for of, heads in counts.items() if heads
    }
    rows = HeadCount.objects.standing().filter(workshop__in=list(head_counts))
    standing = {(row.workshop_id, row.sex, row.age_band): row for row in rows}
    wrong = [row.pk for of, row in standing.items() if wanted.get(of) != row.heads]
    if wrong:
        HeadCount.objects.filter(pk__in=wrong).update(withdrawn_at=at, withdrawn_by=by)
    HeadCount.objects.bulk_create(
        [
            HeadCount(workshop_id=workshop, sex=sex, age_band=age_band, heads=heads, recorded_at=at, recorded_by=by)
            for (workshop, sex, age_band), heads in sorted(wanted.items())
            if (workshop, sex, age_band) not in standing or standing[workshop, sex, age_band].heads != heads
        ],
        batch_size=BATCH,
    )
