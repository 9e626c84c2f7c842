"""Why a person is counted, or not: the same expressions, kept to her rows."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ibis.expr.types import Table

from citeslab.figures.definitions import facts
from citeslab.figures.definitions.facts import SUPPORTING, Scope, Shape
from citeslab.figures.definitions.indicators import BY_ID, Indicator
from citeslab.figures.queries.computed import fetch, scope_of, sql
from citeslab.followup.enums import Stage
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.territories.enums import Answer
from citeslab.ui.values import day


@dataclass(frozen=True)
class Explanation:
    counted: bool
    sentence: str


def explanation(indicator: Indicator, *, person: Person, year: int, site: Site | None = None) -> Explanation:
    """One sentence: counted or not, and the facts that decide."""
    scope = scope_of(year, site)
    reason, row = membership(scope, person)
    if indicator.id == "persons_met":
        counted = bool(hers(facts.met, scope, person))
    elif row is None:
        counted = False
    else:
        counted, more = details(indicator, row)
        reason = f"{reason} {more}".strip()
    verdict = _("is counted") if counted else _("is not counted")
    name = person.reference or f"#{person.pk}"
    head = _('%(person)s %(verdict)s in "%(indicator)s" of %(year)s:') % {
        "person": name,
        "verdict": verdict,
        "indicator": indicator.wording,
        "year": year,
    }
    return Explanation(counted, f"{head} {reason}")


def hers(base: Callable[[Shape], Table], scope: Scope, person: Person) -> list[dict]:
    rows = base(scope.shape)
    return fetch(sql(rows.filter(rows.person_id == person.pk)), scope)


def membership(scope: Scope, person: Person) -> tuple[str, dict | None]:
    """What she did in the year, and her row among the supported if she is one of them."""
    meetings = sorted(row["held_on"] for row in hers(facts.meetings, scope, person))
    if not meetings:
        return _("no individual meeting is recorded in that year."), None
    met = ngettext("met on %(day)s,", "met %(times)s times from %(day)s on,", len(meetings)) % {
        "day": day(meetings[0]),
        "times": len(meetings),
    }
    steps = [row for row in hers(facts.steps, scope, person) if row["stage"] in SUPPORTING]
    if not steps:
        missing = _("and no step to %(stages)s by %(day)s.") % {
            "stages": ", ".join(str(stage.label) for stage in SUPPORTING),
            "day": day(scope.reference_day),
        }
        return f"{met} {missing}", None
    first = min(steps, key=lambda row: (row["occurred_on"], row["transition_id"]))
    entered = _('and entered "%(stage)s" on %(day)s.') % {
        "stage": Stage(first["stage"]).label,
        "day": day(first["occurred_on"]),
    }
    return f"{met} {entered}", hers(facts.supported, scope, person)[0]


def details(indicator: Indicator, row: dict) -> tuple[bool, str]:
    """Of a supported person, whether this breakdown counts her, and by which of her columns."""
    family, _dot, part = indicator.id.partition(".")
    match family:
        case "women" | "sex_unknown" | "sex_known":
            said = {"WOMAN": _("She is known as a woman."), "MAN": _("Known as a man.")}
            counted = {"women": row["sex"] == "WOMAN", "sex_unknown": row["sex"] == "UNKNOWN"}
            return counted.get(family, row["sex"] != "UNKNOWN"), said.get(row["sex"], _("The sex is not known."))
        case "residence":
            answer = _("The residence is: %(answer)s.") % {"answer": Answer(row["answer"]).label}
            return row["answer"].lower() == part, answer
        case "situation":
            where = BY_ID[f"situation.{row['situation']}.persons"].wording
            said_of = _("On the reference day, the situation is: %(situation)s.") % {"situation": where}
            return part == f"{row['situation']}.persons", said_of
    return True, ""
