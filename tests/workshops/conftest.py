from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories

HALF_DAY = timedelta(hours=3)


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


@pytest.fixture
def announce(site):
    """An action of the public agenda, with a half-day in some days."""

    def announced(title="Oser son idée", *, days=9, at=None, public=True, **more):
        start = timezone.now() + timedelta(days=days)
        if at:
            more |= {"longitude": at[0], "latitude": at[1], "territory": "METROPOLE"}
        held_on = timezone.localdate(start)
        workshop = factories.AnyWorkshop(
            **{"site": site, "title": title, "held_on": held_on, "is_planned": True, "is_public": public, **more}
        )
        factories.AnySession(workshop=workshop, starts_at=start, ends_at=start + HALF_DAY)
        return workshop

    return announced


@pytest.fixture
def besancon():
    """A commune whose position is known."""
    return factories.AnyCommune(
        code="25056", name="Besançon", sort_key="besancon", epci_code="242500361", longitude=6.024, latitude=47.238
    )
