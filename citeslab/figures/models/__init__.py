"""The tables of the figures room."""

from citeslab.figures.models.kept import (
    AnonymousTraits,
    Change,
    Computed,
    Grid,
    Keeping,
    Pattern,
    PersonYear,
    Publication,
)
from citeslab.figures.models.reports import Outline, OutlineBlock, Report, SealedVersion
from citeslab.figures.models.targets import Target

__all__ = [
    "AnonymousTraits",
    "Change",
    "Computed",
    "Grid",
    "Keeping",
    "Outline",
    "OutlineBlock",
    "Pattern",
    "PersonYear",
    "Publication",
    "Report",
    "SealedVersion",
    "Target",
]
