"""Addresses asked of a real server on this machine: what is firm, and what a bad day of the service costs."""

import json
import socket
import time

import pytest

from citeslab.territories import gateways, queries
from citeslab.territories.gateways import AddressesUnavailable
from citeslab.territories.values import Suggestion, is_firm
from tests import factories
from tests.territories import address_service
from tests.territories.address_service import HOUSE, STREET, Service, collection

WHOLE = "14 rue des Arts 25000 Besançon"


@pytest.fixture(autouse=True)
def _no_service_of_another_test(settings):
    settings.ADDRESS_SECONDS = 0.5
    gateways.forget()
    yield
    gateways.forget()


@pytest.fixture
def service(settings):
    with Service() as running:
        settings.ADDRESS_URL = running.url
        yield running


def test_the_best_proposal_comes_first_with_its_parts(service):
    found = queries.suggested_addresses("14 rue des arts besancon")

    assert found[0] == Suggestion(
        label="14 Rue des Arts 25000 Besançon",
        is_house=True,
        score=0.9655,
        house_number="14",
        street="Rue des Arts",
        postal_code="25000",
        city="Besançon",
        longitude=6.02,
        latitude=47.257,
    )
    assert [one.is_house for one in found] == [True, False]
    assert service.asked == [
        {"path": "/geocodage/search/", "q": "14 rue des arts besancon", "limit": "5", "autocomplete": "1"}
    ]


def test_an_address_that_names_its_search_is_asked_there(service, settings):
    settings.ADDRESS_URL = f"{service.url}/search"

    queries.suggested_addresses("rue des arts")

    assert service.asked[0]["path"] == "/geocodage/search"


def test_under_three_letters_nothing_is_asked(service):
    assert queries.suggested_addresses(" 1 ") == []
    assert service.asked == []


@pytest.mark.parametrize(
    ("written", "sure"),
    [
        ("14 rue des Arts 25000 Besançon", True),
        ("14, R. DES ARTS 25000 besancon", True),
        ("14 rue des Arts Besançon", False),  # no postal code
        ("16 rue des Arts 25000 Besançon", False),
        ("14 bis rue des Arts 25000 Besançon", False),
        ("14 rue des Artisans 25000 Besançon", False),
        ("14 rue des Arts 31000 Toulouse", False),
        ("rue des Arts 25000 Besançon", False),
        ("", False),
    ],
)
def test_an_address_is_firm_when_number_street_and_code_agree(written, sure):
    house = gateways.suggestion(HOUSE)

    assert is_firm(house, written=written) is sure


@pytest.mark.parametrize("score", [0.79, 0.8])
def test_a_low_score_is_never_firm(score):
    low = gateways.suggestion({**HOUSE, "properties": {**HOUSE["properties"], "score": score}})

    assert is_firm(low, written=WHOLE) is (score >= 0.8)


def test_a_street_is_never_firm():
    assert not is_firm(gateways.suggestion(STREET), written="14 rue des Arts 25000 Besançon")


def test_the_place_of_a_whole_address_is_firm_of_a_street_a_guess_of_another_town_nothing(service):
    assert queries.place_of(WHOLE)[1] is True
    guess, is_sure = queries.place_of("rue des Arts 25000 Besançon")
    assert (guess.label, is_sure) == ("Rue des Arts 25000 Besançon", False)
    assert queries.place_of("rue des Arts 31000 Toulouse") == (None, False)
    assert queries.place_of("Besançon") == (None, False)  # a whole commune is no place


def test_without_a_service_none_is_asked(settings):
    settings.ADDRESS_URL = ""

    with pytest.raises(AddressesUnavailable):
        queries.suggested_addresses("14 rue des arts")
    assert queries.place_of(WHOLE) == (None, False)


BROKEN = {
    "no JSON": b"<html>502</html>",
    "not a collection": b'["a"]',
    "no features": b'{"features": "none"}',
    "no text": b"\xff\xfe\x00",
    "too deep": b"[" * 100_000,
    "too long": b'{"features": [' + b" " * 600_000 + b"]}",
    "empty": b"",
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN.keys())
def test_garbage_is_taken_for_a_service_that_is_down(settings, reply):
    with Service(reply) as running:
        settings.ADDRESS_URL = running.url
        with pytest.raises(AddressesUnavailable):
            queries.suggested_addresses("14 rue des arts")


@pytest.mark.parametrize(
    "spoiled",
    [
        {},
        {"geometry": None},
        {"geometry": {"type": "Point", "coordinates": []}},
        {"geometry": {"type": "Point", "coordinates": ["x", "y"]}},
        {"geometry": {"type": "Point", "coordinates": [float("nan"), 47]}},
        {"geometry": {"type": "Point", "coordinates": [600, 47]}},
        {"properties": {"label": "14", "score": None}},
        {"properties": [1]},
    ],
)
def test_a_proposal_that_is_not_whole_is_left_out(settings, spoiled):
    feature = {**HOUSE, **spoiled} if spoiled else "?"
    with Service(json.dumps({"features": [feature, HOUSE]}).encode()) as running:
        settings.ADDRESS_URL = running.url
        found = queries.suggested_addresses("14 rue des arts")

    assert [one.label for one in found] == ["14 Rue des Arts 25000 Besançon"]


@pytest.mark.parametrize("trouble", [{"wait": 3.0}, {"drip": 0.05}, {"status": 503}], ids=str)
def test_a_slow_or_broken_service_costs_half_a_second_once(settings, trouble):
    with Service(**trouble) as running:
        settings.ADDRESS_URL = running.url
        began = time.monotonic()
        with pytest.raises(AddressesUnavailable):
            queries.suggested_addresses("14 rue des arts")
        first = time.monotonic() - began
        for _ in range(5):
            with pytest.raises(AddressesUnavailable):
                queries.suggested_addresses("14 rue des arts")

        assert first < 1.6
        assert time.monotonic() - began - first < 0.1
        assert len(running.asked) == 1


def test_a_server_that_is_not_there_is_asked_again_after_its_rest(settings, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.ADDRESS_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(AddressesUnavailable):
        queries.suggested_addresses("14 rue des arts")
    service = gateways.address_service()
    assert service.rests_until > time.monotonic() + 20

    service.rests_until = 0.0
    with Service() as running:
        service.url = f"{running.url}/search/"
        assert queries.suggested_addresses("14 rue des arts")


def test_a_text_that_the_service_refuses_does_not_put_it_at_rest(settings):
    with Service(collection(), status=400) as running:
        settings.ADDRESS_URL = running.url
        for _ in range(2):
            with pytest.raises(AddressesUnavailable):
                queries.suggested_addresses("????")

        assert len(running.asked) == 2


def test_a_very_long_address_is_cut_before_it_is_asked(service):
    queries.suggested_addresses("14 rue des arts " + "x" * 5_000)

    assert len(service.asked[0]["q"]) == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("besan", ["Besançon"]),
        ("BESANÇON", ["Besançon"]),
        ("25000", ["Besançon"]),
        ("25000 Besançon", ["Besançon"]),
        ("Besançon (25)", ["Besançon"]),
        ("Besançon (39)", []),
        ("saint d", ["Saint-Denis", "Saint-Dizier"]),
        ("l'i", ["L'Isle"]),
        ("", []),
        ("%_", []),
    ],
)
def test_communes_are_found_whatever_their_accents(text, names):
    factories.AnyCommune()
    for code, name, key, population in [
        ("93066", "Saint-Denis", "saint denis", 150_000),
        ("52448", "Saint-Dizier", "saint dizier", 23_000),
        ("25001", "L'Isle", "l isle", 100),
    ]:
        factories.AnyCommune(code=code, name=name, sort_key=key, population=population, postal_codes=[code])

    assert [commune.name for commune in queries.communes_like(text)] == names


def test_the_recorded_replies_are_whole():
    assert all(
        gateways.suggestion(one) for one in (address_service.HOUSE, address_service.STREET, address_service.TOWN)
    )
