"""Rows of what happened: projects and their holders, meetings, steps, collective actions."""

import csv

import numpy as np
from numpy.typing import NDArray

from citeslab.demo.services import actions, geography, pathways
from citeslab.demo.services.copying import copy, first_key
from citeslab.demo.services.crowd import SEXES, Crowd
from citeslab.demo.services.days import DAY, at_work, day_of, working, written_down
from citeslab.followup.models import Meeting, Transition
from citeslab.projects.models import Project, ProjectHolder
from citeslab.workshops.models import Attendance, HeadCount, Workshop

NATURES = np.array(["RECEPTION", "DIAGNOSIS", "FOLLOW_UP", "PHONE"], dtype=object)
STEPS = np.array(pathways.STEPS, dtype=object)
KINDS = np.array(actions.KINDS, dtype=object)
MINUTES = np.array([20, 30, 45, 60, 90])
TOO_LONG = 100  # minutes written too many, in a meeting noted wrong
NOTED_WRONG = 0.003
SECOND_PROJECT = 0.037  # of the supported, those who carry two
SHARED_PROJECT = 0.04  # of the projects, those carried by two


def trades() -> list[tuple[str, str]]:
    with (geography.DATA / "trades.csv").open(encoding="utf-8") as lines:
        return [(row["title"], row["sector"]) for row in csv.DictReader(lines)]


# -- projects ---------------------------------------------------------------------------------------------------------


def copy_projects(seed: int, crowd: Crowd) -> NDArray:
    """A project for each supported person, two for some, one for two people sometimes. Gives each one's first key."""
    draws = np.random.default_rng([seed, 10]).random((len(crowd.site), 5))
    carries = crowd.situation < pathways.MET
    holders = np.flatnonzero(crowd.there & carries)
    second = holders[draws[holders, 0] < SECOND_PROJECT]
    begun = working(crowd.first_day[second] + (15 + draws[second, 1] * 200).astype("timedelta64[D]"))
    noted = at_work(begun, draws[second, 4])
    known = (begun <= crowd.until) & (noted <= crowd.at)
    second, begun, noted = second[known], begun[known], noted[known]
    owner = np.concatenate([holders, second])
    recorded = np.concatenate([crowd.recorded_at[holders], noted])
    key = first_key(Project) + np.arange(len(owner))
    known_trades = trades()
    trade = [known_trades[n] for n in (draws[owner, 2] * len(known_trades)).astype(int).tolist()]
    copy(
        Project,
        id=key,
        site=crowd.network.sites[crowd.site[owner]],
        reference=[f"J{n:06d}" for n in holders.tolist()] + [f"J{n:06d}-2" for n in second.tolist()],
        title=[title for title, _sector in trade],
        sector=[sector for _title, sector in trade],
        started_on=np.concatenate([crowd.first_day[holders], begun]),
        recorded_at=recorded,
        recorded_by=crowd.holder(owner, recorded),
    )
    first = np.zeros(len(crowd.site), dtype=np.int64)
    first[holders] = key[: len(holders)]
    mate = next_at_the_site(crowd, carries)
    shared = holders[(draws[holders, 3] < SHARED_PROJECT) & (mate[holders] >= 0)]
    shared = shared[crowd.there[mate[shared]]]
    copy(
        ProjectHolder,
        project=np.concatenate([key, first[shared]]),
        person=crowd.key[np.concatenate([owner, mate[shared]])],
    )
    return first


def next_at_the_site(crowd: Crowd, carries: NDArray) -> NDArray:
    """By person's place, the next supported person of the same site; -1 after the last."""
    supported = np.flatnonzero(carries)
    in_order = supported[np.argsort(crowd.site[supported], kind="stable")]
    mate = np.full(len(crowd.site), -1)
    same = crowd.site[in_order[:-1]] == crowd.site[in_order[1:]]
    mate[in_order[:-1][same]] = in_order[1:][same]
    return mate


# -- the pathway ------------------------------------------------------------------------------------------------------


def copy_meetings(rng: np.random.Generator, year: pathways.Year, crowd: Crowd, projects: NDArray) -> None:
    """Meetings; a few were noted wrong, withdrawn some days later and noted again."""
    place, day, nature = year.meetings.T
    on = day_of(year.year, day)
    recorded, known = crowd.noted(rng, place, on)
    minutes = MINUTES[rng.integers(0, len(MINUTES), len(on))]
    corrected = working(recorded + 3 * DAY).astype("datetime64[s]") + np.timedelta64(9, "h")
    redone = known & (rng.random(len(on)) < NOTED_WRONG) & (corrected <= crowd.at)
    wrong, right = np.flatnonzero(redone), np.flatnonzero(known)
    rows = np.concatenate([wrong, right])
    noted = np.concatenate([recorded[wrong], np.where(redone, corrected, recorded)[right]])
    never = np.full(len(right), np.datetime64("NaT"), dtype="datetime64[s]")
    copy(
        Meeting,
        person=crowd.key[place[rows]],
        project=[number or None for number in projects[place[rows]].tolist()],
        site=crowd.network.sites[crowd.site[place[rows]]],
        held_on=on[rows],
        minutes=np.concatenate([minutes[wrong] + TOO_LONG, minutes[right]]),
        nature=NATURES[nature[rows]],
        recorded_at=noted,
        recorded_by=crowd.holder(place[rows], noted),
        withdrawn_at=np.concatenate([corrected[wrong], never]),
        withdrawn_by=[*crowd.holder(place[wrong], corrected[wrong]).tolist(), *[None] * len(right)],
    )


def copy_steps(rng: np.random.Generator, year: pathways.Year, crowd: Crowd, projects: NDArray) -> None:
    place, day, stage, code = year.steps.T
    on = day_of(year.year, day)
    recorded, known = crowd.noted(rng, place, on)
    reason = np.array([pathways.exit_name(number) for number in code.tolist()], dtype=object)
    sure = rng.random(len(on))
    evidence = np.full(len(on), "DECLARED", dtype=object)
    evidence[(stage == pathways.PARC) & (sure < 0.55)] = "PARTNER"
    evidence[np.isin(reason, ["CREATION", "TAKEOVER"]) & (sure < 0.6)] = "REGISTERED"
    evidence[np.isin(reason, ["PARTNER", "INCUBATOR"])] = "PARTNER"
    kept = np.flatnonzero(known)
    copy(
        Transition,
        person=crowd.key[place[kept]],
        project=[number or None for number in projects[place[kept]].tolist()],
        site=crowd.network.sites[crowd.site[place[kept]]],
        occurred_on=on[kept],
        stage=STEPS[stage[kept]],
        exit_reason=reason[kept],
        evidence=evidence[kept],
        recorded_at=recorded[kept],
        recorded_by=crowd.holder(place[kept], recorded[kept]),
    )


# -- collective actions -----------------------------------------------------------------------------------------------


UNSAID = (
    "theme", "audience", "description", "place", "address", "commune_code", "territory", "agreement", "establishment",
    "class_level", "cancelled_because",
)  # fmt: skip


def copy_actions(seed: int, year: pathways.Year, crowd: Crowd, scale: float) -> None:
    """The year's actions, held by each site's first post, and who came to them."""
    opened = np.array([row[4].year for row in crowd.network.staff.sites])
    people = np.arange(year.first, year.first + len(year))
    made = actions.tell(
        seed, year.year, scale, np.flatnonzero(opened <= year.year), people, crowd.site[people], year.first_day
    )
    on = day_of(year.year, made.day)
    recorded = written_down(np.random.default_rng([seed, 13, year.year]), on)
    known = (on <= crowd.until) & (recorded <= crowd.at)
    kept = np.flatnonzero(known)
    key = first_key(Workshop) + np.arange(len(on))
    by = crowd.network.holder(made.site, recorded)  # the first posts come first, in the order of their sites
    off = made.called_off[kept]
    towns = [town.name for town in geography.towns()]
    copy(
        Workshop,
        id=key[kept],
        site=crowd.network.sites[made.site[kept]],
        reference=[f"A{year.year}-{n + 1:03d}" for n in kept.tolist()],
        held_on=on[kept],
        kind=KINDS[made.kind[kept]],
        title=[made.title[n] for n in kept.tolist()],
        commune_name=[towns[n] for n in crowd.network.towns[made.site[kept]].tolist()],
        **dict.fromkeys(UNSAID, ""),
        is_public=False,
        is_planned=False,
        recorded_at=recorded[kept],
        recorded_by=by[kept],
        cancelled_at=np.where(off, recorded[kept], np.datetime64("NaT")),
        cancelled_by=[who if gone else None for who, gone in zip(by[kept].tolist(), off.tolist(), strict=True)],
    )
    action, place = made.came.T
    came = known[action] & crowd.there[place]
    action, place = action[came], place[came]
    copy(
        Attendance,
        workshop=key[action],
        person=crowd.key[place],
        recorded_at=np.maximum(recorded[action], crowd.recorded_at[place]),
        recorded_by=by[action],
    )
    counted, kind = np.nonzero(made.heads * known[:, None])
    copy(
        HeadCount,
        workshop=key[counted],
        sex=SEXES[kind],
        heads=made.heads[counted, kind],
        recorded_at=recorded[counted],
        recorded_by=by[counted],
    )
