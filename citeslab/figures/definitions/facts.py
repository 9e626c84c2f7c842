"""The facts, and the tables of people, projects and actions that indicators count.

Facts are views of the database (`fact_...`, told in docs/domain/facts.md). Everything here is Ibis: it is compiled
to the SQL of the engine that holds the facts.
"""

from dataclasses import dataclass
from datetime import date, datetime

import ibis
from ibis.expr.types import BooleanValue, Table

from citeslab.core.values import last_day
from citeslab.followup.enums import ExitReason, Stage
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

SUPPORTING = (Stage.AMOR, Stage.EMER, Stage.FORM, Stage.PARC)
CREATING_EXITS = (ExitReason.CREATION, ExitReason.TAKEOVER, ExitReason.INCUBATOR, ExitReason.PARTNER)
SITUATIONS = ("creation_path", "emergence", "employment", "other")  # the first that applies


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

    def within(self, facts: Table) -> Table:
        """Of the perimeter."""
        return facts if self.site_id is None else facts.filter(facts.site_id == self.site_id)

    def known(self, facts: Table, prefix: str = "") -> Table:
        """As the books stood."""
        recorded, withdrawn = facts[f"{prefix}recorded_at"], facts[f"{prefix}withdrawn_at"]
        if self.known_by is None:
            return facts.filter(withdrawn.isnull())
        by = self.instant
        return facts.filter(recorded <= by, withdrawn.isnull() | (withdrawn > by))

    @property
    def instant(self):
        return ibis.literal(self.known_by, type=INSTANT)

    def in_year(self, day) -> BooleanValue:
        return day.between(date(self.year, 1, 1), last_day(self.year))


def meetings(scope: Scope) -> Table:
    """Individual meetings of the year, telephone included."""
    known = scope.known(scope.within(meeting))
    return known.filter(scope.in_year(known.held_on))


def met(scope: Scope) -> Table:
    """One row per person met in the year."""
    return meetings(scope).select("person_id").distinct()


def steps(scope: Scope) -> Table:
    """Transitions up to the reference day."""
    known = scope.known(scope.within(transition))
    return known.filter(known.occurred_on <= scope.reference_day)


def situations(scope: Scope) -> Table:
    """One row per person with a pathway: `rank` of the first class of SITUATIONS that one of her pathways is in."""
    taken = steps(scope).semi_join(met(scope), "person_id")
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


def answers(scope: Scope) -> Table:
    """One row per person met and located: the answer of her residence on the reference day, in the edition in force."""
    day = scope.reference_day
    known = scope.known(scope.known(residence.semi_join(met(scope), "person_id")), prefix="residence_")
    at_home = known.filter(
        known.begins_on.isnull() | (known.begins_on <= day),
        known.ends_on.isnull() | (known.ends_on > day),
        known.in_force_from <= day,
        known.in_force_until > day,
    )
    return at_home.group_by("person_id").aggregate(answer=at_home.answer.max(), qpv_code=at_home.qpv_code.max())


def helped(scope: Scope) -> Table:
    """One row per person supported: met in the year, with a step to a supporting stage by the reference day."""
    taken = steps(scope).semi_join(met(scope), "person_id")
    return taken.filter(taken.stage.isin([stage.value for stage in SUPPORTING])).select("person_id").distinct()


def supported(scope: Scope) -> Table:
    """The people supported, with what they are counted by.

    Columns: person_id, sex, answer, qpv_code, situation.
    """
    people = helped(scope).inner_join(person, "person_id").select("person_id", "sex")
    people = people.left_join(answers(scope), "person_id").drop("person_id_right")
    people = people.left_join(situations(scope), "person_id").drop("person_id_right")
    return people.mutate(
        answer=people.answer.fill_null(Answer.NOT_LOCATED.value),
        situation=ibis.cases(*[(people["rank"] == place, name) for place, name in enumerate(SITUATIONS)]),
    )


def projects(scope: Scope) -> Table:
    """Projects begun up to the reference day."""
    begun = scope.within(project)
    begun = begun.filter(begun.started_on <= scope.reference_day)
    return begun if scope.known_by is None else begun.filter(begun.recorded_at <= scope.instant)


def not_cancelled(scope: Scope, facts: Table) -> Table:
    """Of the actions dated in the year, up to the reference day, those held."""
    called_off = facts.cancelled_at
    dated = facts.filter(scope.in_year(facts.held_on), facts.held_on <= scope.reference_day)
    if scope.known_by is None:
        return dated.filter(called_off.isnull())
    return dated.filter(called_off.isnull() | (called_off > scope.instant))


def actions(scope: Scope) -> Table:
    """Collective actions held in the year."""
    held = not_cancelled(scope, scope.within(workshop))
    return held if scope.known_by is None else held.filter(held.recorded_at <= scope.instant)


def attendances(scope: Scope) -> Table:
    """Named attendances at the actions held in the year."""
    return not_cancelled(scope, scope.known(scope.within(attendance)))


def heads(scope: Scope) -> Table:
    """Head-counts at the actions held in the year."""
    return not_cancelled(scope, scope.known(scope.within(head_count)))


def in_force(scope: Scope, dated: Table) -> Table:
    """Rows whose period holds the reference day."""
    ends = dated.ends_on
    return dated.filter(dated.begins_on <= scope.reference_day, ends.isnull() | (ends > scope.reference_day))


def tenures(scope: Scope) -> Table:
    """Posts held on the reference day."""
    return in_force(scope, scope.within(tenure))


def coverages(scope: Scope) -> Table:
    """Priority neighborhoods covered on the reference day."""
    return in_force(scope, scope.within(coverage))


def departments(scope: Scope) -> Table:
    """One row per department: `supported` people met at its sites in the year, `advisors` in post on the day."""
    seen = meetings(scope).semi_join(helped(scope), "person_id").join(site, "site_id")
    people = seen.group_by("department").aggregate(supported=seen.person_id.nunique())
    held = tenures(scope).join(site, "site_id")
    posts = held.group_by("department").aggregate(advisors=held.user_id.nunique())
    both = people.outer_join(posts, "department")
    return both.select(
        department=ibis.coalesce(both.department, both.department_right),
        supported=both.supported.fill_null(0),
        advisors=both.advisors.fill_null(0),
    )
