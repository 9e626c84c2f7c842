"""What the demonstration tells on the public site: five stories that stand, one that was taken back."""

from datetime import date

import pytest
from django.urls import reverse

from citeslab.demo.services.accounts import email_of
from citeslab.demo.services.website import ANNOUNCED, TAKEN_BACK, TOLD
from citeslab.website.enums import Standing
from citeslab.website.models import Announcement, Story
from tests.demo.test_demonstration import make

pytestmark = pytest.mark.django_db


def test_stories_are_told_by_invented_people_who_agreed_and_one_took_hers_back(client):
    make(until=date(2020, 6, 15))
    standing = dict(Story.objects.with_standing().values_list("title", "standing"))

    assert standing == {title: Standing.PUBLISHED for *_rest, title, _words in TOLD} | {
        TAKEN_BACK[3]: Standing.TAKEN_BACK
    }
    assert Story.objects.values("person").distinct().count() == len(standing)
    assert {story.published_by.email for story in Story.objects.all()} == {email_of("pilot")}
    assert all(story.person.site_id == story.site_id for story in Story.objects.select_related("person"))
    gone = Story.objects.get(title=TAKEN_BACK[3])
    assert client.get(reverse("website:story", args=[gone.pk])).status_code == 410
    shown = client.get(reverse("website:stories")).content.decode()
    assert shown.count('class="tale"') == len(TOLD)
    assert [one.title for one in Announcement.objects.order_by("published_at")] == [
        title for _days, title, _words in ANNOUNCED
    ]


def test_nothing_is_told_after_the_last_day(client):
    make(until=date(2020, 2, 1))
    assert not Story.objects.filter(published_at__date__gt=date(2020, 2, 1)).exists()
    assert not Announcement.objects.filter(published_at__date__gt=date(2020, 2, 1)).exists()
