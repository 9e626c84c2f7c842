"""Words of the desk: what a list can become."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    XLSX = "XLSX", _("a workbook (XLSX)")
    CSV = "CSV", _("plain text (CSV)")


class Purpose(models.TextChoices):
    """Why a list of names leaves the platform. A code, so that the journal holds no name."""

    CONTACT = "CONTACT", _("to write to these people or call them")
    MEETING = "MEETING", _("to prepare a meeting or an action")
    REPORT = "REPORT", _("to report to my organization")
    CHECK = "CHECK", _("to check or correct what is recorded")


class Kind(models.TextChoices):
    """What can be done for many people at once."""

    ASSIGN = "ASSIGN", _("followed by an advisor")
    CLOSE = "CLOSE", _("left, no news")


class Layer(models.TextChoices):
    """What the map of the network shows; the value is the word of the address."""

    ACTIVITY = "activite", _("People supported")
    POSTS = "postes", _("Posts")
    COVERAGE = "couverture", _("Coverage")
    MONEY = "argent", _("Money")
