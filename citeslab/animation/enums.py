"""Words of the life of the network."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Licence(models.TextChoices):
    """Open licences: all let anyone use, change and share, at work too."""

    CC_BY = "CC_BY", _("Creative Commons Attribution 4.0 (CC BY)")
    CC_BY_SA = "CC_BY_SA", _("Creative Commons Attribution, share alike 4.0 (CC BY-SA)")
    CC0 = "CC0", _("Creative Commons Zero 1.0 (CC0)")
    ETALAB = "ETALAB", _("Open Licence 2.0 of the State (Etalab)")
    FREE_ART = "FREE_ART", _("Free Art Licence 1.3")


# What is made from it goes on under the same licence.
SHARE_ALIKE = (Licence.CC_BY_SA, Licence.FREE_ART)


class Competence(models.TextChoices):
    """What an advisor's craft is made of; `definitions` says since when each is on the list."""

    RECEIVE = "RECEIVE", _("receiving and listening")
    IDEA = "IDEA", _("helping an idea take shape")
    GROUP = "GROUP", _("leading a group")
    OUTREACH = "OUTREACH", _("going and meeting people where they are")
    MONEY = "MONEY", _("costing a project")
    FUNDING = "FUNDING", _("knowing who finances and who coaches")
    STATUS = "STATUS", _("legal forms and social rights")
    SCHOOLS = "SCHOOLS", _("working with schools")
    DIGITAL = "DIGITAL", _("digital tools")
    CREATIVE = "CREATIVE", _("creative methods")
    DATA = "DATA", _("protecting people’s data")
    EUROPE = "EUROPE", _("European money and its papers")


class MeetingKind(models.TextChoices):
    """Meetings of the network itself."""

    NETWORK = "NETWORK", _("network meeting")
    COMMITTEE = "COMMITTEE", _("steering committee")
    WORKING = "WORKING", _("working group")
