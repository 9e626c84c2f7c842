"""The public door of the demonstration: sites with a number, advisors with a face, people who wait."""

from datetime import UTC, datetime, timedelta

import pytest

from citeslab.agenda.models import Appointment, ContactAnswer, FirstContact, PublicName
from citeslab.core.values import dialled
from citeslab.demo.services.agenda import plant_agenda
from citeslab.demo.services.door import plant_door
from citeslab.demo.services.staff import NAMED_ADVISOR
from citeslab.network.models import Site
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_door_is_planted_once_for_who_is_in_post():
    at = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    mandate = factories.AnyMandate(user__name=NAMED_ADVISOR)
    for code in ("2A", "31", "93", "974"):
        factories.AnyMandate(site__department=factories.AnyDepartment(code=code, name=code))
    said = {"seed": 1, "until": at.date(), "by": mandate.user, "at": at}
    plant_agenda(**said)
    plant_door(**said)

    assert all(dialled(phone) == phone for phone in Site.objects.values_list("phone", flat=True))
    shown = PublicName.objects.get(advisor=mandate.user)
    assert shown.first_name == NAMED_ADVISOR.split()[0]
    waiting = FirstContact.objects.waiting()
    assert waiting.filter(site=mandate.site, wish="CALL").count() == 3
    assert waiting.filter(site=mandate.site, wish="BOOK").count() == 2
    assert ContactAnswer.objects.filter(outcome="TRIED").count() == 1
    booked = Appointment.objects.filter(channel="ONLINE")
    assert {one.person for one in booked} == {None}
    assert all(at < one.starts_at < at + timedelta(days=22) for one in booked)
    for contact in FirstContact.objects.all():
        contact.full_clean()
