from datetime import date, time

import pytest
from django.core.cache import cache

from citeslab.network.enums import Role
from citeslab.territories import gateways, queries
from tests import factories


@pytest.fixture(autouse=True)
def _nothing_remembered():
    queries.forget()
    gateways.forget()
    cache.clear()
    yield
    queries.forget()
    gateways.forget()


@pytest.fixture
def besancon(db):
    return factories.AnyCommune(population=120_000, postal_codes=["25000"])


@pytest.fixture
def opened(besancon):
    """A site where an advisor works, with hours open to all and hours by appointment each day of the week."""

    def made(name="CitésLab de Besançon", commune_code="25056", **more):
        site = factories.AnySite(name=name, commune_code=commune_code, **more)
        advisor = factories.AnyMandate(site=site, user__name="Inès Carvalho").user
        every_day = {"site": site, "advisor": advisor, "weekdays": list(range(7)), "begins_on": date(2020, 1, 1)}
        factories.AnySurgery(**every_day, place="Centre social", from_time=time(9), until_time=time(10))
        factories.AnySurgery(
            **every_day, place="Au bureau", access="BOOKED", from_time=time(14), until_time=time(17), slot_minutes=45
        )
        return site

    return made


@pytest.fixture
def site(opened):
    return opened()


@pytest.fixture
def advisor(site):
    return site.mandates.get().user


@pytest.fixture
def samira(site):
    return factories.AnyPerson(site=site, first_name="Samira", preferred_name="Khelifi", phone="+33639980142")


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user
