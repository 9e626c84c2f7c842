"""Words of the room of documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What a scan for viruses said of a document."""

    CLEAN = "CLEAN", _("no virus found")
    NOT_SCANNED = "NOT_SCANNED", _("not scanned: no scanner is set up here")
    UNSCANNABLE = "UNSCANNABLE", _("in quarantine: the scanner did not answer")
    INFECTED = "INFECTED", _("in quarantine: a virus was found")


SERVED = (Verdict.CLEAN, Verdict.NOT_SCANNED)
