"""Words of a person's rights."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How something was told."""

    SPOKEN = "SPOKEN", _("told face to face")
    PHONE = "PHONE", _("told by telephone")
    PAPER = "PAPER", _("given on paper")
    SENT = "SENT", _("sent by message")
    SPACE = "SPACE", _("said by herself in her space")


class Purpose(models.TextChoices):
    """What a consent is asked for: never what the accompaniment itself needs."""

    INVITATIONS = "INVITATIONS", _("invitations and news of the network")
    TESTIMONY = "TESTIMONY", _("a testimony told")
    PHOTO = "PHOTO", _("a photo shown")
    LATER_NEWS = "LATER_NEWS", _("news asked later by a partner")


class Said(models.TextChoices):
    YES = "YES", _("agreed")
    NO = "NO", _("did not agree, or took it back")


class Wish(models.TextChoices):
    """What a person asks about her file."""

    CORRECTION = "CORRECTION", _("correct something")
    ERASURE = "ERASURE", _("erase the file")


class Ground(models.TextChoices):
    """Why a file must be kept for a time."""

    EUROPEAN_FUND = "EUROPEAN_FUND", _("proof owed to the European Social Fund")
    DISPUTE = "DISPUTE", _("a dispute or a legal claim is open")


class Cause(models.TextChoices):
    """Why files were anonymised."""

    RETENTION = "RETENTION", _("24 months without a contact")
    REQUEST = "REQUEST", _("asked by the person")


class Door(models.TextChoices):
    """Where attempts are counted."""

    OPEN = "OPEN", _("open with a code")
    ASK = "ASK", _("ask for a code")
