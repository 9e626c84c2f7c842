"""A year that is worth publishing."""

import random
from datetime import date

import pytest

from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer
from tests import factories
from tests.figures.test_definitions import YEAR, lives, met, supported


@pytest.fixture(scope="module")
def neighborhoods():
    return [f"QN0250{number}M" for number in range(1, 5)]


@pytest.fixture
def world(site, neighborhoods):
    """Sixty people of four neighborhoods of two departments, and elsewhere."""
    release = factories.AnyRelease(edition=2024)
    departments = [factories.AnyDepartment(region=factories.AnyRegion()) for _ in range(2)]
    for place, code in enumerate(neighborhoods):
        factories.AnyQPV(release=release, code=code, department_code=departments[place % 2].code)
    draw = random.Random(7)
    for place in range(60):
        someone = supported(
            site,
            sex=draw.choice([Sex.WOMAN, Sex.MAN, Sex.MAN, Sex.UNKNOWN]),
            born_on=date(draw.randint(1950, 2000), 1, 1),
            diploma=draw.choice(["", "3", "4", "5"]),
            situation_at_entry=draw.choice(["", "Salarié", "RSA"]),
        )
        if place % 3:
            lives(someone, Answer.IN, code=draw.choice(neighborhoods))
        elif place % 2:
            lives(someone, Answer.TO_CHECK)
    met(site)
    workshop = factories.AnyWorkshop(site=site, held_on=date(YEAR, 5, 1))
    factories.AnyHeadCount(workshop=workshop, heads=12, sex=Sex.WOMAN, age_band="FROM_18")
    factories.AnyHeadCount(workshop=workshop, heads=2, sex=Sex.MAN, age_band="FROM_30")
