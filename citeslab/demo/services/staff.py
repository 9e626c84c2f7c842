"""Organizations, sites, posts, who held them, and what they cover: 82 posts held on 22 December 2017."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from citeslab.core.values import sort_key
from citeslab.demo.services.geography import Neighborhood, Town, towns, words

FIRST_DAY = date(2002, 1, 1)
SAID_ON = date(2017, 12, 22)
HELD_THEN = 82
VACANT_THEN = 2
# Sites open on the first of January of each year; eleven began.
OPENINGS = {2002: 11, 2003: 8, 2004: 9, 2005: 10, 2006: 8, 2007: 8, 2008: 6, 2009: 5, 2010: 5, 2012: 3, 2014: 2}
CHANGE_METROPOLE, CHANGE_OVERSEAS = date(2024, 1, 1), date(2025, 1, 1)
HOSTS = ("Boutique de projets", "Maison de l’initiative", "Agglomération", "Atelier des projets", "Pépinière")
# The advisor whose account one click opens: she holds the second post of the first site from that day on.
NAMED_ADVISOR, NAMED_FROM = "Inès Carvalho", date(2017, 9, 4)
LEGAL_FORMS = ("ASSOCIATION", "PUBLIC_GROUP", "LOCAL_AUTHORITY", "ASSOCIATION", "COOPERATIVE")


@dataclass
class Staff:
    """Plain rows; indexes stand for keys until they are copied."""

    organizations: list[tuple[str, str]] = field(default_factory=list)  # name, legal form
    sites: list[tuple[str, str, int, int, date]] = field(default_factory=list)  # code, name, organization, town, opened
    posts: list[tuple[int, date]] = field(default_factory=list)  # site, begins
    tenures: list[tuple[int, int, date, date | None]] = field(default_factory=list)  # post, user, begins, ends
    users: list[str] = field(default_factory=list)  # names
    named_advisor: int = -1  # her place among the users
    coverages: list[tuple[int, int, str, date, date | None]] = field(default_factory=list)


def staff(seed: int, drawn: list[Neighborhood]) -> Staff:
    rng = np.random.default_rng([seed, 2])
    made, home = Staff(), towns()
    open_sites(made, home)
    for site, (_code, _name, _organization, _town, opened) in enumerate(made.sites):
        made.posts.append((site, opened))
    # The largest sites have a second post, from 2010 on; two posts stay empty at the end of 2017.
    second = HELD_THEN + VACANT_THEN - len(made.sites)
    made.posts += [(site, date(2010 + site % 5, 1, 1)) for site in range(second)]
    vacant = {len(made.posts) - 1, len(made.posts) - 4}
    for post in range(len(made.posts)):
        hold(rng, made, post, vacant_in_2017=post in vacant)
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
                made.organizations.append((f"{HOSTS[kind]} {of(home[town].name)}", LEGAL_FORMS[kind]))
            made.sites.append(
                (f"D{home[town].code}", f"CitésLab {of(home[town].name)}", organization, town, date(year, 1, 1))
            )


def of(town: str) -> str:
    """« of this town » as it is said: d’Agen, du Havre, de La Rochelle."""
    if town.startswith("Le "):
        return f"du {town[3:]}"
    return f"d’{town}" if sort_key(town)[0] in "aeiou" else f"de {town}"


def hold(rng: np.random.Generator, made: Staff, post: int, *, vacant_in_2017: bool) -> None:
    """Advisors follow each other every two to seven years; second posts stay empty for some weeks between them."""
    is_second = post >= len(made.sites)
    is_hers = post == len(made.sites)
    day = made.posts[post][1]
    while day < date(2045, 1, 1):
        leaves = day + timedelta(days=int(rng.integers(700, 2_600)))
        pause = timedelta(days=int(rng.integers(0, 45)) if is_second else 0)
        if is_hers:
            if leaves > NAMED_FROM - timedelta(days=700):
                leaves, pause = NAMED_FROM, timedelta(0)
        elif vacant_in_2017 and day <= SAID_ON:
            if leaves > date(2017, 11, 6):
                leaves, pause = date(2017, 11, 6), timedelta(days=100)
        elif leaves - timedelta(days=5) <= SAID_ON < leaves + pause:
            leaves, pause = SAID_ON + timedelta(days=40), timedelta(days=9)  # nobody leaves around that day
        leaves = max(leaves, day + timedelta(days=30))
        made.tenures.append((post, len(made.users), day, leaves))
        made.users.append(name_of(len(made.users)))
        day = leaves + pause
        if is_hers and day >= NAMED_FROM:
            made.named_advisor = len(made.users)
            made.tenures.append((post, made.named_advisor, day, None))
            made.users.append(NAMED_ADVISOR)
            return


def name_of(number: int) -> str:
    first, family = words("women") + words("men"), words("names")
    return f"{first[number * 37 % len(first)]} {family[number * 11 % len(family)]}"


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


def post_of_each(made: Staff, rng: np.random.Generator, year: int, count: int) -> NDArray[np.int64]:
    """The post that each of `count` people comes to in a year: each open one brings as many."""
    open_posts = np.flatnonzero([begins.year <= year for _site, begins in made.posts])
    return open_posts[rng.integers(0, len(open_posts), count)]


class Holders:
    """Who holds a post at an instant; while a second post is empty, who holds the first one of its site."""

    def __init__(self, made: Staff):
        self.by_post: list[tuple[NDArray, NDArray]] = []  # days when someone comes or goes, who is there from then on
        tenures: list[list[tuple[date, date | None, int]]] = [[] for _ in made.posts]
        for post, user, begins, ends in made.tenures:
            tenures[post].append((begins, ends, user))
        for post, (site, _begins) in enumerate(made.posts):
            both = tenures[post] + tenures[site] if post != site else tenures[post]
            days = sorted({day for begins, ends, _user in both for day in (begins, ends) if day})
            who = [present(both, day) for day in days]
            self.by_post.append((np.array(days, dtype="datetime64[D]"), np.array(who)))

    def at(self, post: NDArray, instant: NDArray) -> NDArray[np.int64]:
        users = np.zeros(len(post), dtype=np.int64)
        on = instant.astype("datetime64[D]")
        for number, (days, who) in enumerate(self.by_post):
            here = np.flatnonzero(post == number)
            users[here] = who[np.searchsorted(days, on[here], side="right") - 1]
        return users


def present(tenures: list[tuple[date, date | None, int]], day: date) -> int:
    """The first holder of that day; nobody (-1) only after all that was drawn."""
    there = (user for begins, ends, user in tenures if begins <= day and (ends is None or day < ends))
    return next(there, -1)
