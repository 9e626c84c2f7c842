"""Each figure of a year, defined once.

An indicator counts the rows of a base table that satisfy a condition, or a column of it. Several indicators of one
base are one statement. Wordings are English sources of the catalogues; ids and versions never change meaning.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ibis.expr.types import BooleanValue, Scalar, Table

from citeslab.figures.definitions import actions, money, people
from citeslab.figures.definitions.facts import Shape
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer
from citeslab.workshops.enums import Kind

FIRST_DEFINED = date(2026, 11, 23)


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One figure: `id` and `version` name its meaning; it counts the rows of its `base` kept by `which`, or `count`s.

    `since` is the day from which this version is the one that is printed, `changed` what it changed, and why; `former`
    is the version before, which can still be computed.

    A share has no expression of its own: it is `numerator` over `denominator`, exact until it is rounded to 4
    decimals, half to even, and nothing when the denominator is 0.
    """

    id: str
    version: int = 1
    wording: str | Promise
    unit: str | Promise
    period: str | Promise
    definition: str | Promise
    base: str = ""
    which: Callable[[Table], BooleanValue] | None = None
    count: Callable[[Table], Scalar] | None = None
    numerator: str = ""
    denominator: str = ""
    unknowns: str = ""
    of_people: bool = False  # may be explained for one person
    of_a_year: bool = True  # printed among a year's figures
    since: date = FIRST_DEFINED
    changed: str | Promise = ""
    former: "Indicator | None" = None

    @property
    def said(self) -> str:
        """This meaning and no other, as an address says it: `actions_held.total@1`."""
        return f"{self.id}@{self.version}"

    @property
    def history(self) -> "Iterator[Indicator]":
        """This version, and those before it."""
        one: Indicator | None = self
        while one:
            yield one
            one = one.former

    def counted(self, base: Table) -> Scalar:
        if self.count:
            return self.count(base)
        return self.which(base).sum() if self.which else base.count()

    def rows(self, base: Table) -> Table:
        """The rows that it counts, of those that it counts one by one."""
        return base.filter(self.which(base)) if self.which else base


PEOPLE, PROJECTS, ACTIONS = _("people"), _("projects"), _("actions")
ATTENDANCES, HEADS, NEIGHBORHOODS = _("attendances"), _("heads"), _("priority neighborhoods")
ADVISORS, SHARE = _("advisors"), _("share")
IN_THE_YEAR, ON_THE_DAY, SINCE_THE_START = _("in the year"), _("on the reference day"), _("since the start")

# The tables that indicators count, by name; each is one statement of SQL.
BASES: dict[str, Callable[[Shape], Table]] = {
    "met": people.met,
    "supported": people.supported,
    "fse_participants": people.fse_participants,
    "projects": actions.projects,
    "actions": actions.actions,
    "programme_actions": actions.programme_actions,
    "attendances": actions.attendances,
    "heads": actions.heads,
    "tenures": actions.tenures,
    "coverages": actions.coverages,
    "all_tenures": actions.all_tenures,
    "own_funds": money.own_funds,
    "meetings": money.meetings,
}


def having(column: str, value: str) -> Callable[[Table], BooleanValue]:
    """The rows of the base that have that value."""
    return lambda base: base[column] == value


def residence(answer: Answer, wording) -> Indicator:
    return Indicator(
        id=f"residence.{answer.lower()}",
        wording=wording,
        unit=PEOPLE,
        period=ON_THE_DAY,
        definition=_(
            "Of the supported, by the answer for her residence in the edition in force on the reference day at that "
            "place; before 2015 the 2015 edition is applied."
        ),
        base="supported",
        which=having("answer", answer),
        of_people=True,
    )


def situation(name: str, wording, share_wording, definition) -> list[Indicator]:
    persons = Indicator(
        id=f"situation.{name}.persons",
        wording=wording,
        unit=PEOPLE,
        period=ON_THE_DAY,
        definition=definition,
        base="supported",
        which=having("situation", name),
        of_people=True,
    )
    return [persons, share(f"situation.{name}.share", share_wording, definition, persons.id, "persons_supported")]


def share(id: str, wording, definition, numerator: str, denominator: str, unknowns: str = "") -> Indicator:
    return Indicator(
        id=id,
        wording=wording,
        unit=SHARE,
        period=ON_THE_DAY,
        definition=definition,
        numerator=numerator,
        denominator=denominator,
        unknowns=unknowns,
    )


def held(kind: Kind | None, wording) -> Indicator:
    first = Indicator(
        id=f"actions_held.{kind.lower() if kind else 'total'}",
        wording=wording,
        unit=ACTIONS,
        period=IN_THE_YEAR,
        definition=_("Collective actions dated in the year and not cancelled, those on the programme too."),
        base="programme_actions",
        which=having("kind", kind) if kind else None,
    )
    return replace(
        first,
        version=2,
        definition=_("Collective actions dated in the year, said to be held, and not cancelled."),
        base="actions",
        since=date(2026, 11, 25),
        changed=_(
            "An action counts once its advisor has said that it was held. Before, what was only planned counted too, "
            "and the figure of a year that runs was above what had taken place."
        ),
        former=first,
    )


def heads(sex: Sex, name: str, wording) -> Indicator:
    return Indicator(
        id=f"head_counts.{name}",
        wording=wording,
        unit=HEADS,
        period=IN_THE_YEAR,
        definition=_(
            "People counted without a name at the actions held in the year; never added to people or attendances."
        ),
        base="heads",
        count=lambda base: base.heads.sum(where=base.sex == sex.value),
    )


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="persons_met",
        wording=_("People met"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_("Distinct people with an individual meeting of any nature, telephone included, in the year."),
        base="met",
        of_people=True,
    ),
    Indicator(
        id="persons_supported",
        wording=_("People supported"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_(
            "Met in the year, and with a step to first steps, emergence, formalization or creation path dated on or "
            "before the reference day."
        ),
        base="supported",
        of_people=True,
    ),
    Indicator(
        id="women",
        wording=_("Women supported"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_("Of the supported, those known to be women."),
        base="supported",
        which=having("sex", Sex.WOMAN),
        of_people=True,
    ),
    Indicator(
        id="sex_unknown",
        wording=_("Supported, sex unknown"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_("Of the supported, those whose sex is not known; always shown beside the share of women."),
        base="supported",
        which=having("sex", Sex.UNKNOWN),
        of_people=True,
    ),
    Indicator(
        id="sex_known",
        wording=_("Supported, sex known"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_("Of the supported, those whose sex is known."),
        base="supported",
        which=lambda base: base.sex != Sex.UNKNOWN.value,
        of_people=True,
        of_a_year=False,
    ),
    share(
        "share_women",
        _("Share of women"),
        _("Women among the supported whose sex is known."),
        "women",
        "sex_known",
        unknowns="sex_unknown",
    ),
    residence(Answer.IN, _("Supported, living in a priority neighborhood")),
    residence(Answer.OUT, _("Supported, living outside")),
    residence(Answer.TO_CHECK, _("Supported, residence to check")),
    residence(Answer.NOT_LOCATED, _("Supported, residence not located")),
    Indicator(
        id="qpv_of_residence",
        wording=_("Priority neighborhoods of residence"),
        unit=NEIGHBORHOODS,
        period=ON_THE_DAY,
        definition=_("Distinct priority neighborhoods where supported people live, of the answers that are in."),
        base="supported",
        count=lambda base: base.qpv_code.nunique(where=base.answer == Answer.IN.value),
    ),
    *situation(
        "creation_path",
        _("On a creation path"),
        _("Share on a creation path"),
        _("A pathway at the creation path, or left for a registration, a takeover, a trial or a partner's intake."),
    ),
    *situation(
        "emergence",
        _("In emergence or formalization"),
        _("Share in emergence or formalization"),
        _("Not on a creation path, and a pathway at emergence or formalization."),
    ),
    *situation(
        "employment",
        _("Back to employment"),
        _("Share back to employment"),
        _("In neither, and a pathway left for employment."),
    ),
    *situation(
        "other",
        _("In another situation"),
        _("Share in another situation"),
        _("In none of the three; the shares sum to 1."),
    ),
    Indicator(
        id="persons_fse_plus",
        wording=_("Participants in the sense of the ESF+"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_(
            "Of the supported, those who are identifiable (sex and date of birth known) and were met individually on "
            "two days or more by the reference day. Awareness in a group makes no participant."
        ),
        base="fse_participants",
        of_people=True,
        of_a_year=False,
        since=date(2026, 11, 25),
    ),
    Indicator(
        id="projects_cumulative",
        wording=_("Projects since the start"),
        unit=PROJECTS,
        period=SINCE_THE_START,
        definition=_("Distinct projects begun on or before the reference day."),
        base="projects",
    ),
    held(None, _("Collective actions held")),
    held(Kind.GENERAL, _("General actions held")),
    held(Kind.THEMATIC, _("Thematic actions held")),
    held(Kind.SCHOOL, _("Actions held in schools")),
    Indicator(
        id="attendances_named",
        wording=_("Named attendances"),
        unit=ATTENDANCES,
        period=IN_THE_YEAR,
        definition=_("A named person at an action held in the year, each counted once."),
        base="attendances",
    ),
    heads(Sex.MAN, "men", _("Heads counted, men")),
    heads(Sex.WOMAN, "women", _("Heads counted, women")),
    heads(Sex.UNKNOWN, "unknown", _("Heads counted, sex unknown")),
    Indicator(
        id="heads_counted",
        wording=_("Heads counted"),
        unit=HEADS,
        period=IN_THE_YEAR,
        definition=_(
            "People counted without a name at the actions held in the year; never added to people or attendances."
        ),
        base="heads",
        count=lambda base: base.heads.sum(),
        of_a_year=False,
    ),
    Indicator(
        id="advisors_in_post",
        wording=_("Advisors in post"),
        unit=ADVISORS,
        period=ON_THE_DAY,
        definition=_("Distinct people who hold a post on the reference day."),
        base="tenures",
        count=lambda base: base.user_id.nunique(),
        of_a_year=False,
    ),
    Indicator(
        id="qpv_covered",
        wording=_("Priority neighborhoods covered"),
        unit=NEIGHBORHOODS,
        period=ON_THE_DAY,
        definition=_("Distinct priority neighborhoods that a site covers on the reference day."),
        base="coverages",
        count=lambda base: base.qpv_code.nunique(),
        of_a_year=False,
    ),
    Indicator(
        id="began_in",
        wording=_("Year in which the network began"),
        unit=_("year"),
        period=SINCE_THE_START,
        definition=_("The year of the first day on which someone held a post."),
        base="all_tenures",
        count=lambda base: base.begins_on.min().year(),
        of_a_year=False,
    ),
    Indicator(
        id="meetings_held",
        wording=_("Individual meetings"),
        unit=_("meetings"),
        period=IN_THE_YEAR,
        definition=_(
            "Individual meetings of any nature, telephone included, held in the year: one person may have many."
        ),
        base="meetings",
        of_a_year=False,
        since=date(2026, 11, 26),
    ),
    Indicator(
        id="own_funds_since_2010",
        wording=_("Own funds of the pilot paid since 2010"),
        unit=_("euros"),
        period=SINCE_THE_START,
        definition=_(
            "What the national pilot paid of its own funds from 1 January 2010 to the reference day for collective "
            "actions, the life of the network and the training of advisors, posts left out; in whole euros."
        ),
        base="own_funds",
        count=lambda base: base.amount_cents.sum() // 100,
        of_a_year=False,
        since=date(2026, 11, 26),
    ),
)
BY_ID = {indicator.id: indicator for indicator in INDICATORS}
# Every meaning that is or was: `actions_held.total@2`, `actions_held.total@1`.
VERSIONS = {one.said: one for indicator in INDICATORS for one in indicator.history}


@dataclass(frozen=True)
class Variant:
    """What a funder means by a word that others use otherwise."""

    funder: str | Promise
    id: str


# Of each word, the meanings that live side by side.
VARIANTS: tuple[tuple[Variant, ...], ...] = (
    (
        Variant(_("the network (State, Bpifrance, national pilot)"), "persons_supported"),
        Variant(_("contrat de ville (local authorities)"), "residence.in"),
        Variant(_("FSE+ (regulation 2021/1057)"), "persons_fse_plus"),
    ),
)


def variants_of(indicator: Indicator) -> tuple[Variant, ...]:
    """Its own meaning and the others of the same word; none where there is one meaning."""
    return next((some for some in VARIANTS if indicator.id in {one.id for one in some}), ())
