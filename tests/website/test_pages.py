"""The pages of everyone: no cookie, no script, each language by its own address, what search engines are told."""

import gzip
import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import brotli
import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.network.enums import Role
from citeslab.website.definitions import QUESTIONS, TEXTS
from tests import factories
from tests.website.test_stories import ANEW

pytestmark = pytest.mark.django_db
PAGES = [*TEXTS, "home", "plan", "stories", "press"]
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](https?://(?!testserver|127\.0\.0\.1:8000)[^"']+)""")


def page(client, name, *args, **asked):
    answer = client.get(reverse(f"website:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer


# -- the way in -------------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_led_from_the_root_to_the_public_home(client):
    for answer in (client.get("/"), client.post("/")):
        assert (answer.status_code, answer["Location"]) == (302, "/bienvenue/")
    assert "Trouver mon conseiller" in client.get("/", follow=True).content.decode()


def test_who_was_signed_in_is_led_back_to_where_one_signs_in(client, advisor):
    client.force_login(advisor)
    client.session.flush()
    assert client.get("/")["Location"] == f"{reverse('accounts:sign_in')}?next=/"


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.PILOT])
def test_who_is_signed_in_keeps_her_own_home(client, site, role):
    user = factories.AnyMandate(role=role, site=site if role == Role.ADVISOR else None).user
    client.force_login(user)

    assert client.get("/").status_code == 200
    answer = client.get(reverse("website:home"))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]  # with her name in the frame, it is hers alone


def test_the_second_factor_is_still_asked_at_the_root(client, advisor):
    from django.contrib.auth import SESSION_KEY

    client.force_login(advisor)
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    assert session[SESSION_KEY]
    assert client.get("/")["Location"] == reverse("accounts:second_factor")


# -- the same for everyone --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_asks_nothing_of_who_reads_it(client, name):
    answer = page(client, name)
    text = answer.content.decode()

    assert answer.cookies == {}
    assert "public" in answer["Cache-Control"]
    assert "max-age=60" in answer["Cache-Control"]
    assert not re.search(r"<script(?! type=\"application/ld\+json\")|csrfmiddlewaretoken|style=", text)
    assert OUTSIDE.findall(text) == []
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert answer.headers["ETag"]
    assert client.get(reverse(f"website:{name}"), headers={"if-none-match": answer["ETag"]}).status_code == 304
    packed = client.get(reverse(f"website:{name}"), headers={"accept-encoding": "br"})
    assert packed["Content-Encoding"] == "br"
    assert brotli.decompress(packed.content).decode() == text


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_only_reads_takes_no_form(client, name):
    assert client.post(reverse(f"website:{name}")).status_code == 405


@pytest.mark.parametrize("name", sorted(TEXTS))
@pytest.mark.parametrize("publisher", ["", "Le réseau"])
def test_pages_of_words_are_whole_with_settings_and_without(client, name, publisher, settings):
    settings.PUBLISHER = dict.fromkeys(settings.PUBLISHER, publisher)
    settings.CONTACT = "bonjour@exemple.fr" if publisher else ""
    for language in ("fr", "en"):
        text = page(client, name, langue=language, **ANEW).content.decode()
        assert "{{" not in text
        assert "{%" not in text
    if name == "legal":
        assert ("not filled in on this site yet" in text.lower()) is (not publisher)


# -- languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_each_language_has_its_own_address_whatever_the_browser_asks(client, name):
    path = reverse(f"website:{name}")
    for language, other in (("fr", "en"), ("en", "fr")):
        answer = client.get(path, {"langue": language}, headers={"accept-language": other, "host": "127.0.0.1"})
        text = answer.content.decode()
        own = "http://127.0.0.1:8000" + path
        assert f'<html lang="{language}">' in text
        assert f'<link rel="canonical" href="{own}?langue={language}">' in text
        for code in ("fr", "en"):
            assert f'<link rel="alternate" hreflang="{code}" href="{own}?langue={code}">' in text
        assert f'<link rel="alternate" hreflang="x-default" href="{own}">' in text
        assert f'href="{path}?langue={other}"' in text  # the way to the other
    plain = client.get(path, headers={"accept-language": "en"})
    assert '<html lang="en">' in plain.content.decode()
    assert "Accept-Language" in plain["Vary"]


def test_links_keep_the_language_that_was_asked(client):
    factories.AnyToldStory()
    text = page(client, "home", langue="en").content.decode()
    inside = {
        link for link in re.findall(r'<a [^>]*href="(/[^"]*)"', text) if not link.startswith(("/connexion", "/static"))
    }
    lost = {link for link in inside if "langue=" not in link and link != "/"}
    assert lost == set()


def test_what_is_written_in_french_is_told_in_french_on_an_english_page(client):
    """A screen reader changes its voice for it: titles and words of stories, titles of actions; our own words stay."""
    starts_at = timezone.now() + timedelta(days=2)
    action = factories.AnyWorkshop(
        held_on=timezone.localdate(starts_at), is_public=True, is_planned=True, title="Osez", description="Café offert."
    )
    factories.AnySession(workshop=action, starts_at=starts_at)
    story = factories.AnyToldStory(title="Le pain")
    factories.AnyToldStory(title="Le bois")

    def in_french(path):
        text = client.get(path, {"langue": "en"}).content.decode()
        assert '<html lang="en">' in text
        return text, re.findall(r'<(?:a|h1|p|div) [^>]*lang="fr"[^>]*>\s*(?:<p>)?([^<]+)', text)

    assert {"Osez", "Le pain", "Le bois"} <= set(in_french(reverse("website:home"))[1])
    assert {"Le pain", "Le bois"} <= set(in_french(reverse("website:stories"))[1])
    text, told = in_french(reverse("website:story", args=[story.pk]))
    assert {"Le pain", "Le bois", story.paragraphs[0]} <= set(told)
    assert '<article class="site prose">' in text  # the day and the way back are in the language of the page
    assert "Osez" in in_french(reverse("workshops:agenda"))[1]
    assert {"Osez", "Café offert."} <= set(in_french(reverse("workshops:public", args=[action.pk]))[1])


@pytest.mark.parametrize("language", ["xx", "<script>", "fr-FR", ""])
def test_a_language_that_we_do_not_speak_is_left_aside(client, language):
    text = client.get(reverse("website:home"), {"langue": language}, headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="fr">' in text
    assert "langue=xx" not in text
    assert "<script>" not in text


# -- what is read in other rooms --------------------------------------------------------------------------------------


def test_the_home_shows_the_next_actions_that_anyone_may_join(client):
    from datetime import timedelta

    from django.utils import timezone

    today = timezone.localdate()
    for days, title, public in (
        (9, "Plus tard", True),
        (2, "Bientôt", True),
        (1, "Sur invitation", False),
        (-3, "Passé", True),
    ):
        factories.AnyWorkshop(title=title, held_on=today + timedelta(days=days), is_public=public)

    answer = page(client, "home")
    assert [one.title for one in answer.context["workshops"]] == ["Bientôt", "Plus tard"]


def test_the_home_says_the_hour_that_the_clocks_there_show_until_the_action_begins(client):
    from datetime import datetime, timedelta

    from django.utils import timezone

    from citeslab.territories.values import PARIS, zone_of
    from citeslab.website.queries.pages import upcoming

    day = timezone.localdate() + timedelta(days=4)
    starts_at = datetime(day.year, day.month, day.day, 20, 30, tzinfo=zone_of("97105"))
    action = factories.AnyWorkshop(site__commune_code="97105", title="Là-bas", held_on=day, is_public=True)
    factories.AnySession(workshop=action, starts_at=starts_at)

    assert "<b>8:30\u202fPM</b>" in page(client, "home", langue="en").content.decode()
    # It is past midnight in Paris, and not yet the hour there.
    assert starts_at.astimezone(PARIS).date() == day + timedelta(days=1)
    assert [one.title for one in upcoming(at=starts_at - timedelta(minutes=1), most=3)] == ["Là-bas"]
    assert upcoming(at=starts_at, most=3) == []


def test_the_home_says_the_last_published_year_and_no_other_number(client):
    assert page(client, "home").context["sentence"] is None
    cells = [["supported_by_region_and_sex", "persons_supported", {"territory": "*", "sex": "*"}, 6_612, False]]
    factories.AnyPublication(year=2016, cells=cells)

    text = page(client, "home", langue="en").content.decode()
    assert "6,612" in text
    assert "In 2016," in text


@pytest.mark.parametrize("workshops", [1, 3])
def test_the_home_costs_the_same_whatever_is_announced(client, django_assert_num_queries, workshops):
    from datetime import timedelta

    from django.utils import timezone

    factories.AnyPublication(year=2016)
    for _ in range(workshops):
        factories.AnyWorkshop(held_on=timezone.localdate() + timedelta(days=4), is_public=True)
    page(client, "home", **ANEW)
    with django_assert_num_queries(5):  # actions, stories, the year, its publication, the demonstration
        page(client, "home", **ANEW)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_page_of_words_asks_the_database_one_thing(client, django_assert_num_queries, name):
    page(client, name, **ANEW)
    with django_assert_num_queries(1):  # is this a demonstration?
        page(client, name, **ANEW)


# -- for machines -----------------------------------------------------------------------------------------------------


def data_of(text: str) -> dict:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text).group(1))


def test_search_engines_read_the_organization_and_its_site(client, settings):
    settings.CONTACT = "bonjour@exemple.fr"
    graph = {one["@type"]: one for one in data_of(page(client, "home", **ANEW).content.decode())["@graph"]}

    assert set(graph) == {"Organization", "WebSite"}
    assert graph["Organization"]["email"] == "bonjour@exemple.fr"
    assert graph["WebSite"]["publisher"] == {"@id": graph["Organization"]["@id"]}


def test_search_engines_read_the_questions_as_everyone_does(client):
    text = page(client, "questions", langue="en").content.decode()
    told = data_of(text)
    assert told["@type"] == "FAQPage"
    assert [one["name"] for one in told["mainEntity"]] == [str(question) for question, _answer in QUESTIONS]
    assert all(f"<h2>{one['name']}</h2>" in text for one in told["mainEntity"])


def test_the_map_for_engines_holds_what_is_there_in_each_language(client, settings):
    settings.PUBLIC_URL = "https://citeslab.example"
    story, announcement = factories.AnyToldStory(), factories.AnyPressAnnouncement()
    draft = factories.AnyStory()
    site = factories.AnyMandate().site
    answer = client.get(reverse("website:sitemap"), headers={"host": "localhost"})
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    found = {
        entry.find("s:loc", names).text: {
            link.get("hreflang"): link.get("href") for link in entry.findall("x:link", names)
        }
        for entry in ElementTree.fromstring(answer.content).findall("s:url", names)
    }

    for path in (
        f"/recits/{story.pk}/",
        f"/presse/{announcement.pk}/",
        f"/trouver/{site.pk}/",
        "/trouver/",
        "/contact/",
        "/facile/",
        "/bienvenue/",
        "/ateliers/",
        "/reperes/",
    ):
        whole = f"https://citeslab.example{path}"
        each = {code: f"{whole}?langue={code}" for code in ("fr", "en")}
        assert found[each["fr"]] == found[each["en"]] == each
    assert not any(f"/recits/{draft.pk}/" in address for address in found)
    assert not any(re.search("redaction|connexion|localhost", address) for address in found)
    for address in found:
        assert client.get(address.removeprefix("https://citeslab.example")).status_code == 200, address


@pytest.mark.parametrize(
    ("is_demo", "said"), [(False, "Sitemap: https://citeslab.example/sitemap.xml"), (True, "Disallow: /\n")]
)
def test_engines_are_told_what_to_read(client, settings, is_demo, said):
    settings.DEMO, settings.PUBLIC_URL = is_demo, "https://citeslab.example"
    answer = client.get(reverse("website:robots"))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert said in answer.content.decode()
    assert ("Disallow: /\n" in answer.content.decode()) is is_demo


def test_the_drawing_is_where_browsers_look_for_it(client):
    assert client.get("/favicon.ico")["Location"].endswith("ui/icon.svg")


@pytest.mark.parametrize("name", ["stories", "announcements", "workshops"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_feeds_are_read_by_programs_in_their_language(client, settings, name, language):
    from datetime import timedelta

    from django.utils import timezone

    settings.PUBLIC_URL = "https://citeslab.example"
    factories.AnyToldStory(title="Un & deux <trois>")
    factories.AnyPressAnnouncement(title="Un & deux <trois>")
    factories.AnyWorkshop(title="Un & deux <trois>", held_on=timezone.localdate() + timedelta(days=2), is_public=True)
    answer = client.get(reverse(f"website:{name}_feed"), {"langue": language}, headers={"host": "localhost"})
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ElementTree.fromstring(answer.content)

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.cookies == {}
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert [entry.find("a:title", atom).text for entry in feed.findall("a:entry", atom)] == ["Un & deux <trois>"]
    assert all(entry.find("a:updated", atom).text for entry in feed.findall("a:entry", atom))
    links = [link.get("href") for link in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert len(links) == 3
    assert all(link.startswith("https://citeslab.example/") and link.endswith(f"langue={language}") for link in links)


@pytest.mark.parametrize(
    ("name", "factory"), [("stories", factories.AnyToldStory), ("announcements", factories.AnyPressAnnouncement)]
)
def test_a_line_that_is_withdrawn_leaves_the_readers_that_ask_by_the_day(client, name, factory):
    from django.utils import timezone
    from django.utils.http import http_date

    address, read_at = reverse(f"website:{name}_feed"), http_date(timezone.now().timestamp())
    factory(title="Elle reste")
    gone = factory(title="Elle s’en va")
    assert "Last-Modified" not in client.get(address).headers
    gone.withdrawn_at, gone.withdrawn_by = timezone.now(), factories.AnyUser()
    gone.save()
    answer = client.get(address, headers={"if-modified-since": read_at})

    assert answer.status_code == 200
    assert "Elle reste" in answer.content.decode()
    assert "Elle s’en va" not in answer.content.decode()


def test_the_demonstration_and_the_agenda_and_the_figures_tell_their_own_address_too(client):
    for path in (reverse("workshops:agenda"), reverse("figures:public")):
        text = client.get(path, {"langue": "en"}).content.decode()
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{path}?langue=en">' in text
        assert 'href="/accessibilite/' in text


# -- one page, its languages and codings -------------------------------------------------------------------------------


def test_a_page_is_that_of_its_language_and_its_coding(client):
    for language in ("fr", "en"):
        for coding in ("br", "gzip", ""):
            answer = client.get(
                reverse("website:legal"), headers={"accept-language": language, "accept-encoding": coding}
            )
            assert answer.get("Content-Encoding", "") == coding
            plain = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[coding](answer.content).decode()
            assert f'<html lang="{language}">' in plain


def test_what_is_made_for_who_is_signed_in_is_kept_for_nobody(client, advisor):
    client.force_login(advisor)
    assert advisor.name not in client.get(reverse("website:home")).content.decode()
    client.logout()
    answer = client.get(reverse("website:home"))
    assert "public" in answer["Cache-Control"]
    assert "data-user" not in answer.content.decode()


def test_what_was_not_modified_is_not_sent_again_even_when_it_is_made_anew(client):
    address = reverse("website:stories")
    etag = client.get(address)["ETag"]
    factories.AnyUser()  # a write that changes nothing here
    answer = client.get(address, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    factories.AnyToldStory()
    assert client.get(address, headers={"if-none-match": etag}).status_code == 200
