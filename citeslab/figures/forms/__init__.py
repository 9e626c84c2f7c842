"""What is asked of figures, of reports, of targets."""

from citeslab.figures.forms.explorer import Comparison, Explorer, YearOfSite
from citeslab.figures.forms.reports import NewBlock, NewReport, Sealing, Words, words_of
from citeslab.figures.forms.targets import FigureOfSites, NewTarget, TargetsOf, TargetsOfSites

__all__ = [
    "Comparison",
    "Explorer",
    "FigureOfSites",
    "NewBlock",
    "NewReport",
    "NewTarget",
    "Sealing",
    "TargetsOf",
    "TargetsOfSites",
    "Words",
    "YearOfSite",
    "words_of",
]
