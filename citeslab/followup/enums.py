"""Words of the pathway. Codes are those of the field; their labels are in the catalogues."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nature(models.TextChoices):
    """How a meeting was held; the telephone counts."""

    RECEPTION = "RECEPTION", _("reception")
    DIAGNOSIS = "DIAGNOSIS", _("diagnosis")
    FOLLOW_UP = "FOLLOW_UP", _("follow-up")
    PHONE = "PHONE", _("telephone")


class Stage(models.TextChoices):
    SENS = "SENS", _("Awareness")
    ACCU = "ACCU", _("Reception")
    AMOR = "AMOR", _("First steps")
    EMER = "EMER", _("Emergence")
    FORM = "FORM", _("Formalization")
    PARC = "PARC", _("Creation path")
    SORT = "SORT", _("Left")


class ExitReason(models.TextChoices):
    CREATION = "CREATION", _("business registered")
    TAKEOVER = "TAKEOVER", _("business taken over")
    INCUBATOR = "INCUBATOR", _("trial in an incubator")
    PARTNER = "PARTNER", _("confirmed by a partner")
    EMPLOYMENT = "EMPLOYMENT", _("back to employment")
    TRAINING = "TRAINING", _("training")
    ABANDONED = "ABANDONED", _("good decision not to go")
    POSTPONED = "POSTPONED", _("postponed")
    MOVED = "MOVED", _("moved away")
    NO_NEWS = "NO_NEWS", _("no news")
    DECEASED = "DECEASED", _("deceased")
    DUPLICATE = "DUPLICATE", _("duplicate")


class Evidence(models.TextChoices):
    """What a stage rests on."""

    DECLARED = "DECLARED", _("declared")
    PARTNER = "PARTNER", _("confirmed by a partner")
    REGISTERED = "REGISTERED", _("registered, SIRET checked")
