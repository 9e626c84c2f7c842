"""From what was drawn to the rows of each room, in one transaction."""

import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import numpy as np
from django.db import connection, transaction

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.demo.models import Demonstration
from citeslab.demo.services import facts, followup, geography, pathways
from citeslab.demo.services.agenda import plant_agenda
from citeslab.demo.services.copying import postponed
from citeslab.demo.services.crowd import RELEASED_ON, Crowd, copy_homes, copy_people, gather
from citeslab.demo.services.door import plant_door
from citeslab.demo.services.duplicates import plant_duplicates
from citeslab.demo.services.funding import plant_funding
from citeslab.demo.services.geography import Neighborhood
from citeslab.demo.services.lists import plant_assignments
from citeslab.demo.services.network import copy_network
from citeslab.demo.services.network_life import plant_network_life
from citeslab.demo.services.posts import plant_posts
from citeslab.demo.services.programme import plant_programme
from citeslab.demo.services.referrals import plant_referrals
from citeslab.demo.services.reports import plant_reports
from citeslab.demo.services.rights import plant_rights
from citeslab.demo.services.staff import FIRST_DAY, staff
from citeslab.demo.services.targets import plant_targets
from citeslab.demo.services.website import plant_website
from citeslab.followup.models import Meeting, Transition
from citeslab.network.models import Site
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.projects.models import Project, ProjectHolder
from citeslab.territories import queries as territories
from citeslab.territories import services as territory_services
from citeslab.territories.enums import Edition
from citeslab.workshops.models import Attendance, HeadCount, Workshop

SEED = 2002
LARGE = (
    Person, Residence, ResidenceAnswer, Project, ProjectHolder, Meeting, Transition, Workshop, Attendance, HeadCount,
)  # fmt: skip
Progress = Callable[[str], None]


class NotInvented(Exception):
    """The database holds people who were not invented here: a demonstration never mixes with them."""


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

    Only what is noted by `at` is told. `scale` draws fewer people and actions for the same network. `qpv` is an
    official file of the 2024 edition, used instead of the drawn neighborhoods.
    """
    if Person.objects.exists() or Site.objects.exists():
        raise NotInvented
    progress("Drawing neighborhoods")
    drawn = load_neighborhoods(seed, qpv, by=by, at=at)
    progress("Opening sites")
    network = copy_network(staff(seed, drawn), until, by=by, at=at)
    plant_posts(network, until=until, by=by, at=at)
    progress("Meeting people")
    told = tell_years(seed, until, scale)
    crowd = gather(seed, told, network, until, at)
    with postponed(*LARGE):
        copy_people(seed, told, crowd)
        progress("Reading neighborhoods of residence")
        copy_homes(seed, crowd, drawn)
        progress("Writing projects, meetings and steps")
        copy_facts(seed, told, crowd, scale)
        progress("Checking every key")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what follows asks questions
    progress("Sharing the people out among advisors")
    plant_assignments(until=until)
    progress("Writing to partners")
    plant_referrals(seed=seed, until=until, by=by, at=at)
    progress("Planning the actions of the next weeks")
    plant_programme(until=until)
    progress("Signing agreements and paying for posts and actions")
    plant_funding(seed=seed, until=until, by=by, at=at)
    progress("Filling agendas")
    plant_agenda(seed=seed, until=until, by=by, at=at)
    progress("Opening the public door")
    plant_door(seed=seed, until=until, by=by, at=at)
    progress("Writing the notes of the last weeks")
    followup.write_lately(seed=seed, until=until, by=by, at=at)
    progress("Informing people of their rights")
    plant_rights(seed=seed, at=at)
    progress("Writing some people down twice")
    plant_duplicates(at=at)
    progress("Sharing methods, training, meeting")
    plant_network_life(seed=seed, until=until, at=at)
    progress("Sealing a report")
    plant_reports(until=until, at=at)
    progress("Aiming at numbers")
    plant_targets(until=until, at=at)
    progress("Telling stories")
    plant_website(until=until, at=at)
    audit.record("demo.network.made", by=by, at=at, seed=seed, until=until.isoformat())
    return Demonstration.objects.create(made_at=at, seed=seed, until=until)


def load_neighborhoods(seed: int, qpv: Path | None, *, by: User, at: datetime) -> list[Neighborhood]:
    """Both editions, drawn; or, of the 2024 edition, the official file, and the 2015 one drawn inside its outlines."""
    drawn = geography.neighborhoods(seed)
    editions = dict(RELEASED_ON)
    if qpv:
        del editions[Edition.E2024]
        territory_services.load_release(path=qpv, edition=Edition.E2024, released_on=at.date(), by=by, at=at)
        official = territories.index_of(Edition.E2024)
        assert official is not None  # loaded above
        drawn = geography.on_official(drawn, official.codes, official.outlines)
    with tempfile.TemporaryDirectory() as folder:
        for edition, released_on in editions.items():
            path = Path(folder) / f"demonstration-{edition}.geojson"
            geography.write_outlines(path, drawn, edition)
            territory_services.load_release(
                path=path, edition=edition, released_on=released_on, is_drawn=True, by=by, at=at
            )
    return drawn


def tell_years(seed: int, until: date, scale: float) -> list[pathways.Year]:
    years: list[pathways.Year] = []
    first, before = 0, None
    for year in range(FIRST_DAY.year, until.year + 1):
        before = pathways.tell(seed, year, first, before, scale)
        first += len(before)
        years.append(before)
    return years


def copy_facts(seed: int, told: list[pathways.Year], crowd: Crowd, scale: float) -> None:
    projects = facts.copy_projects(seed, crowd)
    for year in told:
        rng = np.random.default_rng([seed, 12, year.year])
        facts.copy_meetings(rng, year, crowd, projects)
        facts.copy_steps(rng, year, crowd, projects)
        facts.copy_actions(seed, year, crowd, scale)
