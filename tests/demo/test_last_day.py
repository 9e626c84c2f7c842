"""Nothing is told after the last day, in any room."""

from datetime import date

import pytest

from citeslab.animation.models import (
    Announcement,
    Commitment,
    Enrolment,
    Method,
    Need,
    NetworkMeeting,
    Skill,
    TrainingSession,
    Version,
)
from citeslab.figures.models import Target
from citeslab.partners.models import Offer
from citeslab.website.models import Announcement as PressAnnouncement
from citeslab.website.models import Story

UNTIL = date(2020, 2, 1)
pytestmark = [pytest.mark.usefixtures("made"), pytest.mark.django_db, pytest.mark.long]


def test_nothing_of_the_network_s_life_is_told_after_the_last_day():
    for model in (Method, Enrolment, Announcement, Need, Skill, TrainingSession, NetworkMeeting, Commitment, Offer):
        assert not model.objects.filter(recorded_at__date__gt=UNTIL).exists(), model
    assert not Version.objects.filter(published_at__date__gt=UNTIL).exists()
    assert not Commitment.objects.filter(done_at__date__gt=UNTIL).exists()


def test_no_story_is_told_after_the_last_day():
    assert not Story.objects.filter(published_at__date__gt=UNTIL).exists()
    assert not PressAnnouncement.objects.filter(published_at__date__gt=UNTIL).exists()


def test_no_target_is_set_after_the_last_day():
    assert not Target.objects.filter(recorded_at__date__gt=UNTIL).exists()
