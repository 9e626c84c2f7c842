"""What figures are broken down by. Each row of a base falls in exactly one class of each breakdown.

So the classes of a breakdown, the unknown included, add up to the figure. A person is of the site of her last meeting
of the year: the departments of the network add up to the network.
"""

from collections.abc import Callable, Collection

import ibis
from ibis.expr.types import Table

from citeslab.figures.definitions.facts import Shape, given, holder, person, person_year, project, site
from citeslab.figures.definitions.people import (
    add,
    answers,
    class_of,
    last_meeting,
    last_step,
    latest,
    met,
    named,
    neighborhood,
    situations,
)
from citeslab.figures.enums import UNKNOWN, Age, Breakdown
from citeslab.followup.enums import Stage
from citeslab.territories.enums import Answer

OF_PERSON = {
    Breakdown.SEX: "sex",
    Breakdown.SITUATION_AT_ENTRY: "situation_at_entry",
    Breakdown.DIPLOMA: "diploma",
    Breakdown.CONTACT_SOURCE: "contact_source",
}
OF_SITE = (Breakdown.SITE, Breakdown.COMMUNE, Breakdown.EPCI, Breakdown.DEPARTMENT, Breakdown.REGION)
OF_PROJECT = (Breakdown.SECTOR, Breakdown.BEGUN)
AGES = ((18, Age.UNDER_18), (26, Age.FROM_18), (30, Age.FROM_26), (45, Age.FROM_30), (55, Age.FROM_45))

PEOPLE = frozenset(Breakdown) - {Breakdown.KIND, Breakdown.AGREEMENT, Breakdown.BEGUN}
SITES = frozenset(OF_SITE)
# By what the rows of each base may be broken down.
BREAKDOWNS: dict[str, frozenset[Breakdown]] = {
    "met": PEOPLE,
    "supported": PEOPLE,
    "fse_participants": PEOPLE,
    "projects": SITES | {Breakdown.SECTOR, Breakdown.BEGUN},
    "actions": SITES | {Breakdown.KIND, Breakdown.AGREEMENT},
    "attendances": SITES | {Breakdown.SEX, Breakdown.SITUATION_AT_ENTRY, Breakdown.DIPLOMA},
    "heads": SITES | {Breakdown.SEX, Breakdown.AGE},
    "tenures": SITES,
    "coverages": SITES,
    "meetings": SITES,
}
ADDED: dict[Breakdown, Callable[[Table, Shape], Table]] = {}


def adds(breakdown: Breakdown):
    def kept(function: Callable[[Table, Shape], Table]):
        ADDED[breakdown] = function
        return function

    return kept


def broken_down(base: Table, by: Collection[Breakdown], shape: Shape) -> Table:
    """The rows of a base with a column for each breakdown, named by its value; nowhere empty."""
    of_people = "person_id" in base.columns
    wanted = [column for one, column in OF_PERSON.items() if one in by and column not in base.columns]
    if of_people and Breakdown.AGE in by:
        wanted.append("birth_year")
    if wanted:
        base = base.left_join(person.select("person_id", *wanted), "person_id").drop("person_id_right")
    of_site = [one for one in OF_SITE if one in by]
    if of_site:
        base = placed(base, of_site, shape)
    for one in by:
        if one in ADDED and (of_people or one in OF_PROJECT):
            base = ADDED[one](base, shape)
        elif one == Breakdown.AGE:
            base = base.rename({one.value: "age_band"})
    # Kept columns are classes already: engines group faster what they need not make.
    classes = person_year.columns if shape.of_kept else ()
    return base.mutate(**{one.value: class_of(base[one.value]) for one in by if one.value not in classes})


def placed(base: Table, by: Collection[Breakdown], shape: Shape) -> Table:
    if "site_id" not in base.columns:
        base = add(base, last_meeting(shape).select(*shape.keys("person_id"), "site_id"), shape)
    if any(one != Breakdown.SITE for one in by):
        columns = [one.value for one in by if one != Breakdown.SITE]
        base = base.left_join(site.select("site_id", *columns), "site_id").drop("site_id_right")
    return base.mutate(site=base.site_id.cast("string")) if Breakdown.SITE in by else base


@adds(Breakdown.AGE)
def age(people: Table, shape: Shape) -> Table:
    """The age that she reaches in the year of the reference day."""
    years = shape.reference_year(people) - people.birth_year
    bands = ibis.cases(
        (years.isnull(), UNKNOWN), *[(years < below, band.value) for below, band in AGES], else_=Age.FROM_55.value
    )
    return people.mutate(age=bands)


@adds(Breakdown.RESIDENCE)
def residence(people: Table, shape: Shape) -> Table:
    people = people if "answer" in people.columns else add(people, answers(shape, met(shape)), shape)
    return people.mutate(residence=people.answer.fill_null(Answer.NOT_LOCATED.value))


@adds(Breakdown.QPV)
def qpv(people: Table, shape: Shape) -> Table:
    if "qpv" in people.columns:
        return people
    people = people if "answer" in people.columns else add(people, answers(shape, met(shape)), shape)
    return people.mutate(qpv=neighborhood(people))


@adds(Breakdown.SITUATION)
def situation(people: Table, shape: Shape) -> Table:
    if "situation" in people.columns:
        return people
    people = add(people, situations(shape).drop("supported_from"), shape)
    return people.mutate(situation=named(people))


@adds(Breakdown.STAGE)
def stage(people: Table, shape: Shape) -> Table:
    """Where her last step led."""
    last = last_step(shape)
    return add(people, last.select(*shape.keys("person_id"), "stage"), shape)


@adds(Breakdown.EXIT)
def exit_reason(people: Table, shape: Shape) -> Table:
    """Why she left, if her last step was to leave; else the stage is what is known."""
    last = last_step(shape)
    why = ibis.ifelse(last.stage == Stage.SORT.value, last.exit_reason, "STILL_HERE")
    return add(people, last.select(*shape.keys("person_id"), exit=why), shape)


@adds(Breakdown.SECTOR)
def sector(rows: Table, shape: Shape) -> Table:
    """Of a project its own; of a person that of the last project she began by the reference day."""
    if "sector" in rows.columns:
        return rows
    held = holder.inner_join(project, "project_id")
    if shape.of_years:
        held = held.inner_join(rows.select("person_id", "year").distinct(), "person_id")
    begun = held.filter(held.started_on <= shape.reference_day(held))
    last = latest(begun, shape.keys("person_id"), begun.started_on.desc(), begun.project_id.desc())
    return add(rows, last.select(*shape.keys("person_id"), "sector"), shape)


@adds(Breakdown.BEGUN)
def begun(projects: Table, shape: Shape) -> Table:
    return projects.mutate(begun=projects.started_on.year().cast("string"))


def inside(base: Table, at: Collection[str]) -> Table:
    """Of the perimeter: rows that hold the values asked in these columns."""
    return base.filter(*[base[name] == given(f"at_{name}", "string") for name in at]) if at else base
