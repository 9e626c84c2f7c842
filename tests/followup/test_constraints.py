"""What the database refuses, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from citeslab.followup.enums import Evidence, ExitReason, FSEResult, Labour, Moment, Outcome, Stage
from tests import factories

pytestmark = pytest.mark.django_db

SIX_MONTHS = {"moment": Moment.SIX_MONTHS}
REFUSED = [
    ("followup_transition_reason_with_exit", lambda: factories.AnyTransition(stage=Stage.SORT, exit_reason="")),
    ("followup_transition_reason_with_exit", lambda: factories.AnyTransition(exit_reason=ExitReason.MOVED)),
    (
        "followup_transition_withdrawn_at_with_withdrawn_by",
        lambda: factories.AnyTransition(withdrawn_by=factories.AnyUser()),
    ),
    (
        "followup_meeting_withdrawn_at_with_withdrawn_by",
        lambda: factories.AnyMeeting(withdrawn_at=factories.LONG_AGO),
    ),
    ("followup_transition_siret_of_a_registration", lambda: factories.AnyTransition(siret="73282932000074")),
    (
        "followup_transition_siret_of_a_registration",
        lambda: factories.AnyTransition(siret="7328293200007", evidence=Evidence.REGISTERED),
    ),
    ("followup_note_says_something", lambda: factories.AnyNote(text="")),
    ("followup_note_one_to_a_meeting", lambda: factories.AnyNote(meeting=factories.AnyNote().meeting)),
    ("followup_nextstep_one_at_a_time", lambda: factories.AnyNextStep(person=factories.AnyNextStep().person)),
    ("followup_nextstep_settled_at_with_settled_by", lambda: factories.AnyNextStep(settled_by=factories.AnyUser())),
    ("followup_nextstep_settled_with_its_outcome", lambda: factories.AnyNextStep(outcome=Outcome.DONE)),
    ("followup_planstep_settled_with_its_outcome", lambda: factories.AnyPlanStep(outcome=Outcome.DONE)),
    (
        "followup_nonewsproposal_one_open",
        lambda: factories.AnyNoNewsProposal(person=factories.AnyNoNewsProposal().person),
    ),
    (
        "followup_nonewsproposal_closing_when_closed",
        lambda: factories.AnyNoNewsProposal(
            outcome=Outcome.CLOSED, settled_at=factories.LONG_AGO, settled_by=factories.AnyUser()
        ),
    ),
    ("followup_laternews_known_mark", lambda: factories.AnyLaterNews(months=7)),
    ("followup_laternews_asked_once", lambda: factories.AnyLaterNews(since=factories.AnyLaterNews().since)),
    ("followup_laternews_answer_with_situation", lambda: factories.AnyLaterNews(jobs=2)),
    ("followup_fseanswer_one_a_moment", lambda: factories.AnyFSEAnswer(person=factories.AnyFSEAnswer().person)),
    ("followup_fseanswer_items_of_its_moment", lambda: factories.AnyFSEAnswer(moment=Moment.EXIT)),
    ("followup_fseanswer_items_of_its_moment", lambda: factories.AnyFSEAnswer(labour=Labour.EDUCATION)),
    *[
        ("followup_fseanswer_items_of_its_moment", lambda items=items: factories.AnyFSEAnswer(**SIX_MONTHS, **items))
        for items in ({"labour": ""}, {"result": FSEResult.NONE}, {"education": "UPPER"})
    ],
]


@pytest.mark.parametrize(("constraint", "make"), REFUSED)
def test_the_database_refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_an_answer_of_each_moment_stands_beside_the_others():
    person = factories.AnyFSEAnswer().person
    factories.AnyFSEAnswer(person=person, moment=Moment.EXIT, labour="", result=FSEResult.NONE)
    factories.AnyFSEAnswer(person=person, moment=Moment.SIX_MONTHS, labour=Labour.EDUCATION)

    assert person.fse_answers.standing().count() == len(Moment)
