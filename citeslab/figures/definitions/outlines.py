"""What a report holds until somebody changes it: data of the code, copied into the database on the first change."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from citeslab.figures.enums import BlockKind, Breakdown, ReportKind
from citeslab.figures.values import Block

HEADING, SENTENCE, FIGURE, TABLE, CHART = (
    BlockKind.HEADING,
    BlockKind.SENTENCE,
    BlockKind.FIGURE,
    BlockKind.TABLE,
    BlockKind.CHART,
)
METHOD, STATEMENTS = (BlockKind.METHOD,), (BlockKind.STATEMENTS,)
Line = tuple  # a kind, then words; or an indicator, its breakdowns, and how many years before

PEOPLE: tuple[Line, ...] = (
    (HEADING, _("Who we met and supported")),
    (FIGURE, "persons_met"),
    (FIGURE, "persons_supported"),
    (FIGURE, "share_women"),
    (CHART, "persons_supported", (), 5),
    (TABLE, "persons_supported", (Breakdown.AGE, Breakdown.SEX)),
    (TABLE, "persons_supported", (Breakdown.DIPLOMA,)),
)
PATHS: tuple[Line, ...] = (
    (HEADING, _("Where they stood at the end of the year")),
    (SENTENCE, _("Each person supported is in one situation only, the furthest on her path; the four add up.")),
    (CHART, "persons_supported", (Breakdown.SITUATION,)),
    (FIGURE, "situation.creation_path.share"),
    (TABLE, "persons_supported", (Breakdown.SITUATION, Breakdown.SEX)),
)
RESIDENCE: tuple[Line, ...] = (
    (HEADING, _("Where they live")),
    (FIGURE, "residence.in"),
    (TABLE, "persons_supported", (Breakdown.RESIDENCE,)),
)
ACTIONS: tuple[Line, ...] = (
    (HEADING, _("Collective actions")),
    (FIGURE, "actions_held.total"),
    (FIGURE, "attendances_named"),
    (TABLE, "actions_held.total", (Breakdown.KIND,)),
)
OUTLINES: dict[str, tuple[Line, ...]] = {
    ReportKind.NETWORK: (
        *PEOPLE,
        *PATHS,
        *RESIDENCE,
        (HEADING, _("Over the territory")),
        (FIGURE, "advisors_in_post"),
        (FIGURE, "qpv_covered"),
        (CHART, "persons_supported", (Breakdown.DEPARTMENT,)),
        (TABLE, "persons_supported", (Breakdown.REGION,)),
        *ACTIONS,
        (HEADING, _("What the network said, checked")),
        STATEMENTS,
        METHOD,
    ),
    ReportKind.FUNDER: (
        (HEADING, _("In short")),
        (FIGURE, "persons_supported"),
        (FIGURE, "share_women"),
        (FIGURE, "situation.creation_path.share"),
        (FIGURE, "projects_cumulative"),
        *PATHS,
        *RESIDENCE,
        *ACTIONS,
        METHOD,
    ),
    ReportKind.SITE: (*PEOPLE, *PATHS, *RESIDENCE, *ACTIONS, METHOD),
}


def blocks_of(kind: str) -> list[Block]:
    """The blocks that a report of this kind begins with."""
    return list(told(OUTLINES[kind]))


def told(lines: tuple[Line, ...]) -> Iterator[Block]:
    for one, *more in lines:
        if one in (HEADING, SENTENCE):
            yield Block(one, words=in_each_language(more[0]))
        elif more:
            indicator, by, years = (*more, (), 0)[:3] if len(more) != 2 else (*more, 0)
            yield Block(one, indicator, tuple(by), years)
        else:
            yield Block(one)


def in_each_language(words: str | Promise) -> dict[str, str]:
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = str(words)
    return said
