"""What the demonstration aims at: set in January and March through the room's own services."""

from datetime import date

import pytest

from citeslab.demo.services.accounts import email_of
from citeslab.figures import queries
from citeslab.figures.models import Target
from citeslab.network.models import Site
from tests.demo.test_demonstration import make

pytestmark = pytest.mark.django_db


def test_two_years_are_aimed_at_from_what_was_achieved():
    make(until=date(2020, 6, 15))
    standing = Target.objects.standing()

    assert set(standing.values_list("year", flat=True)) == {2019, 2020}
    network = standing.get(level="", year=2020, indicator="persons_supported")
    before = queries.figures_of_year(year=2019)["persons_supported"]
    assert network.aim == -(-before * 104 // 100)
    assert network.recorded_by.email == email_of("pilot")
    hers = Site.objects.filter(pk__in=[int(one.code) for one in standing.filter(indicator="women", level="site")])
    assert 0 < hers.count() < Site.objects.count()
    former = Target.objects.exclude(withdrawn_at=None)
    assert {one.withdrawn_by.email for one in former} == {email_of("coordinator")}
    assert {one.recorded_by.email for one in former} == {email_of("pilot")}


def test_nothing_is_set_after_the_last_day_told():
    make(until=date(2020, 2, 1))
    assert not Target.objects.filter(recorded_at__date__gt=date(2020, 2, 1)).exists()
