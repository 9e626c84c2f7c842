"""Who an act for many people would change, and who it would leave as they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from citeslab.accounts.models import User
from citeslab.followup.enums import Stage
from citeslab.followup.models import Transition
from citeslab.network.models import Site
from citeslab.people.models import Assignment, Person


@dataclass(frozen=True)
class Plan:
    """Keys of people, by name: those changed, and those left out by reason (a code)."""

    changed: list[int]
    left_out: dict[str, list[int]]


def assignment(chosen: QuerySet[Person], *, advisor: User, on: date) -> Plan:
    """Giving these people to an advisor: those she follows already, and those of another site, are left out."""
    reached = Site.objects.keys_with_names_for(advisor, on=on)
    hers = Assignment.objects.standing().filter(person=OuterRef("pk"), advisor=advisor, begins_on__lte=on, ends_on=None)
    rows = chosen.annotate(is_hers=Exists(hers)).order_by("sort_key", "pk").values_list("pk", "site", "is_hers")
    changed, already, elsewhere = [], [], []
    for person, site, is_hers in rows:
        (already if is_hers else changed if site in reached else elsewhere).append(person)
    return Plan(changed, {"already": already, "elsewhere": elsewhere})


def open_pathways(people: Collection[int], *, on: date) -> list[Transition]:
    """The last step of each pathway that has not ended."""
    last = (
        Transition.objects.standing()
        .filter(person__in=people, occurred_on__lte=on)
        .order_by("person", "project", "-occurred_on", "-pk")
        .distinct("person", "project")
    )
    return [step for step in last if step.stage != Stage.SORT]


def closing(chosen: QuerySet[Person], *, on: date) -> Plan:
    """Closing for no news: who has left already is left out, and who has a step dated later."""
    names = dict(chosen.order_by("sort_key", "pk").values_list("pk", "site"))
    steps = Transition.objects.standing().filter(person__in=names)
    walking = set(steps.order_by().values_list("person", flat=True).distinct())
    later = set(steps.filter(occurred_on__gt=on).order_by().values_list("person", flat=True))
    still = {step.person_id for step in open_pathways(names, on=on)}
    changed, already, after = [], [], []
    for person in names:
        is_open = person in still or person not in walking
        (after if person in later else changed if is_open else already).append(person)
    return Plan(changed, {"already": already, "later": after})
