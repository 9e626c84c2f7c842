"""Words of the people room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    WOMAN = "WOMAN", _("woman")
    MAN = "MAN", _("man")
    UNKNOWN = "UNKNOWN", _("unknown")


class Method(models.TextChoices):
    """How a QPV answer was reached."""

    COMPUTED = "COMPUTED", _("computed from the position")
    MANUAL = "MANUAL", _("decided by an advisor")
