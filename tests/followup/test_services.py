"""Meetings and steps recorded, or taken back without being lost."""

from datetime import date, timedelta

import pytest

from citeslab.followup import services
from citeslab.followup.enums import Stage
from citeslab.followup.models import Meeting, Transition
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_meeting_taken_back_stays_in_the_books_as_it_was_known(at):
    by, person = factories.AnyUser(), factories.AnyPerson()
    meetings = [Meeting(person=person, site=person.site, held_on=date(2024, 2, day)) for day in (1, 2)]
    services.record_meetings(meetings=meetings, by=by, at=at)
    later = at + timedelta(days=1)

    services.withdraw_meetings(meetings=[meetings[0].pk], by=by, at=later)
    services.withdraw_meetings(meetings=[meetings[0].pk], by=factories.AnyUser(), at=later + timedelta(days=1))

    assert list(Meeting.objects.standing()) == [meetings[1]]
    assert set(Meeting.objects.known_by(at)) == set(meetings)
    meetings[0].refresh_from_db()
    assert (meetings[0].withdrawn_at, meetings[0].withdrawn_by) == (later, by)  # taken back once, by the first


def test_steps_of_one_day_are_in_the_order_they_are_given(at):
    by, person = factories.AnyUser(), factories.AnyPerson()
    stages = [Stage.PARC, Stage.AMOR, Stage.EMER, Stage.ACCU] * 50

    services.record_transitions(
        transitions=[
            Transition(person=person, site=person.site, occurred_on=date(2024, 2, 1), stage=stage) for stage in stages
        ],
        by=by,
        at=at,
    )

    assert list(Transition.objects.in_order().values_list("stage", flat=True)) == stages


def test_a_step_taken_back_no_longer_stands(at):
    step = factories.AnyTransition()

    services.withdraw_transitions(transitions=[step.pk], by=factories.AnyUser(), at=at)

    assert not Transition.objects.standing().exists()
    assert Transition.objects.get() == step
