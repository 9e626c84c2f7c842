"""The other way to protect: print each count to the nearest multiple of a base, hide what this leaves open."""

from collections.abc import Sequence

import numpy as np

from citeslab.figures.disclosure.attack import Progress, silent
from citeslab.figures.disclosure.auditing import DEFAULT, Rule, audit
from citeslab.figures.disclosure.cells import Publication
from citeslab.figures.disclosure.issues import Issue, record_of

BASE = 5


def round_to(
    publication: Publication,
    *,
    base: int = BASE,
    rule: Rule = DEFAULT,
    earlier: Sequence[Issue] = (),
    progress: Progress = silent,
) -> Issue:
    """Every count rounded on its own; totals no longer equal the sum of their parts, by `base` for each part at most.

    Relations narrow what the true counts may be: each count that the audit finds too narrow is not printed, then what
    gave it away, until nothing leaks that can be helped. What earlier issues hid stays hidden. The whole
    network's tables take minutes.

    Raises `ValueError` for a base that leaves a printed count with fewer values than the rule asks for.
    """
    if base <= max(rule.width, rule.other_width):
        raise ValueError(f"rounding to {base} leaves {base} values at most, and the rule asks for {rule.width + 1}")
    places = publication.place_of
    record = record_of(publication, earlier)
    hidden = ~publication.printed | record.earlier_hidden[record.own]
    while True:
        issue = Issue(publication, hidden, base)
        leaks = audit(issue, rule=rule, earlier=earlier, progress=progress).leaks
        hidden = hidden.copy()
        for leak in leaks:
            told_by = {leak.key} | {key for total, parts in leak.relations for key in (total, *parts)}
            shown = [place for key in told_by if (place := places.get(key)) is not None and not hidden[place]]
            own = places.get(leak.key)
            # The count itself first: hiding it may be enough. Then the costliest is spared.
            for place in [own] if own in shown else sorted(shown, key=lambda at: (publication.weights[at], at))[:1]:
                hidden[place] = True
        if np.array_equal(issue.hidden, hidden):
            return issue
