"""Figures and statements in words."""

from django import template
from django.utils.translation import gettext as _

from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.statements import QUALIFIERS, Qualifier
from citeslab.ui import values

register = template.Library()


def written(statement, value, decimals: int = 0) -> str:
    if statement.is_share:
        return values.share(value, decimals)
    if statement.indicator == "began_in":
        return str(value)
    return values.number(value, 0 if float(value).is_integer() else 1)


@register.filter
def said(check) -> str:
    """The number as it was said, with its qualifier."""
    number = written(check.statement, check.statement.expected)
    if check.statement.qualifier is Qualifier.EXACTLY:
        return number
    return f"{QUALIFIERS[check.statement.qualifier]} {number}"


@register.filter
def found(check) -> str:
    """The value computed, with its decimals."""
    return written(check.statement, check.value, 2)


@register.filter
def period(check) -> str:
    """The years that were averaged, or nothing for the state of the day."""
    years = check.statement.years
    if len(years) < 2:
        return ""
    return _("Average of %(first)s to %(last)s.") % {"first": years[0], "last": years[-1]}


@register.filter
def situation_rows(situation: dict) -> list[dict]:
    """The classes in order, each with its wording."""
    return [{"label": BY_ID[f"situation.{name}.persons"].wording, **row} for name, row in situation.items()]


@register.filter
def unlocalized(year: int) -> str:
    """A year is a name, not a quantity: no space inside."""
    return str(year)
