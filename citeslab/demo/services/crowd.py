"""Rows of everyone met: who they are, where they live, and in which neighborhood of each edition."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from citeslab.demo.services import geography
from citeslab.demo.services.copying import copy, first_key
from citeslab.demo.services.days import at_work, day_of, written_down
from citeslab.demo.services.geography import Neighborhood
from citeslab.demo.services.identities import Homes, Identities
from citeslab.demo.services.network import Network
from citeslab.demo.services.pathways import Year
from citeslab.demo.services.staff import post_of_each
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.territories import queries as territories
from citeslab.territories.enums import Edition
from citeslab.territories.values import TERRITORIES, territories_of

SEXES = np.array(["WOMAN", "MAN", "UNKNOWN"], dtype=object)
PLANTED_UP_TO = 2016
RELEASED_ON = {Edition.E2015: date(2015, 1, 1), Edition.E2024: date(2024, 1, 1)}


@dataclass
class Crowd:
    """Columns by person's place. Nobody's depend on the last day told; `there` says who is met by then."""

    network: Network
    post: NDArray  # of the advisor who follows each
    site: NDArray
    first_day: NDArray  # dates
    recorded_at: NDArray  # instants, UTC
    situation: NDArray
    there: NDArray  # bool
    key: NDArray
    residence_key: NDArray
    until: np.datetime64
    at: np.datetime64

    def noted(self, rng: np.random.Generator, place: NDArray, on: NDArray) -> tuple[NDArray, NDArray]:
        """When facts of these people and days are noted, never before the person is; which are by the last day."""
        when = np.maximum(written_down(rng, on), self.recorded_at[place])
        return when, self.there[place] & (on <= self.until) & (when <= self.at)

    def holder(self, place: NDArray, instant: NDArray) -> NDArray[np.int64]:
        """Who follows these people at these instants: the one who notes."""
        return self.network.holder(self.post[place], instant)


def gather(seed: int, told: list[Year], network: Network, until: date, at: datetime) -> Crowd:
    first_day = np.concatenate([day_of(year.year, year.first_day) for year in told])
    post = np.concatenate(
        [
            post_of_each(network.staff, np.random.default_rng([seed, 8, year.year]), year.year, len(year))
            for year in told
        ]
    )
    now = np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "s")
    recorded_at = at_work(first_day, np.random.default_rng([seed, 9]).random(len(first_day)))
    place = np.arange(len(first_day))
    return Crowd(
        network=network,
        post=post,
        site=network.site_of_post[post],
        first_day=first_day,
        recorded_at=recorded_at,
        situation=np.concatenate([year.situation for year in told]),
        there=(first_day <= np.datetime64(until)) & (recorded_at <= now),
        key=first_key(Person) + place,
        residence_key=first_key(Residence) + place,
        until=np.datetime64(until),
        at=now,
    )


def copy_people(seed: int, told: list[Year], crowd: Crowd) -> None:
    sex = np.concatenate([year.sex for year in told])
    settled = sum(len(year) for year in told if year.year <= PLANTED_UP_TO)
    who = Identities(seed, sex, crowd.first_day, crowd.site, settled)
    kept = np.flatnonzero(crowd.there)
    keep = kept.tolist()
    copy(
        Person,
        id=crowd.key[kept],
        site=crowd.network.sites[crowd.site[kept]],
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
        recorded_at=crowd.recorded_at[kept],
        recorded_by=crowd.holder(kept, crowd.recorded_at[kept]),
    )


def copy_homes(seed: int, crowd: Crowd, drawn: list[Neighborhood]) -> None:
    """Where they live, and the answers that `people.services.answer_residences` would give, in each edition."""
    town = crowd.network.towns[crowd.site]
    homes = Homes(seed, drawn, town)
    kept = np.flatnonzero(crowd.there)
    keep, located, places = kept.tolist(), homes.is_located[kept], homes.places[kept]
    recorded_by = crowd.holder(kept, crowd.recorded_at[kept])
    names = [one.name for one in geography.towns()]
    territory = np.array([one.value for one in TERRITORIES], dtype=object)
    copy(
        Residence,
        id=crowd.residence_key[kept],
        person=crowd.key[kept],
        begins_on=None,
        ends_on=None,
        address=[homes.address[n] if homes.is_located[n] else "" for n in keep],
        postal_code="",
        commune_name=[names[n] for n in town[kept].tolist()],
        longitude=np.where(located, places[:, 0], np.nan),
        latitude=np.where(located, places[:, 1], np.nan),
        territory=np.where(located, territory[territories_of(places[:, 0], places[:, 1])], ""),
        recorded_at=crowd.recorded_at[kept],
        recorded_by=recorded_by,
    )
    kept, places, recorded_by = kept[located], places[located], recorded_by[located]
    for edition, released_on in RELEASED_ON.items():
        copy_answers(crowd, edition, released_on, kept, places, recorded_by)


def copy_answers(crowd, edition: Edition, released_on: date, kept: NDArray, places: NDArray, by: NDArray) -> None:
    """An edition's answers: known when the home is, or when the edition came out."""
    came_out = np.datetime64(released_on).astype("datetime64[s]")
    if came_out > crowd.at:
        return
    found = territories.locate_many(longitudes=places[:, 0], latitudes=places[:, 1], edition=edition)
    assert found is not None  # both editions were loaded before
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
        recorded_at=np.maximum(crowd.recorded_at[kept], came_out),
        recorded_by=by,
    )
