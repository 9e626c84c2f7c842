"""The catalogue, the sessions, what each says of her craft."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from citeslab.accounts.models import User
from citeslab.animation.enums import Competence
from citeslab.animation.models import Enrolment, Evaluation, Need, Presence, Skill, Training, TrainingSession
from citeslab.animation.queries.meetings import members
from citeslab.network.models import Mandate
from citeslab.territories.models import Department


def catalogue(*, competence: str = "") -> QuerySet[Training]:
    found = Training.objects.offered()
    if competence:
        found = found.filter(competences__contains=[competence])
    return found.order_by("title", "pk")


def sessions_to_come(at: datetime) -> QuerySet[TrainingSession]:
    return TrainingSession.objects.to_come(at).with_seats().select_related("training").order_by("starts_at", "pk")


def sessions_of(user: User) -> dict[str, set[int]]:
    """The sessions at which she has a seat (`hers`), and those for which she waits in line (`waited`)."""
    standing = Enrolment.objects.standing().filter(user=user).values_list("session", "is_waiting")
    found: dict[str, set[int]] = {"hers": set(), "waited": set()}
    for session, is_waiting in standing:
        found["waited" if is_waiting else "hers"].add(session)
    return found


def attended(user: User) -> list[tuple[Enrolment, timedelta]]:
    """The sessions at which she was, the last first, with how long."""
    found = (
        Enrolment.objects.standing()
        .filter(user=user, presences__withdrawn_at=None, presences__isnull=False)
        .distinct()
        .select_related("session__training")
        .prefetch_related(Prefetch("presences", Presence.objects.standing().select_related("half_day"), "there"))
        .order_by("-session", "pk")
    )
    return [(one, time_there(one.there)) for one in found]


def time_there(presences: Sequence[Presence]) -> timedelta:
    return sum((one.half_day.ends_at - one.half_day.starts_at for one in presences), start=timedelta())


def needs_counted(on: date) -> list[tuple[Competence, int]]:
    """How many of those who work here wish to grow each competence, the most wished first."""
    wished = (
        Need.objects.standing()
        .filter(user__in=members(on).values("pk"))
        .order_by()
        .values_list("competence")
        .annotate(n=Count("pk"))
    )
    counted = [(Competence(code), n) for code, n in wished]
    return sorted(counted, key=lambda row: (-row[1], str(row[0].label)))


def evaluations(session: TrainingSession) -> dict[str, list[int]] | None:
    """How many said no, so-so, yes to each question, of what is shown; nothing while too few answered."""
    rows = list(Evaluation.objects.filter(session=session, is_shown=True).values_list("useful", "clear", "recommended"))
    if not rows:
        return None
    return {
        name: [[row[place] for row in rows].count(answer) for answer in (1, 2, 3)]
        for place, name in enumerate(("useful", "clear", "recommended"))
    }


def colleagues(
    *, competence: str = "", department: Department | None = None, words: str = "", on: date
) -> QuerySet[User]:
    """Who says what she is good at, with `told` (her skills) and `posts` (where she works), by name."""
    skills = Skill.objects.of_members(on=on)
    if competence:
        skills = skills.filter(competence=competence)
    if words:
        skills = skills.filter(words__icontains=words)
    found = User.objects.filter(pk__in=skills.values("user"))
    now = Mandate.objects.on(on).select_related("site__department", "organization")
    if department:
        there = Q(site__department=department) | Q(organization__sites__department=department)
        found = found.filter(pk__in=now.filter(there).values("user"))
    return found.prefetch_related(
        Prefetch("skills", Skill.objects.standing().order_by("competence"), "told"),
        Prefetch("mandates", now.order_by("pk"), "posts"),
    ).order_by("sort_key", "pk")
