from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

PARIS = ZoneInfo("Europe/Paris")


def paris(day, hour, minute=0, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def samira(site):
    """She has an e-mail address and a mobile."""
    from tests import factories

    return factories.AnyPerson(
        site=site, first_name="Samira", preferred_name="Khelifi", email="samira@example.org", phone="+33639980142"
    )


@pytest.fixture
def book(samira, advisor, at):
    """Books Thursday, November 26, at ten, unless said otherwise."""
    from citeslab.agenda import services

    def booked(**changed):
        wanted = {
            "person": samira, "advisor": advisor, "starts_at": paris(26, 10), "minutes": 45,
            "place": "Maison de quartier", "by": advisor, "at": at,
        }  # fmt: skip
        return services.book(**(wanted | changed))

    return booked


@pytest.fixture
def later(at):
    return at + timedelta(minutes=1)
