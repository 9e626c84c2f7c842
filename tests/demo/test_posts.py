"""The network of the demonstration, of today and of a past day: every page has something to show, no figure moves."""

from datetime import date

import pytest

from citeslab.core.values import is_siret
from citeslab.network import queries
from citeslab.network.enums import Cover
from citeslab.network.models import HostOrganization, Merger, Post, Site
from citeslab.territories import queries as territories
from tests.demo.conftest import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget():
    territories.forget()
    yield
    territories.forget()


def test_each_page_of_the_network_has_something_to_show():
    on = date(2026, 3, 9)
    make(until=on)

    organizations = HostOrganization.objects.all()
    numbers = list(organizations.values_list("siret", flat=True))
    assert len(set(numbers)) == len(numbers) == 67
    assert [number for number in numbers if not is_siret(number)] == []
    assert [number for number in numbers if not number.startswith("0000")] == []
    assert Merger.objects.standing().count() == 2
    assert Post.objects.vacant(on).filter(reference="P9").count() == 4
    assert set(Post.objects.values_list("full_time_percent", flat=True)) == {50, 80, 100}

    covers = {one.cover for one in queries.quarters(on=on)}
    assert covers >= {Cover.ONE, Cover.SEVERAL, Cover.NONE}
    white = queries.white_zones(on=on)
    assert any(one.residents is None for one in white)
    assert any(one.residents for one in white)
    assert len(queries.overlaps(on=on)) > 10
    first = Site.objects.as_of(date(2004, 6, 1)).order_by("pk").first()
    assert (first.name, first.name_then) == ("CitésLab de Besançon", "Amorçage de projets de Besançon")
    merger = Merger.objects.order_by("merged_on").first()
    moved = merger.sites.get()
    ran = {year: Site.objects.as_of(date(year, 6, 1)).get(pk=moved.pk).organization_then for year in (2012, 2014)}
    assert ran == {2012: merger.absorbed_id, 2014: merger.into_id}
