from datetime import timedelta

import pytest
from django.utils import timezone

from citeslab.workshops import services
from citeslab.workshops.enums import Channel
from citeslab.workshops.values import Guest
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
def action(site, at):
    """A planned action with a half-day in ten days."""

    def planned(capacity=None, starts_at=at + timedelta(days=10), **more):
        workshop = factories.AnyWorkshop(
            site=site, held_on=timezone.localdate(starts_at), capacity=capacity, is_planned=True, **more
        )
        factories.AnySession(workshop=workshop, starts_at=starts_at, ends_at=starts_at + HALF_DAY)
        return workshop

    return planned


@pytest.fixture
def join(at):
    """Someone registers herself; of another first name each time, where none is said."""
    count = iter(range(1, 1_000))

    def joined(workshop, first_name="", *, channel=Channel.HERSELF, office=None, at=at, **who):
        who = {"first_name": first_name or f"Nour{next(count)}", "preferred_name": "Bensaïd", **who}
        by = services.participants_user(at=at)
        return services.register(workshop=workshop, who=Guest(**who), channel=channel, office=office, by=by, at=at)

    return joined


@pytest.fixture
def besancon():
    """A commune whose position is known."""
    return factories.AnyCommune(
        code="25056", name="Besançon", sort_key="besancon", epci_code="242500361", longitude=6.024, latitude=47.238
    )
