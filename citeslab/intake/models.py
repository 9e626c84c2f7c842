from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.network.models import Site


class WorkbookQuerySet(models.QuerySet):
    def visible_to(self, user, *, on):
        return self.filter(site__in=Site.objects.keys_with_names_for(user, on=on))


class Workbook(models.Model):
    """A caseload workbook that was sent by page: kept until someone decides, then its content is dropped."""

    PERSONAL = ("name", "content", "findings")

    site = models.ForeignKey(Site, models.PROTECT, related_name="workbooks")
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(_("content"), null=True)
    findings = models.JSONField(_("findings"), default=dict)
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_in_at = models.DateTimeField(_("taken in at"), null=True, blank=True)
    taken_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = WorkbookQuerySet.as_manager()

    class Meta:
        verbose_name = _("workbook")
        verbose_name_plural = _("workbooks")
        constraints = [both_or_neither("taken_in_at", "taken_in_by")]
        indexes = [models.Index(name="intake_workbook_of_site", fields=["site", "-sent_at"])]

    def __str__(self):
        return f"workbook #{self.pk}"
