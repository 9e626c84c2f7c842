"""Organizations, sites, posts, who held them, and what they cover: 82 posts held on 22 December 2017."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from citeslab.demo.services.geography import Neighborhood, Town, towns

FIRST_DAY = date(2002, 1, 7)
SAID_ON = date(2017, 12, 22)
HELD_THEN = 82
VACANT_THEN = 2
# Sites open in January of each year; eleven began.
OPENINGS = {2002: 11, 2003: 8, 2004: 9, 2005: 10, 2006: 8, 2007: 8, 2008: 6, 2009: 5, 2010: 5, 2012: 3, 2014: 2}
CHANGE_METROPOLE, CHANGE_OVERSEAS = date(2024, 1, 1), date(2025, 1, 1)
HOSTS = ("Boutique de projets", "Maison de l’initiative", "Agglomération", "Atelier des projets", "Pépinière")
LEGAL_FORMS = ("ASSOCIATION", "PUBLIC_GROUP", "LOCAL_AUTHORITY", "ASSOCIATION", "COOPERATIVE")


@dataclass
class Staff:
    """Plain rows; indexes stand for keys until they are copied."""

    organizations: list[tuple[str, str]] = field(default_factory=list)  # name, legal form
    sites: list[tuple[str, str, int, int, date]] = field(default_factory=list)  # code, name, organization, town, opened
    posts: list[tuple[int, date]] = field(default_factory=list)  # site, begins
    tenures: list[tuple[int, int, date, date | None]] = field(default_factory=list)  # post, user, begins, ends
    users: int = 0
    coverages: list[tuple[int, int, str, date, date | None]] = field(default_factory=list)

    def site_of_user(self) -> dict[int, int]:
        return {user: self.posts[post][0] for post, user, _begins, _ends in self.tenures}


def staff(seed: int, drawn: list[Neighborhood]) -> Staff:
    rng = np.random.default_rng([seed, 2])
    made, home = Staff(), towns()
    open_sites(made, home)
    for site, (_code, _name, _organization, _town, opened) in enumerate(made.sites):
        made.posts.append((site, opened))
    # The largest sites have a second post, from 2010 on; two posts stay empty at the end of 2017.
    second = HELD_THEN + VACANT_THEN - len(made.sites)
    made.posts += [(site, date(2010 + site % 5, 1, 4)) for site in range(second)]
    vacant = {len(made.posts) - 1, len(made.posts) - 4}
    for post, (_site, begins) in enumerate(made.posts):
        hold(rng, made, post, begins, vacant_in_2017=post in vacant)
    cover(made, home, drawn)
    return made


def open_sites(made: Staff, home: list[Town]) -> None:
    order = iter(range(len(home)))
    for year, number in OPENINGS.items():
        for _ in range(number):
            town = next(order)
            if len(made.sites) % 7 == 6:  # one organization in seven runs two sites
                organization = len(made.organizations) - 1
            else:
                kind = len(made.organizations) % len(HOSTS)
                organization = len(made.organizations)
                made.organizations.append((f"{HOSTS[kind]} de {home[town].name}", LEGAL_FORMS[kind]))
            opened = date(year, 1, 7) if year == 2002 else date(year, 1, 5 + town % 20)
            code = f"D{home[town].code}"
            made.sites.append((code, f"CitésLab de {home[town].name}", organization, town, opened))


def hold(rng: np.random.Generator, made: Staff, post: int, begins: date, *, vacant_in_2017: bool) -> None:
    """Advisors follow each other every two to seven years, with some weeks between them."""
    day = begins
    while day < date(2045, 1, 1):
        leaves = day + timedelta(days=int(rng.integers(700, 2_600)))
        pause = timedelta(days=int(rng.integers(0, 45)))
        if vacant_in_2017 and day <= SAID_ON:
            if leaves > date(2017, 11, 6):
                leaves, pause = date(2017, 11, 6), timedelta(days=100)
        elif leaves <= SAID_ON < leaves + pause or (leaves > SAID_ON > day and leaves <= SAID_ON + timedelta(days=5)):
            leaves, pause = SAID_ON + timedelta(days=40), timedelta(days=9)  # nobody leaves around that day
        if leaves <= day:
            leaves = day + timedelta(days=30)
        made.tenures.append((post, made.users, day, leaves))
        made.users += 1
        day = leaves + pause


def cover(made: Staff, home: list[Town], drawn: list[Neighborhood]) -> None:
    """Each site covers the neighborhoods of its town; 700 of those of the 2015 edition."""
    site_of_town = {town: site for site, (_c, _n, _o, town, _d) in enumerate(made.sites)}
    around = [one for one in drawn if one.town in site_of_town]
    covered = [one for rank, one in enumerate(around) if rank % 15 != 14]  # one in fifteen waits for an advisor
    for one in covered:
        site = site_of_town[one.town]
        change = CHANGE_OVERSEAS if home[one.town].is_overseas else CHANGE_METROPOLE
        made.coverages.append((site, 2015, one.code_2015, made.sites[site][4], change))
        if one.code_2024:
            made.coverages.append((site, 2024, one.code_2024, change, None))


def site_of_each(made: Staff, rng: np.random.Generator, year: int, count: int) -> NDArray[np.int64]:
    """The site that each of `count` people comes to in a year: each open post brings as many."""
    open_posts = np.array([site for site, begins in made.posts if begins.year <= year])
    return open_posts[rng.integers(0, len(open_posts), count)]
