"""Figures and statements in words."""

from dataclasses import replace

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.statements import QUALIFIERS, Qualifier
from citeslab.figures.enums import BlockKind, Standing
from citeslab.figures.exports import figure, marked, rebuilt
from citeslab.figures.queries import Check
from citeslab.ui import values
from citeslab.ui.charts import Chart, Table

register = template.Library()
register.simple_tag(figure)
MARKS = {
    Standing.REACHED: "good", Standing.ON_COURSE: "good",
    Standing.UNSURE: "look", Standing.SHORT: "look", Standing.MISSED: "look",
}  # fmt: skip


def written(statement, value, decimals: int = 0) -> str:
    if statement.is_share:
        return values.share(value, decimals)
    if statement.indicator == "began_in":
        return str(value)
    return values.number(value, 0 if float(value).is_integer() else 1)


@register.simple_tag
def printed(told: dict, id: str) -> SafeString:
    """The same as `figure`, of a number of a report's document, already written."""
    return marked(told["value"], told["written"], id, told.get("at", {}))


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
def found_published(check: Check) -> str:
    """The value as it is published: with the digits that it has."""
    value = check.value or 0
    return written(check.statement, value, 0 if round(value, 2) == value else 1)


@register.filter
def or_hidden(count: int | None) -> str:
    """A count as it stands in a table."""
    return values.number(count) if count is not None else _("hidden")


@register.filter
def signed(difference: int | None) -> str:
    """More or less than the other; of what is hidden, nothing is said."""
    if difference is None:
        return _("hidden")
    return f"+{values.number(difference)}" if difference > 0 else values.number(difference)


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
    return [
        {
            "label": BY_ID[f"situation.{name}.persons"].wording,
            "id": f"situation.{name}.persons",
            "share_id": f"situation.{name}.share",
            **row,
        }
        for name, row in situation.items()
    ]


@register.filter
def inside(words) -> str:
    """A wording inside a sentence: its first letter small, unless it begins an acronym."""
    said = str(words)
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


@register.filter
def unlocalized(year: int) -> str:
    """A year is a name, not a quantity: no space inside."""
    return str(year)


@register.filter
def drawn(piece: dict) -> Chart:
    """The chart of a report's document, with the table of its values."""
    told = piece["table"]
    rows = [[row["heading"], *[printed(cell, told["id"]) for cell in row["cells"]]] for row in told["rows"]]
    table = Table(told["title"], [told["by"], *told["headings"]], rows)
    return replace(rebuilt(piece["form"], piece["chart"]), table=table)


@register.filter
def block_kind(kind: str) -> str:
    """What a block is, in words."""
    return str(BlockKind(kind).label)


@register.filter
def in_fours(digits: str) -> str:
    """A digest that lines can be broken in."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


@register.filter
def mark(standing: str) -> str:
    """How the word that says where a target stands is drawn."""
    return MARKS.get(Standing(standing), "")


@register.filter
def in_a_row(years: tuple[int, ...]) -> str:
    """One year, or two."""
    first, *more = map(str, years)
    return _("%(first)s and %(second)s") % {"first": first, "second": more[0]} if more else first
