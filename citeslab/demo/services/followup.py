"""Words, plans and next steps of the last weeks, at the named advisor's site and some others."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db.models import Q

from citeslab.accounts.models import User
from citeslab.demo.services import geography
from citeslab.demo.services.staff import NAMED_ADVISOR
from citeslab.followup import services
from citeslab.followup.enums import Kind, Stage
from citeslab.followup.models import Meeting, NextStep, Note, PlanStep, Transition
from citeslab.network.models import FSEPlus, Site

LATELY = timedelta(weeks=9)
HER_LATELY = timedelta(weeks=26)  # at the named advisor's site there is something to read at any scale
OTHER_SITES = 8
NOTED = 0.85  # of the meetings, those with words
PLANNED = 0.6  # of the people met lately, those with whom something is planned
WITH_PLAN = 0.35
DUE_TODAY = 3
KINDS = (Kind.MEET, Kind.MEET, Kind.CALL, Kind.CALL, Kind.REFER, Kind.OTHER)
HOURS = (time(9, 0), time(10, 30), time(14, 0), time(15, 30), None)


def write_lately(*, seed: int, until: date, by: User, at: datetime) -> None:
    """Notes, next steps, plans, an FSE+ agreement here and there; then what the night proposes."""
    rng = np.random.default_rng([seed, 31])
    sites = some_sites(rng)
    FSEPlus.objects.bulk_create(
        FSEPlus(site=site, reference=f"FSE-{until.year - 1}-{site.pk:04}", begins_on=date(until.year - 1, 1, 1))
        for site in sites[::2]
    )
    meetings = list(
        Meeting.objects.standing()
        .filter(
            Q(held_on__gt=until - LATELY) | Q(held_on__gt=until - HER_LATELY, site__mandates__user__name=NAMED_ADVISOR),
            site__in=sites,
        )
        .distinct()
        .select_related("person", "recorded_by")
        .order_by("pk")
    )
    write_notes(rng, meetings)
    # Who has left waits for nothing.
    left = set(Transition.objects.standing().filter(site__in=sites, stage=Stage.SORT).values_list("person", flat=True))
    latest = {meeting.person_id: meeting for meeting in sorted(meetings, key=lambda one: one.held_on)}
    current = [latest[person] for person in sorted(latest, key=lambda one: latest[one].held_on) if person not in left]
    plan_next(rng, current, until)
    make_plans(rng, current, until)
    services.propose_no_news(by=by, at=at)
    services.open_later_news(by=by, at=at)


def some_sites(rng: np.random.Generator) -> list[Site]:
    named = Site.objects.filter(mandates__user__name=NAMED_ADVISOR).distinct()
    others = list(Site.objects.exclude(pk__in=named).order_by("pk"))
    return [*named, *(others[place] for place in rng.permutation(len(others))[:OTHER_SITES])]


def write_notes(rng: np.random.Generator, meetings: list[Meeting]) -> None:
    said = defaultdict(list)
    for row in (geography.DATA / "notes.txt").read_text(encoding="utf-8").splitlines():
        nature, text = row.split("|")
        said[nature].append(text)
    Note.objects.bulk_create(
        Note(
            meeting=meeting,
            text=said[meeting.nature][rng.integers(len(said[meeting.nature]))],
            recorded_at=meeting.recorded_at,
            recorded_by=meeting.recorded_by,
        )
        for meeting in meetings
        if rng.random() < NOTED
    )


def plan_next(rng: np.random.Generator, current: list[Meeting], until: date) -> None:
    """The last ones met at her site are due today; the others some days before or after."""
    hers = Site.objects.filter(mandates__user__name=NAMED_ADVISOR).values_list("pk", flat=True)
    today = {meeting.pk for meeting in [one for one in current if one.site_id in set(hers)][-DUE_TODAY:]}
    steps = []
    for meeting in current:
        is_today = meeting.pk in today
        if not is_today and (rng.random() > PLANNED or meeting.held_on <= until - LATELY):
            continue
        kind = KINDS[rng.integers(len(KINDS))]
        due_on = until + timedelta(days=0 if is_today else int(rng.integers(-4, 15)))
        due_on -= timedelta(days=max(due_on.isoweekday() - 5, 0))  # a Friday rather than the weekend
        steps.append(
            NextStep(
                person=meeting.person,
                project_id=meeting.project_id,
                kind=kind,
                due_on=max(due_on, meeting.held_on),
                due_time=HOURS[rng.integers(len(HOURS))] if kind == Kind.MEET else None,
                about="réponse de la banque" if kind == Kind.OTHER else "",
                recorded_at=meeting.recorded_at,
                recorded_by=meeting.recorded_by,
            )
        )
    NextStep.objects.bulk_create(steps)


def make_plans(rng: np.random.Generator, current: list[Meeting], until: date) -> None:
    whats = (geography.DATA / "plan.txt").read_text(encoding="utf-8").splitlines()
    steps = []
    for meeting in current:
        if rng.random() > WITH_PLAN:
            continue
        for rank, what in enumerate(rng.choice(whats, 3, replace=False)):
            is_done = rank == 0 and rng.random() < 0.6
            steps.append(
                PlanStep(
                    person=meeting.person,
                    project_id=meeting.project_id,
                    what=str(what),
                    due_on=until + timedelta(days=int(rng.integers(-10, 40))),
                    outcome="DONE" if is_done else "",
                    settled_at=meeting.recorded_at if is_done else None,
                    settled_by=meeting.recorded_by if is_done else None,
                    recorded_at=meeting.recorded_at,
                    recorded_by=meeting.recorded_by,
                )
            )
    PlanStep.objects.bulk_create(steps)
