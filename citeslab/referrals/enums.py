"""Words of the referrals room."""

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetField(models.TextChoices):
    """What a data sheet may say of a person, each with her agreement; in the order of the sheet."""

    NAME = "NAME", _("first name and name")
    PHONE = "PHONE", _("phone")
    EMAIL = "EMAIL", _("e-mail address")
    BORN_ON = "BORN_ON", _("date of birth")
    ADDRESS = "ADDRESS", _("postal address")
    COMMUNE = "COMMUNE", _("commune")
    SITUATION = "SITUATION", _("situation at entry")
    DIPLOMA = "DIPLOMA", _("diploma level")
    PROJECT = "PROJECT", _("project")
    STAGE = "STAGE", _("stage of her path")


class Manner(models.TextChoices):
    """How a person said yes."""

    IN_PERSON = "IN_PERSON", _("in person")
    PHONE = "PHONE", _("by phone")
    WRITTEN = "WRITTEN", _("in writing")


class Kind(models.TextChoices):
    """What happened to a referral; the last one that stands is its state."""

    SENT = "SENT", _("sent")
    SEEN = "SEEN", _("seen")
    ACCEPTED = "ACCEPTED", _("accepted")
    REFUSED = "REFUSED", _("refused")
    FIRST_MEETING = "FIRST_MEETING", _("first meeting held")
    OUTCOME = "OUTCOME", _("outcome")
    EXPIRED = "EXPIRED", _("expired")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")


class Reason(models.TextChoices):
    """Why a partner says no."""

    NOT_REACHED = "UNREACHED", _("could not be reached")
    NOT_READY = "NOT_READY", _("the project is not ready yet")
    NOT_ELIGIBLE = "INELIGIBLE", _("outside our criteria")
    OUT_OF_AREA = "AREA", _("outside our area")
    NO_ROOM = "NO_ROOM", _("no place at the moment")
    ALREADY_KNOWN = "KNOWN", _("already accompanied by us")
    OTHER = "OTHER", _("another reason")


class Outcome(models.TextChoices):
    """What came of it."""

    LOAN = "LOAN", _("loan granted")
    REGISTERED = "REGISTERED", _("business registered")
    JOB = "JOB", _("back to employment")
    DROPPED = "DROPPED", _("dropped")
    OTHER = "OTHER", _("something else")


class Occasion(models.TextChoices):
    """Why a link was sent."""

    SENDING = "SENDING", _("the referral")
    REMINDER = "REMINDER", _("a reminder")
    RESENDING = "RESENDING", _("sent again by the advisor")
    RENEWAL = "RENEWAL", _("a new link asked for by the partner")


class Access(Enum):
    """What a link opens at an instant: the sheet, or one kind page or another."""

    OPEN = "OPEN"
    EXPIRED = "EXPIRED"
    CLOSED = "CLOSED"
    REPLACED = "REPLACED"
