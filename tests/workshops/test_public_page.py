"""The page of one action of the public agenda: for people, and for engines."""

import json
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citeslab.core import middleware
from citeslab.workshops import exports, services
from citeslab.workshops.models import Workshop
from tests import factories

pytestmark = pytest.mark.django_db
BESANCON = {"at": (6.02, 47.24), "commune_code": "25056", "commune_name": "Besançon"}


def page(client, workshop, **asked):
    address = reverse("workshops:public", args=[workshop.pk])
    return client.get(address, asked, headers={"accept-language": "en"}).content.decode()


def data_of(said):
    return json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', said)[1])


def test_engines_read_what_people_read(client, announce):
    workshop = announce("Ici", capacity=1, place="Médiathèque", description="</script><b>&", **BESANCON)
    told = data_of(page(client, workshop))

    assert (told["@type"], told["name"], told["description"]) == ("Event", "Ici", "</script><b>&")
    assert told["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 47.24, "longitude": 6.02}
    assert datetime.fromisoformat(told["startDate"]) == workshop.sessions.get().starts_at
    assert told["offers"]["availability"] == "https://schema.org/InStock"
    factories.AnyGuest(workshop=workshop)
    assert data_of(page(client, workshop))["offers"]["availability"] == "https://schema.org/SoldOut"


def test_an_action_called_off_says_so_and_leads_to_others(client, announce, advisor):
    workshop = announce(**BESANCON)
    services.call_off(workshop=workshop, because="Salle fermée.", by=advisor, at=timezone.now())
    said = page(client, workshop)

    assert data_of(said)["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in data_of(said)
    assert "Salle fermée." in said
    assert 'href="/ateliers/?commune=Besan%C3%A7on+%2825%29"' in said
    assert "action.ics" not in said
    assert "<form" not in said.split("<main")[1]


def test_an_action_that_has_begun_takes_nobody(client, announce):
    workshop = announce(days=0, **BESANCON)
    workshop.sessions.update(starts_at=timezone.now() - timedelta(minutes=5))
    said = page(client, workshop)

    assert "has begun or is over" in said
    assert "Other actions around Besançon" in said


def test_an_action_on_invitation_tells_engines_nothing(client, announce):
    workshop = announce(public=False)
    answer = client.get(exports.public_address(workshop).removeprefix(settings.PUBLIC_URL))

    assert "ld+json" not in answer.content.decode()
    assert "noindex" in answer["X-Robots-Tag"]
    assert f'href="{reverse("workshops:agenda")}"' not in answer.content.decode()


def test_its_address_may_say_the_language(client, announce):
    assert '<html lang="fr">' in page(client, announce(), langue="fr")


def test_it_is_light(client, announce):
    workshop = announce()
    Workshop.objects.update(description="é" * 3_000, title="x" * 300)

    assert len(page(client, workshop)) < 60_000


def test_the_language_that_was_asked_stays_until_her_own_registration(client, announce):
    said = {"first_name": "Nour", "preferred_name": "Bensaïd", "contact": "nour@example.org", "key": str(uuid4())}
    address = reverse("workshops:public", args=[announce().pk])
    answer = client.post(f"{address}?langue=en", said, headers={"accept-language": "fr"})
    hers = client.get(answer["Location"], headers={"accept-language": "fr"}).content.decode()

    assert answer["Location"].endswith("/?langue=en")
    assert '<html lang="en">' in hers
    assert '?langue=fr" lang="fr"' in hers
    act = client.post(answer["Location"], {"act": "cancel"}, headers={"accept-language": "fr"})
    assert act["Location"] == answer["Location"]


@pytest.fixture
def _at_hand(settings):
    settings.PAGES_AT_HAND = 60
    middleware.forget_pages()
    yield
    middleware.forget_pages()


@pytest.mark.usefixtures("_at_hand")
def test_the_page_is_made_once_and_each_has_her_own_token_and_key(announce, django_assert_num_queries):
    address = reverse("workshops:public", args=[announce(**BESANCON).pk])
    strict = [Client(enforce_csrf_checks=True) for _one in range(2)]
    first = strict[0].get(address, headers={"accept-language": "en"})
    with django_assert_num_queries(2):  # the transaction of the request, and nothing in it
        second = strict[1].get(address, headers={"accept-language": "en"})

    forms = [hidden(page.content.decode()) for page in (first, second)]
    assert forms[0].keys() == forms[1].keys() == {"csrfmiddlewaretoken", "key"}
    assert not set(forms[0].values()) & set(forms[1].values())
    blank = [page.content.decode() for page in (first, second)]
    for form, number in zip(forms, range(2), strict=True):
        for said in form.values():
            assert said in blank[number]
            blank[number] = blank[number].replace(said, "")
    assert blank[0] == blank[1]

    told = {"first_name": "Nour", "preferred_name": "Exemple", "contact": ""}
    assert [one.post(address, told | form).status_code for one, form in zip(strict, forms, strict=True)] == [302, 302]
    assert strict[0].post(address, told | forms[1]).status_code == 403


@pytest.mark.usefixtures("_at_hand")
def test_who_is_signed_in_or_is_told_something_leaves_nothing_for_others(client, announce, advisor):
    address = reverse("workshops:public", args=[announce(**BESANCON).pk])
    client.force_login(advisor)
    assert "data-user" in client.get(address).content.decode()
    stranger = Client()
    assert "data-user" not in stranger.get(address).content.decode()

    middleware.forget_pages()
    stranger.cookies["messages"] = "anything"
    stranger.get(address)
    assert not middleware._at_hand


def hidden(said):
    main = said.split("<main")[1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', main))
