from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the journal; it names what it tells by ids, so that it outlives it.

    A line is never changed: what ties it to the others is a `Link`, made shortly after it.
    """

    PERSONAL = ()  # ids and codes only; the services refuse names

    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=80)
    actor_id = models.BigIntegerField(_("actor"), null=True, blank=True)
    subject_kind = models.CharField(_("subject"), max_length=80, blank=True)
    subject_id = models.BigIntegerField(_("subject id"), null=True, blank=True)
    details = models.JSONField(_("details"), default=dict)

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

    def told(self) -> dict:
        """What the digest of a line is made of."""
        return {
            "at": self.at,
            "action": self.action,
            "actor_id": self.actor_id,
            "subject_kind": self.subject_kind,
            "subject_id": self.subject_id,
            "details": self.details,
        }


class Waiting(models.Model):
    """A line that no link holds yet; the database itself notes it with the line."""

    PERSONAL = ()

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("line to chain")
        verbose_name_plural = _("lines to chain")

    def __str__(self):
        return f"entry #{self.entry_id}, to chain"


class Link(models.Model):
    """A line's place in the chain; `digest` is the SHA-256 of the digest before it and of the line.

    A line changed or removed no longer fits its link; a link changed or removed no longer fits the next one.
    """

    PERSONAL = ()

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("link of the journal")
        verbose_name_plural = _("links of the journal")
        ordering = ["position"]

    def __str__(self):
        return f"link #{self.position}"


class Seal(models.Model):
    """Where the chain stood at an instant, signed with the installation's key.

    It shows that nobody made the whole chain again, nor cut its end. A seal that `forgets` lets the lines up to
    it go, when they are too old to be kept: what follows is still checked from there.
    """

    PERSONAL = ()

    position = models.BigIntegerField(_("position"))
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))
    forgets = models.BooleanField(_("lets older lines go"), default=False)
    signature = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["position", "id"]

    def __str__(self):
        return f"seal at {self.position}"
