"""What the database refuses, whoever asks."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from citeslab.people.enums import Grounds, Method
from citeslab.territories.enums import Answer
from tests import factories

pytestmark = pytest.mark.django_db


def two_people_of_one_reference():
    person = factories.AnyPerson()
    factories.AnyPerson(site=person.site, reference=person.reference)


def two_current_addresses():
    factories.AnyResidence(person=factories.AnyResidence().person)


def two_answers_in_one_edition():
    answer = factories.AnyResidenceAnswer()
    factories.AnyResidenceAnswer(residence=answer.residence, release=answer.release)


def a_key_used_twice():
    person = factories.AnyPerson(creation_key=uuid4())
    factories.AnyPerson(recorded_by=person.recorded_by, creation_key=person.creation_key)


def a_household_said_twice():
    tie = factories.AnyHouseholdTie()
    factories.AnyHouseholdTie(one=tie.one, other=tie.other)


def a_household_the_wrong_way_round():
    tie = factories.AnyHouseholdTie(withdrawn_at=factories.LONG_AGO, withdrawn_by=factories.AnyUser())
    factories.AnyHouseholdTie(one=tie.other, other=tie.one)


# The parts of a position one by one: a check that compares with nothing is neither true nor false, and lets it in.
REFUSED = [
    ("people_person_one_by_reference", two_people_of_one_reference),
    ("people_person_one_by_creation_key", a_key_used_twice),
    ("people_person_changed_at_with_changed_by", lambda: factories.AnyPerson(changed_at=factories.LONG_AGO)),
    ("people_householdtie_said_once", a_household_said_twice),
    ("people_householdtie_smaller_key_first", a_household_the_wrong_way_round),
    (
        "people_householdtie_withdrawn_at_with_withdrawn_by",
        lambda: factories.AnyHouseholdTie(withdrawn_at=factories.LONG_AGO),
    ),
    ("people_residence_one_open", two_current_addresses),
    ("people_residence_whole_position", lambda: factories.AnyResidence(latitude=None)),
    ("people_residence_whole_position", lambda: factories.AnyResidence(longitude=None)),
    ("people_residence_whole_position", lambda: factories.AnyResidence(territory="")),
    ("people_residence_whole_position", lambda: factories.AnyResidence(latitude=91)),
    (
        "people_residence_ends_after_it_begins",
        lambda: factories.AnyResidence(begins_on=date(2024, 1, 2), ends_on=date(2024, 1, 2)),
    ),
    (
        "people_residence_withdrawn_at_with_withdrawn_by",
        lambda: factories.AnyResidence(withdrawn_at=factories.LONG_AGO),
    ),
    ("people_residenceanswer_one_by_edition", two_answers_in_one_edition),
    ("people_residenceanswer_in_names_its_qpv", lambda: factories.AnyResidenceAnswer(answer=Answer.IN)),
    ("people_residenceanswer_manual_says_why", lambda: factories.AnyResidenceAnswer(method=Method.MANUAL)),
    (
        "people_residenceanswer_manual_says_why",
        lambda: factories.AnyResidenceAnswer(method=Method.MANUAL, grounds=Grounds.OTHER),
    ),
    (
        "people_residenceanswer_withdrawn_at_with_withdrawn_by",
        lambda: factories.AnyResidenceAnswer(withdrawn_by=factories.AnyUser()),
    ),
]


@pytest.mark.parametrize(("constraint", "make"), REFUSED)
def test_the_database_refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
