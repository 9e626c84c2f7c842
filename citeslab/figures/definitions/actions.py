"""Projects, collective actions, posts and coverage: what indicators count beside people."""

from ibis.expr.types import Table

from citeslab.figures.definitions.facts import (
    INSTANT_KNOWN,
    REFERENCE_DAY,
    Shape,
    attendance,
    coverage,
    head_count,
    planned_workshop,
    project,
    tenure,
    workshop,
)


def projects(shape: Shape) -> Table:
    """Projects begun up to the reference day."""
    begun = shape.within(project)
    begun = begun.filter(begun.started_on <= REFERENCE_DAY)
    return begun.filter(begun.recorded_at <= INSTANT_KNOWN) if shape.of_instant else begun


def not_cancelled(shape: Shape, facts: Table) -> Table:
    """Of the actions dated in the year, up to the reference day, those held."""
    called_off = facts.cancelled_at
    dated = shape.dated(facts, "held_on")
    dated = dated.filter(dated.held_on <= REFERENCE_DAY)
    if not shape.of_instant:
        return dated.filter(called_off.isnull())
    return dated.filter(called_off.isnull() | (called_off > INSTANT_KNOWN))


def actions(shape: Shape) -> Table:
    """Collective actions held in the year."""
    held = not_cancelled(shape, shape.within(workshop))
    return held.filter(held.recorded_at <= INSTANT_KNOWN) if shape.of_instant else held


def programme_actions(shape: Shape) -> Table:
    """As counted until 25 November 2026: those on the programme too, held or to come."""
    dated = not_cancelled(shape, shape.within(workshop.union(planned_workshop)))
    return dated.filter(dated.recorded_at <= INSTANT_KNOWN) if shape.of_instant else dated


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


def all_tenures(shape: Shape) -> Table:
    """Every post held, whenever."""
    return shape.within(tenure)
