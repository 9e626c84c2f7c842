"""A person with a project, a partner near her, and a referral sent: its link is read from the message."""

import re
from datetime import timedelta

import pytest

from citeslab.notifications.models import Message
from citeslab.partners.enums import Purpose
from citeslab.referrals import services
from citeslab.referrals.enums import Manner, SheetField
from tests import factories

AGREED = [SheetField.NAME, SheetField.PHONE, SheetField.PROJECT]


@pytest.fixture
def samira(site, at):
    person = factories.AnyPerson(
        site=site, first_name="Samira", preferred_name="Khelifi", phone="+33639980142", email="samira@exemple.fr"
    )
    project = factories.AnyProject(site=site, title="Traiteur à domicile")
    factories.AnyProjectHolder(project=project, person=person)
    return person


@pytest.fixture
def contact(site):
    return factories.AnyContact(office__department=site.department, office__network__name="Adie")


@pytest.fixture
def send(samira, contact, advisor, at):
    def sent(**changes):
        wanted = {
            "person": samira,
            "project": samira.projects.first(),
            "contact": contact,
            "purpose": Purpose.FINANCE,
            "message": "Un triporteur.",
            "fields": AGREED,
            "manner": Manner.IN_PERSON,
            "agreed_on": at.date(),
            "by": advisor,
            "at": at,
        }
        return services.send(**{**wanted, **changes})

    return sent


@pytest.fixture
def referral(send):
    return send()


def secret_of(referral, rank: int = -1) -> str:
    """The secret in the last message to the contact (or another one)."""
    messages = Message.objects.filter(key__startswith=f"referrals.link.sent:{referral.pk}:").order_by("pk")
    return re.search(r"/orientations/reponse/([\w-]+)/", list(messages)[rank].body).group(1)


def days(number: float) -> timedelta:
    return timedelta(days=number)
