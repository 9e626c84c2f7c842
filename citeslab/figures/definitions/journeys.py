"""How people walk: from stage to stage with the time it takes, and where those who entered in a year stand later."""

import ibis
from ibis.expr.types import Table

from citeslab.figures.definitions.facts import FIRST_DAY, LAST_DAY, REFERENCE_DAY, Shape, meeting, transition
from citeslab.figures.definitions.people import CREATING_EXITS, latest
from citeslab.followup.enums import ExitReason, Stage

# Days after the first meeting; months are counted as a statistician does, by the year of 365 days and a quarter.
HORIZONS = {6: 183, 12: 365, 24: 731, 36: 1096}
OUTCOMES = ("creation_path", "emergence", "employment", "other", "no_news", "before")  # the first that applies


def flows(shape: Shape) -> Table:
    """One row per pair of stages that follow each other on a pathway, the second dated in the year.

    Columns: came_from (empty for the first step), stage, steps, days (the median between the two).
    """
    known = shape.known(shape.within(transition))
    known = known.filter(known.occurred_on <= REFERENCE_DAY)
    order = ibis.window(group_by=[known.person_id, known.project_id], order_by=[known.occurred_on, known.transition_id])
    walked = known.mutate(came_from=known.stage.lag().over(order), since=known.occurred_on.lag().over(order))
    walked = walked.filter(walked.occurred_on.between(FIRST_DAY, LAST_DAY))
    walked = walked.mutate(days=walked.occurred_on.delta(walked.since, unit="day").cast("float64"))
    return walked.group_by(came_from=walked.came_from.fill_null(""), stage=walked.stage).aggregate(
        steps=walked.count(), days=walked.days.median()
    )


def entered(shape: Shape) -> Table:
    """One row per person: the day of her first individual meeting, where it is in the years asked."""
    known = shape.known(shape.within(meeting))
    first = known.group_by("person_id").aggregate(entered_on=known.held_on.min())
    return first.filter(first.entered_on.between(FIRST_DAY, LAST_DAY))


def cohorts(shape: Shape, months: int) -> Table:
    """One row per year of entry and outcome, `months` after: how many `people`, of those whom that day has come for.

    The outcome is the first of OUTCOMES that one of her pathways is in; someone without a step is `before`.
    """
    people = entered(shape)
    due = people.mutate(due_on=people.entered_on + ibis.interval(days=HORIZONS[months]))
    due = due.filter(due.due_on <= REFERENCE_DAY)
    known = shape.known(shape.within(transition))
    taken = known.inner_join(due, "person_id")
    taken = taken.filter(taken.occurred_on <= taken.due_on)
    state = latest(taken, ["person_id", "project_id"], taken.occurred_on.desc(), taken.transition_id.desc())
    left = state.stage == Stage.SORT.value
    rank = ibis.cases(
        ((state.stage == Stage.PARC.value) | (left & state.exit_reason.isin([one.value for one in CREATING_EXITS])), 0),
        (state.stage.isin([Stage.EMER.value, Stage.FORM.value]), 1),
        (left & (state.exit_reason == ExitReason.EMPLOYMENT.value), 2),
        (left & (state.exit_reason == ExitReason.NO_NEWS.value), 4),
        (left, 3),
        else_=5,
    )
    ranked = state.select("person_id", rank=rank)
    ranked = ranked.group_by("person_id").aggregate(rank=ranked["rank"].min())
    joined = due.left_join(ranked, "person_id")
    joined = joined.select(year=joined.entered_on.year().cast("int64"), rank=joined["rank"].fill_null(5))
    return joined.group_by("year", "rank").aggregate(people=joined.count())
