"""Words for the codes that the lists of the desk carry."""

from django import template

from citeslab.followup.enums import Stage
from citeslab.territories.enums import Answer

register = template.Library()


@register.filter
def stage_name(code: str) -> str:
    return str(Stage(code).label)


@register.filter
def answer_name(code: str) -> str:
    return str(Answer(code).label)


@register.filter
def first_word(text: str) -> str:
    return text.split()[0] if text else ""


@register.filter
def days_until(day, later) -> int:
    return (later - day).days
