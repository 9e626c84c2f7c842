"""Demonstrations, at a fiftieth of their size."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from citeslab.demo import services
from citeslab.territories import queries as territories
from tests import factories

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def _forget():
    territories.forget()
    yield
    territories.forget()


@pytest.fixture(scope="module")
def made(request, django_db_setup, django_db_blocker):
    """The demonstration up to the module's UNTIL, made once: what a test changes is undone."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True  # inside it an act may still ask to be the outermost one
        with whole:
            yield make(request.module.UNTIL)
            transaction.set_rollback(True)


def make(until=date(2018, 3, 9), scale=0.02, **more):
    at = datetime(until.year, until.month, until.day, 18, 0, tzinfo=PARIS)
    return services.make_demonstration(until=until, by=factories.AnyUser(), at=at, scale=scale, **more)
