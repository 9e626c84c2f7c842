"""Who follows whom.

The journal is left to the caller: these are a part of its act, told in its line.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.network.models import Handover, Site
from citeslab.people.enums import AssignmentReason
from citeslab.people.models import Assignment, Person
from citeslab.people.services.facts import BATCH


class NotAnAdvisorThere(Exception):
    """The advisor may not see the names of a site on that day: she cannot follow its people."""

    def __str__(self):
        return _("This advisor has no access to all of these people on that day: choose a colleague of their site.")


@dataclass(frozen=True)
class Taken:
    """An assignment written, by its key, and what it replaced: enough to undo it."""

    person: int
    new: int
    before: int | None = None  # the one that it ended,
    end: date | None = None  # and the end that one had
    withdrawn: list[int] = field(default_factory=list)  # those that were to begin that day or later


@transaction.atomic
def assign(
    *,
    people: Collection[int],
    advisor: User,
    since: date,
    reason: AssignmentReason,
    by: User,
    at: datetime,
    handover: Handover | None = None,
) -> list[Taken]:
    """From that day `advisor` follows these people (given by their keys), and nobody else does.

    Those she follows already are left as they are. Raises `NotAnAdvisorThere`. The journal is left to the caller.
    """
    keys = list(people)
    # The lock stops two colleagues from taking the same person: the second sees what the first did.
    sites = set(
        Person.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("site", flat=True)
    )
    if sites - set(Site.objects.keys_with_names_for(advisor, on=since)):
        raise NotAnAdvisorThere
    before: dict[int, list[Assignment]] = defaultdict(list)
    in_the_way = Assignment.objects.standing().not_over(since).filter(person__in=keys)
    for one in in_the_way.order_by("begins_on"):
        before[one.person_id].append(one)
    new, ended, withdrawn = [], {}, {}
    for person in dict.fromkeys(keys):
        others = before[person]
        if [(one.advisor_id, one.ends_on) for one in others] == [(advisor.pk, None)] and others[0].begins_on <= since:
            continue
        if others and others[0].begins_on < since:
            ended[person] = others.pop(0)
        withdrawn[person] = [one.pk for one in others]
        new.append(
            Assignment(
                person_id=person,
                advisor=advisor,
                begins_on=since,
                reason=reason,
                handover=handover,
                recorded_at=at,
                recorded_by=by,
            )
        )
    Assignment.objects.filter(pk__in=[one.pk for one in ended.values()]).update(ends_on=since)
    Assignment.objects.filter(pk__in=[key for keys in withdrawn.values() for key in keys]).update(
        withdrawn_at=at, withdrawn_by=by
    )
    Assignment.objects.bulk_create(new, batch_size=BATCH)
    return [
        Taken(
            one.person_id,
            one.pk,
            ended[one.person_id].pk if one.person_id in ended else None,
            ended[one.person_id].ends_on if one.person_id in ended else None,
            withdrawn[one.person_id],
        )
        for one in new
    ]


@transaction.atomic
def take_assignments_back(*, assigned: Collection[Taken], on: date, by: User, at: datetime) -> set[int]:
    """Undo assignments; gives the keys of those undone.

    One that something came after is left as it is, and so is one whose advisor before has left the site since.
    """
    by_key = {one.new: one for one in assigned}
    standing = Assignment.objects.standing().filter(pk__in=by_key, ends_on=None).order_by("pk").select_for_update()
    undone = dict(standing.values_list("pk", "person__site"))
    replaced = {
        row.pk: row
        for row in Assignment.objects.filter(
            pk__in=[key for new in undone for key in (by_key[new].before, *by_key[new].withdrawn) if key]
        ).select_related("advisor")
    }
    sites = {row.advisor: set(Site.objects.keys_with_names_for(row.advisor, on=on)) for row in replaced.values()}
    for new, site in list(undone.items()):
        rows = [replaced[key] for key in (by_key[new].before, *by_key[new].withdrawn) if key]
        if any(site not in sites[row.advisor] for row in rows):
            del undone[new]
    Assignment.objects.filter(pk__in=undone).update(withdrawn_at=at, withdrawn_by=by)
    reopened, again = [], []
    for new in undone:
        taken = by_key[new]
        if taken.before:
            replaced[taken.before].ends_on = taken.end
            reopened.append(replaced[taken.before])
        for key in taken.withdrawn:
            row = replaced[key]
            row.pk, row.withdrawn_at, row.withdrawn_by, row.recorded_at, row.recorded_by = None, None, None, at, by
            row._state.adding = True
            again.append(row)
    Assignment.objects.bulk_update(reopened, ["ends_on"], batch_size=500)
    Assignment.objects.bulk_create(again, batch_size=BATCH)
    return set(undone)
