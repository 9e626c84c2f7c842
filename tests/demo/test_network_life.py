"""What the demonstration says of the life of the network: told since 2010, and nothing after its last day."""

from datetime import date, timedelta

import pytest
from django.db.models import Count, F, Q

from citeslab.animation import queries
from citeslab.animation.models import (
    Announcement,
    Commitment,
    Enrolment,
    Evaluation,
    FirstStep,
    Method,
    Need,
    NetworkMeeting,
    Skill,
    TrainingSession,
    Version,
)
from citeslab.demo.services.accounts import email_of
from citeslab.workshops.models import Workshop

UNTIL = date(2018, 3, 9)
pytestmark = [pytest.mark.usefixtures("made"), pytest.mark.django_db, pytest.mark.long]


def test_the_network_shares_trains_meets_and_announces():
    assert Method.objects.published().count() == 6
    assert Version.objects.filter(number=2).count() == 2
    derived = Method.objects.exclude(source=None).get()
    assert derived.source.method.site != derived.site
    followed = Workshop.objects.exclude(method=None)
    assert 0 < followed.count() < Workshop.objects.count() / 2
    assert not followed.filter(held_on__lt=F("method__recorded_at__date")).exists()
    assert followed.aggregate(sites=Count("site", distinct=True))["sites"] > 5

    sessions = TrainingSession.objects.with_days()
    assert sessions.filter(starts_at__year=2010).count() == 4
    assert sessions.filter(starts_at__date__gt=UNTIL).count() == 2
    assert Enrolment.objects.filter(is_waiting=True).count() == 3
    assert (
        not Evaluation.objects.values("session")
        .annotate(n=Count("pk", filter=Q(is_shown=True)))
        .filter(n__gt=0, n__lt=5)
    )

    assert NetworkMeeting.objects.filter(starts_at__year=2012).count() == 3
    assert Commitment.objects.open().count() == 2
    assert Announcement.objects.count() == 3
    assert FirstStep.objects.count() == 8
    assert Need.objects.exists()
    assert Skill.objects.exists()
    assert queries.needs_counted(UNTIL)


def test_the_named_ones_have_something_to_do(made):
    owners = set(Commitment.objects.open().values_list("owner__email", flat=True))

    assert owners <= {email_of("advisor"), email_of("coordinator")}
    assert made.until == UNTIL
    assert Announcement.objects.filter(pinned_until__gt=UNTIL + timedelta(days=10)).count() == 1
