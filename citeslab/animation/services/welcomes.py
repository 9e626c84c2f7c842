"""The first weeks of a new advisor: the list that the pilot keeps, and the one made for each."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.animation import queries
from citeslab.animation.models import FirstStep, Welcome, WelcomeStep
from citeslab.audit import services as audit


@transaction.atomic
def begin_step(*, words: str, days: int, replaces: FirstStep | None = None, by: User, at: datetime) -> FirstStep:
    """A line of the list from today on, in the place of another or beside them."""
    on = timezone.localdate(at)
    if replaces:
        end_step(step=replaces, by=by, at=at)
    step = FirstStep.objects.create(words=words, days=days, begins_on=on)
    audit.record("animation.first_step.begun", step, by=by, at=at)
    return step


@transaction.atomic
def end_step(*, step: FirstStep, by: User, at: datetime) -> None:
    """Off the list of who begins from now on; the lists made before keep it. Twice is once."""
    if step.ends_on is None:
        step.ends_on = max(timezone.localdate(at), step.begins_on + timedelta(days=1))
        step.save(update_fields=["ends_on"])
        audit.record("animation.first_step.ended", step, by=by, at=at)


@transaction.atomic
def welcome_newcomers(*, at: datetime) -> int:
    """A list for each advisor who began lately, for the first time, and has none; how many were made."""
    on = timezone.localdate(at)
    steps = list(FirstStep.objects.on(on).order_by("days", "pk"))
    mandates = list(queries.newcomers(on)) if steps else []
    for mandate in mandates:
        welcome, is_new = Welcome.objects.get_or_create(mandate=mandate, defaults={"made_at": at})
        if is_new:
            WelcomeStep.objects.bulk_create(
                WelcomeStep(welcome=welcome, step=step, due_on=due(mandate.begins_on, step)) for step in steps
            )
            audit.record("animation.welcome.made", welcome, by=AnonymousUser(), at=at, steps=len(steps))
    return len(mandates)


def due(begins_on: date, step: FirstStep) -> date:
    return begins_on + timedelta(days=step.days)


@transaction.atomic
def check(*, step: WelcomeStep, is_done: bool, by: User, at: datetime) -> None:
    """A line of her list is done, or is not after all. Twice is once."""
    step = WelcomeStep.objects.select_for_update(of=["self"]).get(pk=step.pk)
    if (step.done_at is not None) is is_done:
        return
    step.done_at, step.done_by = (at, by) if is_done else (None, None)
    step.save(update_fields=["done_at", "done_by"])
    audit.record("animation.welcome_step.checked", step, by=by, at=at, is_done=is_done)
