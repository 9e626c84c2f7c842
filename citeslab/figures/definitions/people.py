"""The people that indicators count: met in a year, supported, and where their pathways stood on the reference day."""

import ibis
from ibis.expr.types import StringValue, Table

from citeslab.figures.definitions.facts import (
    FIRST_DAY,
    LAST_DAY,
    Shape,
    meeting,
    person,
    person_year,
    residence,
    transition,
)
from citeslab.figures.enums import UNKNOWN
from citeslab.followup.enums import SUPPORTING, ExitReason, Stage
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer

CREATING_EXITS = (ExitReason.CREATION, ExitReason.TAKEOVER, ExitReason.INCUBATOR, ExitReason.PARTNER)
SITUATIONS = ("creation_path", "emergence", "employment", "other")  # the first that applies
# Where a transition stands in time, in one number: its day, its own number, and the rank of the situation it leads to.
RANKS, NUMBERS = 4, 2**36


def meetings(shape: Shape) -> Table:
    """Individual meetings of the year, telephone included."""
    return shape.dated(shape.known(shape.within(meeting)), "held_on")


def met(shape: Shape) -> Table:
    """One row per person met in the year."""
    if shape.of_kept:
        first, last = (day.year().cast("int64") for day in (FIRST_DAY, LAST_DAY))
        return person_year.filter(person_year.year.between(first, last))
    return meetings(shape).select(*shape.keys("person_id")).distinct()


def last_meeting(shape: Shape) -> Table:
    """One row per person met in the year: her last meeting of it."""
    seen = meetings(shape)
    return latest(seen, shape.keys("person_id"), seen.held_on.desc(), seen.meeting_id.desc())


def steps(shape: Shape) -> Table:
    """Transitions of the people met, up to the reference day."""
    known = shape.among(shape.known(shape.within(transition)), met(shape))
    return known.filter(known.occurred_on <= shape.reference_day(known))


def latest(rows: Table, keys: list[str], *order) -> Table:
    """Of the rows of each key, the first in this order."""
    ordered = rows.mutate(place=ibis.row_number().over(ibis.window(group_by=keys, order_by=[*order])))
    return ordered.filter(ordered.place == 0).drop("place")


def placed(steps: Table) -> Table:
    """Transitions with their `place`: of two, the later, or the later entered of one day, has the greater.

    Engines keep the greatest of a group faster than they put the group in order.
    """
    left = steps.stage == Stage.SORT.value
    rank = ibis.cases(
        ((steps.stage == Stage.PARC.value) | (left & steps.exit_reason.isin([e.value for e in CREATING_EXITS])), 0),
        (steps.stage.isin([Stage.EMER.value, Stage.FORM.value]), 1),
        (left & (steps.exit_reason == ExitReason.EMPLOYMENT.value), 2),
        else_=3,
    ).cast("int64")
    days = steps.occurred_on.delta(ibis.date(1, 1, 1), unit="day").cast("int64")
    return steps.mutate(place=(days * NUMBERS + steps.transition_id) * RANKS + rank)


def states(shape: Shape) -> Table:
    """One row per pathway of the people met: the `place` of its last transition on the reference day.

    `supported_from` is the day of its first step to a supporting stage.
    """
    taken = placed(steps(shape))
    supporting = taken.stage.isin([stage.value for stage in SUPPORTING])
    return taken.group_by(shape.keys("person_id", "project_id")).aggregate(
        place=taken.place.max(), supported_from=ibis.ifelse(supporting, taken.occurred_on, None).min()
    )


def situations(shape: Shape) -> Table:
    """One row per person met with a pathway: `rank` of the first class of SITUATIONS that one of hers is in.

    And `supported_from`, the first of her pathways'.
    """
    state = states(shape)
    return state.group_by(shape.keys("person_id")).aggregate(
        rank=(state.place & (RANKS - 1)).min(), supported_from=state.supported_from.min()
    )


def last_step(shape: Shape) -> Table:
    """One row per person met with a pathway: the stage and exit of the last transition of all of hers."""
    state = states(shape)
    last = state.group_by(shape.keys("person_id")).aggregate(place=state.place.max())
    last = last.select(*shape.keys("person_id"), step=last.place & (NUMBERS * RANKS - RANKS))
    known = transition.select("stage", "exit_reason", step=transition.transition_id * RANKS)
    return last.inner_join(known, "step")


def answers(shape: Shape, people: Table) -> Table:
    """One row per person of these who is located: the answer of her residence on the reference day.

    It is that of the edition in force there on that day.
    """
    known = shape.among(shape.known(shape.known(residence), prefix="residence_"), people)
    day = shape.reference_day(known)
    at_home = known.filter(
        known.begins_on.isnull() | (known.begins_on <= day),
        known.ends_on.isnull() | (known.ends_on > day),
        known.in_force_from <= day,
        known.in_force_until > day,
    )
    return at_home.group_by(shape.keys("person_id")).aggregate(
        answer=at_home.answer.max(), qpv_code=at_home.qpv_code.max()
    )


def helped(shape: Shape) -> Table:
    """One row per person supported, and her `rank`: met in the year, with a step to a supporting stage by the day."""
    people = situations(shape)
    return people.filter(people.supported_from.notnull()).drop("supported_from")


def add(people: Table, more: Table, shape: Shape) -> Table:
    """The columns of one more row per person, where there is one."""
    keys = shape.keys("person_id")
    return people.left_join(more, keys).drop(*[f"{key}_right" for key in keys])


def named(people: Table) -> StringValue:
    """The situation of a rank; none of none."""
    return ibis.cases(*[(people["rank"] == place, name) for place, name in enumerate(SITUATIONS)])


def class_of(value: StringValue) -> StringValue:
    """Nowhere empty: what is not known is a class too."""
    return value.nullif("").fill_null(UNKNOWN)


def neighborhood(people: Table) -> StringValue:
    """That of the answer, where it is in; the others are of none (`UNKNOWN`)."""
    return ibis.ifelse(people.answer == Answer.IN.value, people.qpv_code, UNKNOWN)


def supported(shape: Shape) -> Table:
    """The people supported, with what they are counted by.

    Columns: person_id, sex, answer, qpv_code, situation (and year, of many).
    """
    if shape.of_kept:
        people = met(shape)
        return people.filter(people.supported == 1)
    of_them = helped(shape)
    people = of_them.inner_join(person, "person_id").select(*shape.keys("person_id"), "sex", "rank")
    people = add(people, answers(shape, of_them), shape)
    return people.mutate(answer=people.answer.fill_null(Answer.NOT_LOCATED.value), situation=named(people))


def fse_participants(shape: Shape) -> Table:
    """The people supported whom an FSE+ agreement counts: identifiable, and met on two days or more.

    Regulation (EU) 2021/1057 and its French guide: an operation longer than a day; awareness in a group is none.
    """
    known = shape.among(shape.known(shape.within(meeting)), met(shape))
    until = known.filter(known.held_on <= shape.reference_day(known))
    days = until.group_by(shape.keys("person_id")).aggregate(days=until.held_on.nunique())
    longer = days.filter(days.days >= 2).select(*shape.keys("person_id"))
    who = person.filter(person.sex != Sex.UNKNOWN.value, person.birth_year.notnull()).select("person_id")
    return supported(shape).semi_join(longer, shape.keys("person_id")).semi_join(who, "person_id")


def person_years() -> Table:
    """The rows of `person_year`: one per person and year in which she was met, of those asked.

    `supported` is 1 if she was, `site_id` is of her last meeting of the year; `sex`, `qpv` and `situation` are classes
    of the breakdowns of these names, nowhere empty.
    """
    shape = Shape(of_years=True)
    people = last_meeting(shape).select(*shape.keys("person_id"), "site_id")
    people = people.inner_join(person, "person_id").select(*shape.keys("person_id"), people.site_id, "sex")
    people = add(people, situations(shape), shape)
    people = add(people, answers(shape, people), shape)
    return people.select(
        *shape.keys("person_id"),
        "site_id",
        sex=class_of(people.sex),
        answer=people.answer.fill_null(Answer.NOT_LOCATED.value),
        qpv_code=people.qpv_code.fill_null(""),
        qpv=class_of(neighborhood(people)),
        situation=class_of(named(people)),
        supported=ibis.ifelse(people.supported_from.isnull(), 0, 1).cast("int64"),
    ).select(*person_year.columns)
