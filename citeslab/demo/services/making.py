"""From what was drawn to the rows of each room."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.demo.models import Demonstration
from citeslab.demo.services import actions, geography, pathways
from citeslab.demo.services.copying import copy, first_key, postponed
from citeslab.demo.services.identities import Homes, Identities, words
from citeslab.demo.services.staff import FIRST_DAY, Staff, site_of_each, staff
from citeslab.figures import queries as figures
from citeslab.followup.models import Meeting, Transition
from citeslab.network.enums import Role
from citeslab.network.models import Coverage, HostOrganization, Mandate, Post, Site, Tenure
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.projects.models import Project, ProjectHolder
from citeslab.territories import queries as territories
from citeslab.territories import services as territory_services
from citeslab.territories.enums import Edition
from citeslab.territories.models import Department
from citeslab.territories.values import TERRITORIES, territories_of
from citeslab.workshops.models import Attendance, HeadCount, Workshop

SEED = 2002
NATURES = np.array(["RECEPTION", "DIAGNOSIS", "FOLLOW_UP", "PHONE"], dtype=object)
STEPS = np.array(pathways.STEPS, dtype=object)
SEXES = np.array(["WOMAN", "MAN", "UNKNOWN"], dtype=object)
PLANTED_UP_TO = 2016
MINUTES = np.array([20, 30, 45, 60, 90])
SECOND_PROJECT = 0.037  # of the supported, those who carry two
SHARED_PROJECT = 0.04  # of the projects, those carried by two
DAY = np.timedelta64(1, "D")

# Named accounts: key, name, role. The advisor holds the second post of the first site, from 2019 on.
NAMED = {
    "advisor": ("Inès Carvalho", Role.ADVISOR),
    "coordinator": ("Samuel Okafor", Role.COORDINATOR),
    "pilot": ("Agnès Lorrain", Role.PILOT),
    "funder": ("Claire Duval", Role.FUNDER),
}
LARGE = (
    Person, Residence, ResidenceAnswer, Project, ProjectHolder, Meeting, Transition, Workshop, Attendance, HeadCount,
)  # fmt: skip
Progress = Callable[[str], None]


class NotInvented(Exception):
    """The database holds people who were not invented here: a demonstration never mixes with them."""


def email_of(account: str) -> str:
    return f"{account}@exemple.fr"


@transaction.atomic
def make_demonstration(
    *,
    until: date,
    by: User,
    at: datetime,
    scale: float = 1.0,
    seed: int = SEED,
    qpv: Path | None = None,
    progress: Progress = lambda step: None,
) -> Demonstration:
    """Make the whole network, from 2002 to `until`, in one transaction; raises `NotInvented`.

    `scale` draws fewer people and actions for the same network. `qpv` is an official file of the 2024 edition,
    used instead of the drawn neighborhoods.
    """
    if Person.objects.exists() or Site.objects.exists():
        raise NotInvented
    progress("Drawing neighborhoods")
    drawn = geography.neighborhoods(seed)
    load_neighborhoods(drawn, qpv, by=by, at=at)
    progress("Opening sites")
    people = staff(seed, drawn)
    network = copy_staff(people, until, by=by)
    progress("Meeting people")
    told = tell_years(seed, until, scale, people)
    with postponed(*LARGE):
        crowd = copy_people(seed, told, drawn, network, until, by=by, at=at)
        progress("Writing projects")
        projects = copy_projects(seed, crowd)
        progress("Writing meetings and steps")
        copy_facts(seed, told, crowd, projects)
        progress("Holding workshops")
        copy_actions(seed, told, crowd, scale)
        progress("Reading neighborhoods of residence")
        copy_answers(crowd, by=by, at=at)
        progress("Checking every key")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    progress("Computing twenty years of figures")
    figures.network_of_years(FIRST_DAY.year, until.year)
    audit.record("demo.network.made", by=by, at=at, seed=seed, until=until.isoformat())
    return Demonstration.objects.create(made_at=at, seed=seed, until=until)


def load_neighborhoods(drawn, qpv: Path | None, *, by: User, at: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for edition, released_on in ((Edition.E2015, date(2015, 1, 1)), (Edition.E2024, date(2024, 1, 1))):
            if edition == Edition.E2024 and qpv:
                territory_services.load_release(path=qpv, edition=edition, released_on=at.date(), by=by, at=at)
                continue
            path = Path(folder) / f"demonstration-{edition}.geojson"
            geography.write_outlines(path, drawn, edition)
            territory_services.load_release(
                path=path, edition=edition, released_on=released_on, is_drawn=True, by=by, at=at
            )


# -- the network ------------------------------------------------------------------------------------------------------


@dataclass
class Network:
    """Keys of what was copied, and who held each site's first post when."""

    sites: NDArray
    site_codes: list[str]
    towns: NDArray
    first_holder: dict[int, tuple[NDArray, NDArray]]  # by site: days of beginning, users
    staff: Staff


def copy_staff(made: Staff, until: date, *, by: User) -> Network:
    home = geography.towns()
    Department.objects.bulk_create(
        [Department(code=code, name=code) for code in sorted({town.department for town in home})], ignore_conflicts=True
    )
    organization, site, post, user = (first_key(model) for model in (HostOrganization, Site, Post, User))
    copy(
        HostOrganization,
        id=[organization + n for n in range(len(made.organizations))],
        name=[name for name, _form in made.organizations],
        legal_form=[form for _name, form in made.organizations],
    )
    town = np.array([town for _c, _n, _o, town, _d in made.sites])
    copy(
        Site,
        id=[site + n for n in range(len(made.sites))],
        code=[row[0] for row in made.sites],
        name=[row[1] for row in made.sites],
        sort_key=[sort_key(row[1]) for row in made.sites],
        organization=[organization + row[2] for row in made.sites],
        department=[home[number].department for number in town.tolist()],
        commune_code=[home[number].code for number in town.tolist()],
        opened_on=[row[4] for row in made.sites],
    )
    posts = [row for row in made.posts if row[1] <= until]
    copy(
        Post,
        id=[post + n for n in range(len(posts))],
        site=[site + row[0] for row in posts],
        begins_on=[row[1] for row in posts],
        ends_on=None,
        full_time_percent=100,
    )
    tenures = [row for row in made.tenures if row[2] <= until]
    names = advisor_names(made.users)
    users = sorted({row[1] for row in tenures})
    copy(
        User,
        id=[user + n for n in users],
        email=[f"{sort_key(names[n]).replace(' ', '.')}.{n}@exemple.fr" for n in users],
        name=[names[n] for n in users],
        sort_key=[sort_key(names[n]) for n in users],
        password="!",
        is_active=True,
        created_at=FIRST_DAY,
    )
    ends = [row[3] if row[3] and row[3] <= until else None for row in tenures]
    copy(
        Tenure,
        post=[post + row[0] for row in tenures],
        user=[user + row[1] for row in tenures],
        begins_on=[row[2] for row in tenures],
        ends_on=ends,
    )
    copy(
        Mandate,
        user=[user + row[1] for row in tenures],
        role=Role.ADVISOR.value,
        site=[site + made.posts[row[0]][0] for row in tenures],
        organization=None,
        begins_on=[row[2] for row in tenures],
        ends_on=ends,
    )
    coverages = [row for row in made.coverages if row[3] <= until]
    copy(
        Coverage,
        site=[site + row[0] for row in coverages],
        edition=[row[1] for row in coverages],
        qpv_code=[row[2] for row in coverages],
        begins_on=[row[3] for row in coverages],
        ends_on=[row[4] for row in coverages],
    )
    holders: dict[int, list[tuple[date, int]]] = {}
    for number, holder, begins, _ends in tenures:
        holders.setdefault(made.posts[number][0], []).append((begins, user + holder))
    in_order = {
        number: (
            np.array([day for day, _u in sorted(rows)], dtype="datetime64[D]"),
            np.array([who for _day, who in sorted(rows)]),
        )
        for number, rows in holders.items()
    }
    name_accounts(until, site, organization, made, at_site=0)
    sites = np.arange(site, site + len(made.sites))
    return Network(sites, [row[0] for row in made.sites], town, in_order, made)


def advisor_names(count: int) -> list[str]:
    first, family = words("women") + words("men"), words("names")
    return [f"{first[n * 37 % len(first)]} {family[n * 11 % len(family)]}" for n in range(count)]


def name_accounts(until: date, site: int, organization: int, made: Staff, at_site: int) -> None:
    """The four accounts of the demonstration, beside the advisors."""
    shared = next(row[2] for row in made.sites if sum(other[2] == row[2] for other in made.sites) > 1)
    perimeter = {
        Role.ADVISOR: {"site_id": site + at_site},
        Role.COORDINATOR: {"organization_id": organization + shared},
        Role.PILOT: {},
        Role.FUNDER: {},
    }
    for account, (name, role) in NAMED.items():
        user = User(email=email_of(account), name=name, created_at=datetime(2019, 1, 7).astimezone())
        user.set_unusable_password()
        user.save()
        Mandate.objects.create(
            user=user, role=role, begins_on=min(date(2019, 1, 7), until), ends_on=None, **perimeter[role]
        )


# -- people -----------------------------------------------------------------------------------------------------------


@dataclass
class Crowd:
    """Columns by person's place, and which of them are there by the last day told."""

    network: Network
    key: NDArray
    site: NDArray
    first_day: NDArray  # dates
    situation: NDArray
    there: NDArray  # bool
    homes: Homes
    residence_key: NDArray
    until: np.datetime64
    at: np.datetime64

    def holder(self, place: NDArray, on: NDArray) -> NDArray:
        """Who held a post of each person's site that day, or before it."""
        return self.holder_of_sites(self.site[place], on)

    def holder_of_sites(self, sites: NDArray, on: NDArray) -> NDArray:
        users = np.zeros(len(sites), dtype=np.int64)
        for number, (days, who) in self.network.first_holder.items():
            here = np.flatnonzero(sites == number)
            users[here] = who[np.maximum(np.searchsorted(days, on[here], side="right") - 1, 0)]
        return users

    def recorded(self, rng: np.random.Generator, on: NDArray) -> NDArray:
        """When the books learned of facts of these days: mostly the same day, sometimes weeks later."""
        draws = rng.random((len(on), 2))
        late = np.where(
            draws[:, 0] < 0.85, 0, np.where(draws[:, 0] < 0.99, 1 + (draws[:, 0] * 97 % 9), 20 + draws[:, 0] * 97 % 40)
        )
        minute = (7 * 60 + draws[:, 1] * 9 * 60).astype("timedelta64[m]")
        when = on.astype("datetime64[s]") + late.astype("timedelta64[D]") + minute
        same_day = on.astype("datetime64[s]") + np.timedelta64(7, "h")
        return np.where(when > self.at, np.minimum(same_day, self.at), when)


def tell_years(seed: int, until: date, scale: float, made: Staff) -> list[pathways.Year]:
    years: list[pathways.Year] = []
    first, before = 0, None
    for year in range(FIRST_DAY.year, until.year + 1):
        before = pathways.tell(seed, year, first, before, scale)
        first += len(before)
        years.append(before)
    return years


def day_of(year: int, day: NDArray) -> NDArray:
    """Dates of days of the year, brought back to a working day."""
    dates = np.datetime64(f"{year}-01-01") + (day.astype(np.int64) - 1) * DAY
    return np.busday_offset(dates, 0, roll="modifiedpreceding")


def copy_people(seed, told, drawn, network: Network, until: date, *, by: User, at: datetime) -> Crowd:
    first_day = np.concatenate([day_of(year.year, year.first_day) for year in told])
    site = np.concatenate(
        [
            site_of_each(network.staff, np.random.default_rng([seed, 8, year.year]), year.year, len(year))
            for year in told
        ]
    )
    sex = np.concatenate([year.sex for year in told])
    last = np.datetime64(until)
    there = first_day <= last
    settled = sum(len(year) for year in told if year.year <= PLANTED_UP_TO)
    who = Identities(seed, sex, first_day, site, settled)
    homes = Homes(seed, drawn, network.towns[site])
    place = np.arange(len(site))
    crowd = Crowd(
        network, first_key(Person) + place, site, first_day, np.concatenate([year.situation for year in told]), there,
        homes, first_key(Residence) + place, last, np.datetime64(at.replace(tzinfo=None), "s"),
    )  # fmt: skip
    rng = np.random.default_rng([seed, 9])
    recorded = crowd.recorded(rng, first_day)
    recorded_by = crowd.holder(place, first_day)
    kept = np.flatnonzero(there)
    keep = kept.tolist()
    copy(
        Person,
        id=crowd.key[kept],
        site=network.sites[site[kept]],
        reference=[f"P{number:06d}" for number in keep],
        first_name=[who.first[n] for n in keep],
        preferred_name=[who.family[n] for n in keep],
        sort_key=[who.sort_key[n] for n in keep],
        sex=SEXES[sex[kept]],
        born_on=np.where(who.no_birth_date, np.datetime64("NaT"), who.born)[kept].astype("datetime64[D]"),
        phone=[who.phone[n] for n in keep],
        email=[who.email[n] for n in keep],
        situation_at_entry=[who.situation[n] for n in keep],
        diploma=[who.diploma[n] for n in keep],
        contact_source=[who.source[n] for n in keep],
        recorded_at=recorded[kept],
        recorded_by=recorded_by[kept],
    )
    towns = geography.towns()
    located = homes.is_located[kept]
    kinds = np.array([territory.value for territory in TERRITORIES], dtype=object)
    territory = kinds[territories_of(homes.places[kept, 0], homes.places[kept, 1])]
    copy(
        Residence,
        id=crowd.residence_key[kept],
        person=crowd.key[kept],
        begins_on=None,
        ends_on=None,
        address=[homes.address[n] if homes.is_located[n] else "" for n in keep],
        postal_code="",
        commune_name=[towns[n].name for n in network.towns[site[kept]].tolist()],
        longitude=np.where(located, homes.places[kept, 0], np.nan),
        latitude=np.where(located, homes.places[kept, 1], np.nan),
        territory=np.where(located, territory, ""),
        recorded_at=recorded[kept],
        recorded_by=recorded_by[kept],
    )
    return crowd


def copy_answers(crowd: Crowd, *, by: User, at: datetime) -> None:
    """The answer of each located residence in each edition, as `people.services.answer_residences` would give."""
    kept = np.flatnonzero(crowd.there & crowd.homes.is_located)
    places = crowd.homes.places[kept]
    for edition in Edition:
        found = territories.locate_many(longitudes=places[:, 0], latitudes=places[:, 1], edition=edition)
        assert found is not None  # both editions were loaded above
        copy(
            ResidenceAnswer,
            residence=crowd.residence_key[kept],
            edition=int(edition),
            release=found.index.release_id,
            answer=found.answers,
            qpv_code=found.first_codes,
            border_m=np.round(found.borders, 1),
            method="COMPUTED",
            reason="",
            recorded_at=at,
            recorded_by=by.pk,
        )


# -- projects and facts -----------------------------------------------------------------------------------------------


def copy_projects(seed: int, crowd: Crowd) -> NDArray:
    """A project for each supported person, two for some, one for two people sometimes. Gives each one's first."""
    draws = np.random.default_rng([seed, 10]).random((len(crowd.site), 5))
    trades = [line.split(",") for line in (geography.DATA / "trades.csv").read_text(encoding="utf-8").split("\n")[1:-1]]
    holders = np.flatnonzero(crowd.there & (crowd.situation < pathways.MET))
    second = holders[draws[holders, 0] < SECOND_PROJECT]
    begun = crowd.first_day[second] + (15 + draws[second, 1] * 200).astype("timedelta64[D]")
    second, begun = second[begun <= crowd.until], begun[begun <= crowd.until]
    owner = np.concatenate([holders, second])
    started = np.concatenate([crowd.first_day[holders], begun])
    key = first_key(Project) + np.arange(len(owner))
    trade = (draws[owner, 2] * len(trades)).astype(int).tolist()
    recorded = crowd.recorded(np.random.default_rng([seed, 11]), started)
    copy(
        Project,
        id=key,
        site=crowd.network.sites[crowd.site[owner]],
        reference=[f"J{number:06d}" for number in range(len(owner))],
        title=[trades[n][0] for n in trade],
        sector=[trades[n][1] for n in trade],
        started_on=started,
        recorded_at=recorded,
        recorded_by=crowd.holder(owner, started),
    )
    mates = np.flatnonzero(
        (draws[holders[:-1], 3] < SHARED_PROJECT) & (crowd.site[holders[:-1]] == crowd.site[holders[1:]])
    )
    copy(
        ProjectHolder,
        project=np.concatenate([key, key[mates]]),
        person=crowd.key[np.concatenate([owner, holders[1:][mates]])],
    )
    first_project = np.zeros(len(crowd.site), dtype=np.int64)
    first_project[holders] = key[: len(holders)]
    return first_project


def copy_facts(seed: int, told: list[pathways.Year], crowd: Crowd, projects: NDArray) -> None:
    for year in told:
        rng = np.random.default_rng([seed, 12, year.year])
        place, day, nature = year.meetings.T
        on = day_of(year.year, day)
        recorded = crowd.recorded(rng, on)
        minutes = MINUTES[rng.integers(0, len(MINUTES), len(on))]
        redone = rng.uniform(size=len(on)) < 0.003
        told_by_then = on <= crowd.until
        copy_meetings(crowd, projects, place, on, nature, minutes, recorded, redone, told_by_then)
        copy_steps(rng, year, crowd, projects)


def copy_meetings(crowd, projects, place, on, nature, minutes, recorded, redone, kept) -> None:
    """Meetings; a few were noted wrong, withdrawn three days later and noted again."""
    wrong = np.flatnonzero(kept & redone & (recorded + 3 * DAY <= crowd.at))
    right = np.flatnonzero(kept)
    again = np.isin(right, wrong)
    rows = np.concatenate([wrong, right])
    withdrawn = np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[s]")
    withdrawn[: len(wrong)] = recorded[wrong] + 3 * DAY
    noted = recorded[rows].copy()
    noted[len(wrong) :][again] += 3 * DAY
    by = crowd.holder(place[rows], on[rows])
    project = projects[place[rows]].tolist()
    length = minutes[rows].copy()
    length[: len(wrong)] += 100
    copy(
        Meeting,
        person=crowd.key[place[rows]],
        project=[number or None for number in project],
        site=crowd.network.sites[crowd.site[place[rows]]],
        held_on=on[rows],
        minutes=length,
        nature=NATURES[nature[rows]],
        recorded_at=noted,
        recorded_by=by,
        withdrawn_at=withdrawn,
        withdrawn_by=[int(who) if n < len(wrong) else None for n, who in enumerate(by.tolist())],
    )


def copy_steps(rng: np.random.Generator, year: pathways.Year, crowd: Crowd, projects: NDArray) -> None:
    place, day, stage, code = year.steps.T
    on = day_of(year.year, day)
    recorded = crowd.recorded(rng, on)
    reason = [pathways.exit_name(number) for number in code.tolist()]
    sure = rng.uniform(size=len(on))
    evidence = np.full(len(on), "DECLARED", dtype=object)
    evidence[(stage == pathways.PARC) & (sure < 0.55)] = "PARTNER"
    registered = np.array([name in {"CREATION", "TAKEOVER"} for name in reason])
    evidence[registered & (sure < 0.6)] = "REGISTERED"
    evidence[np.array([name in {"PARTNER", "INCUBATOR"} for name in reason])] = "PARTNER"
    kept = np.flatnonzero(on <= crowd.until)
    copy(
        Transition,
        person=crowd.key[place[kept]],
        project=[number or None for number in projects[place[kept]].tolist()],
        site=crowd.network.sites[crowd.site[place[kept]]],
        occurred_on=on[kept],
        stage=STEPS[stage[kept]],
        exit_reason=[reason[n] for n in kept.tolist()],
        evidence=evidence[kept],
        recorded_at=recorded[kept],
        recorded_by=crowd.holder(place[kept], on[kept]),
    )


def copy_actions(seed: int, told: list[pathways.Year], crowd: Crowd, scale: float) -> None:
    towns = geography.towns()
    number = 0
    for year in told:
        open_sites = np.array([n for n, row in enumerate(crowd.network.staff.sites) if row[4].year <= year.year])
        people = np.arange(year.first, year.first + len(year))
        made = actions.tell(seed, year.year, scale, open_sites, people, crowd.site[people], year.first_day)
        on = day_of(year.year, made.day)
        rng = np.random.default_rng([seed, 13, year.year])
        recorded = crowd.recorded(rng, on)
        kept = np.flatnonzero(on <= crowd.until)
        if not len(kept):
            continue
        key = first_key(Workshop) + np.arange(len(on))
        by = crowd.holder_of_sites(made.site, on)
        off = made.called_off[kept]
        copy(
            Workshop,
            id=key[kept],
            site=crowd.network.sites[made.site[kept]],
            reference=[f"A{number + n:06d}" for n in kept.tolist()],
            held_on=on[kept],
            kind=np.array(actions.KINDS, dtype=object)[made.kind[kept]],
            title=[made.title[n] for n in kept.tolist()],
            commune_name=[towns[n].name for n in crowd.network.towns[made.site[kept]].tolist()],
            recorded_at=recorded[kept],
            recorded_by=by[kept],
            cancelled_at=np.where(off, recorded[kept], np.datetime64("NaT")),
            cancelled_by=[
                int(who) if gone else None for who, gone in zip(by[kept].tolist(), off.tolist(), strict=True)
            ],
        )
        number += len(on)
        copy_who_came(crowd, made, key, by, recorded, kept)


def copy_who_came(crowd, made, key, by, recorded, kept) -> None:
    action, place = made.came.T
    there = np.isin(action, kept)
    action, place = action[there], place[there]
    if len(action):
        copy(
            Attendance,
            workshop=key[action],
            person=crowd.key[place],
            recorded_at=recorded[action],
            recorded_by=by[action],
        )
    counted, kind = np.nonzero(made.heads)
    there = np.isin(counted, kept)
    counted, kind = counted[there], kind[there]
    if len(counted):
        copy(
            HeadCount,
            workshop=key[counted],
            sex=SEXES[kind],
            heads=made.heads[counted, kind],
            recorded_at=recorded[counted],
            recorded_by=by[counted],
        )
