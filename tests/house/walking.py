"""Every address, with the objects its arguments stand for, and how one is asked."""

import re
from functools import cache

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.house import access
from tests.house.access import ANONYMOUS, FOREIGN, NEIGHBOR, OWN, SAYS, TOGETHER, WHAT
from tests.house.test_house import addresses, full_path

ENTRIES = dict(addresses())
NAMES = sorted(ENTRIES)


@cache
def arguments_of(name: str) -> list[str]:
    return re.findall(r"<(?:\w+:)?(\w+)>", full_path(name, ENTRIES[name]))


def maker_of(name: str, argument: str):
    return WHAT.get((name, argument)) or WHAT.get((name.rpartition(":")[0], argument))


def places() -> dict:
    own = factories.AnySite()
    return {OWN: own, NEIGHBOR: factories.AnySite(organization=own.organization), FOREIGN: factories.AnySite()}


def pages(places: dict) -> list[tuple]:
    """Name, place, address and what it is told, of each page; a page about no object is there once."""
    made: dict = {}

    def one(maker, where):
        if (maker, where) not in made:
            made[maker, where] = maker(places[where])
        return made[maker, where]

    found = []
    for name in NAMES:
        arguments = arguments_of(name)
        for where in places if arguments else [OWN]:
            if name in TOGETHER:
                kwargs = one(TOGETHER[name], where)
            else:
                kwargs = {argument: one(maker_of(name, argument), where) for argument in arguments}
            said = one(SAYS[name], where) if name in SAYS else {}
            found.append((name, where, reverse(name, kwargs=kwargs), said))
    return found


class Walker:
    """Somebody with a role, who asks one page after another as if each were her first."""

    def __init__(self, role: str, site):
        self.client = Client(raise_request_exception=False)
        if role != ANONYMOUS:
            self.client.force_login(access.user_of(role, site))
        self.cookies = {key: morsel.value for key, morsel in self.client.cookies.items()}

    def asks(self, method: str, path: str, said: dict):
        """The answer, and nothing left behind but what a page keeps for the next one."""
        self.client.cookies.load(self.cookies)
        if method == "get":
            return self.client.get(path, said)
        with transaction.atomic():
            answer = self.client.post(path, said)
            transaction.set_rollback(True)
        return answer
