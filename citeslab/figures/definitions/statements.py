"""What the network said on 22 December 2017, each fact in our own words, with the indicator that checks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAID_ON = date(2017, 12, 22)
# The books as they stood at the end of that day.
KNOWN_BY = datetime(2017, 12, 22, 23, 59, 59, 999_999, tzinfo=ZoneInfo("Europe/Paris"))
AVERAGE_YEARS = (2014, 2015, 2016)  # "on average each year": the three last whole years


class Qualifier(Enum):
    """How a number was said, and what makes it hold."""

    EXACTLY = "exactly"  # equal; a percentage, equal once rounded to the whole percent as printed
    NEARLY = "nearly"  # within one percent of it, on either side
    MORE_THAN = "more_than"  # strictly above

    def holds(self, value: float, expected: float, *, is_share: bool) -> bool:
        match self:
            case Qualifier.EXACTLY if is_share:
                return round(value * 100) == round(expected * 100)
            case Qualifier.EXACTLY:
                return value == expected
            case Qualifier.NEARLY:
                return abs(value - expected) * 100 <= expected
            case Qualifier.MORE_THAN:
                return value > expected


QUALIFIERS = {
    Qualifier.EXACTLY: _("exactly"),
    Qualifier.NEARLY: _("nearly"),
    Qualifier.MORE_THAN: _("more than"),
}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One number of the release. `years` are averaged; none means the state of the day it was said.

    `indicator` is empty where no room keeps the records yet: the statement is listed, and not computed.
    """

    id: str
    wording: str | Promise
    expected: float
    qualifier: Qualifier = Qualifier.EXACTLY
    years: Sequence[int] = ()
    indicator: str = ""
    is_share: bool = False


STATEMENTS: tuple[Statement, ...] = (
    Statement(
        id="advisors",
        wording=_("Advisors carry the network over the whole territory."),
        expected=82,
        indicator="advisors_in_post",
    ),
    Statement(
        id="supported",
        wording=_("People supported each year, on average, before their business begins."),
        expected=6_600,
        qualifier=Qualifier.NEARLY,
        years=AVERAGE_YEARS,
        indicator="persons_supported",
    ),
    Statement(
        id="neighborhoods",
        wording=_("Priority neighborhoods where the network works."),
        expected=700,
        indicator="qpv_covered",
    ),
    Statement(
        id="women",
        wording=_("Share of women among these people."),
        expected=0.46,
        qualifier=Qualifier.MORE_THAN,
        years=AVERAGE_YEARS,
        indicator="share_women",
        is_share=True,
    ),
    Statement(
        id="creation_path",
        wording=_("In 2016, share of the supported who entered a creation path."),
        expected=0.41,
        years=(2016,),
        indicator="situation.creation_path.share",
        is_share=True,
    ),
    Statement(
        id="emergence",
        wording=_("In 2016, share of those whose project was emerging or taking form."),
        expected=0.28,
        years=(2016,),
        indicator="situation.emergence.share",
        is_share=True,
    ),
    Statement(
        id="employment",
        wording=_("In 2016, share of those who went back to employment."),
        expected=0.06,
        years=(2016,),
        indicator="situation.employment.share",
        is_share=True,
    ),
    Statement(
        id="projects",
        wording=_("Business projects accompanied since 2002."),
        expected=65_000,
        qualifier=Qualifier.MORE_THAN,
        indicator="projects_cumulative",
    ),
    Statement(
        id="start",
        wording=_("The network began fifteen years earlier."),
        expected=2002,
        indicator="began_in",
    ),
    Statement(
        id="actions",
        wording=_("Collective actions held each year."),
        expected=500,
        qualifier=Qualifier.MORE_THAN,
        years=AVERAGE_YEARS,
        indicator="actions_held.total",
    ),
    Statement(
        id="own_funds",
        wording=_("Own funds of the pilot since 2010, in euros, for actions and the life of the network."),
        expected=7_000_000,
        qualifier=Qualifier.MORE_THAN,
        indicator="own_funds_since_2010",
    ),
    Statement(id="solutions", wording=_("Concrete solutions that came out of the hackathon."), expected=7),
    Statement(id="experiments", wording=_("Solutions that participants choose, to be tried in 2018."), expected=2),
)
BY_STATEMENT = {statement.id: statement for statement in STATEMENTS}
