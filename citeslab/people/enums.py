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


class AssignmentReason(models.TextChoices):
    """Why a person is followed by this advisor from that day on."""

    ENTRY = "ENTRY", _("opened the file")
    CHOSEN = "CHOSEN", _("chosen from the list")
    HANDOVER = "HANDOVER", _("caseload handed over")
    RETURN = "RETURN", _("caseload given back")


class OpeningPurpose(models.TextChoices):
    """Why a file of another site is opened."""

    SHE_CAME = "SHE_CAME", _("the person is here, or calls me")
    MOVED = "MOVED", _("the person moved to my territory")
    REPLACES = "REPLACES", _("I stand in for a colleague of her site")
    PARTNER = "PARTNER", _("a partner sent the person to me")
