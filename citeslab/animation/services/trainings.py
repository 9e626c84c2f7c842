"""Trainings offered, sessions opened, seats taken and given back, who was there, what they thought."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.animation.enums import Competence
from citeslab.animation.models import (
    Enrolment,
    Evaluation,
    HalfDay,
    Need,
    Presence,
    Skill,
    Training,
    TrainingSession,
)
from citeslab.audit import services as audit
from citeslab.notifications import services as notifications
from citeslab.ui.values import day

TOGETHER = 5  # opinions that come to light at once


class CalledOff(Exception):
    def __str__(self):
        return _("This session is called off.")


class Begun(Exception):
    def __str__(self):
        return _("This session has begun: who was there is said on its page.")


class NotBegun(Exception):
    def __str__(self):
        return _("This half-day has not begun: who is there is said once it has.")


class NotThere(Exception):
    def __str__(self):
        return _("Only those who were there say what they thought of it, once.")


@transaction.atomic
def offer_training(*, title: str, purpose: str, competences: Sequence[Competence], by: User, at: datetime) -> Training:
    """An entry of the catalogue."""
    training = Training.objects.create(
        title=title, purpose=purpose, competences=list(competences), recorded_at=at, recorded_by=by
    )
    audit.record("animation.training.offered", training, by=by, at=at)
    return training


@transaction.atomic
def retire_training(*, training: Training, by: User, at: datetime) -> None:
    """Out of the catalogue; its sessions stay. Twice is once."""
    if training.retired_at is None:
        training.retired_at, training.retired_by = at, by
        training.save(update_fields=["retired_at", "retired_by"])
        audit.record("animation.training.retired", training, by=by, at=at)


@transaction.atomic
def open_session(
    *,
    training: Training,
    half_days: Sequence[tuple[datetime, datetime]],
    place: str = "",
    link: str = "",
    seats: int,
    by: User,
    at: datetime,
) -> TrainingSession:
    """Days on which a training is held."""
    session = TrainingSession.objects.create(
        training=training, place=place, link=link, seats=seats, recorded_at=at, recorded_by=by
    )
    HalfDay.objects.bulk_create(HalfDay(session=session, starts_at=start, ends_at=end) for start, end in half_days)
    audit.record("animation.session.opened", session, by=by, at=at, training_id=training.pk)
    return session


@transaction.atomic
def call_off_session(*, session: TrainingSession, by: User, at: datetime) -> None:
    """The session does not take place; those enrolled are told. Twice is once."""
    session = locked(session)
    if session.cancelled_at:
        return
    session.cancelled_at, session.cancelled_by = at, by
    session.save(update_fields=["cancelled_at", "cancelled_by"])
    audit.record("animation.session.called_off", session, by=by, at=at)
    for enrolment in session.enrolments.standing().select_related("user"):
        with translation.override(settings.LANGUAGE_CODE):
            tell(
                enrolment,
                "called_off",
                _("Training called off"),
                _("“%(title)s” is called off. We will say when it is held again.") % {"title": session.training.title},
                at=at,
            )


@transaction.atomic
def enrol(*, session: TrainingSession, user: User, by: User, at: datetime) -> Enrolment:
    """A seat, or a place in the line when there is none left. Raises `CalledOff` or `Begun`. Twice is once."""
    # The lock stops two colleagues from taking the last seat.
    session = locked(session)
    if known := session.enrolments.standing().filter(user=user).first():
        return known
    check_open(session, at=at)
    is_full = session.enrolments.seated().count() >= session.seats
    enrolment = session.enrolments.create(user=user, is_waiting=is_full, recorded_at=at, recorded_by=by)
    audit.record("animation.enrolment.made", enrolment, by=by, at=at, session_id=session.pk, is_waiting=is_full)
    return enrolment


@transaction.atomic
def leave(*, enrolment: Enrolment, by: User, at: datetime) -> None:
    """Her seat goes to the first in line, who is told. Raises `Begun`. Twice is once."""
    session = locked(enrolment.session)
    enrolment.refresh_from_db()
    if enrolment.withdrawn_at:
        return
    if starts_at(session) <= at:
        raise Begun
    enrolment.withdrawn_at, enrolment.withdrawn_by = at, by
    enrolment.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("animation.enrolment.withdrawn", enrolment, by=by, at=at, session_id=session.pk)
    free = session.seats - session.enrolments.seated().count()
    for following in session.enrolments.in_line().select_related("user")[: max(free, 0)]:
        following.is_waiting = False
        following.save(update_fields=["is_waiting"])
        audit.record("animation.enrolment.seated", following, by=by, at=at, session_id=session.pk)
        with translation.override(settings.LANGUAGE_CODE):
            tell(
                following,
                "seated",
                _("You have a seat"),
                _("A seat is free at “%(title)s”: it is yours. If you cannot come, give it back on its page.")
                % {"title": session.training.title},
                at=at,
            )


@transaction.atomic
def note_presences(*, session: TrainingSession, there: Mapping[int, Collection[int]], by: User, at: datetime) -> None:
    """Who was there, by half-day: keys of half-days to keys of enrolments. What was said before is withdrawn.

    Raises `CalledOff`, or `NotBegun` where someone is said to have been at a half-day to come.
    """
    session = locked(session)
    if session.cancelled_at:
        raise CalledOff
    half_days = list(session.half_days.all())
    if any(half_day.starts_at > at and there.get(half_day.pk) for half_day in half_days):
        raise NotBegun
    enrolled = {one.pk: one for one in session.enrolments.seated()}
    said = {(half_day.pk, key) for half_day in half_days for key in there.get(half_day.pk, ()) if key in enrolled}
    standing = {
        (one.half_day_id, one.enrolment_id): one
        for one in Presence.objects.standing().filter(half_day__session=session)
    }
    gone = [one.pk for key, one in standing.items() if key not in said]
    Presence.objects.filter(pk__in=gone).update(withdrawn_at=at, withdrawn_by=by)
    new = [pair for pair in sorted(said) if pair not in standing]
    Presence.objects.bulk_create(
        Presence(half_day_id=half_day, enrolment_id=key, recorded_at=at, recorded_by=by) for half_day, key in new
    )
    audit.record("animation.session.attended", session, by=by, at=at, new=len(new), withdrawn=len(gone))


@transaction.atomic
def evaluate(*, session: TrainingSession, user: User, useful: int, clear: int, recommended: int, at: datetime) -> None:
    """What someone who was there thought, once; shown when five come to light together. Raises `NotThere`."""
    session = locked(session)
    hers = session.enrolments.seated().filter(user=user, has_evaluated=False)
    enrolment = hers.filter(presences__withdrawn_at=None, presences__isnull=False).first()
    if enrolment is None:
        raise NotThere
    enrolment.has_evaluated = True
    enrolment.save(update_fields=["has_evaluated"])
    session.evaluations.create(useful=useful, clear=clear, recommended=recommended)
    unseen = Evaluation.objects.filter(session=session, is_shown=False)
    if unseen.count() >= TOGETHER:
        unseen.update(is_shown=True)


@transaction.atomic
def say_competences(*, user: User, skills: Mapping[str, str], needs: Iterable[str], by: User, at: datetime) -> None:
    """What she is good at, in her words, and what she wishes to grow; what is no longer so is withdrawn."""
    wanted = set(needs)
    kept = {}
    for skill in Skill.objects.standing().filter(user=user):
        kept[skill.competence] = skill.words
    gone = [code for code, words in kept.items() if skills.get(code) != words]
    Skill.objects.standing().filter(user=user, competence__in=gone).update(withdrawn_at=at, withdrawn_by=by)
    new = {code: words for code, words in skills.items() if kept.get(code) != words}
    Skill.objects.bulk_create(
        Skill(user=user, competence=code, words=words, recorded_at=at, recorded_by=by) for code, words in new.items()
    )
    had = set(Need.objects.standing().filter(user=user).values_list("competence", flat=True))
    Need.objects.standing().filter(user=user, competence__in=had - wanted).update(withdrawn_at=at, withdrawn_by=by)
    Need.objects.bulk_create(
        Need(user=user, competence=code, recorded_at=at, recorded_by=by) for code in sorted(wanted - had)
    )
    audit.record("animation.competences.said", user, by=by, at=at, skills=len(skills), needs=len(wanted))


def locked(session: TrainingSession) -> TrainingSession:
    return TrainingSession.objects.select_for_update(of=["self"]).select_related("training").get(pk=session.pk)


def starts_at(session: TrainingSession) -> datetime:
    return session.half_days.order_by("starts_at").values_list("starts_at", flat=True)[0]


def check_open(session: TrainingSession, *, at: datetime) -> None:
    if session.cancelled_at:
        raise CalledOff
    if starts_at(session) <= at:
        raise Begun


def tell(enrolment: Enrolment, occasion: str, subject: str, body: str, *, at: datetime) -> None:
    notifications.post(
        key=f"animation.enrolment.{occasion}:{enrolment.pk}",
        to=enrolment.user.email,
        subject=subject,
        body="\n\n".join([body, _("Session of %(day)s.") % {"day": day(starts_at(enrolment.session), "weekday")}]),
        at=at,
        about=enrolment,
    )
