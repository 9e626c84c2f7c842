"""Two at the same instant: one answer, one link, one reminder."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from citeslab.referrals import queries, services
from citeslab.referrals.enums import Kind, Manner, Occasion, SheetField
from tests import factories
from tests.referrals.conftest import secret_of

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture
def referral(transactional_db):
    person = factories.AnyPerson()
    return services.send(
        person=person,
        project=None,
        contact=factories.AnyContact(),
        purpose="FINANCE",
        message="",
        fields=[SheetField.NAME],
        manner=Manner.PHONE,
        agreed_on=timezone.localdate(),
        by=factories.AnyUser(),
        at=timezone.now() - timedelta(days=10),
    )


def together(act):
    def guarded(number):
        try:
            return act(number)
        except (services.NotPossible, services.LinkClosed) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(guarded, range(AT_ONCE)))


def test_six_presses_are_one_answer_and_one_step(referral):
    link = queries.link_of(secret_of(referral))
    at = timezone.now()
    services.answer(link=link, kind=Kind.ACCEPTED, form_key="", at=at)
    answers = together(lambda _: services.answer(link=link, kind=Kind.FIRST_MEETING, form_key="same", at=at).pk)

    assert len(set(answers)) == 1
    assert referral.person.transitions.count() == 1


def test_six_forms_that_say_the_same_are_one_answer(referral):
    link = queries.link_of(secret_of(referral))
    at = timezone.now()
    together(lambda number: services.answer(link=link, kind=Kind.ACCEPTED, form_key=f"k{number}", at=at).pk)

    assert referral.answers.filter(kind=Kind.ACCEPTED).count() == 1


def test_two_workers_remind_once(referral):
    at = timezone.now()
    services.remind_partners(at=referral.sent_at)  # nothing yet; the actor of commands is known from then on
    together(lambda _: services.remind_partners(at=at))

    assert referral.links.filter(occasion=Occasion.REMINDER).count() == 1


def test_six_openings_are_seen_once(referral):
    link = queries.link_of(secret_of(referral))
    together(lambda _: services.open_sheet(link=link, at=timezone.now()).pk)

    assert referral.answers.filter(kind=Kind.SEEN).count() == 1
