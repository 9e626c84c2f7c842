from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.files.enums import SERVED, Verdict


class StoredFileQuerySet(models.QuerySet):
    def of(self, owner: models.Model):
        """The documents of that row, without their content."""
        mine = self.filter(owner_kind=owner._meta.label_lower, owner_id=owner.pk)
        return mine.filter(removed_at=None).defer("content")

    def due(self, on: date):
        """Those whose day has come, or that were taken away, and that are still there."""
        return self.exclude(content=None).filter(Q(kept_until__lte=on) | Q(removed_at__isnull=False))


class StoredFile(models.Model):
    """A document, in the database: saved and restored with the row that it proves, and in no folder that is forgotten.

    Its owner is a row of a room upstairs, which says who may read it. Its content goes on the day `kept_until`.
    """

    PERSONAL = ("name", "content")

    owner_kind = models.CharField(_("kind of owner"), max_length=60)
    owner_id = models.BigIntegerField(_("key of the owner"))
    name = models.CharField(_("file"), max_length=160)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size, in bytes"))
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(_("content"), null=True)
    verdict = models.CharField(_("scan"), max_length=11, choices=Verdict)
    kept_until = models.DateField(_("kept until (excluded)"))
    stored_at = models.DateTimeField(_("stored at"))
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            both_or_neither("removed_at", "removed_by"),
            models.CheckConstraint(
                name="files_storedfile_content_until_erased",
                condition=Q(content=None, erased_at__isnull=False) | Q(content__isnull=False, erased_at=None),
            ),
        ]
        indexes = [models.Index(name="files_storedfile_of_owner", fields=["owner_kind", "owner_id"])]

    def __str__(self):
        return f"document #{self.pk}"

    @property
    def is_served(self) -> bool:
        """Whether it may leave: still there, and no scan held it back."""
        return self.erased_at is None and self.removed_at is None and self.verdict in SERVED
