"""The note after a meeting: one gesture, sent once or again, and what is planned after it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.followup import queries
from citeslab.followup.enums import Moment, Nature, Outcome, Stage
from citeslab.followup.models import (
    FSEAnswer,
    Gesture,
    Meeting,
    NextStep,
    NoNewsProposal,
    Note,
    Transition,
)
from citeslab.followup.services.facts import record_meetings, record_transitions
from citeslab.followup.signals import note_written
from citeslab.followup.values import Planned
from citeslab.people.models import Person
from citeslab.projects.models import Project


class NotYetHappened(Exception):
    def __str__(self):
        return _("This day is to come. Write down what has taken place, with today's date or one before.")


class StageMovedMeanwhile(Exception):
    """Someone else recorded a step since the page was opened: `step`, or nothing if it was taken back."""

    def __init__(self, step: Transition | None):
        super().__init__()
        self.step = step

    def __str__(self):
        if self.step is None:
            return _("The stage was corrected while you were writing. Look at it, choose, and save again.")
        return _(
            "While you were writing, %(who)s recorded the stage: %(stage)s. Your note is intact: keep that stage or "
            "choose yours, and save again."
        ) % {"who": self.step.recorded_by.name, "stage": str(Stage(self.step.stage).label).lower()}


class KeyOfAnother(Exception):
    def __str__(self):
        return _("This note was already saved for someone else. Open the person's file and write it again.")


AS_PLANNED = "AS_PLANNED"


@transaction.atomic
def write_note(
    *,
    person: Person,
    key: UUID,
    project: Project | None,
    nature: Nature,
    minutes: int | None,
    held_on: date,
    text: str = "",
    stage: Stage | None = None,
    exit_reason: str = "",
    seen_step: int | None = None,
    planned: Planned | str | None = None,
    fse: Mapping[str, str] | None = None,
    written_at_device: datetime | None = None,
    by: User,
    at: datetime,
) -> Gesture:
    """A meeting and what it changed, in one gesture; the same `key` gives the gesture already made.

    `stage` is none when it did not change. `seen_step` is the step that the page showed: another one since raises
    `StageMovedMeanwhile`. `planned` replaces what was planned, `AS_PLANNED` keeps it, none leaves nothing planned.
    """
    if made := made_with(key, person=person, by=by):
        return made
    # The lock puts two saves for a person one after the other: two taps, two advisors.
    person = Person.objects.select_for_update(of=["self"]).get(pk=person.pk)
    if made := made_with(key, person=person, by=by):
        return made
    today = timezone.localdate(at)
    if held_on > today:
        raise NotYetHappened
    meeting = Meeting(person=person, project=project, site=person.site, held_on=held_on, minutes=minutes, nature=nature)
    record_meetings(meetings=[meeting], by=by, at=at)
    if text:
        Note.objects.create(meeting=meeting, text=text, recorded_at=at, recorded_by=by)
    gesture = Gesture.objects.create(
        key=key,
        meeting=meeting,
        transition=step_taken(meeting, stage=stage, exit_reason=exit_reason, seen=seen_step, today=today, by=by, at=at),
        next_step=plan_next(meeting, planned, by=by, at=at),
        written_at_device=written_at_device,
        received_at=at,
        received_from=by,
    )
    NoNewsProposal.objects.open().filter(person=person).update(outcome=Outcome.STILL_HERE, settled_at=at, settled_by=by)
    if fse:
        answer_fse(person=person, answered_on=held_on, by=by, at=at, **fse)
    audit.record(
        "followup.note.written",
        person,
        by=by,
        at=at,
        meeting_id=meeting.pk,
        stage=gesture.transition.stage if gesture.transition else "",
        next_step_id=gesture.next_step_id,
    )
    note_written.send(sender=Gesture, gesture=gesture, by=by, at=at)
    return gesture


def made_with(key: UUID, *, person: Person, by: User) -> Gesture | None:
    made = Gesture.objects.filter(key=key).select_related("meeting").first()
    if made and (made.meeting.person_id != person.pk or made.received_from_id != by.pk):
        raise KeyOfAnother
    return made


def step_taken(
    meeting: Meeting,
    *,
    stage: Stage | None,
    exit_reason: str,
    seen: int | None,
    today: date,
    by: User,
    at: datetime,
) -> Transition | None:
    """The step that a note says, or nothing when she is there already."""
    if stage is None:
        return None
    current = queries.current_step(meeting.person, project=meeting.project_id, on=today)
    if current and (current.stage, current.exit_reason) == (stage, exit_reason):
        return None
    if (current.pk if current else None) != seen:
        raise StageMovedMeanwhile(current)
    step = Transition(
        person=meeting.person,
        project=meeting.project,
        site=meeting.site,
        # The meeting of last week does not step back before the step of yesterday: it follows it.
        occurred_on=max(meeting.held_on, current.occurred_on) if current else meeting.held_on,
        stage=stage,
        exit_reason=exit_reason,
    )
    record_transitions(transitions=[step], by=by, at=at)
    return step


def plan_next(meeting: Meeting, planned: Planned | str | None, *, by: User, at: datetime) -> NextStep | None:
    """What comes next; what was planned before is settled by this meeting, unless it is kept."""
    standing = NextStep.objects.open().filter(person=meeting.person)
    if planned == AS_PLANNED:
        return standing.first()
    standing.update(outcome=Outcome.DONE, settled_at=at, settled_by=by, settled_in=meeting)
    if not isinstance(planned, Planned):
        return None
    return NextStep.objects.create(
        person=meeting.person,
        project=meeting.project,
        kind=planned.kind,
        due_on=planned.due_on,
        due_time=planned.due_time,
        about=planned.about,
        recorded_at=at,
        recorded_by=by,
    )


@transaction.atomic
def correct_note(*, meeting: Meeting, text: str, by: User, at: datetime) -> Note | None:
    """Other words for a meeting; the former are withdrawn. Without words, the meeting keeps none."""
    meeting = Meeting.objects.select_for_update(of=["self"]).get(pk=meeting.pk)
    standing = Note.objects.standing().filter(meeting=meeting)
    if text and standing.filter(text=text).exists():
        return standing.get()
    standing.update(withdrawn_at=at, withdrawn_by=by)
    note = Note.objects.create(meeting=meeting, text=text, recorded_at=at, recorded_by=by) if text else None
    audit.record("followup.note.corrected", meeting.person, by=by, at=at, meeting_id=meeting.pk)
    return note


@transaction.atomic
def settle_next_step(*, step: NextStep, outcome: Outcome, by: User, at: datetime) -> None:
    """Say that what was planned is done, or dropped. Said twice, the first stands."""
    if NextStep.objects.open().filter(pk=step.pk).update(outcome=outcome, settled_at=at, settled_by=by):
        audit.record("followup.next_step.settled", step, by=by, at=at, outcome=outcome, person_id=step.person_id)


# -- what an FSE+ agreement asks --------------------------------------------------------------------------------------


@transaction.atomic
def answer_fse(
    *,
    person: Person,
    answered_on: date,
    labour: str = "",
    education: str = "",
    result: str = "",
    labour_after: str = "",
    by: User,
    at: datetime,
) -> list[FSEAnswer]:
    """Keep the items that were answered, of entry, of exit, of six months after; they withdraw those before."""
    said = {}
    if labour or education:
        said[Moment.ENTRY] = {"labour": labour, "education": education}
    if result:
        said[Moment.EXIT] = {"result": result}
    if labour_after:
        said[Moment.SIX_MONTHS] = {"labour": labour_after}
    answers = []
    for moment, items in said.items():
        FSEAnswer.objects.standing().filter(person=person, moment=moment).update(withdrawn_at=at, withdrawn_by=by)
        answers.append(
            FSEAnswer.objects.create(
                person=person, moment=moment, answered_on=answered_on, recorded_at=at, recorded_by=by, **items
            )
        )
        audit.record("followup.fse.answered", person, by=by, at=at, moment=moment)
    return answers
