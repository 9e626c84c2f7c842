"""Words of the network room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a user is for the network, for a time and on a perimeter."""

    ADVISOR = "ADVISOR", _("advisor")
    COORDINATOR = "COORDINATOR", _("coordinator of a host organization")
    PILOT = "PILOT", _("national pilot")
    FUNDER = "FUNDER", _("funder")


class LegalForm(models.TextChoices):
    ASSOCIATION = "ASSOCIATION", _("association")
    LOCAL_AUTHORITY = "LOCAL_AUTHORITY", _("local authority")
    PUBLIC_GROUP = "PUBLIC_GROUP", _("public interest group")
    COOPERATIVE = "COOPERATIVE", _("cooperative")
    COMPANY = "COMPANY", _("company")
    OTHER = "OTHER", _("other")


class Phase(models.IntegerChoices):
    """Where the days of a period are, seen from a day; lists go in this order."""

    NOW = 1, _("Paying now")
    TO_COME = 2, _("Periods to come")
    PAST = 3, _("Past periods")


class HandoverReason(models.TextChoices):
    """Why an advisor's caseload goes to colleagues."""

    LEAVES = "LEAVES", _("leaves the network")
    AWAY = "AWAY", _("is away for a time")
    MOVES = "MOVES", _("goes to another site")


class HandoverRule(models.TextChoices):
    """How a caseload is shared out among several colleagues."""

    TURN = "TURN", _("in turn, by order of names")
    COMMUNE = "COMMUNE", _("by commune: the people of one place stay together")


class Kind(models.TextChoices):
    """What a file of the network holds."""

    STRUCTURES = "STRUCTURES", _("organizations and sites")
    POSTS = "POSTS", _("posts and who holds them")
    COVERAGE = "COVERAGE", _("neighborhoods covered")


class Cover(models.TextChoices):
    """Whether an advisor is there for a neighborhood, on a day."""

    ONE = "ONE", _("covered")
    SEVERAL = "SEVERAL", _("covered by several sites")
    VACANT = "VACANT", _("its site has no advisor")
    NONE = "NONE", _("no site")
