"""Each role, on each address, for an object of hers, of the neighboring site and of another organization."""

import logging
import re
from datetime import date

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.house import access
from tests.house.access import ANONYMOUS, FOREIGN, FUNDER, NEIGHBOR, OWN, PILOT, ROLES, WHAT, WHO
from tests.house.test_house import addresses, full_path, our_models

NAMES = sorted({name for name, _entry in addresses()})


def arguments_of(name: str) -> list[str]:
    path = next(full_path(name, entry) for found, entry in addresses() if found == name)
    return re.findall(r"<(?:\w+:)?(\w+)>", path)


def maker_of(name: str, argument: str):
    return WHAT.get((name, argument)) or WHAT.get((name.rpartition(":")[0], argument))


def test_each_address_says_who_reaches_it():
    assert [name for name in NAMES if name not in WHO] == [], "add a line to WHO in tests/house/access.py"
    assert [name for name in WHO if name not in NAMES] == [], "stale lines of WHO"


def test_each_argument_of_an_address_can_be_made():
    unmade = [(name, one) for name in NAMES for one in arguments_of(name) if not maker_of(name, one)]
    assert unmade == [], "add a line to WHAT in tests/house/access.py"


@pytest.fixture
def places(db):
    own = factories.AnySite()
    return {OWN: own, NEIGHBOR: factories.AnySite(organization=own.organization), FOREIGN: factories.AnySite()}


@pytest.fixture
def objects(places):
    """`objects[where][name]`: the address of a page about an object that is there."""
    made = {}
    paths = {where: {} for where in places}
    for name in NAMES:
        for where, site in places.items():
            arguments = {}
            for argument in arguments_of(name):
                maker = maker_of(name, argument)
                key = (where, maker)
                made.setdefault(key, maker(site))
                arguments[argument] = made[key]
            paths[where][name] = reverse(name, kwargs=arguments)
            if not arguments:
                break  # about no object: asked once
    return paths


def asked(client, method, path):
    """The answer, and nothing left behind but what a page keeps for the next one."""
    if method == "get":
        return client.get(path)
    with transaction.atomic():
        answer = getattr(client, method)(path)
        transaction.set_rollback(True)
    return answer


def is_shut(answer) -> bool:
    return answer.status_code in {403, 404, 405} or (
        answer.status_code == 302 and answer["Location"].startswith("/connexion/?next=")
    )


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_is_hers_and_nothing_else(role, places, objects):
    client = Client(raise_request_exception=False)
    if role != ANONYMOUS:
        client.force_login(access.user_of(role, places[OWN]))
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}

    wrong, broken = [], []
    for where, paths in objects.items():
        for name, path in paths.items():
            answers = []
            for method in ("get", "post"):
                client.cookies.load(cookies)
                answers.append(asked(client, method, path))
            broken += [(name, where, answer.status_code) for answer in answers if answer.status_code >= 500]
            reached, may = not all(map(is_shut, answers)), (role, where) in WHO[name]
            if reached != may:
                wrong.append(f"{name} ({where}): {'reached' if reached else 'shut'} {[a.status_code for a in answers]}")
    assert (wrong, broken) == ([], [])


# Models whose personal fields are of people who work here, or are nobody's words: not what this test is about.
OF_STAFF = {
    "accounts.User": "who works here: the bar shows one's own name, and organizations list their members",
    "accounts.Session": "one's own browsers",
    "accounts.Identity": "what an identity provider calls who works here",
    "network.Invitation": "addresses of those who will work here: the pilot invites coordinators",
}
DAY = date(1931, 3, 17)


def planted(field, model) -> object | None:
    """A value that nothing else holds, for a text or a day; what has few possible values betrays nothing here."""
    if field.choices or field.name == "sort_key":
        return None
    if isinstance(field, models.CharField | models.TextField):
        mark = f"Zq{model.__name__}{field.name.replace('_', '')}"
        if isinstance(field, models.EmailField):
            mark = f"{mark}@zq.example.org".lower()
        return mark[: field.max_length or 60]
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return DAY
    return None


def plant(site) -> tuple[set[str], list[str]]:
    """One row of each model with a value in each personal field; the values, and the models that could not be made."""
    marks, unmade = set(), []
    for model in our_models():
        label = model._meta.label
        values = {name: planted(model._meta.get_field(name), model) for name in model.PERSONAL}
        values = {name: value for name, value in values.items() if value is not None}
        if not values or label in OF_STAFF:
            continue
        factory = getattr(factories, f"Any{model.__name__}", None)
        if factory is None:
            unmade.append(label)
            continue
        names = {field.name for field in model._meta.get_fields()}
        where = {"site": site} if "site" in names else {"person__site": site} if "person" in names else {}
        factory(**where, **values)
        marks |= {str(value) for value in values.values()}
    return marks, unmade


def spoken_days() -> set[str]:
    return {DAY.isoformat(), "17/03/1931", "17 mars 1931", "March 17, 1931"}


@pytest.mark.parametrize("role", [PILOT, FUNDER])
def test_who_sees_no_name_gets_none_by_any_page_export_error_or_log(role, places, objects, caplog):
    marks, unmade = plant(places[OWN])
    assert unmade == [], "append a factory to tests/factories.py"
    marks |= spoken_days()
    client = Client(raise_request_exception=False)
    client.force_login(access.user_of(role, places[OWN]))
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}

    leaks = []
    with caplog.at_level(logging.INFO):
        for where, paths in objects.items():
            for name, path in paths.items():
                for method, query in [("get", ""), ("get", "?format=csv"), ("post", "")]:
                    client.cookies.load(cookies)
                    answer = asked(client, method, path + query)
                    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                    told = body.decode(errors="replace") + str(answer.headers) + str(answer.cookies)
                    leaks += [f"{name} ({where}) {method}{query}: {mark}" for mark in marks if mark in told]
    assert leaks == []
    assert [mark for mark in marks if mark in caplog.text] == []


def test_the_leak_test_would_see_a_leak(places, objects):
    """The same values do come to who may see them: the test above is not blind."""
    marks, _unmade = plant(places[OWN])
    client = Client()
    client.force_login(access.user_of(access.ADVISOR, places[OWN]))
    told = client.get(reverse("desk:people"), {"view": "all"}).content.decode()

    assert {mark for mark in marks if mark.startswith("ZqPerson") and mark in told} >= {
        "ZqPersonfirstname",
        "ZqPersonpreferredname",
    }
