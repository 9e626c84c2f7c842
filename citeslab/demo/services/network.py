"""Rows of the network: organizations, sites, posts, who held them, coverages, and who may see what."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from citeslab.accounts.models import User
from citeslab.core.values import sort_key
from citeslab.demo.services import geography
from citeslab.demo.services.accounts import email_of, name_accounts
from citeslab.demo.services.copying import copy, first_key
from citeslab.demo.services.staff import Holders, Staff
from citeslab.network.enums import Role
from citeslab.network.models import Coverage, HostOrganization, Mandate, Post, Site, Tenure
from citeslab.territories.models import Department

PARIS = ZoneInfo("Europe/Paris")
REACHED = ("phone", "email", "address")


@dataclass
class Network:
    """What was copied: keys of the sites, their towns, and who held each post when."""

    staff: Staff
    sites: NDArray  # keys
    towns: NDArray  # places among the towns
    site_of_post: NDArray  # places among the sites
    first_user: int
    holders: Holders

    def holder(self, post: NDArray, instant: NDArray) -> NDArray[np.int64]:
        """Keys of who was in these posts at these instants."""
        return self.first_user + self.holders.at(post, instant)


def copy_network(made: Staff, until: date, *, by: User, at: datetime) -> Network:
    home = geography.towns()
    # Names come with the communes, loaded before; without them a department is known by its code.
    Department.objects.bulk_create(
        [Department(code=code, name=code) for code in sorted({town.department for town in home})], ignore_conflicts=True
    )
    organization, site = first_key(HostOrganization), first_key(Site)
    copy(
        HostOrganization,
        id=[organization + n for n in range(len(made.organizations))],
        name=[name for name, _form in made.organizations],
        sort_key=[sort_key(name) for name, _form in made.organizations],
        legal_form=[form for _name, form in made.organizations],
        **dict.fromkeys(("siret", "contact_name", *REACHED), ""),  # planted after, by `posts`
    )
    town = np.array([row[3] for row in made.sites])
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
        **dict.fromkeys(REACHED, ""),
    )
    first_user = copy_tenures(made, site, until)
    coverages = [row for row in made.coverages if row[3] <= until]
    copy(
        Coverage,
        site=[site + row[0] for row in coverages],
        edition=[row[1] for row in coverages],
        qpv_code=[row[2] for row in coverages],
        begins_on=[row[3] for row in coverages],
        ends_on=[row[4] for row in coverages],
    )
    name_accounts(made=made, first_organization=organization, until=until, by=by, at=at)
    site_of_post = np.array([number for number, _begins in made.posts])
    return Network(made, site + np.arange(len(made.sites)), town, site_of_post, first_user, Holders(made))


def copy_tenures(made: Staff, site: int, until: date) -> int:
    """Posts, advisors, their tenures and what they may see meanwhile. Gives the key of the first user."""
    post, user = first_key(Post), first_key(User)
    posts = [row for row in made.posts if row[1] <= until]
    copy(
        Post,
        id=[post + n for n in range(len(posts))],
        site=[site + row[0] for row in posts],
        begins_on=[row[1] for row in posts],
        ends_on=None,
        full_time_percent=100,
        reference="",
    )
    tenures = sorted((row for row in made.tenures if row[2] <= until), key=lambda row: row[1])
    copy(
        User,
        id=[user + row[1] for row in tenures],
        email=[address(made, row[1]) for row in tenures],
        name=[made.users[row[1]] for row in tenures],
        sort_key=[sort_key(made.users[row[1]]) for row in tenures],
        password="!",
        is_active=True,
        created_at=[datetime.combine(row[2], time(8), tzinfo=PARIS) for row in tenures],
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
    return user


def address(made: Staff, number: int) -> str:
    if number == made.named_advisor:
        return email_of("advisor")
    return f"{sort_key(made.users[number]).replace(' ', '.')}.{number}@exemple.fr"
