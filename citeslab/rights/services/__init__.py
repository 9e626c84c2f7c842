"""Acts on a person's rights: what she is told and agrees to, her own space, her file forgotten."""

from citeslab.rights.services.forgetting import MustBeKept, anonymise, erase, forget_traces
from citeslab.rights.services.space import (
    AlreadyAnswered,
    NothingToCheck,
    TooManyAttempts,
    WrongCode,
    answer_request,
    ask_code,
    ask_correction,
    give_code,
    herself,
    leave,
    open_space,
)
from citeslab.rights.services.sweeping import ClockBehind, TooManyAtOnce, sweep
from citeslab.rights.services.told import give_notice, hold, release_hold, say_consent, say_still_in_touch

__all__ = [
    "AlreadyAnswered",
    "ClockBehind",
    "MustBeKept",
    "NothingToCheck",
    "TooManyAtOnce",
    "TooManyAttempts",
    "WrongCode",
    "anonymise",
    "answer_request",
    "ask_code",
    "ask_correction",
    "erase",
    "forget_traces",
    "give_code",
    "give_notice",
    "herself",
    "hold",
    "leave",
    "open_space",
    "release_hold",
    "say_consent",
    "say_still_in_touch",
    "sweep",
]
