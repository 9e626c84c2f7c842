import runpy

import pytest

from citeslab.core.values import folded, is_siret, origin, sort_key
from config import settings as settings_of_the_roof


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Étapes  DÉBUT ", "etapes debut"),
        ("Cœur d’Orly", "coeur d'orly"),
        ("Référence\n", "reference"),
        ("Yılmaz", "yılmaz"),
    ],
)
def test_folded_forgets_accents_case_and_doubled_spaces(text, expected):
    assert folded(text) == expected


def test_sort_key_reads_hyphens_and_apostrophes_as_spaces():
    assert sort_key("N'Diaye", "Marie-Ève") == "n diaye marie eve"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("73282932000074", True),
        ("73282932000075", False),
        ("7328293200007", False),
        ("35600000000048", True),  # La Poste, its seat
        ("35600000049837", True),  # one of its offices: the digits sum to a multiple of five
        ("35600000049838", False),
        ("7328293200007A", False),
        ("", False),
    ],
)
def test_a_siret_is_known_by_its_key(number, expected):
    assert is_siret(number) is expected


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "192.0.2.1"),  # said by the caller
        (1, "", "192.0.2.1"),
        (1, "203.0.113.66, 198.51.100.7", "198.51.100.7"),  # the first is invented: our proxy wrote the last
        (2, "203.0.113.66, 198.51.100.7, 10.0.0.4", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),  # it did not come by both
        (1, "198.51.100.7:51234", "198.51.100.7"),
        (1, "unknown", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),  # another address of the same network
        (1, "[2001:db8:1:3::1]:443", "2001:db8:1:3::/64"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_a_request_comes_from_what_our_own_proxies_saw(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    meta = {"REMOTE_ADDR": "192.0.2.1"} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert origin(meta) == expected


def test_a_socket_without_a_network_address_is_told_as_it_is(settings):
    settings.TRUSTED_PROXIES = 0

    assert origin({"REMOTE_ADDR": ""}) == origin({}) == ""
    assert origin({"REMOTE_ADDR": "2001:db8::1"}) == "2001:db8::/64"


@pytest.mark.parametrize(
    ("said", "proxies"),
    [
        ({}, 0),
        ({"CITESLAB_HTTPS": "true"}, 1),
        ({"CITESLAB_HTTPS": "true", "CITESLAB_TRUSTED_PROXIES": "2"}, 2),
        ({"CITESLAB_HTTPS": "true", "CITESLAB_TRUSTED_PROXIES": "0"}, 0),
        ({"CITESLAB_TRUSTED_PROXIES": "1"}, 1),
    ],
)
def test_one_proxy_is_trusted_behind_the_one_that_speaks_tls(monkeypatch, said, proxies):
    """The settings, read anew from the environment: the sign-in counts as the other doors do."""
    for name in ("CITESLAB_HTTPS", "CITESLAB_TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    read = runpy.run_path(settings_of_the_roof.__file__)

    assert (read["TRUSTED_PROXIES"], read["ALLAUTH_TRUSTED_PROXY_COUNT"]) == (proxies, proxies)
