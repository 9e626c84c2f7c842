"""Acts on the pathway: meetings and steps, the note that writes both, the plan, the news asked later."""

from citeslab.followup.services.facts import (
    record_meetings,
    record_transitions,
    withdraw_meetings,
    withdraw_transitions,
)
from citeslab.followup.services.news import (
    close_without_news,
    keep_with_us,
    open_later_news,
    propose_no_news,
    record_later_news,
)
from citeslab.followup.services.notes import (
    AS_PLANNED,
    KeyOfAnother,
    NotYetHappened,
    StageMovedMeanwhile,
    answer_fse,
    correct_note,
    settle_next_step,
    write_note,
)
from citeslab.followup.services.pathway import (
    NotASiret,
    add_plan_step,
    put_back_step,
    record_step,
    settle_plan_step,
    take_back_step,
)

__all__ = [
    "AS_PLANNED",
    "KeyOfAnother",
    "NotASiret",
    "NotYetHappened",
    "StageMovedMeanwhile",
    "add_plan_step",
    "answer_fse",
    "close_without_news",
    "correct_note",
    "keep_with_us",
    "open_later_news",
    "propose_no_news",
    "put_back_step",
    "record_later_news",
    "record_meetings",
    "record_step",
    "record_transitions",
    "settle_next_step",
    "settle_plan_step",
    "take_back_step",
    "withdraw_meetings",
    "withdraw_transitions",
    "write_note",
]
