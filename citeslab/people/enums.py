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


class Precision(models.TextChoices):
    """How well the place of a residence is known."""

    GIVEN = "GIVEN", _("position given with the address")
    HOUSE = "HOUSE", _("house number found by the address service")
    POINTED = "POINTED", _("pointed at on the map")
    UNSURE = "UNSURE", _("the position is not sure")


class Grounds(models.TextChoices):
    """What an advisor's decision on an address rests on."""

    PROOF = "PROOF", _("I saw a proof of address")
    PLACE = "PLACE", _("I know the building")
    OFFICIAL_MAP = "OFFICIAL_MAP", _("The official map shows it")
    AUTHORITY = "AUTHORITY", _("The town hall or the State confirmed it")
    OTHER = "OTHER", _("Another reason")
