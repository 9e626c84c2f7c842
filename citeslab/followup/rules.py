"""Where a person is on her path, and what is proposed to her advisor."""

from collections.abc import Sequence
from datetime import timedelta

from citeslab.followup.enums import ExitReason, Stage
from citeslab.followup.models import Transition

# No contact for so long: a closing is proposed. After the second the file is history, and is made anonymous.
NO_NEWS_AFTER_MONTHS = 6
NO_NEWS_UNTIL_MONTHS = 24
# News is asked from its day for so long; a mark missed by more is counted as not asked.
LATER_NEWS_FOR = timedelta(days=90)
# The mark of later news at which an FSE+ agreement asks its last item.
FSE_AFTER_MONTHS = 6
# Of those whom nothing is asked any more.
NEVER_ASKED = frozenset({ExitReason.DECEASED, ExitReason.DUPLICATE})
# Whom a no-news closing is proposed for: who creates is asked for news instead, and leaves by what she answers.
CLOSABLE = (Stage.SENS, Stage.ACCU, Stage.AMOR, Stage.EMER, Stage.FORM)


def last_step(steps: Sequence[Transition]) -> Transition | None:
    """The step that says where she is: the latest day, the later entered wins a tie."""
    return max(steps, key=lambda step: (step.occurred_on, step.pk), default=None)
