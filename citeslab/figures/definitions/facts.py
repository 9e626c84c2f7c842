"""The facts, and the tables of people, projects and actions that indicators count.

Facts are views of the database (`fact_...`, told in docs/domain/facts.md). Everything here is Ibis: it is compiled
to the SQL of the engine that holds the facts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis
from ibis.expr import operations
from ibis.expr.datashape import Scalar
from ibis.expr.datatypes import DataType
from ibis.expr.types import BooleanValue, Table

from citeslab.core.values import last_day
from citeslab.followup.enums import SUPPORTING, ExitReason, Stage
from citeslab.territories.enums import Answer

INSTANT = "timestamp('UTC')"
BOOKS = {"recorded_at": INSTANT, "withdrawn_at": INSTANT}

person = ibis.table({"person_id": "int64", "site_id": "int64", "sex": "string"}, name="fact_person")
meeting = ibis.table(
    {"meeting_id": "int64", "person_id": "int64", "site_id": "int64", "held_on": "date", **BOOKS}, name="fact_meeting"
)
transition = ibis.table(
    {
        "transition_id": "int64",
        "person_id": "int64",
        "project_id": "int64",
        "site_id": "int64",
        "occurred_on": "date",
        "stage": "string",
        "exit_reason": "string",
        "evidence": "string",
        **BOOKS,
    },
    name="fact_transition",
)
residence = ibis.table(
    {
        "person_id": "int64",
        "begins_on": "date",
        "ends_on": "date",
        "residence_recorded_at": INSTANT,
        "residence_withdrawn_at": INSTANT,
        "edition": "int64",
        "answer": "string",
        "qpv_code": "string",
        "in_force_from": "date",
        "in_force_until": "date",
        **BOOKS,
    },
    name="fact_residence",
)
project = ibis.table(
    {"project_id": "int64", "site_id": "int64", "started_on": "date", "recorded_at": INSTANT}, name="fact_project"
)
WORKSHOP = {"workshop_id": "int64", "site_id": "int64", "held_on": "date", "cancelled_at": INSTANT}
workshop = ibis.table({**WORKSHOP, "kind": "string", "recorded_at": INSTANT}, name="fact_workshop")
attendance = ibis.table({**WORKSHOP, "person_id": "int64", **BOOKS}, name="fact_attendance")
head_count = ibis.table({**WORKSHOP, "sex": "string", "heads": "int64", **BOOKS}, name="fact_head_count")
tenure = ibis.table(
    {"user_id": "int64", "site_id": "int64", "begins_on": "date", "ends_on": "date"}, name="fact_tenure"
)
coverage = ibis.table(
    {"site_id": "int64", "edition": "int64", "qpv_code": "string", "begins_on": "date", "ends_on": "date"},
    name="fact_coverage",
)
site = ibis.table({"site_id": "int64", "department": "string"}, name="fact_site")

CREATING_EXITS = (ExitReason.CREATION, ExitReason.TAKEOVER, ExitReason.INCUBATOR, ExitReason.PARTNER)
SITUATIONS = ("creation_path", "emergence", "employment", "other")  # the first that applies


class Given(operations.Value):
    """What a scope fills in. An expression is the same for every year, site and instant: it is compiled once.

    Ibis's own parameters are filled in before they are compiled.
    """

    name: str
    dtype: DataType
    shape = Scalar()


def given(name: str, of: str):
    return Given(name=name, dtype=ibis.dtype(of)).to_expr()


FIRST_DAY, LAST_DAY, REFERENCE_DAY = (
    given("first_day", "date"),
    given("last_day", "date"),
    given("reference_day", "date"),
)
SITE, INSTANT_KNOWN = given("site_id", "int64"), given("known_by", INSTANT)


@dataclass(frozen=True)
class Shape:
    """What a figure's expression depends on: is it of one site, is it of what was known by an instant?"""

    of_site: bool = False
    of_instant: bool = False

    def within(self, facts: Table) -> Table:
        """Of the perimeter."""
        return facts.filter(facts.site_id == SITE) if self.of_site else facts

    def known(self, facts: Table, prefix: str = "") -> Table:
        """As the books stood."""
        recorded, withdrawn = facts[f"{prefix}recorded_at"], facts[f"{prefix}withdrawn_at"]
        if not self.of_instant:
            return facts.filter(withdrawn.isnull())
        return facts.filter(recorded <= INSTANT_KNOWN, withdrawn.isnull() | (withdrawn > INSTANT_KNOWN))


@dataclass(frozen=True)
class Scope:
    """What a figure is asked for: a year, a perimeter, and what was known by then.

    `reference_day` is 31 December of the year unless said; `known_by=None` is what stands today.
    """

    year: int
    site_id: int | None = None
    known_by: datetime | None = None
    day: date | None = None

    @property
    def reference_day(self) -> date:
        return self.day or last_day(self.year)

    @property
    def shape(self) -> Shape:
        return Shape(self.site_id is not None, self.known_by is not None)

    @property
    def parameters(self) -> dict[str, Any]:
        """The value of each `Given`; those that the shape has no use for are `None`."""
        return {
            "first_day": date(self.year, 1, 1),
            "last_day": last_day(self.year),
            "reference_day": self.reference_day,
            "site_id": self.site_id,
            "known_by": self.known_by,
        }


def in_year(day) -> BooleanValue:
    return day.between(FIRST_DAY, LAST_DAY)


def meetings(shape: Shape) -> Table:
    """Individual meetings of the year, telephone included."""
    known = shape.known(shape.within(meeting))
    return known.filter(in_year(known.held_on))


def met(shape: Shape) -> Table:
    """One row per person met in the year."""
    return meetings(shape).select("person_id").distinct()


def steps(shape: Shape) -> Table:
    """Transitions up to the reference day."""
    known = shape.known(shape.within(transition))
    return known.filter(known.occurred_on <= REFERENCE_DAY)


def situations(shape: Shape) -> Table:
    """One row per person with a pathway: `rank` of the first class of SITUATIONS that one of her pathways is in."""
    taken = steps(shape).semi_join(met(shape), "person_id")
    latest = ibis.window(
        group_by=[taken.person_id, taken.project_id],
        order_by=[taken.occurred_on.desc(), taken.transition_id.desc()],
    )
    ordered = taken.mutate(place=ibis.row_number().over(latest))
    states = ordered.filter(ordered.place == 0)
    left = states.stage == Stage.SORT.value
    rank = ibis.cases(
        ((states.stage == Stage.PARC.value) | (left & states.exit_reason.isin([e.value for e in CREATING_EXITS])), 0),
        (states.stage.isin([Stage.EMER.value, Stage.FORM.value]), 1),
        (left & (states.exit_reason == ExitReason.EMPLOYMENT.value), 2),
        else_=3,
    )
    ranked = states.select(states.person_id, rank=rank)
    return ranked.group_by("person_id").aggregate(rank=ranked.rank.min())


def answers(shape: Shape) -> Table:
    """One row per person met and located: the answer of her residence on the reference day, in the edition in force."""
    day = REFERENCE_DAY
    known = shape.known(shape.known(residence.semi_join(met(shape), "person_id")), prefix="residence_")
    at_home = known.filter(
        known.begins_on.isnull() | (known.begins_on <= day),
        known.ends_on.isnull() | (known.ends_on > day),
        known.in_force_from <= day,
        known.in_force_until > day,
    )
    return at_home.group_by("person_id").aggregate(answer=at_home.answer.max(), qpv_code=at_home.qpv_code.max())


def helped(shape: Shape) -> Table:
    """One row per person supported: met in the year, with a step to a supporting stage by the reference day."""
    taken = steps(shape).semi_join(met(shape), "person_id")
    return taken.filter(taken.stage.isin([stage.value for stage in SUPPORTING])).select("person_id").distinct()


def supported(shape: Shape) -> Table:
    """The people supported, with what they are counted by.

    Columns: person_id, sex, answer, qpv_code, situation.
    """
    people = helped(shape).inner_join(person, "person_id").select("person_id", "sex")
    people = people.left_join(answers(shape), "person_id").drop("person_id_right")
    people = people.left_join(situations(shape), "person_id").drop("person_id_right")
    return people.mutate(
        answer=people.answer.fill_null(Answer.NOT_LOCATED.value),
        situation=ibis.cases(*[(people["rank"] == place, name) for place, name in enumerate(SITUATIONS)]),
    )


def projects(shape: Shape) -> Table:
    """Projects begun up to the reference day."""
    begun = shape.within(project)
    begun = begun.filter(begun.started_on <= REFERENCE_DAY)
    return begun.filter(begun.recorded_at <= INSTANT_KNOWN) if shape.of_instant else begun


def not_cancelled(shape: Shape, facts: Table) -> Table:
    """Of the actions dated in the year, up to the reference day, those held."""
    called_off = facts.cancelled_at
    dated = facts.filter(in_year(facts.held_on), facts.held_on <= REFERENCE_DAY)
    if not shape.of_instant:
        return dated.filter(called_off.isnull())
    return dated.filter(called_off.isnull() | (called_off > INSTANT_KNOWN))


def actions(shape: Shape) -> Table:
    """Collective actions held in the year."""
    held = not_cancelled(shape, shape.within(workshop))
    return held.filter(held.recorded_at <= INSTANT_KNOWN) if shape.of_instant else held


def attendances(shape: Shape) -> Table:
    """Named attendances at the actions held in the year."""
    return not_cancelled(shape, shape.known(shape.within(attendance)))


def heads(shape: Shape) -> Table:
    """Head-counts at the actions held in the year."""
    return not_cancelled(shape, shape.known(shape.within(head_count)))


def in_force(shape: Shape, dated: Table) -> Table:
    """Rows whose period holds the reference day."""
    ends = dated.ends_on
    return dated.filter(dated.begins_on <= REFERENCE_DAY, ends.isnull() | (ends > REFERENCE_DAY))


def tenures(shape: Shape) -> Table:
    """Posts held on the reference day."""
    return in_force(shape, shape.within(tenure))


def coverages(shape: Shape) -> Table:
    """Priority neighborhoods covered on the reference day."""
    return in_force(shape, shape.within(coverage))


def departments(shape: Shape) -> Table:
    """One row per department: `supported` people met at its sites in the year, `advisors` in post on the day."""
    seen = meetings(shape).semi_join(helped(shape), "person_id").join(site, "site_id")
    people = seen.group_by("department").aggregate(supported=seen.person_id.nunique())
    held = tenures(shape).join(site, "site_id")
    posts = held.group_by("department").aggregate(advisors=held.user_id.nunique())
    both = people.outer_join(posts, "department")
    return both.select(
        department=ibis.coalesce(both.department, both.department_right),
        supported=both.supported.fill_null(0),
        advisors=both.advisors.fill_null(0),
    )
