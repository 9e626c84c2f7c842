"""Words of the accounts room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Factor(models.TextChoices):
    """What proves, beside the password, that she is who she says."""

    TOTP = "totp", _("application on a phone")
    PASSKEY = "webauthn", _("passkey")
    RECOVERY_CODES = "recovery_codes", _("recovery codes")
