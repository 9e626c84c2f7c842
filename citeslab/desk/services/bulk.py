"""Acts for many people at once, and their undoing within a day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.desk.enums import Kind
from citeslab.desk.models import KEPT, BulkAct
from citeslab.desk.queries import bulk
from citeslab.desk.values import Question
from citeslab.duplicates import queries as duplicates
from citeslab.followup import services as followup
from citeslab.followup.enums import ExitReason, Stage
from citeslab.followup.models import Meeting, Transition
from citeslab.people import services as people_services
from citeslab.people.enums import AssignmentReason
from citeslab.people.models import Person


class NobodyChanges(Exception):
    def __str__(self):
        return _("This would change nobody: everyone chosen is so already.")


class NotAsSeen(Exception):
    """Between the page that said how many and the act, the list changed."""

    def __str__(self):
        return _("The list changed since you saw it. Nothing was done: look at it again below, then confirm.")


class TooLateToUndo(Exception):
    def __str__(self):
        return _("This was done more than a day ago, or is undone already: change each person from her own page.")


@transaction.atomic
def assign(
    *, chosen: QuerySet[Person], seen: int, advisor: User, question: Question, on: date, by: User, at: datetime
) -> BulkAct:
    """Give the chosen people to `advisor` from that day. `seen` is how many the page before announced.

    Raises `NobodyChanges`, `NotAsSeen`, or what `people.services.assign` refuses.
    """
    plan = checked(bulk.assignment(chosen, advisor=advisor, on=on), seen)
    taken = people_services.assign(
        people=plan.changed, advisor=advisor, since=on, reason=AssignmentReason.CHOSEN, by=by, at=at
    )
    act = BulkAct.objects.create(
        user=by,
        kind=Kind.ASSIGN,
        advisor=advisor,
        on=on,
        count=len(taken),
        done=[[one.person, one.new, one.before, one.end and one.end.isoformat(), one.withdrawn] for one in taken],
        done_at=at,
    )
    audit.record(
        "desk.people.assigned", act, by=by, at=at, count=len(taken), advisor_id=advisor.pk, asked=question.codes()
    )
    return act


@transaction.atomic
def close(*, chosen: QuerySet[Person], seen: int, question: Question, on: date, by: User, at: datetime) -> BulkAct:
    """Write that the chosen people left without news, on each of their pathways that has not ended.

    Who has no pathway yet leaves on one of her own. Raises `NobodyChanges` or `NotAsSeen`.
    """
    # The lock makes a note written meanwhile wait: what it says is seen, or comes after.
    list(chosen.order_by("pk").select_for_update(of=["self"], no_key=True).values_list("pk", flat=True))
    plan = checked(bulk.closing(chosen, on=on), seen)
    sites = dict(Person.objects.filter(pk__in=plan.changed).values_list("pk", "site"))
    steps = [
        Transition(person_id=step.person_id, project_id=step.project_id, site_id=sites[step.person_id])
        for step in bulk.open_pathways(plan.changed, on=on)
    ]
    on_a_pathway = {step.person_id for step in steps}
    steps += [Transition(person_id=key, site_id=sites[key]) for key in plan.changed if key not in on_a_pathway]
    for step in steps:
        step.occurred_on, step.stage, step.exit_reason = on, Stage.SORT, ExitReason.NO_NEWS
    followup.record_transitions(transitions=steps, by=by, at=at)
    act = BulkAct.objects.create(
        user=by,
        kind=Kind.CLOSE,
        on=on,
        count=len(plan.changed),
        done=[[step.person_id, step.pk] for step in steps],
        done_at=at,
    )
    audit.record("desk.people.closed", act, by=by, at=at, count=act.count, asked=question.codes())
    return act


def checked(plan: bulk.Plan, seen: int) -> bulk.Plan:
    if not plan.changed:
        raise NobodyChanges
    if len(plan.changed) != seen:
        raise NotAsSeen
    return plan


@dataclass(frozen=True)
class Undone:
    back: list[int]  # people put back as they were
    changed_since: list[int]  # people left as they are: something came after


@transaction.atomic
def undo(*, act: BulkAct, on: date, by: User, at: datetime) -> Undone:
    """Put back what the act changed; who changed since is left as she is. Raises `TooLateToUndo`.

    A file joined into another since is followed there: what the act wrote went with it.
    """
    act = BulkAct.objects.select_for_update(of=["self"]).get(pk=act.pk)
    if act.undone_at or at > act.until or not act.done:
        raise TooLateToUndo
    now = duplicates.current_keys(row[0] for row in act.done)
    act.done = [[now[row[0]], *row[1:]] for row in act.done]
    back = take_back_assignments(act, on=on, by=by, at=at) if act.kind == Kind.ASSIGN else reopen(act, by=by, at=at)
    people = list(dict.fromkeys(row[0] for row in act.done))
    undone = Undone([key for key in people if key in back], [key for key in people if key not in back])
    act.undone_at, act.undone_by, act.undone_count = at, by, len(undone.back)
    act.done = [[key] for key in undone.changed_since]
    act.save()
    audit.record("desk.people.put_back", act, by=by, at=at, count=len(undone.back), left=len(undone.changed_since))
    return undone


def take_back_assignments(act: BulkAct, *, on: date, by: User, at: datetime) -> set[int]:
    taken = [
        people_services.Taken(person, new, before, date.fromisoformat(end) if end else None, withdrawn)
        for person, new, before, end, withdrawn in act.done
    ]
    undone = people_services.take_assignments_back(assigned=taken, on=on, by=by, at=at)
    return {one.person for one in taken if one.new in undone}


def reopen(act: BulkAct, *, by: User, at: datetime) -> set[int]:
    """Take the exits back of those to whom nothing happened since: no step, no meeting written after the act."""
    steps = {step for _person, step in act.done}
    people = {person for person, _step in act.done}
    since = {"person__in": people, "recorded_at__gt": act.done_at}
    moved = set(Transition.objects.standing().filter(**since).values_list("person", flat=True))
    moved |= set(Meeting.objects.standing().filter(**since).values_list("person", flat=True))
    moved |= set(Transition.objects.filter(pk__in=steps).exclude(withdrawn_at=None).values_list("person", flat=True))
    followup.withdraw_transitions(transitions=[step for person, step in act.done if person not in moved], by=by, at=at)
    return people - moved


@transaction.atomic
def forget(*, at: datetime) -> int:
    """What was done more than a day ago keeps its count, and no longer who."""
    return BulkAct.objects.filter(done_at__lt=at - KEPT).exclude(done=[]).update(done=[])
