"""Words of collective actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    GENERAL = "GENERAL", _("general")
    THEMATIC = "THEMATIC", _("thematic")
    SCHOOL = "SCHOOL", _("in a school")
