"""The values of the figures: computed, kept, explained, and held against what was said."""

from citeslab.figures.queries.computed import FIRST_YEAR, cached_figures_of_year, figures_of_year, network_of_years
from citeslab.figures.queries.explained import Explanation, explanation
from citeslab.figures.queries.said import Check, statements

__all__ = [
    "FIRST_YEAR",
    "Check",
    "Explanation",
    "cached_figures_of_year",
    "explanation",
    "figures_of_year",
    "network_of_years",
    "statements",
]
