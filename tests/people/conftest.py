"""A square neighborhood, places in and out of it, and no release or service left by another test."""

from datetime import date

import pytest
import shapely

from citeslab.territories import gateways
from citeslab.territories import queries as territories
from citeslab.territories.enums import Edition
from tests import factories

# About 1.5 km around Besancon.
SQUARE = shapely.to_wkb(shapely.box(6.01, 47.25, 6.03, 47.265))
INSIDE, OUTSIDE, ON_THE_EDGE = (6.02, 47.257), (6.2, 47.4), (6.01, 47.257)
JUST_OUTSIDE = (6.0095, 47.257)  # some 38 m west of it


@pytest.fixture(autouse=True)
def _nothing_of_another_test():
    territories.forget()
    gateways.forget()
    yield
    territories.forget()
    gateways.forget()


@pytest.fixture
def by():
    return factories.AnyUser()


@pytest.fixture
def square(db):
    """The square is a QPV of the 2024 edition."""
    made = factories.AnyRelease(edition=Edition.E2024, released_on=date(2026, 1, 15))
    factories.AnyQPV(release=made, code="QN02501M", name="Planoise", outline=SQUARE, commune_codes=["25056"])
    territories.forget()
    return made
