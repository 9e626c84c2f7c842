"""The first weeks of new advisors."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from citeslab.accounts.models import User
from citeslab.animation.models import Welcome, WelcomeStep
from citeslab.network.enums import Role
from citeslab.network.models import Mandate

BEGAN_WITHIN = timedelta(days=30)


def newcomers(on: date) -> QuerySet[Mandate]:
    """Mandates of advisors begun lately that are the first of their holder, and have no list yet."""
    earlier = Mandate.objects.filter(role=Role.ADVISOR, user=OuterRef("user"), begins_on__lt=OuterRef("begins_on"))
    twin = Mandate.objects.filter(
        role=Role.ADVISOR, user=OuterRef("user"), begins_on=OuterRef("begins_on"), pk__lt=OuterRef("pk")
    )
    found = Mandate.objects.on(on).filter(role=Role.ADVISOR, begins_on__gt=on - BEGAN_WITHIN, welcome=None)
    return found.filter(~Exists(earlier), ~Exists(twin)).order_by("pk")


def welcomes(user: User, *, on: date) -> QuerySet[Welcome]:
    """Unfinished lists that she sees, the newest first, with their lines."""
    steps = WelcomeStep.objects.select_related("step", "done_by")
    return (
        Welcome.objects.visible_to(user, on=on)
        .unfinished()
        .select_related("mandate__user", "mandate__site")
        .prefetch_related(Prefetch("steps", steps))
        .order_by("-mandate__begins_on", "pk")
    )


def next_steps(user: User) -> QuerySet[WelcomeStep]:
    """What is left of her own list."""
    left = WelcomeStep.objects.filter(welcome__mandate__user=user, done_at=None)
    return left.select_related("step").order_by("due_on", "pk")
