"""Words of the agenda."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rhythm(models.TextChoices):
    WEEKLY = "WEEKLY", _("every week")
    FORTNIGHTLY = "FORTNIGHTLY", _("every second week")
    MONTHLY = "MONTHLY", _("once a month")


class Nth(models.IntegerChoices):
    """Which of the weekdays of a month."""

    FIRST = 1, _("the first one")
    SECOND = 2, _("the second one")
    THIRD = 3, _("the third one")
    FOURTH = 4, _("the fourth one")
    LAST = -1, _("the last one")


class Weekday(models.IntegerChoices):
    """Numbered as Python's `date.weekday()`."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Access(models.TextChoices):
    """Who may come to these hours."""

    OPEN = "OPEN", _("anyone may come")
    BOOKED = "BOOKED", _("by appointment")


class Kind(models.TextChoices):
    """How one meets."""

    MEET = "MEET", _("face to face")
    PHONE = "PHONE", _("by telephone")
    VIDEO = "VIDEO", _("by video")


class Channel(models.TextChoices):
    """How an appointment was asked for."""

    DESK = "DESK", _("at the desk")
    ONLINE = "ONLINE", _("online")


class Reason(models.TextChoices):
    """Why an appointment is cancelled. `HER_LINK`: by the person, with the link of her message."""

    PERSON = "PERSON", _("the person asked")
    ADVISOR = "ADVISOR", _("the advisor cannot be there")
    MISTAKE = "MISTAKE", _("booked by mistake")
    HER_LINK = "HER_LINK", _("cancelled by the person herself")


class Outcome(models.TextChoices):
    HELD = "HELD", _("held")
    NO_SHOW = "NO_SHOW", _("did not come")


class Wish(models.TextChoices):
    """What someone asks for on the public pages."""

    CALL = "CALL", _("asks to be called")
    BOOK = "BOOK", _("has booked a time")


class ContactOutcome(models.TextChoices):
    """What came of a first contact. After `TRIED` it still waits; `GAVE_BACK` is her own act."""

    TRIED = "TRIED", _("nobody answered")
    SPOKEN = "SPOKEN", _("spoken to, nothing follows for now")
    ELSEWHERE = "ELSEWHERE", _("sent to someone else")
    EMPTY = "EMPTY", _("not a real request")
    JOINED = "JOINED", _("has a file")
    GAVE_BACK = "GAVE_BACK", _("gave the time back")
