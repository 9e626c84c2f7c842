"""Money paid, and the meetings that it pays for: what indicators count of them, and what a cost divides."""

from datetime import date

import ibis
from ibis.expr.types import Table

from citeslab.figures.definitions.facts import REFERENCE_DAY, Shape, meeting, payment
from citeslab.funding.enums import FunderKind, Use

OWN_FUNDS_SINCE = date(2010, 1, 1)


def own_funds(shape: Shape) -> Table:
    """Own funds of the pilot paid since 2010, up to the reference day, for all but posts."""
    paid = shape.known(shape.within(payment))
    return paid.filter(
        paid.funder_kind == FunderKind.PILOT.value,
        paid.use != Use.POST.value,
        paid.paid_on.between(ibis.literal(OWN_FUNDS_SINCE), REFERENCE_DAY),
    )


def meetings(shape: Shape) -> Table:
    """Individual meetings of any nature held in the year."""
    held = shape.dated(shape.known(shape.within(meeting)), "held_on")
    return held.filter(held.held_on <= REFERENCE_DAY).drop("person_id")


def paid(shape: Shape) -> Table:
    """Cents paid in the year, by region of the agreement and by use."""
    dated = shape.dated(shape.known(payment), "paid_on")
    return dated.group_by("region", "use").aggregate(cents=dated.amount_cents.sum())
