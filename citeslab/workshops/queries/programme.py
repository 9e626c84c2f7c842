"""The programme: what is to come, to close, past."""

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from citeslab.workshops.models import Attendance, HeadCount, Registration, Workshop


def to_come(workshops: QuerySet[Workshop], *, on: date) -> QuerySet[Workshop]:
    return workshops.filter(held_on__gte=on, cancelled_at=None).order_by("held_on", "pk")


def to_close(workshops: QuerySet[Workshop], *, on: date) -> QuerySet[Workshop]:
    """Planned, past, and not said to be held: they count nowhere yet."""
    return workshops.filter(held_on__lt=on, is_planned=True, cancelled_at=None).order_by("held_on", "pk")


def past(workshops: QuerySet[Workshop], *, on: date) -> QuerySet[Workshop]:
    """Held, or called off; the latest first."""
    return workshops.filter(Q(held_on__lt=on, is_planned=False) | ~Q(cancelled_at=None)).order_by("-held_on", "-pk")


def with_counts(workshops: QuerySet[Workshop]) -> QuerySet[Workshop]:
    """`registered`, `waiting`: of those who stand. `came`: with a name; `heads`: without."""
    standing = Registration.objects.standing().filter(workshop=OuterRef("pk")).order_by().values("workshop")
    came = Attendance.objects.standing().filter(workshop=OuterRef("pk")).order_by().values("workshop")
    heads = HeadCount.objects.standing().filter(workshop=OuterRef("pk")).order_by().values("workshop")

    def number(rows, total):
        return Coalesce(Subquery(rows.annotate(total=total).values("total")), 0)

    return workshops.annotate(
        registered=number(standing.filter(is_waiting=False), Count("pk")),
        waiting=number(standing.filter(is_waiting=True), Count("pk")),
        came=number(came, Count("pk")),
        heads=number(heads, Sum("heads")),
    )
