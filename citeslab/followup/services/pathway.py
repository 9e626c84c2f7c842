"""Steps without a meeting, corrected and put back; the plan that a person and her advisor made."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import is_siret
from citeslab.followup.enums import Evidence, Outcome, Stage
from citeslab.followup.models import PlanStep, Transition
from citeslab.followup.services.facts import record_transitions, withdraw_transitions
from citeslab.followup.services.notes import NotYetHappened
from citeslab.people.models import Person
from citeslab.projects.models import Project


class NotASiret(Exception):
    def __str__(self):
        return _("This SIRET does not fit its key: one digit is wrong or missing. It has 14, look at the certificate.")


@transaction.atomic
def record_step(
    *,
    person: Person,
    project: Project | None,
    occurred_on: date,
    stage: Stage,
    exit_reason: str = "",
    evidence: Evidence = Evidence.DECLARED,
    siret: str = "",
    corrects: Transition | None = None,
    by: User,
    at: datetime,
) -> Transition:
    """A step without a meeting, with what it rests on. `corrects` is withdrawn, and this one takes its place."""
    if occurred_on > timezone.localdate(at):
        raise NotYetHappened
    if (evidence == Evidence.REGISTERED or siret) and not is_siret(siret):
        raise NotASiret
    if corrects:
        withdraw_transitions(transitions=[corrects.pk], by=by, at=at)
    step = Transition(
        person=person,
        project=project,
        site=person.site,
        occurred_on=occurred_on,
        stage=stage,
        exit_reason=exit_reason,
        evidence=evidence,
        siret=siret,
    )
    record_transitions(transitions=[step], by=by, at=at)
    audit.record(
        "followup.step.recorded",
        step,
        by=by,
        at=at,
        person_id=person.pk,
        stage=stage,
        evidence=evidence,
        corrects=corrects.pk if corrects else None,
    )
    return step


@transaction.atomic
def take_back_step(*, step: Transition, by: User, at: datetime) -> None:
    """A step recorded by mistake is withdrawn; it stays in the books, and can be put back."""
    if step.withdrawn_at is None:
        withdraw_transitions(transitions=[step.pk], by=by, at=at)
        audit.record("followup.step.taken_back", step, by=by, at=at, person_id=step.person_id)


@transaction.atomic
def put_back_step(*, step: Transition, by: User, at: datetime) -> Transition:
    """Undo: what was withdrawn is recorded again as it was. Asked twice, it is put back once."""
    same = {
        name: getattr(step, name)
        for name in ("person", "project", "site", "occurred_on", "stage", "exit_reason", "evidence", "siret")
    }
    if standing := Transition.objects.standing().filter(**same).first():
        return standing
    again = Transition(**same)
    record_transitions(transitions=[again], by=by, at=at)
    audit.record("followup.step.put_back", again, by=by, at=at, person_id=step.person_id, as_it_was=step.pk)
    return again


@transaction.atomic
def add_plan_step(
    *, person: Person, project: Project | None, what: str, due_on: date | None, by: User, at: datetime
) -> PlanStep:
    """One more step of her plan."""
    step = PlanStep.objects.create(
        person=person, project=project, what=what, due_on=due_on, recorded_at=at, recorded_by=by
    )
    audit.record("followup.plan_step.added", step, by=by, at=at, person_id=person.pk)
    return step


@transaction.atomic
def settle_plan_step(*, step: PlanStep, outcome: Outcome | None, by: User, at: datetime) -> None:
    """Say that a step of the plan is done or dropped, or, without outcome, that it is to do again."""
    steps = PlanStep.objects.filter(pk=step.pk)
    if outcome:
        changed = steps.filter(settled_at=None).update(outcome=outcome, settled_at=at, settled_by=by)
    else:
        changed = steps.exclude(settled_at=None).update(outcome="", settled_at=None, settled_by=None)
    if changed:
        audit.record(
            "followup.plan_step.settled" if outcome else "followup.plan_step.reopened",
            step,
            by=by,
            at=at,
            person_id=step.person_id,
            outcome=outcome or "",
        )
