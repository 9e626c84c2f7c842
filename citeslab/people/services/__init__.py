"""Acts on people and on where they live."""

from citeslab.people.services.answers import (
    NothingToDecide,
    answer_in_edition,
    answer_residences,
    decide,
    undo_decision,
    withdraw_answer,
)
from citeslab.people.services.assignments import NotAnAdvisorThere, Taken, assign, take_assignments_back
from citeslab.people.services.homes import (
    MoveBeforeHome,
    end_home,
    record_home,
    record_residences,
    withdraw_residences,
)
from citeslab.people.services.households import tie_household, untie_household
from citeslab.people.services.identity import (
    IDENTITY,
    ChangedMeanwhile,
    correct_person,
    create_person,
    key_of_name,
    may_take_back,
    save_people,
    take_back,
)
from citeslab.people.services.openings import OPENED_FOR, TRIES_A_DAY, TooManyTries, open_elsewhere

__all__ = [
    "IDENTITY",
    "OPENED_FOR",
    "TRIES_A_DAY",
    "ChangedMeanwhile",
    "MoveBeforeHome",
    "NotAnAdvisorThere",
    "NothingToDecide",
    "Taken",
    "TooManyTries",
    "answer_in_edition",
    "answer_residences",
    "assign",
    "correct_person",
    "create_person",
    "decide",
    "end_home",
    "key_of_name",
    "may_take_back",
    "open_elsewhere",
    "record_home",
    "record_residences",
    "save_people",
    "take_assignments_back",
    "take_back",
    "tie_household",
    "undo_decision",
    "untie_household",
    "withdraw_answer",
    "withdraw_residences",
]
