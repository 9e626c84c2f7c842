"""What the database refuses, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from tests import factories

pytestmark = pytest.mark.django_db


def two_workshops_of_one_reference():
    workshop = factories.AnyWorkshop(reference="A1")
    factories.AnyWorkshop(site=workshop.site, reference="A1")


def one_person_twice():
    came = factories.AnyAttendance()
    factories.AnyAttendance(workshop=came.workshop, person=came.person)


def two_counts_of_one_sex():
    factories.AnyHeadCount(workshop=factories.AnyHeadCount().workshop)


def two_sheets_of_one_number():
    sheet = factories.AnySheet()
    factories.AnySheet(workshop=sheet.workshop, number=sheet.number)


REFUSED = [
    ("workshops_workshop_one_by_reference", two_workshops_of_one_reference),
    (
        "workshops_workshop_cancelled_at_with_cancelled_by",
        lambda: factories.AnyWorkshop(cancelled_at=factories.LONG_AGO),
    ),
    ("workshops_attendance_once", one_person_twice),
    (
        "workshops_attendance_withdrawn_at_with_withdrawn_by",
        lambda: factories.AnyAttendance(withdrawn_at=factories.LONG_AGO),
    ),
    ("workshops_headcount_one_by_sex", two_counts_of_one_sex),
    (
        "workshops_headcount_withdrawn_at_with_withdrawn_by",
        lambda: factories.AnyHeadCount(withdrawn_at=factories.LONG_AGO),
    ),
    ("workshops_sheet_one_number", two_sheets_of_one_number),
    ("workshops_sheet_whole_digests", lambda: factories.AnySheet(head="a1b2")),
]


@pytest.mark.parametrize(("constraint", "make"), REFUSED)
def test_the_database_refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
