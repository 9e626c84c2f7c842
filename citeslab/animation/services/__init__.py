"""Acts of the life of the network."""

from citeslab.animation.services.announcements import Nobody, announce, mark_read, take_back_announcement
from citeslab.animation.services.meetings import (
    MeetingOff,
    TooEarly,
    call_meeting,
    call_off_meeting,
    change_meeting,
    commit,
    decide,
    finish,
    give_up,
    note_present,
    take_back_decision,
)
from citeslab.animation.services.methods import (
    NoChanges,
    NoLicence,
    NoSteps,
    NotItsAuthor,
    NotItsLicence,
    begin_method,
    publish,
    withdraw_method,
    write_version,
)
from citeslab.animation.services.trainings import (
    TOGETHER,
    Begun,
    CalledOff,
    NotBegun,
    NotThere,
    call_off_session,
    enrol,
    evaluate,
    leave,
    note_presences,
    offer_training,
    open_session,
    retire_training,
    say_competences,
)
from citeslab.animation.services.welcomes import begin_step, check, end_step, welcome_newcomers

__all__ = [
    "Begun", "CalledOff", "MeetingOff", "NoChanges", "NoLicence", "NoSteps", "Nobody", "NotBegun", "NotItsAuthor",
    "NotItsLicence", "NotThere", "TOGETHER", "TooEarly", "announce", "begin_method", "begin_step", "call_meeting",
    "call_off_meeting", "call_off_session", "change_meeting", "check", "commit", "decide", "end_step", "enrol",
    "evaluate", "finish", "give_up", "leave", "mark_read", "note_presences", "note_present", "offer_training",
    "open_session", "publish", "retire_training", "say_competences", "take_back_announcement", "take_back_decision",
    "welcome_newcomers", "withdraw_method", "write_version",
]  # fmt: skip
