"""Files of structures, posts or coverage, sent by page."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.network.enums import Kind


class Import(models.Model):
    """A file that the pilot sent: kept until she takes it in, then its content is dropped."""

    PERSONAL = ("name", "content", "findings")

    kind = models.CharField(_("what it holds"), max_length=12, choices=Kind)
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"), null=True)
    findings = models.JSONField(_("findings"), default=dict)
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_in_at = models.DateTimeField(_("taken in at"), null=True, blank=True)
    taken_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("network import")
        verbose_name_plural = _("network imports")
        constraints = [both_or_neither("taken_in_at", "taken_in_by")]

    def __str__(self):
        return f"network import #{self.pk}"
