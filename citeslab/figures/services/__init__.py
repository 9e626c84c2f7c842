"""Reports begun, outlined and sealed; years published; the facts put in files, snapshots; numbers aimed at."""

from citeslab.figures.services.keeping import KeptAnew, keep_views, keep_years
from citeslab.figures.services.outlines import (
    ChangedMeanwhile,
    add_block,
    change_words,
    move_block,
    outline_digest,
    remove_block,
    restore_outline,
)
from citeslab.figures.services.publishing import Leaks, NotYet, Prepared, RegisterMoved, Withheld, prepare, publish
from citeslab.figures.services.reports import StrictBefore, YearNotBegun, begin
from citeslab.figures.services.sealing import ReasonMissing, seal
from citeslab.figures.services.snapshots import Made, make_snapshot
from citeslab.figures.services.targets import NotCounted, set_target, set_targets, withdraw_target

__all__ = [
    "ChangedMeanwhile",
    "KeptAnew",
    "Leaks",
    "Made",
    "NotCounted",
    "NotYet",
    "Prepared",
    "ReasonMissing",
    "RegisterMoved",
    "Withheld",
    "StrictBefore",
    "YearNotBegun",
    "add_block",
    "begin",
    "change_words",
    "keep_views",
    "keep_years",
    "make_snapshot",
    "move_block",
    "outline_digest",
    "prepare",
    "publish",
    "remove_block",
    "restore_outline",
    "seal",
    "set_target",
    "set_targets",
    "withdraw_target",
]
