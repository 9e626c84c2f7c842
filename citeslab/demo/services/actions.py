"""Collective actions of each year: held or called off, who came, and how many heads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HELD = {
    2002: 110, 2003: 150, 2004: 190, 2005: 230, 2006: 270, 2007: 310, 2008: 350, 2009: 390, 2010: 420,
    2011: 450, 2012: 475, 2013: 498, 2014: 524, 2015: 533, 2016: 541, 2017: 547,
}  # fmt: skip
AFTERWARDS = 545
CALLED_OFF = 0.04
GENERAL, THEMATIC, SCHOOL = range(3)
KINDS = ("GENERAL", "THEMATIC", "SCHOOL")
TITLES = (
    ("Oser son idée", "Découvrir la création", "De l’envie au projet"),
    ("Entreprendre au féminin", "Fixer son prix", "Trouver ses premiers clients", "Micro-entreprise, mode d’emploi"),
    ("Intervention au collège", "Intervention au lycée", "Mini-entreprise en classe"),
)
MOST_NAMED = 9


@dataclass
class Actions:
    """One year: an item per action; `came` are (action, person's place) pairs."""

    site: NDArray
    day: NDArray
    kind: NDArray
    title: list[str]
    called_off: NDArray
    heads: NDArray  # (actions, 3): women, men, unknown
    came: NDArray


def tell(
    seed: int, year: int, scale: float, sites: NDArray, people: NDArray, people_site: NDArray, people_day: NDArray
) -> Actions:
    """`people` are the places of the year's new people, whose site and first day are beside."""
    rng = np.random.default_rng([seed, 7, year])
    held = max(round((HELD.get(year) or AFTERWARDS + int(rng.integers(-12, 30))) * scale), 3)
    count = held + round(held * CALLED_OFF)
    site = sites[rng.integers(0, len(sites), count)]
    day = rng.integers(8, 355, count)
    kind = rng.choice(3, count, p=[0.58, 0.275, 0.145])
    title = [TITLES[k][n % len(TITLES[k])] for k, n in zip(kind.tolist(), rng.integers(0, 12, count), strict=True)]
    called_off = np.arange(count) >= held
    heads = np.column_stack([rng.poisson(lam, count) for lam in (3.4, 2.9, 0.8)])
    heads[kind == SCHOOL] = np.column_stack([rng.poisson(lam, (kind == SCHOOL).sum()) for lam in (11, 11, 1.5)])
    heads[called_off] = 0
    came = []
    by_site = {one: np.flatnonzero(people_site == one) for one in np.unique(site).tolist()}
    for action in np.flatnonzero((kind != SCHOOL) & ~called_off).tolist():
        near = by_site[int(site[action])]
        near = near[people_day[near] <= day[action]]
        some = rng.permutation(near)[: int(rng.integers(2, MOST_NAMED))]
        came += [(action, int(people[one])) for one in some]
    return Actions(site, day, kind, title, called_off, heads, np.array(came, dtype=np.int64).reshape(-1, 2))
