"""What the database refuses, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from citeslab.people.enums import Method
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


# The parts of a position one by one: a check that compares with nothing is neither true nor false, and lets it in.
REFUSED = [
    ("people_person_one_by_reference", two_people_of_one_reference),
    ("people_residence_one_open", two_current_addresses),
    ("people_residence_whole_position", lambda: factories.AnyResidence(latitude=None)),
    ("people_residence_whole_position", lambda: factories.AnyResidence(longitude=None)),
    ("people_residence_whole_position", lambda: factories.AnyResidence(longitude=None, latitude=None)),
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
        "people_residenceanswer_withdrawn_at_with_withdrawn_by",
        lambda: factories.AnyResidenceAnswer(withdrawn_by=factories.AnyUser()),
    ),
]


@pytest.mark.parametrize(("constraint", "make"), REFUSED)
def test_the_database_refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
