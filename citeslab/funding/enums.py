"""Words of the funding room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FunderKind(models.TextChoices):
    """What a funder is; the pilot's own funds are told apart."""

    STATE = "STATE", _("State")
    REGION = "REGION", _("region")
    DEPARTMENT = "DEPARTMENT", _("department")
    GROUP = "GROUP", _("intercommunality")
    TOWN = "TOWN", _("town")
    EUROPE = "EUROPE", _("European fund")
    PILOT = "PILOT", _("national pilot, own funds")
    OTHER = "OTHER", _("other funder")


class Rhythm(models.TextChoices):
    """For how long an agreement is made."""

    ANNUAL = "ANNUAL", _("annual")
    TRIENNIAL = "TRIENNIAL", _("over several years")


class Level(models.TextChoices):
    """Where the money goes: the places that figures know, under the names that they give them."""

    NETWORK = "", _("the whole network")
    REGION = "region", _("region")
    DEPARTMENT = "department", _("department")
    EPCI = "epci", _("intercommunality")
    COMMUNE = "commune", _("commune")
    SITE = "site", _("site")


class Use(models.TextChoices):
    """What a payment is for."""

    POST = "POST", _("posts")
    ACTION = "ACTION", _("collective actions")
    ANIMATION = "ANIMATION", _("life of the network")
    TRAINING = "TRAINING", _("training of advisors")


class State(models.TextChoices):
    """Where an instalment stands: each step is dated, and only goes forward."""

    DUE = "DUE", _("due")
    AGREED = "AGREED", pgettext_lazy("an instalment", "agreed")
    PAID = "PAID", _("paid")
    JUSTIFIED = "JUSTIFIED", _("justified")


class ReportKind(models.TextChoices):
    """What a funder is owed in writing."""

    ACTIVITY = "ACTIVITY", _("activity report")
    FINAL = "FINAL", _("final report, with the accounts")


class Phase(models.TextChoices):
    """Where an agreement is, seen from a day."""

    UNSIGNED = "UNSIGNED", _("not signed")
    TO_COME = "TO_COME", _("to come")
    RUNNING = "RUNNING", _("running")
    OVER = "OVER", _("over")


class Axis(models.TextChoices):
    """By what the accounts are summed, with its own heading."""

    YEAR = "year", _("by year")
    FUNDER = "funder", _("by funder")
    REGION = "region", _("by region")
    USE = "use", _("by use")
