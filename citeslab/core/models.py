"""Abstract models and constraints that several rooms use; what is asked of the tables once per page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

P = ParamSpec("P")
R = TypeVar("R")
_KEPT: ContextVar[dict[Any, Any] | None] = ContextVar("kept_for_this_page", default=None)


def both_or_neither(first: str, second: str) -> models.CheckConstraint:
    """Who and when are set together, or not at all."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{first}_with_{second}",
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
    )


class FactQuerySet(models.QuerySet):
    def standing(self):
        """Facts that no correction has withdrawn."""
        return self.filter(withdrawn_at=None)

    def known_by(self, at: datetime):
        """Facts as they stood in the books at that instant."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), recorded_at__lte=at)


class Fact(models.Model):
    """Something that was recorded and is never rewritten: a correction withdraws it and records another.

    Two times walk side by side: the fact's own day, and when the books learned it. A report of last year can
    so be made again as it was known then.
    """

    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [both_or_neither("withdrawn_at", "withdrawn_by")]

    def outweighs(self, other: "Fact") -> bool:
        """Whether this one stands, of two found to be told of the same person; else the one of the file kept."""
        return False


@contextmanager
def one_page() -> Iterator[None]:
    """While this lasts, a question marked `once_per_page` is asked of the database once."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def once_per_page(question: Callable[P, R]) -> Callable[P, R]:
    """Keep the answer for the page being made. A page that writes, and a task, ask each time.

    The answer is shared: it must be one that nobody changes.
    """

    @wraps(question)
    def asked(*args: P.args, **named: P.kwargs) -> R:
        kept = _KEPT.get()
        if kept is None:
            return question(*args, **named)
        key = (question, args, tuple(named.items()))
        if key not in kept:
            kept[key] = question(*args, **named)
        return kept[key]

    return asked
