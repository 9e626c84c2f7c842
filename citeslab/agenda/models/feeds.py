from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither


class Feed(models.Model):
    """The private address where an advisor's calendar program reads her appointments; one at a time."""

    PERSONAL = ()

    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    shows_names = models.BooleanField(_("show names"), default=False)
    made_at = models.DateTimeField(_("made at"))
    changed_at = models.DateTimeField(_("changed at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(name="agenda_feed_one_at_a_time", fields=["advisor"], condition=Q(revoked_at=None)),
            both_or_neither("revoked_at", "revoked_by"),
        ]

    def __str__(self):
        return f"feed #{self.pk}"
