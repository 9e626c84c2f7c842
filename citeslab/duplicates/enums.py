"""Words of the duplicates room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Band(models.TextChoices):
    """How sure a likeness is; a person decides in each case."""

    SAME = "SAME", _("very likely the same person")
    POSSIBLE = "POSSIBLE", _("perhaps the same person")


class Trait(models.TextChoices):
    """What two files are compared by."""

    FIRST = "first", _("first name")
    FAMILY = "family", _("name")
    BORN = "born", _("date of birth")
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail address")
    PLACE = "place", _("postal code")
    SEX = "sex", _("sex")


class Level(models.TextChoices):
    """How much a trait of two files agrees."""

    SAME = "SAME", _("the same")
    NEAR = "NEAR", _("nearly the same")
    PART = "PART", _("a part of the other")
    TURNED = "TURNED", _("turned round")
    YEAR = "YEAR", _("the same year")
    OTHER = "OTHER", _("another one")
    UNKNOWN = "UNKNOWN", _("not known in both")


class Origin(models.TextChoices):
    """How a request to join began."""

    TYPING = "TYPING", _("while a new file was being written")
    MATCHING = "MATCHING", _("from the list of likenesses")
