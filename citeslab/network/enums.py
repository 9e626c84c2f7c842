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
