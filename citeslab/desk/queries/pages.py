"""What the pages of several rooms show. Access is part of each fetch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from citeslab.core.values import midnight
from citeslab.followup.enums import Stage
from citeslab.followup.models import Meeting, Transition
from citeslab.network.models import Site
from citeslab.people.models import Person, ResidenceAnswer
from citeslab.people.queries import answer_in_force
from citeslab.projects.models import Project
from citeslab.territories.enums import Answer
from citeslab.workshops.models import Attendance

# After so many days without a contact a person who has not left is shown as silent; after so many more she is
# old history, and the no-news closing is the tool for her, not a line on the home page.
SILENT_AFTER = timedelta(days=60)
SILENT_UNTIL = timedelta(days=180)
# Who is accompanied these days: met within two years, or come within two years. The others are history, found by a
# search.
RECENT = timedelta(days=730)


def with_story_heads(people: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """Each person with where she is today: `stage`, `last_contact_on`, `project_title`, `answer`, `qpv_code`."""
    return people.annotate(**story_heads(on))


@lru_cache(maxsize=4)  # of a day; to put them together takes longer than to ask them of one person
def story_heads(on: date) -> dict[str, Combinable]:
    last_step = (
        Transition.objects.standing().filter(person=OuterRef("pk"), occurred_on__lte=on).order_by("-occurred_on", "-pk")
    )
    meetings = Meeting.objects.standing().filter(person=OuterRef("pk"), held_on__lte=on).order_by("-held_on")
    project = Project.objects.filter(holders=OuterRef("pk")).order_by("-started_on", "-pk")
    answer = answer_in_force(on).filter(residence__person=OuterRef("pk")).order_by("-pk")
    return {
        "stage": Subquery(last_step.values("stage")[:1]),
        "last_contact_on": Subquery(meetings.values("held_on")[:1]),
        "project_title": Subquery(project.values("title")[:1]),
        "answer": Coalesce(Subquery(answer.values("answer")[:1]), Value(Answer.NOT_LOCATED.value)),
        "qpv_code": Subquery(answer.values("qpv_code")[:1]),
    }


def silent(on: date) -> Q:
    """No contact for a while, and she has not left. Reads the columns of `with_story_heads`."""
    has_not_left = Q(stage=None) | ~Q(stage=Stage.SORT)
    return Q(last_contact_on__lt=on - SILENT_AFTER, last_contact_on__gte=on - SILENT_UNTIL) & has_not_left


def met_lately(on: date, sites: Iterable[Site]) -> QuerySet[Meeting]:
    """The meetings of these sites that are not history. Asked before anything else of a person: most files are."""
    return Meeting.objects.standing().filter(site__in=[site.pk for site in sites], held_on__gt=on - RECENT)


def current(on: date, sites: Iterable[Site]) -> Q:
    """Met lately by one of these sites; or not met yet, in a file opened as lately."""
    opened_lately = Q(recorded_at__gt=midnight(on - RECENT))
    not_met = ~Exists(Meeting.objects.standing().filter(person=OuterRef("pk")))
    return Q(pk__in=met_lately(on, sites).values("person")) | Q(opened_lately & Q(not_met))


@dataclass(frozen=True)
class Happening:
    """One line of a person's story."""

    on: date
    kind: str  # "meeting", "step" or "workshop"
    fact: Meeting | Transition | Attendance
    previous: str = ""  # for a step, the stage before it on the same pathway


def story(person: Person, steps: list[Transition]) -> list[Happening]:
    """Meetings, steps (in order) and workshops of a person, the latest first."""
    meetings = Meeting.objects.standing().filter(person=person).select_related("recorded_by")
    attendances = (
        Attendance.objects.standing().filter(person=person, workshop__cancelled_at=None).select_related("workshop")
    )
    lines = [Happening(meeting.held_on, "meeting", meeting) for meeting in meetings]
    lines += [Happening(attendance.workshop.held_on, "workshop", attendance) for attendance in attendances]
    before: dict[int | None, str] = {}
    for step in steps:
        lines.append(Happening(step.occurred_on, "step", step, before.get(step.project_id, "")))
        before[step.project_id] = step.stage
    # The day of a step and of the meeting where it was taken is the same: the step comes after, so it shows first.
    return sorted(lines, key=lambda line: (line.on, line.kind == "step", line.fact.pk), reverse=True)


def furthest_pathway(steps: list[Transition]) -> list[Transition]:
    """Of a person's pathways, the steps of the one that moved last."""
    if not steps:
        return []
    latest = max(steps, key=lambda step: (step.occurred_on, step.pk))
    return [step for step in steps if step.project_id == latest.project_id]


def to_check(visible: QuerySet[Person], *, on: date, sites: Iterable[Site]) -> QuerySet[ResidenceAnswer]:
    """Answers that the map cannot settle alone, of people met lately by these sites, the nearest border first."""
    people = visible.filter(pk__in=met_lately(on, sites).values("person"))
    return (
        answer_in_force(on)
        .filter(answer=Answer.TO_CHECK, residence__person__in=people)
        .select_related("residence__person")
        .order_by("border_m", "pk")
    )
