"""Words of collective actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    GENERAL = "GENERAL", _("general")
    THEMATIC = "THEMATIC", _("thematic")
    SCHOOL = "SCHOOL", _("in a school")


class ClassLevel(models.TextChoices):
    """Class of the pupils (FR: niveau de classe), as French schools name them."""

    LOWER = "LOWER", _("lower secondary")
    UPPER = "UPPER", _("upper secondary")
    VOCATIONAL = "VOCATIONAL", _("vocational upper secondary")
    APPRENTICES = "APPRENTICES", _("apprentices")
    HIGHER = "HIGHER", _("after secondary school")
    MIXED = "MIXED", _("several levels")


class Channel(models.TextChoices):
    """Who registered her."""

    HERSELF = "HERSELF", _("by herself")
    ADVISOR = "ADVISOR", _("by an advisor")
    PARTNER = "PARTNER", _("by a partner")
    WALK_IN = "WALK_IN", _("on the spot")


class Occasion(models.TextChoices):
    """Why someone who cannot be written to is called."""

    OFFER = "OFFER", _("a seat is offered")
    CALLED_OFF = "CALLED_OFF", _("the action is called off")
    RESTORED = "RESTORED", _("the action takes place after all")
    MOVED = "MOVED", _("the day, the hour or the place changed")
    SEATED = "SEATED", _("she was in the line and has a seat")


class State(models.TextChoices):
    """How someone attended a half-day."""

    PRESENT = "PRESENT", _("present")
    PART = "PART", _("there for a part")
    EXCUSED = "EXCUSED", _("excused")
    ABSENT = "ABSENT", _("absent")


THERE = (State.PRESENT, State.PART)


class How(models.TextChoices):
    """By what an attendance was told."""

    LIST = "LIST", _("the list")
    CODE = "CODE", _("the code of the room")
    PAPER = "PAPER", _("a paper sheet, typed back")


class ActKind(models.TextChoices):
    """What a phone tells of a room; the words are those of its messages and files."""

    WALK_IN = "walk_in", _("someone walked in")
    MARK = "mark", _("how someone attended")
    SIGN = "sign", _("a signature")
    HEADS = "heads", _("heads counted")


class End(models.TextChoices):
    """What became of an act that a phone sent."""

    ACCEPTED = "accepted", _("accepted")
    ALREADY = "already", _("known already")
    LATER = "later", _("to send again")
    REFUSED = "refused", _("refused")


class AgeBand(models.TextChoices):
    """Ages of people counted without a name: the bands of the ESF+ common indicators (regulation 2021/1057)."""

    UNDER_18 = "UNDER_18", _("under 18")
    FROM_18 = "FROM_18", _("18 to 29")
    FROM_30 = "FROM_30", _("30 to 54")
    FROM_55 = "FROM_55", _("55 and over")
    UNKNOWN = "UNKNOWN", _("not known")


class Damage(models.TextChoices):
    """What is not as it was made in the file of an attendance sheet."""

    RECORD = "RECORD", _("its record was changed")
    MISSING = "MISSING", _("its record is gone")
    TWICE = "TWICE", _("its record is there twice")
    MOVED = "MOVED", _("its record is not in its place")
    ALIEN = "ALIEN", _("this record is one too many")
    LINE = "LINE", _("what the page shows was changed")
    HEADING = "HEADING", _("the heading, or the words around the table, were changed")
    PAGE = "PAGE", _("what stands around the lines was changed")
    OVERLAID = "OVERLAID", _("something was laid over the page")
    NO_PAGE = "NO_PAGE", _("this page is gone")
    NEW_PAGE = "NEW_PAGE", _("this page was added")
    LETTERS = "LETTERS", _("the shapes of the letters were changed")
    FRAME = "FRAME", _("the frame of the file was changed, around its pages and its records")
    DRAWN = "DRAWN", _("the record of how the pages are drawn was changed")
    SILENT = "SILENT", _("its records are gone: nothing can be said of the lines")
    ADDED = "ADDED", _("something was added after its end")
    CUT = "CUT", _("its end is gone: it was cut")
    REWRITTEN = "REWRITTEN", _("another program wrote it anew; every line reads as it did")
