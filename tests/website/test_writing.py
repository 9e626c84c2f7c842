"""Who writes for the public site, of whom, and who publishes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from citeslab.network.enums import Role
from citeslab.rights import services as rights
from citeslab.rights.enums import Purpose, Said, Way
from citeslab.rights.models import Consent
from citeslab.website import services
from citeslab.website.models import Picture, Story
from tests import factories
from tests.website.test_pictures import head_of_png, jpeg
from tests.website.test_stories import WORDS

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"website:{name}", args=args)


@pytest.fixture
def story(site, samira, advisor, at):
    return services.write(site=site, person=samira, by=advisor, at=at, **WORDS)


@pytest.fixture
def agreed(story, advisor, at):
    return services.agree(story=story, way=Way.SPOKEN, with_picture=False, by=advisor, at=at)


def test_from_her_page_of_rights_to_the_public_site(client, site, samira, advisor, coordinator):
    client.force_login(advisor)
    new = f"{address('new_story')}?personne={samira.pk}"
    assert new in client.get(reverse("rights:person", args=[samira.pk])).content.decode()
    assert client.get(new).context["form"].initial == {"first_name": "Samira"}
    client.post(new, WORDS)
    story = Story.objects.get()
    assert (story.person, story.site, story.title) == (samira, site, WORDS["title"])

    file = SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg")
    client.post(address("picture", story.pk), {"file": file, "description": "Samira au marché"})
    assert client.get(address("picture_file", story.pk))["Content-Type"] == "image/webp"
    assert client.post(address("agreement", story.pk), {"way": "SPOKEN", "picture": "on"}).status_code == 422
    client.post(address("agreement", story.pk), {"way": "SPOKEN", "words": "on", "picture": "on"})
    assert set(Consent.objects.values_list("person", "purpose", "said")) == {
        (samira.pk, Purpose.TESTIMONY, "YES"),
        (samira.pk, Purpose.PHOTO, "YES"),
    }
    assert client.post(address("publication", story.pk)).status_code == 404  # not by who wrote it

    client.force_login(coordinator)
    client.post(address("publication", story.pk))
    client.logout()
    assert "Samira au marché" in client.get(address("story", story.pk)).content.decode()


def test_an_advisor_of_another_site_neither_sees_nor_writes_it(client, story, samira):
    stranger = factories.AnyMandate().user
    client.force_login(stranger)

    assert client.get(address("writing_story", story.pk)).status_code == 404
    for name in ("edit_story", "picture", "agreement", "publication", "withdrawal"):
        assert client.post(address(name, story.pk), WORDS).status_code == 404, name
    assert client.get(f"{address('new_story')}?personne={samira.pk}").status_code == 404
    assert client.post(f"{address('new_story')}?personne={samira.pk}", WORDS).status_code == 404
    assert Story.objects.count() == 1
    story.refresh_from_db()
    assert (story.title, story.withdrawn_at) == (WORDS["title"], None)


def test_a_site_that_is_not_hers_cannot_be_chosen(client, coordinator, site):
    factories.AnySite(organization=site.organization)
    foreign = factories.AnySite()
    client.force_login(coordinator)

    answer = client.post(address("new_story"), {**WORDS, "site": foreign.pk})
    assert answer.status_code == 422
    assert "site" in answer.context["form"].errors
    assert not Story.objects.exists()


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "٣"])
def test_a_made_up_person_is_not_found(client, advisor, key):
    client.force_login(advisor)
    assert client.get(address("new_story"), {"personne": key}).status_code == 404


def test_the_pilot_sees_a_story_once_its_person_agreed_and_publishes_it(client, story, pilot, advisor, at):
    client.force_login(pilot)
    assert list(client.get(address("stories_to_write")).context["page"]) == []
    assert client.get(address("writing_story", story.pk)).status_code == 404

    services.agree(story=story, way=Way.SPOKEN, with_picture=False, by=advisor, at=at)
    page = client.get(address("writing_story", story.pk)).content.decode()
    assert "Khelifi" not in page  # her words and the first name that she chose, not her file
    assert reverse("rights:person", args=[story.person_id]) not in page
    assert client.post(address("edit_story", story.pk), WORDS).status_code == 404
    client.post(address("publication", story.pk))
    story.refresh_from_db()
    assert story.published_by == pilot


@pytest.mark.parametrize("taken_back", [False, True], ids=["refused", "taken back later"])
def test_the_pilot_never_sees_a_picture_that_its_person_does_not_allow(
    client, story, samira, pilot, advisor, at, taken_back
):
    def seen_by(user):
        client.force_login(user)
        page = client.get(address("writing_story", story.pk)).content.decode()
        return "Samira au marché" in page, client.get(address("picture_file", story.pk)).status_code

    services.illustrate(story=story, sent=jpeg(), description="Samira au marché", by=advisor, at=at)
    services.agree(story=story, way=Way.SPOKEN, with_picture=taken_back, by=advisor, at=at)
    if taken_back:
        assert seen_by(pilot) == (True, 200)
        later = at + timedelta(hours=1)
        rights.say_consent(person=samira, purpose=Purpose.PHOTO, said=Said.NO, way=Way.SPOKEN, by=advisor, at=later)

    assert seen_by(pilot) == (False, 404)
    assert seen_by(advisor) == (True, 200)  # who writes it showed it to her


def test_a_coordinator_of_another_organization_publishes_nothing(client, agreed):
    other = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=factories.AnySite().organization).user
    client.force_login(other)
    assert client.post(address("publication", agreed.pk)).status_code == 404


def test_publishing_without_consent_is_refused_in_words(client, story, coordinator):
    client.force_login(coordinator)
    answer = client.post(address("publication", story.pk))
    assert answer.status_code == 422
    assert str(services.NotAgreed()) in answer.content.decode()
    assert Story.objects.get().published_at is None


def test_whoever_writes_or_publishes_withdraws(client, agreed, advisor, coordinator, pilot, at):
    for user in (advisor, coordinator, pilot):
        Story.objects.update(withdrawn_at=None, withdrawn_by=None)
        client.force_login(user)
        client.post(address("withdrawal", agreed.pk))
        assert Story.objects.get().withdrawn_by == user


@pytest.mark.parametrize(
    ("sent", "why"),
    [(b"<svg/>", "pas une image"), (head_of_png(30_000, 30_000), "trop de points"), (b"", None)],
    ids=["not a picture", "a bomb", "empty"],
)
def test_a_file_that_is_no_picture_is_refused_in_words(client, story, advisor, sent, why):
    client.force_login(advisor)
    answer = client.post(
        address("picture", story.pk),
        {"file": SimpleUploadedFile("photo.jpg", sent, "image/jpeg"), "description": "Samira"},
    )
    assert answer.status_code == 422
    [fault] = answer.context["picture_form"].errors["file"]
    assert why is None or why in fault
    assert not Picture.objects.exists()


def test_a_picture_is_taken_away_at_any_time(client, story, advisor, at):
    services.illustrate(story=story, sent=jpeg(), description="Samira", by=advisor, at=at)
    services.agree(story=story, way=Way.SPOKEN, with_picture=True, by=advisor, at=at)
    client.force_login(advisor)
    client.post(address("picture", story.pk), {"remove": "1"})

    assert not Picture.objects.exists()
    assert Story.objects.get().agreed_at is not None  # her words are the same


def test_what_is_published_is_no_longer_edited(client, agreed, advisor, coordinator, at):
    services.publish(story=agreed, by=coordinator, at=at + timedelta(minutes=1))
    client.force_login(advisor)
    assert client.get(address("edit_story", agreed.pk)).status_code == 404
    assert client.post(address("agreement", agreed.pk), {"way": "SPOKEN", "words": "on"}).status_code == 422


@pytest.mark.parametrize("stories", [1, 3])
def test_the_list_costs_the_same_for_one_story_and_for_three(client, site, advisor, django_assert_num_queries, stories):
    factories.AnyStory.create_batch(stories, site=site)
    client.force_login(advisor)
    client.get(address("stories_to_write"))
    with django_assert_num_queries(8):
        client.get(address("stories_to_write"))
