"""What the database refuses, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from citeslab.followup.enums import ExitReason, Stage
from tests import factories

pytestmark = pytest.mark.django_db

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
]


@pytest.mark.parametrize(("constraint", "make"), REFUSED)
def test_the_database_refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
