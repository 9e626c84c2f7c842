"""A page of the public site is made once a minute, and handed as it is to who comes without a session."""

import pytest

from citeslab.core import middleware
from tests import factories

pytestmark = pytest.mark.django_db
PATH = "/trouver/?commune=25056"


@pytest.fixture(autouse=True)
def _at_hand(settings):
    settings.PAGES_AT_HAND = 60
    middleware.forget_pages()
    yield
    middleware.forget_pages()


def get(client, path=PATH, **headers):
    return client.get(path, headers={"accept-language": "fr", "accept-encoding": "br"} | headers)


def test_the_second_who_asks_is_given_the_same_without_a_question(client, site, django_assert_num_queries):
    first = get(client)
    with django_assert_num_queries(0):
        second = get(client)

    assert second.content == first.content
    assert second.headers == first.headers
    assert second["Content-Encoding"] == "br"


@pytest.mark.parametrize("path", ["/sitemap.xml", "/flux/recits.xml", "/bienvenue/", "/ateliers/", "/reperes/"])
def test_every_kind_of_page_can_be_given_twice(client, path):
    first, second = get(client, path), get(client, path)
    assert (second.status_code, second.content, second.headers) == (200, first.content, first.headers)


def test_a_language_a_coding_and_an_address_have_each_their_own(client, site):
    pages = [get(client), get(client, **{"accept-language": "en"}), get(client, PATH + "&langue=en")]
    pages += [get(client, **{"accept-encoding": coding}) for coding in ("gzip", "identity")]
    pages.append(get(client, f"/trouver/{site.pk}/"))

    assert len({page.content for page in pages}) == 6
    assert [get(client, PATH + "&langue=en")["Content-Language"] for _time in range(2)] == ["en", "en"]


def test_who_has_it_already_is_told_so(client, site):
    first = get(client)
    again = get(client, **{"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert get(client, **{"if-none-match": '"other"'}).status_code == 200


def test_who_is_signed_in_has_her_own_and_leaves_nothing_behind(client, site):
    client.force_login(factories.AnyUser())
    hers = client.get(PATH, headers={"accept-encoding": "identity"})
    assert "data-user" in hers.content.decode()
    client.cookies.clear()

    assert "data-user" not in client.get(PATH, headers={"accept-encoding": "identity"}).content.decode()


def test_what_is_not_found_or_has_passed_is_made_anew(client, site, settings):
    assert get(client, "/trouver/999999/").status_code == 404
    first = get(client).content
    site.name = "CitésLab d’ailleurs"
    site.save()
    assert get(client).content == first

    settings.PAGES_AT_HAND = 0
    assert get(client).content != first


def test_a_process_holds_so_many(client, site, monkeypatch):
    monkeypatch.setattr(middleware, "MOST_AT_HAND", 3)
    for number in range(5):
        get(client, f"{PATH}&n={number}")

    assert len(middleware._at_hand) == 3
