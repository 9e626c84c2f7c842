"""The block that a town shows on its own site."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

pytestmark = pytest.mark.django_db


def block(client, headers=(), **asked):
    return client.get(reverse("workshops:block"), asked, headers=dict(headers))


def test_it_may_stand_in_any_frame_and_keeps_nothing(client, announce):
    for number in range(7):
        announce(f"Atelier {number}", days=2 + number)
    answer = block(client, n="3")
    said = answer.content.decode()

    assert [line.title for line in answer.context["lines"]] == ["Atelier 0", "Atelier 1", "Atelier 2"]
    assert len(block(client).context["lines"]) == 5
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert answer.cookies == {}
    assert "<script" not in said
    assert "<form" not in said
    links = re.findall(r"<a [^>]+>", said)
    assert links
    assert all('target="_top"' in link and f'href="{settings.PUBLIC_URL}/ateliers/' in link for link in links)


def test_it_may_stand_in_a_frame_when_it_has_not_changed_either(client, announce):
    announce()
    first = block(client)
    again = block(client, {"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert "frame-ancestors *" in again["Content-Security-Policy"]
    assert "X-Frame-Options" not in again


def test_no_other_page_may_stand_in_a_frame(client, announce):
    for address in (reverse("workshops:agenda"), reverse("workshops:public", args=[announce().pk])):
        answer = client.get(address)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("theme", "sheets", "scheme"),
    [("clair", ["tokens.css"], "light"), ("sombre", ["tokens-dark.css"], "dark"), ("", [], "light dark")],
)
def test_it_takes_the_look_of_its_site(client, theme, sheets, scheme):
    said = block(client, theme=theme).content.decode()

    assert re.findall(r"ui/css/([\w.-]+)", said) == sheets
    assert f'name="color-scheme" content="{scheme}"' in said


def test_it_speaks_the_language_of_its_site(client):
    assert '<html lang="fr">' in block(client, {"accept-language": "en"}).content.decode()
    assert '<html lang="en">' in block(client, {"accept-language": "fr"}, langue="en").content.decode()


def test_the_lines_to_paste_show_it(client, announce, besancon):
    announce("Ici", at=(6.02, 47.24))
    announce("Dole", at=(5.492, 47.093))
    answer = client.get(
        reverse("workshops:embedding"), {"commune": "Besançon", "km": "10", "theme": "sombre", "langue": "en"}
    )
    snippet = answer.context["snippet"]
    address = re.search(r'src="([^"]+)"', snippet)[1].replace("&amp;", "&")

    assert address.startswith(settings.PUBLIC_URL)
    assert 'title="CitésLab around Besançon"' in snippet
    shown = client.get(address.removeprefix(settings.PUBLIC_URL))
    assert [line.title for line in shown.context["lines"]] == ["Ici"]
    assert "tokens-dark.css" in shown.content.decode()
    assert answer.cookies == {}
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_what_is_typed_cannot_break_out_of_the_lines(client):
    answer = client.get(reverse("workshops:embedding"), {"commune": '"><script>alert(1)</script>', "n": '9"'})

    assert "<script>alert" not in answer.content.decode()
