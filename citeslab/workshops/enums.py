"""Words of collective actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    GENERAL = "GENERAL", _("general")
    THEMATIC = "THEMATIC", _("thematic")
    SCHOOL = "SCHOOL", _("in a school")


class State(models.TextChoices):
    """How someone attended a half-day."""

    PRESENT = "PRESENT", _("present")
    PART = "PART", _("there for a part")
    EXCUSED = "EXCUSED", _("excused")
    ABSENT = "ABSENT", _("absent")


THERE = (State.PRESENT, State.PART)
