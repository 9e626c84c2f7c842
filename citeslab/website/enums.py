"""Words of the public site."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """Where a story stands; computed, never stored."""

    DRAFT = "DRAFT", _("being written")
    AGREED = "AGREED", _("agreed to by her, to publish")
    PUBLISHED = "PUBLISHED", _("published")
    TAKEN_BACK = "TAKEN_BACK", _("her agreement was taken back")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")


class Why(StrEnum):
    """Why this site is the answer: the surest ground first."""

    QPV = "QPV"  # it covers the neighborhood of the address
    PERHAPS = "PERHAPS"  # it covers a neighborhood that the address may be in
    COMMUNE = "COMMUNE"  # it works in the commune
    NEAREST = "NEAREST"
    ANY = "ANY"  # nothing says where she lives, or where the sites are
