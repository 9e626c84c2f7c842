"""What the network announces to everyone, the press included."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.website.values import paragraphs_of


class AnnouncementQuerySet(models.QuerySet):
    def published(self):
        return self.filter(withdrawn_at=None)


class Announcement(models.Model):
    """Something that the network says to everyone, dated (FR: communiqué); withdrawn, its address says so."""

    PERSONAL = ()

    title = models.CharField(_("title"), max_length=160)
    words = models.TextField(_("text"), max_length=12_000)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [both_or_neither("withdrawn_at", "withdrawn_by")]
        indexes = [models.Index(name="website_announcement_last", fields=["-published_at"])]

    def __str__(self):
        return f"announcement #{self.pk}"

    @property
    def paragraphs(self) -> list[str]:
        return paragraphs_of(self.words)
