"""Invented people: names, ages, phones from the ranges kept for fiction, and where they live."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from citeslab.core.values import sort_key
from citeslab.demo.services.geography import NEIGHBORHOODS_BY_TOWN, Neighborhood, places_in, words

SITUATIONS = ("Demandeur d'emploi", "Salarié", "Étudiant", "RSA", "Indépendant", "Sans activité")
DIPLOMAS = ("Sans diplôme", "3", "4", "5", "6", "7")
SOURCES = ("Bouche à oreille", "Permanence", "Mission locale", "France Travail", "Atelier", "Bus", "Mairie")
STREETS = ("rue des Tilleuls", "allée des Acacias", "place de la Fontaine", "rue du Vallon", "avenue des Coteaux")
# Numbers that the regulator keeps for fiction: ten thousand behind each of these.
FICTION = ("+3363998", "+3319900", "+3326191", "+3335301", "+3346571", "+3353649")
FIRST_RECENT = 76_000  # people before this place keep a phone one time in sixteen, later ones five in six

# Planted, and told in docs/domain/demonstration.md: how many pairs of each kind.
TWINS_ACROSS_SITES = 40
COUPLES_ON_ONE_PHONE = 60
REAL_TWINS = 20


class Identities:
    """Columns of everyone, by place: no year moves another's people. Pairs are planted among the `settled` first."""

    def __init__(self, seed: int, sex: NDArray[np.int8], born_before: NDArray, site: NDArray, settled: int):
        count = len(sex)
        rng = np.random.default_rng([seed, 4])
        draws = rng.random((count, 9))  # one row per place: the first rows do not depend on how many follow
        women, men, names = words("women"), words("men"), words("names")
        as_woman = np.where(sex == 2, draws[:, 8] < 0.5, sex == 0)
        first = np.where(as_woman, (draws[:, 0] * len(women)).astype(int), (draws[:, 0] * len(men)).astype(int))
        self.first = [women[n] if is_woman else men[n] for n, is_woman in zip(first, as_woman, strict=True)]
        family = (draws[:, 1] ** 1.4 * len(names)).astype(int)
        self.family = [names[n] for n in family]
        age = 18 + (draws[:, 2] ** 1.3 * 44 * 365.25)
        self.born = born_before - np.round(18 * 364.25 + age).astype("timedelta64[D]")
        self.no_birth_date = draws[:, 3] < 0.04
        self.situation = column(SITUATIONS, draws[:, 4], missing=0.05)
        self.diploma = column(DIPLOMAS, draws[:, 5], missing=0.08)
        self.source = column(SOURCES, draws[:, 6], missing=0.03)
        self.phone = [phone(place) for place in range(count)]
        self.has_email = draws[:, 7] < 0.55
        self.plant(site[:settled])
        self.sort_key = [key(family, first) for family, first in zip(self.family, self.first, strict=True)]
        self.email = [
            f"{sort_key(first).replace(' ', '')}.{sort_key(family).replace(' ', '')}.{place}@exemple.fr" if has else ""
            for place, (first, family, has) in enumerate(zip(self.first, self.family, self.has_email, strict=True))
        ]

    def plant(self, site: NDArray) -> None:
        """Twins across sites, couples on one phone, real twins: always the same places."""
        far = [(place, place + 1) for place in range(1_000, len(site) - 1, 331) if site[place] != site[place + 1]]
        for one, other in far[:TWINS_ACROSS_SITES]:
            self.first[other], self.family[other], self.born[other] = self.first[one], self.family[one], self.born[one]
            self.no_birth_date[one] = self.no_birth_date[other] = False
        near = []
        for place in range(1_500, len(site) - 200, 337):
            mates = np.flatnonzero(site[place + 1 : place + 200] == site[place])
            if len(mates):
                near.append((place, place + 1 + int(mates[0])))
        for rank, (one, other) in enumerate(near[: COUPLES_ON_ONE_PHONE + REAL_TWINS]):
            self.family[other] = self.family[one]
            if rank < COUPLES_ON_ONE_PHONE:
                self.phone[one] = self.phone[other] = self.phone[one] or phone_number(59_000 + rank)
            else:
                self.born[other] = self.born[one]
                self.no_birth_date[one] = self.no_birth_date[other] = False
                if self.first[other] == self.first[one]:
                    self.first[other] = "Dominique"


def column(values: tuple[str, ...], draw: NDArray, missing: float) -> list[str]:
    place = ((draw - missing) / (1 - missing) * len(values)).astype(int)
    return ["" if d < missing else values[n] for n, d in zip(place, draw, strict=True)]


@cache
def key(family: str, first: str) -> str:
    return sort_key(family, first)


def phone(place: int) -> str:
    """A number for this place, never given twice; nothing for some."""
    if place < FIRST_RECENT:
        return phone_number(place // 16) if place % 16 == 0 else ""
    turn, rest = divmod(place - FIRST_RECENT, 6)
    number = 5_000 + turn * 5 + rest
    return phone_number(number) if rest < 5 and number < 59_000 else ""


def phone_number(number: int) -> str:
    return f"{FICTION[number // 10_000]}{number % 10_000:04d}"


class Homes:
    """Where everyone lives: about 62 % in a QPV of the site's town, some on a border, some not located."""

    def __init__(self, seed: int, drawn: list[Neighborhood], town: NDArray):
        count = len(town)
        draws = np.random.default_rng([seed, 5]).random((count, 3))
        which = town * NEIGHBORHOODS_BY_TOWN + (draws[:, 0] * NEIGHBORHOODS_BY_TOWN).astype(int)
        kind = draws[:, 1]
        deep = np.sqrt(draws[:, 2]) * 0.86
        self.is_located = kind < 0.95
        depth = np.where(kind < 0.62, deep, np.where(kind < 0.65, 0.97 + 0.06 * draws[:, 2], 1.3 + 0.6 * draws[:, 2]))
        self.places = places_in(np.random.default_rng([seed, 6]), drawn, which, depth)
        self.address = [
            f"{1 + int(d * 97)} {STREETS[n % len(STREETS)]}" for n, d in zip(which.tolist(), draws[:, 2], strict=True)
        ]
