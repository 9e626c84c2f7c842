"""What to know before a report is sealed: what may still move, what nobody knows, what contradicts itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citeslab.core.values import last_day
from citeslab.duplicates.models import Likeness
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.models import Report
from citeslab.figures.queries.computed import ratio
from citeslab.figures.queries.quality import steps_of_one_day
from citeslab.figures.queries.reported import Answered
from citeslab.people.models import ResidenceAnswer
from citeslab.territories.enums import Answer
from citeslab.ui import values

# From this share on, what nobody knows weighs as much as what is known.
MUCH_UNKNOWN = 0.2


@dataclass(frozen=True)
class Doubt:
    """Something to know, in a sentence; `kind` names it for who counts them."""

    kind: str
    words: str


def doubts(report: Report, answered: Iterable[Answered], *, on: date) -> list[Doubt]:
    """What the one who seals should know first. None of it forbids."""
    found = []
    if on <= last_day(report.year):
        found.append(Doubt("running", _("The year is not over: what happens until 31 December will not be in it.")))
    found += unknown(answered)
    return found + contradictions(report)


def unknown(answered: Iterable[Answered]) -> list[Doubt]:
    told: dict[str, str] = {}
    for one in answered:
        found = one.found
        if found is None:
            continue
        wording = found.asked.indicator.wording
        if one.unknowns is not None and not found.total.is_hidden and not one.unknowns.total.is_hidden:
            left_out = one.unknowns.total.count or 0
            share = ratio(left_out, left_out + (found.total.of or 0))
            if share is not None and share >= MUCH_UNKNOWN:
                told[f"{found.asked.indicator.id}"] = _(
                    "%(figure)s: %(share)s are left out, because it is not known of them."
                ) % {"figure": wording, "share": values.share(share)}
        if found.total.is_share or found.asked.since is not None:
            continue
        for place, breakdown in enumerate(found.asked.by):
            number = found.at(UNKNOWN, "") if place == 0 else found.at("", UNKNOWN)
            if breakdown in (Breakdown.QPV, Breakdown.RESIDENCE) or number.is_hidden or found.total.is_hidden:
                continue
            share = ratio(number.count or 0, found.total.count or 0)
            if share is not None and share >= MUCH_UNKNOWN:
                told[f"{found.asked.indicator.id}:{breakdown}"] = _(
                    "%(figure)s by %(class)s: it is not known of %(share)s."
                ) % {"figure": wording, "class": breakdown.label, "share": values.share(share)}
    return [Doubt("unknown", words) for words in told.values()]


def contradictions(report: Report) -> list[Doubt]:
    """Records that say two things: two steps of one day, two files of one person, a residence to check."""
    of_site = {"site": int(report.code)} if report.level == Breakdown.SITE else {}
    twice = steps_of_one_day(year=report.year, site=of_site.get("site")).count()
    alike = Likeness.objects.undecided()
    to_check = ResidenceAnswer.objects.standing().filter(answer=Answer.TO_CHECK)
    if of_site:
        alike = alike.touching([of_site["site"]])
        to_check = to_check.filter(residence__person__site=of_site["site"])
    told = []
    if twice:
        told.append(
            ngettext(
                "One pathway has two steps on one day: the one entered later counts.",
                "%(count)s pathways have two steps on one day: the one entered later counts.",
                twice,
            )
            % {"count": values.number(twice)}
        )
    if pairs := alike.count():
        told.append(
            ngettext(
                "One pair of files may be one person's, and nobody has decided: she may be counted twice.",
                "%(count)s pairs of files may be one person's, and nobody has decided: some may be counted twice.",
                pairs,
            )
            % {"count": values.number(pairs)}
        )
    if waiting := to_check.values("residence__person").distinct().count():
        told.append(
            ngettext(
                "One residence is to check: its answer may change.",
                "%(count)s residences are to check: their answers may change.",
                waiting,
            )
            % {"count": values.number(waiting)}
        )
    return [Doubt("contradiction", words) for words in told]
