"""Stories: told with consent, published by somebody else, gone from everywhere as soon as they are taken back."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.rights import services as rights
from citeslab.rights.enums import Cause, Purpose, Said, Way
from citeslab.rights.models import Consent
from citeslab.website import services
from citeslab.website.enums import Standing
from citeslab.website.models import Picture, Story
from tests import factories
from tests.website.test_pictures import jpeg

pytestmark = pytest.mark.django_db
ANEW = {"anew": ""}  # an address that says more than its language: the page is made for it
WORDS = {"first_name": "Samira", "title": "Le pain de ma mère", "words": "J’ai poussé la porte.\n\nJe vends au marché."}


@pytest.fixture
def told(samira, advisor, coordinator, at):
    """Written, agreed to with its picture, published."""
    story = services.write(site=samira.site, person=samira, by=advisor, at=at, **WORDS)
    services.illustrate(story=story, sent=jpeg(), description="Samira au marché", by=advisor, at=at)
    services.agree(story=story, way=Way.SPOKEN, with_picture=True, by=advisor, at=at + timedelta(minutes=1))
    return services.publish(story=story, by=coordinator, at=at + timedelta(minutes=2))


def places(client, story):
    """The answers of every page that shows it, or may."""
    addresses = {
        "story": reverse("website:story", args=[story.pk]),
        "picture": reverse("website:story_picture", args=[story.pk]),
        "list": reverse("website:stories"),
        "home": reverse("website:home"),
        "feed": reverse("website:stories_feed"),
        "map": reverse("website:sitemap"),
    }
    return {name: client.get(address) for name, address in addresses.items()}


def is_nowhere(client, story) -> bool:
    answers = places(client, story)
    assert (answers["story"].status_code, answers["picture"].status_code) == (410, 410)
    mark = f"/recits/{story.pk}/"
    return not any(
        WORDS["title"] in page or mark in page
        for page in (answers[name].content.decode() for name in ("list", "home", "feed", "map"))
    )


def test_a_story_is_on_every_page_once_it_is_published(client, told):
    answers = places(client, told)

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert answers["picture"]["Content-Type"] == "image/webp"
    for name in ("story", "list", "home", "feed"):
        assert WORDS["title"] in answers[name].content.decode(), name
    assert f"/recits/{told.pk}/?langue=fr" in answers["map"].content.decode()
    # The feed carries no word of it: what a reader of feeds keeps cannot be taken back.
    assert "poussé la porte" not in answers["feed"].content.decode()


def test_copies_on_the_way_end_within_the_hour(client, told):
    for name, answer in places(client, told).items():
        kept = re.fullmatch(r"public, max-age=(\d+)|max-age=(\d+), public", answer["Cache-Control"])
        assert kept, name
        assert int(kept[1] or kept[2]) == 60
        assert answer.cookies == {}


def test_taken_back_in_her_own_space_it_is_gone_at_once_from_everywhere(client, told, samira, advisor):
    _row, code = rights.give_code(person=samira, by=advisor, at=timezone.now())
    client.post(reverse("rights:door"), {"code": code, "answer": "0142"})
    client.post(reverse("rights:my_consent"), {"purpose": "TESTIMONY", "said": "NO"})

    assert is_nowhere(client, told)
    assert Story.objects.with_standing().get().standing == Standing.TAKEN_BACK


def test_its_own_page_says_so_at_once_though_pages_are_kept_at_hand(client, told, samira, advisor, settings):
    settings.PAGES_AT_HAND = 60
    pages = [reverse(f"website:{name}", args=[told.pk]) for name in ("story", "story_picture")]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    services.withdraw(story=told, by=advisor, at=timezone.now())

    assert [client.get(page).status_code for page in pages] == [410, 410]


def test_agreeing_anew_does_not_bring_the_old_words_back(client, told, samira, advisor, at):
    for minutes, said in ((10, Said.NO), (20, Said.YES)):
        rights.say_consent(
            person=samira,
            purpose=Purpose.TESTIMONY,
            said=said,
            way=Way.SPOKEN,
            by=advisor,
            at=at + timedelta(minutes=minutes),
        )

    assert is_nowhere(client, told)


def test_a_photo_taken_back_leaves_the_words(client, told, samira, advisor, at):
    rights.say_consent(
        person=samira, purpose=Purpose.PHOTO, said=Said.NO, way=Way.SPOKEN, by=advisor, at=at + timedelta(hours=1)
    )

    answers = places(client, told)
    assert (answers["story"].status_code, answers["picture"].status_code) == (200, 410)
    assert "<img" not in answers["story"].content.decode()
    client.force_login(advisor)
    page = client.get(reverse("website:writing_story", args=[told.pk]))
    assert not page.context["picture"].is_shown


def test_a_picture_that_she_did_not_agree_to_is_never_shown(client, samira, advisor, coordinator, at):
    story = services.write(site=samira.site, person=samira, by=advisor, at=at, **WORDS)
    services.illustrate(story=story, sent=jpeg(), description="Samira au marché", by=advisor, at=at)
    services.agree(story=story, way=Way.SPOKEN, with_picture=False, by=advisor, at=at)
    services.publish(story=story, by=coordinator, at=at)

    assert client.get(reverse("website:story", args=[story.pk])).status_code == 200
    assert client.get(reverse("website:story_picture", args=[story.pk])).status_code == 410


def test_a_file_anonymised_takes_its_stories_with_it(client, told, samira, advisor, at):
    rights.anonymise(people=[samira.pk], cause=Cause.REQUEST, by=advisor, at=at + timedelta(days=1))

    assert is_nowhere(client, told)
    told.refresh_from_db()
    assert (told.title, told.words, told.first_name) == ("", "", "")
    assert not Picture.objects.exists()


def test_withdrawn_by_the_network_it_is_gone_for_good(client, told, advisor, coordinator, at):
    services.withdraw(story=told, by=advisor, at=at + timedelta(hours=1))
    services.withdraw(story=told, by=coordinator, at=at + timedelta(hours=2))

    assert is_nowhere(client, told)
    told.refresh_from_db()
    assert told.withdrawn_by == advisor
    with pytest.raises(services.Gone):
        services.publish(story=told, by=coordinator, at=at + timedelta(hours=3))


def test_what_was_never_published_is_not_found_rather_than_gone(client, samira, advisor, at):
    story = services.write(site=samira.site, person=samira, by=advisor, at=at, **WORDS)

    for name in ("story", "story_picture"):
        assert client.get(reverse(f"website:{name}", args=[story.pk])).status_code == 404
        assert client.get(reverse(f"website:{name}", args=[story.pk + 1])).status_code == 404


def test_nothing_is_published_without_her_agreement(client, samira, advisor, coordinator, at):
    story = services.write(site=samira.site, person=samira, by=advisor, at=at, **WORDS)
    with pytest.raises(services.NotAgreed):
        services.publish(story=story, by=coordinator, at=at)

    services.agree(story=story, way=Way.PAPER, with_picture=False, by=advisor, at=at)
    rights.say_consent(
        person=samira, purpose=Purpose.TESTIMONY, said=Said.NO, way=Way.SPOKEN, by=advisor, at=at + timedelta(minutes=1)
    )
    with pytest.raises(services.NotAgreed):
        services.publish(story=story, by=coordinator, at=at + timedelta(minutes=2))
    with pytest.raises(IntegrityError, match="website_story_published_with_agreement"), transaction.atomic():
        Story.objects.update(published_at=at, published_by=coordinator, agreed_at=None, agreed_by=None, agreed_way="")


def test_an_agreement_says_how_it_was_given(told):
    with pytest.raises(IntegrityError, match="website_story_agreed_in_some_way"), transaction.atomic():
        Story.objects.update(agreed_way="")


def test_other_words_make_the_agreement_void(samira, advisor, coordinator, at):
    story = services.write(site=samira.site, person=samira, by=advisor, at=at, **WORDS)
    services.agree(story=story, way=Way.SPOKEN, with_picture=False, by=advisor, at=at)

    assert services.change(story=story, by=advisor, at=at, **WORDS).agreed_at is not None  # the same words
    changed = services.change(story=story, by=advisor, at=at, **WORDS | {"title": "Autre titre"})
    assert (changed.agreed_at, changed.agreed_by, changed.agreed_way) == (None, None, "")
    with pytest.raises(services.NotAgreed):
        services.publish(story=story, by=coordinator, at=at)


def test_published_words_are_never_changed(told, advisor, at):
    for act in (
        lambda: services.change(story=told, by=advisor, at=at, **WORDS | {"title": "Autre titre"}),
        lambda: services.illustrate(story=told, sent=jpeg(), description="Autre", by=advisor, at=at),
        lambda: services.agree(story=told, way=Way.SPOKEN, with_picture=True, by=advisor, at=at),
    ):
        with pytest.raises(services.AlreadyTold):
            act()


def test_a_story_without_a_file_is_told_by_the_agreement_on_paper(client, site, advisor, coordinator, at):
    story = services.write(site=site, person=None, by=advisor, at=at, **WORDS)
    services.agree(story=story, way=Way.PAPER, with_picture=False, by=advisor, at=at)
    services.publish(story=story, by=coordinator, at=at)

    assert client.get(reverse("website:story", args=[story.pk])).status_code == 200
    assert not Consent.objects.exists()


def test_a_person_of_another_site_has_her_story_written_there(site, advisor, at):
    with pytest.raises(services.OfAnotherSite):
        services.write(site=site, person=factories.AnyPerson(), by=advisor, at=at, **WORDS)


def test_each_act_is_in_the_journal(told, advisor, coordinator, at):
    services.withdraw(story=told, by=coordinator, at=at + timedelta(hours=1))
    lines = Entry.objects.filter(action__startswith="website.").order_by("pk")

    assert list(lines.values_list("action", "actor_id")) == [
        ("website.story.written", advisor.pk),
        ("website.picture.added", advisor.pk),
        ("website.story.agreed", advisor.pk),
        ("website.story.published", coordinator.pk),
        ("website.story.withdrawn", coordinator.pk),
    ]
    assert not any(WORDS["title"] in str(line.details) for line in lines)


def test_a_script_in_words_is_words(client, site, advisor, coordinator, at):
    bad = "<script>alert(1)</script> & co\n\n</script><img src=x onerror=alert(2)>"
    story = services.write(
        site=site, person=None, first_name="<b>A</b>", title="<i>Titre</i>", words=bad, by=advisor, at=at
    )
    services.agree(story=story, way=Way.PAPER, with_picture=False, by=advisor, at=at)
    services.publish(story=story, by=coordinator, at=at)

    for name, answer in places(client, story).items():
        page = answer.content.decode()
        assert not re.search(r"<script>alert|<img src=x|<i>Titre|<b>A</b>", page), name
    page = client.get(reverse("website:story", args=[story.pk])).content.decode()
    assert page.count("</script>") == 1  # the end of its own data
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in page
    assert page.count("<p>&lt;") == 2  # paragraphs are all that is read of their shape


@pytest.mark.parametrize("stories", [1, 3])
def test_lists_cost_the_same_for_one_story_and_for_three(client, django_assert_num_queries, stories):
    factories.AnyToldStory.create_batch(stories)
    counts = {"website:stories": 3, "website:home": 4, "website:stories_feed": 1}
    for name, queries in counts.items():
        client.get(reverse(name), ANEW)
        with django_assert_num_queries(queries):
            client.get(reverse(name), ANEW)


@pytest.mark.parametrize("others", [1, 3])
def test_one_story_costs_the_same_whatever_is_beside_it(client, django_assert_num_queries, others):
    story = factories.AnyToldStory()
    factories.AnyToldStory.create_batch(others)
    client.get(reverse("website:story", args=[story.pk]), ANEW)
    with django_assert_num_queries(6):  # story, picture, others, "is this a demonstration?", a savepoint (2)
        client.get(reverse("website:story", args=[story.pk]), ANEW)
