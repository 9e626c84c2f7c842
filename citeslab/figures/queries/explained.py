"""Why a person is counted, or not: the same expressions, kept to her rows."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ibis.expr.types import Table

from citeslab.figures.definitions import people
from citeslab.figures.definitions.facts import Scope, Shape, given
from citeslab.figures.definitions.indicators import BY_ID, Indicator
from citeslab.figures.queries.computed import ENGINE, scope_of
from citeslab.followup.enums import SUPPORTING, Stage
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.territories.enums import Answer
from citeslab.ui.values import day


@dataclass(frozen=True)
class Explanation:
    counted: bool
    sentence: str
    reason: str  # the sentence without its head


def explanation(indicator: Indicator, *, person: Person, year: int, site: Site | None = None) -> Explanation:
    """One sentence: counted or not, and the facts that decide."""
    return explanations(indicator, persons=[person], year=year, site=site)[person.pk]


def explanations(
    indicator: Indicator, *, persons: Collection[Person], year: int, site: Site | None = None
) -> dict[int, Explanation]:
    """A sentence for each of these people, by her key; as many questions for one as for fifty."""
    scope = scope_of(year, site)
    keys = tuple(person.pk for person in persons)
    met = theirs("meetings", scope, keys)
    taken = theirs("steps", scope, keys) if met else {}
    rows = theirs(indicator.base, scope, keys) if taken and indicator.base != "met" else {}
    told = {}
    for person in persons:
        counted, reason = reason_of(
            indicator, scope, met.get(person.pk, []), taken.get(person.pk, []), rows.get(person.pk, [])
        )
        head = _('%(person)s %(verdict)s in "%(indicator)s" of %(year)s:') % {
            "person": person.reference or f"#{person.pk}",
            "verdict": _("is counted") if counted else _("is not counted"),
            "indicator": indicator.wording,
            "year": year,
        }
        told[person.pk] = Explanation(counted, f"{head} {reason}", reason)
    return told


def theirs(name: str, scope: Scope, keys: tuple[int, ...]) -> dict[int, list[dict]]:
    """The rows of these people in a table of `definitions.people`, by person."""
    found: defaultdict[int, list[dict]] = defaultdict(list)
    for row in ENGINE.rows(of_people(name, scope.shape), scope.parameters | {"people": list(keys)}):
        found[row["person_id"]].append(row)
    return found


@cache
def of_people(name: str, shape: Shape) -> str:
    rows: Table = getattr(people, name)(shape)
    return ENGINE.sql(rows.filter(given("people", "array<int64>").contains(rows.person_id)))


def reason_of(
    indicator: Indicator, scope: Scope, meetings: list[dict], steps: list[dict], rows: list[dict]
) -> tuple[bool, str]:
    """What she did in the year, and why it counts or does not."""
    if not meetings:
        return False, _("no individual meeting is recorded in that year.")
    days = sorted(row["held_on"] for row in meetings)
    met = ngettext("met on %(day)s,", "met %(times)s times from %(day)s on,", len(days)) % {
        "day": day(days[0]),
        "times": len(days),
    }
    supporting = [row for row in steps if row["stage"] in SUPPORTING]
    is_met = indicator.base == "met"
    if not supporting:
        missing = _("and no step to %(stages)s by %(day)s.") % {
            "stages": ", ".join(str(stage.label) for stage in SUPPORTING),
            "day": day(scope.reference_day),
        }
        return is_met, f"{met} {missing}"
    first = min(supporting, key=lambda row: (row["occurred_on"], row["transition_id"]))
    entered = _('and entered "%(stage)s" on %(day)s.') % {
        "stage": Stage(first["stage"]).label,
        "day": day(first["occurred_on"]),
    }
    if is_met:
        return True, f"{met} {entered}"
    if not rows:
        return False, f"{met} {entered} " + _(
            "Sex or date of birth is not known, or there was one day of meetings only."
        )
    counted, more = details(indicator, rows[0])
    return counted, f"{met} {entered} {more}".strip()


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
