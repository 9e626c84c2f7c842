"""Who follows whom these days."""

from datetime import date, timedelta

from citeslab.followup.models import Meeting
from citeslab.network.enums import Role
from citeslab.network.models import Mandate
from citeslab.people.enums import AssignmentReason
from citeslab.people.models import Assignment

LATELY = timedelta(days=730)
UNASSIGNED = 23  # of so many people one is followed by nobody yet


def plant_assignments(*, until: date) -> None:
    """Whoever was met lately is followed by the advisor who wrote it, if she is still there, or by one who is."""
    there: dict[int, list[int]] = {}
    begun: dict[tuple[int, int], date] = {}
    for one in Mandate.objects.on(until).filter(role=Role.ADVISOR).order_by("pk"):
        there.setdefault(one.site_id, []).append(one.user_id)
        begun[one.site_id, one.user_id] = one.begins_on
    met = Meeting.objects.standing().filter(held_on__gt=until - LATELY, held_on__lte=until)
    latest = met.order_by("person", "-held_on", "-pk").distinct("person")
    rows = []
    for person, site, met_by, recorded_at, recorded_by in latest.values_list(
        "person", "person__site", "recorded_by", "person__recorded_at", "person__recorded_by"
    ):
        if person % UNASSIGNED == 0 or site not in there:
            continue
        advisor = met_by if met_by in there[site] else there[site][person % len(there[site])]
        rows.append(
            Assignment(
                person_id=person,
                advisor_id=advisor,
                begins_on=min(max(recorded_at.date(), begun[site, advisor]), until),
                reason=AssignmentReason.ENTRY if advisor == recorded_by else AssignmentReason.CHOSEN,
                recorded_at=recorded_at,
                recorded_by_id=advisor,
            )
        )
    Assignment.objects.bulk_create(rows, batch_size=5_000)
