"""The pages of the look itself."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse


@pytest.fixture
def look(client, advisor, settings):
    settings.DEMO = True
    client.force_login(advisor)
    return client.get(reverse("ui:look"))


def test_the_living_page_shows_every_component_without_what_the_policy_refuses(look):
    html = look.content.decode()

    assert look.status_code == 200
    assert " style=" not in html
    assert "<style" not in html
    assert re.findall(r"<script(?![^>]* src=)", html) == []
    assert re.findall(r"\son[a-z]+=", html) == []


def test_every_id_of_the_living_page_is_its_own(look):
    # The two specimens of a form are the same form: their fields apart.
    ids = [name for name in re.findall(r'\sid="([^"]+)"', look.content.decode()) if not name.startswith("id_")]
    assert sorted(ids) == sorted(set(ids))


def test_the_living_page_is_shut_where_people_work(client, advisor, settings):
    settings.DEMO = settings.DEBUG = False
    client.force_login(advisor)
    assert client.get(reverse("ui:look")).status_code == 404


@pytest.mark.parametrize(
    ("language", "heading"),
    [("fr", "Cette page n\N{RIGHT SINGLE QUOTATION MARK}est pas ici"), ("en", "This page is not here")],
)
def test_a_missing_page_says_so_in_the_language_of_the_visitor(db, advisor, language, heading):
    client = Client(headers={"accept-language": language})
    client.force_login(advisor)
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert f"<h1>{heading}</h1>" in answer.content.decode()
    assert f'<html lang="{language}">' in answer.content.decode()


def test_a_form_without_its_token_is_refused_kindly(db):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post(reverse("set_language"), {"language": "en"})

    assert answer.status_code == 403
    assert "<h1>This form waited too long</h1>" in answer.content.decode()


def test_what_broke_is_said_without_asking_anything_of_what_broke(rf):
    from citeslab.ui import views

    # No database fixture: a page that reads one would fail here.
    answer = views.server_error(rf.get("/"))

    assert answer.status_code == 500
    assert "<h1>" in answer.content.decode()
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_a_stranger_may_change_the_language_of_the_way_in(client, db):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/apparence/"})

    assert answer.url == "/apparence/"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
