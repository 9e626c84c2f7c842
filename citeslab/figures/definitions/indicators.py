"""Each figure of a year, defined once.

An indicator counts the rows of a base table that satisfy a condition, or a column of it. Several indicators of one
base are one statement. Wordings are English sources of the catalogues; ids and versions never change meaning.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ibis.expr.types import Scalar, Table

from citeslab.figures.definitions import facts
from citeslab.figures.definitions.facts import Shape
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer
from citeslab.workshops.enums import Kind


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One figure: `id` and `version` name its meaning; `count` is its expression over its `base`.

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
    count: Callable[[Table], Scalar] | None = None
    numerator: str = ""
    denominator: str = ""
    unknowns: str = ""
    of_people: bool = False  # may be explained for one person
    of_a_year: bool = True  # printed among a year's figures


PEOPLE, PROJECTS, ACTIONS = _("people"), _("projects"), _("actions")
ATTENDANCES, HEADS, NEIGHBORHOODS = _("attendances"), _("heads"), _("priority neighborhoods")
ADVISORS, SHARE = _("advisors"), _("share")
IN_THE_YEAR, ON_THE_DAY, SINCE_THE_START = _("in the year"), _("on the reference day"), _("since the start")

# The tables that indicators count, by name; each is one statement of SQL.
BASES: dict[str, Callable[[Shape], Table]] = {
    "met": facts.met,
    "supported": facts.supported,
    "projects": facts.projects,
    "actions": facts.actions,
    "attendances": facts.attendances,
    "heads": facts.heads,
    "tenures": facts.tenures,
    "coverages": facts.coverages,
    "all_tenures": lambda shape: shape.within(facts.tenure),
}


def where(column: str, value: str) -> Callable[[Table], Scalar]:
    """How many rows of the base have that value."""
    return lambda base: (base[column] == value).sum()


def rows(base: Table) -> Scalar:
    return base.count()


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
        count=where("answer", answer),
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
        count=where("situation", name),
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
    return Indicator(
        id=f"actions_held.{kind.lower() if kind else 'total'}",
        wording=wording,
        unit=ACTIONS,
        period=IN_THE_YEAR,
        definition=_("Collective actions dated in the year and not cancelled."),
        base="actions",
        count=where("kind", kind) if kind else rows,
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
        count=rows,
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
        count=rows,
        of_people=True,
    ),
    Indicator(
        id="women",
        wording=_("Women supported"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_("Of the supported, those known to be women."),
        base="supported",
        count=where("sex", Sex.WOMAN),
        of_people=True,
    ),
    Indicator(
        id="sex_unknown",
        wording=_("Supported, sex unknown"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_("Of the supported, those whose sex is not known; always shown beside the share of women."),
        base="supported",
        count=where("sex", Sex.UNKNOWN),
        of_people=True,
    ),
    Indicator(
        id="sex_known",
        wording=_("Supported, sex known"),
        unit=PEOPLE,
        period=IN_THE_YEAR,
        definition=_("Of the supported, those whose sex is known."),
        base="supported",
        count=lambda base: (base.sex != Sex.UNKNOWN.value).sum(),
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
        id="projects_cumulative",
        wording=_("Projects since the start"),
        unit=PROJECTS,
        period=SINCE_THE_START,
        definition=_("Distinct projects begun on or before the reference day."),
        base="projects",
        count=rows,
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
        count=rows,
    ),
    heads(Sex.MAN, "men", _("Heads counted, men")),
    heads(Sex.WOMAN, "women", _("Heads counted, women")),
    heads(Sex.UNKNOWN, "unknown", _("Heads counted, sex unknown")),
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
)
BY_ID = {indicator.id: indicator for indicator in INDICATORS}
