from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the journal; it names what it tells by ids, so that it outlives it.

    `digest` is the SHA-256 of the line before and of this one: a line changed or removed breaks the chain.
    """

    PERSONAL = ()  # ids and codes only; the services refuse names

    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=80)
    actor_id = models.BigIntegerField(_("actor"), null=True, blank=True)
    subject_kind = models.CharField(_("subject"), max_length=80, blank=True)
    subject_id = models.BigIntegerField(_("subject id"), null=True, blank=True)
    details = models.JSONField(_("details"), default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["pk"]
        indexes = [
            # a person's own page: who read my file
            models.Index(name="audit_entry_subject", fields=["subject_kind", "subject_id"]),
        ]

    def __str__(self):
        return f"entry #{self.pk}"
