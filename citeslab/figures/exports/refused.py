"""Why a version may not leave, for who may not read what it would give away."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citeslab.figures.disclosure import Leak
from citeslab.figures.enums import Breakdown
from citeslab.figures.exports.corrections import class_words, name_of_number
from citeslab.figures.queries.protected import KNOWN

MOST = 5  # numbers named


def given_away(leaks: Sequence[Leak]) -> str:
    """Which numbers, by figure, class and year, without what they are; and what to do."""
    rows = [row_of(leak) for leak in leaks]
    classes = class_words(rows) | {(Breakdown.SEX.value, KNOWN): _("sex known")}
    names = list(dict.fromkeys(name_of_number(row, classes) for row in rows))
    told = names[:MOST]
    if (more := len(names) - MOST) > 0:
        told.append(ngettext("%(count)s other", "%(count)s others", more) % {"count": more})
    return _(
        "Beside what is out already, this version would let hidden numbers be worked out: %(numbers)s. "
        "Take the figures and tables that tell them out of what it holds, then seal it."
    ) % {"numbers": " · ".join(told)}


def row_of(leak: Leak) -> dict:
    """As reports call it. Of what tells counts apart, only classes are said: the rest holds a count, or is nobody's."""
    indicator, _space, world = leak.key.indicator.partition(" ")
    by = {name: value for name, value in leak.key.by if name in Breakdown}
    return {"indicator": indicator, "year": world.partition(" ")[0], "by": by}
