from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.notifications.enums import Channel


class MessageQuerySet(models.QuerySet):
    def waiting(self):
        """Not sent yet, and not given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, at: datetime):
        """What may leave now; a reminder that comes after the thing itself stays."""
        return self.waiting().filter(Q(useless_after=None) | Q(useless_after__gt=at), send_after__lte=at)

    def held_up(self):
        """Waiting after an attempt that failed: what a page shows when the mail server is down."""
        return self.waiting().exclude(last_error="")


class Message(models.Model):
    """Something to tell one person, written in the transaction of the act it tells and sent by a task.

    `key` names the occasion: the same one is posted once, whoever asks and however often.
    """

    PERSONAL = ("recipient", "subject", "body")

    key = models.CharField(_("occasion"), max_length=160, unique=True)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    recipient = models.CharField(_("recipient"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    calendar = models.TextField(_("calendar entry"), blank=True)  # an iCalendar object, attached
    about_kind = models.CharField(_("about"), max_length=80, blank=True)
    about_id = models.BigIntegerField(_("about id"), null=True, blank=True)
    posted_at = models.DateTimeField(_("posted at"))
    send_after = models.DateTimeField(_("not before"))
    useless_after = models.DateTimeField(_("not later than"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last refusal"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                name="notifications_message_sent_or_given_up",
                condition=Q(sent_at=None) | Q(given_up_at=None),
            ),
        ]
        indexes = [
            models.Index(  # what the task asks for each message: the first of those, however many wait behind it
                name="notifications_message_due",
                fields=["send_after", "id"],
                condition=Q(sent_at=None, given_up_at=None),
            ),
            models.Index(name="notifications_message_about", fields=["about_kind", "about_id"]),
        ]

    def __str__(self):
        return f"message #{self.pk}"
