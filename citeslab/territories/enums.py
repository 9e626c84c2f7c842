"""Words of the territory room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.IntegerChoices):
    """A generation of QPV, set by decree."""

    E2015 = 2015, _("2015 edition")
    E2024 = 2024, _("2024 edition")


class Answer(models.TextChoices):
    """Is this place in a QPV? The machine says when it cannot tell."""

    IN = "IN", _("in a priority neighborhood")
    OUT = "OUT", _("outside")
    TO_CHECK = "TO_CHECK", _("to check")
    NOT_LOCATED = "NOT_LOCATED", _("not located")


class Territory(models.TextChoices):
    """Where one legal projection holds, and one calendar of editions."""

    METROPOLE = "METROPOLE", _("metropolitan France")
    GUADELOUPE = "GUADELOUPE", _("Guadeloupe")
    MARTINIQUE = "MARTINIQUE", _("Martinique")
    SAINT_MARTIN = "SAINT_MARTIN", _("Saint Martin")
    GUYANE = "GUYANE", _("French Guiana")
    REUNION = "REUNION", _("Reunion")
    MAYOTTE = "MAYOTTE", _("Mayotte")
    POLYNESIE = "POLYNESIE", _("French Polynesia")
    ELSEWHERE = "ELSEWHERE", _("outside France")


class CommuneKind(models.TextChoices):
    COMMUNE = "COMMUNE", _("commune")
    DELEGATED = "DELEGATED", _("delegated commune")
    ASSOCIATED = "ASSOCIATED", _("associated commune")
    DISTRICT = "DISTRICT", _("municipal district")
