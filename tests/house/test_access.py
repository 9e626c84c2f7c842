"""Each role, on each address, for an object of hers, of the neighboring site and of another organization."""

import pytest
from django.db import transaction
from django.urls import reverse

from tests.house import walking
from tests.house.access import OWN, ROLES, SAYS, TOGETHER, WHAT, WHO
from tests.house.walking import NAMES, Walker, arguments_of, maker_of


def test_each_address_says_who_reaches_it():
    assert [name for name in NAMES if name not in WHO] == [], "add a line to WHO in tests/house/access.py"
    assert [name for name in WHO if name not in NAMES] == [], "stale lines of WHO"


def test_each_argument_of_an_address_can_be_made():
    unmade = [
        (name, one) for name in NAMES if name not in TOGETHER for one in arguments_of(name) if not maker_of(name, one)
    ]
    assert unmade == [], "add a line to WHAT in tests/house/access.py"
    rooms = {name.rpartition(":")[0] for name in NAMES}
    stale = [key for key in WHAT if key[0] not in rooms and key[1] not in arguments_of(key[0])]
    assert (stale, {*TOGETHER, *SAYS} - set(NAMES)) == ([], set()), "stale lines of WHAT, TOGETHER or SAYS"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The places and the pages: made once, for each test leaves them as they were."""
    with django_db_blocker.unblock(), transaction.atomic():
        places = walking.places()
        yield places, walking.pages(places)
        transaction.set_rollback(True)


def is_shut(answer) -> bool:
    """Refused, or sent to a door: the staff's, that of a person's own space, or everyone's home."""
    doors = (f"{reverse('accounts:sign_in')}?next=", reverse("rights:door"), reverse("website:home"))
    return answer.status_code in {403, 404, 405} or (answer.status_code == 302 and answer["Location"].startswith(doors))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_is_hers_and_nothing_else(role, world, a_young_network):
    places, pages = world
    walker = Walker(role, places[OWN])

    wrong, broken = [], []
    for name, where, path, said in pages:
        codes, shut = [], []
        for method in ("get", "post"):
            answer = walker.asks(method, path, said)
            codes.append(answer.status_code)
            shut.append(is_shut(answer))
        if max(codes) >= 500:
            broken.append(f"{name} ({where}): {codes}")
        if all(shut) is ((role, where) in WHO[name]):
            wrong.append(f"{name} ({where}): {'shut' if all(shut) else 'reached'} {codes}")
    assert (wrong, broken) == ([], [])
