"""Published tables protect people: which counts to hide, and what a reader could still work out.

`publication_of` takes counts in the long form of the open data and finds how they add up; `protect` says which to hide;
`audit` attacks the outcome, and alone decides whether it may leave. All of it is pure: no database, no clock, and the
same answer for the same counts in any order. Told in docs/domain/disclosure.md.
"""

from citeslab.figures.disclosure.attack import Progress
from citeslab.figures.disclosure.auditing import DEFAULT, STRICT, Audit, Leak, Rule, audit
from citeslab.figures.disclosure.cells import TOTAL, Branch, Cell, Inconsistent, Key, Publication, publication_of
from citeslab.figures.disclosure.explaining import Explanation, Summary, explain, naive, recovered, summary
from citeslab.figures.disclosure.issues import AS_PRINTED, Issue, rounded
from citeslab.figures.disclosure.protecting import Protection, Reason, protect
from citeslab.figures.disclosure.rounding import BASE, round_to

__all__ = [
    "AS_PRINTED",
    "BASE",
    "DEFAULT",
    "STRICT",
    "TOTAL",
    "Audit",
    "Branch",
    "Cell",
    "Explanation",
    "Inconsistent",
    "Issue",
    "Key",
    "Leak",
    "Progress",
    "Protection",
    "Publication",
    "Reason",
    "Rule",
    "Summary",
    "audit",
    "explain",
    "naive",
    "protect",
    "publication_of",
    "recovered",
    "round_to",
    "rounded",
    "summary",
]
