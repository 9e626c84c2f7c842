"""Words of the partners room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a partner is asked for."""

    FINANCE = "FINANCE", _("financing")
    COACHING = "COACHING", _("coaching")
    TEST = "TEST", _("testing the activity")
    TRAINING = "TRAINING", _("training")
    JOB = "JOB", _("finding a job")
    OTHER = "OTHER", _("something else")
