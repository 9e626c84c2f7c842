"""Likenesses in words."""

from django import template
from django.utils.translation import gettext as _

from citeslab.duplicates.enums import Level
from citeslab.duplicates.models import Likeness

register = template.Library()
SIGNS = {Level.SAME: "good", Level.OTHER: "", Level.YEAR: ""}


@register.filter
def evidence_words(likeness: Likeness) -> list[tuple[str, str]]:
    """Each trait compared with how it agrees, and the sign that goes with it."""
    return [
        (_("%(trait)s: %(level)s") % {"trait": trait, "level": level}, SIGNS.get(Level(code), "look"))
        for trait, level, code in likeness.agreements
    ]
