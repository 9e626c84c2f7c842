"""The facts, and what a figure is asked for: one year or many, a perimeter, what was known by then.

Facts are views of the database (`fact_...`, told in docs/domain/facts.md), and files of a snapshot. Everything here is
Ibis: it is compiled to the SQL of the engine that holds the facts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis
from ibis.expr import operations
from ibis.expr.datashape import Scalar
from ibis.expr.datatypes import DataType
from ibis.expr.types import Table

from citeslab.core.values import last_day

INSTANT = "timestamp('UTC')"
BOOKS = {"recorded_at": INSTANT, "withdrawn_at": INSTANT}

person = ibis.table(
    {
        "person_id": "int64",
        "site_id": "int64",
        "sex": "string",
        "birth_year": "int64",
        "situation_at_entry": "string",
        "diploma": "string",
        "contact_source": "string",
    },
    name="fact_person",
)
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
    {"project_id": "int64", "site_id": "int64", "started_on": "date", "recorded_at": INSTANT, "sector": "string"},
    name="fact_project",
)
holder = ibis.table({"project_id": "int64", "person_id": "int64"}, name="fact_holder")
WORKSHOP = {"workshop_id": "int64", "site_id": "int64", "held_on": "date", "cancelled_at": INSTANT}
workshop = ibis.table(
    {**WORKSHOP, "kind": "string", "recorded_at": INSTANT, "agreement": "string"}, name="fact_workshop"
)
attendance = ibis.table({**WORKSHOP, "person_id": "int64", **BOOKS}, name="fact_attendance")
head_count = ibis.table(
    {**WORKSHOP, "sex": "string", "heads": "int64", **BOOKS, "age_band": "string"}, name="fact_head_count"
)
tenure = ibis.table(
    {"user_id": "int64", "site_id": "int64", "begins_on": "date", "ends_on": "date"}, name="fact_tenure"
)
coverage = ibis.table(
    {"site_id": "int64", "edition": "int64", "qpv_code": "string", "begins_on": "date", "ends_on": "date"},
    name="fact_coverage",
)
site = ibis.table(
    {"site_id": "int64", "department": "string", "region": "string", "epci": "string", "commune": "string"},
    name="fact_site",
)
# Of one use; `site_id` where the agreement is of one site.
payment = ibis.table(
    {
        "payment_id": "int64",
        "agreement_id": "int64",
        "site_id": "int64",
        "funder_kind": "string",
        "use": "string",
        "region": "string",
        "paid_on": "date",
        "amount_cents": "int64",
        **BOOKS,
    },
    name="fact_payment",
)
# What a former version of an indicator counted (definitions/indicators.py): held by no snapshot.
planned_workshop = ibis.table(
    {**WORKSHOP, "kind": "string", "recorded_at": INSTANT, "agreement": "string"}, name="fact_planned_workshop"
)
FACTS = (
    person, meeting, transition, residence, project, holder, workshop, attendance, head_count, tenure, coverage, site,
    payment,
)  # fmt: skip

# What follows from the facts and nothing else, kept beside them: definitions/people.py makes it, and reads it.
person_year = ibis.table(
    {
        "person_id": "int64",
        "year": "int64",
        "site_id": "int64",
        "sex": "string",
        "answer": "string",
        "qpv_code": "string",
        "qpv": "string",
        "situation": "string",
        "supported": "int64",
    },
    name="person_year",
)


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
    """What a figure's expression depends on: is it of one site, of what was known by an instant, of many years?

    Of many years, rows are of one year each (column `year`), whose reference day is its 31 December. `of_kept`: the
    people met in these years, and what figures count them by, are not found anew but read as they were kept.
    """

    of_site: bool = False
    of_instant: bool = False
    of_years: bool = False
    of_kept: bool = False

    def keys(self, *names: str) -> list[str]:
        """What tells rows apart: these columns, and the year where there are many."""
        return [*names, "year"] if self.of_years else [*names]

    def dated(self, facts: Table, day: str) -> Table:
        """Of the year, or of those asked, each in its own."""
        inside = facts.filter(facts[day].between(FIRST_DAY, LAST_DAY))
        return inside.mutate(year=inside[day].year().cast("int64")) if self.of_years else inside

    def reference_day(self, rows: Table):
        """31 December of the year of each row, or the one day asked."""
        return ibis.date(rows.year, 12, 31) if self.of_years else REFERENCE_DAY

    def reference_year(self, rows: Table):
        return rows.year if self.of_years else REFERENCE_DAY.year().cast("int64")

    def among(self, facts: Table, people: Table) -> Table:
        """The facts of these people; of many years, once for each year in which she is one of them."""
        if not self.of_years:
            return facts.semi_join(people, "person_id")
        return facts.inner_join(people.select("person_id", "year"), "person_id")

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
    """What a figure is asked for: a year or all those `since` one, a perimeter, and what was known by then.

    `reference_day` is 31 December of the year unless said; `known_by=None` is what stands today. `at` are the values of
    the perimeter's columns (definitions/dimensions.py). `until` leaves out what came later: it is the reference day.
    `kept`: of many years, from the rows kept of each.
    """

    year: int
    site_id: int | None = None
    known_by: datetime | None = None
    day: date | None = None
    since: int | None = None
    at: tuple[tuple[str, str], ...] = ()
    until: date | None = None
    kept: bool = False

    @property
    def reference_day(self) -> date:
        return self.until or self.day or last_day(self.year)

    @property
    def shape(self) -> Shape:
        return Shape(self.site_id is not None, self.known_by is not None, self.since is not None, self.kept)

    @property
    def parameters(self) -> dict[str, Any]:
        """The value of each `Given`; those that the shape has no use for are `None`."""
        return {
            "first_day": date(self.since or self.year, 1, 1),
            "last_day": self.until or last_day(self.year),
            "reference_day": self.reference_day,
            "site_id": self.site_id,
            "known_by": self.known_by,
            **{f"at_{name}": value for name, value in self.at},
        }
