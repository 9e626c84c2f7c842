"""The agenda of the demonstration: today has its appointments, whatever the day it is made."""

from datetime import UTC, date, datetime

import pytest
from django.utils.timezone import localdate

from citeslab.agenda.models import Appointment, Surgery
from citeslab.demo.services.agenda import plant_agenda
from citeslab.demo.services.staff import NAMED_ADVISOR
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("until", [date(2026, 11, 25), date(2026, 11, 29), date(2026, 3, 29)], ids=str)
def test_today_is_planted_on_a_working_day_and_on_a_sunday(until):
    mandate = factories.AnyMandate(user__name=NAMED_ADVISOR)
    elsewhere = factories.AnyMandate()
    for person in factories.AnyPerson.create_batch(6, site=mandate.site):
        factories.AnyMeeting(person=person)
    at = datetime(until.year, until.month, until.day, 9, 30, tzinfo=UTC)

    plant_agenda(seed=1, until=until, by=mandate.user, at=at)

    hers = list(Appointment.objects.filter(advisor=mandate.user).order_by("starts_at"))
    today = [one for one in hers if localdate(one.starts_at) == until]
    assert len(today) >= 3
    assert {one.outcome for one in today} == {""}
    assert {one.outcome for one in hers if localdate(one.starts_at) < until} <= {"HELD", "NO_SHOW"}
    assert max(localdate(one.starts_at) for one in hers) > until
    assert set(Surgery.objects.values_list("advisor", flat=True)) == {mandate.user.pk, elsewhere.user.pk}
    for surgery in Surgery.objects.all():
        surgery.full_clean()
    for appointment in hers:
        appointment.full_clean(validate_constraints=False)
