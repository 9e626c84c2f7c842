from django.db import models
from django.utils.translation import gettext_lazy as _


class Demonstration(models.Model):
    """Says that the people of this database are invented; a database with real people can never get one."""

    PERSONAL = ()

    made_at = models.DateTimeField(_("made at"))
    seed = models.PositiveIntegerField(_("seed"))
    until = models.DateField(_("last day told"))

    class Meta:
        verbose_name = _("demonstration")
        verbose_name_plural = _("demonstrations")

    def __str__(self):
        return f"demonstration of {self.until}"
