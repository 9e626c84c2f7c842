"""Mandates offered, and caseloads handed over."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.network.enums import HandoverReason, HandoverRule, Role
from citeslab.network.models.dated import Dated
from citeslab.network.models.sites import (
    HostOrganization,
    ManagedQuerySet,
    Mandate,
    Site,
    perimeter_of_its_role,
)


class Handover(models.Model):
    """A caseload that went to colleagues in one act, because its advisor left, moved, or is away (FR: passation).

    The mandate is the one that ended with it. Only an absence is given back.
    """

    PERSONAL = ()

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="handovers")
    since = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=6, choices=HandoverReason)
    returns_on = models.DateField(_("back on"), null=True, blank=True)
    rule = models.CharField(_("shared out"), max_length=7, choices=HandoverRule, default=HandoverRule.TURN)
    people_count = models.PositiveIntegerField(_("people"), default=0)
    interims = models.ManyToManyField(Mandate, related_name="+", blank=True)  # access given with it, until the return
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_back_at = models.DateTimeField(_("given back at"), null=True, blank=True)
    given_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            both_or_neither("given_back_at", "given_back_by"),
            models.CheckConstraint(
                name="network_handover_only_an_absence_returns",
                condition=Q(reason=HandoverReason.AWAY) | Q(returns_on=None, given_back_at=None),
                violation_error_message=_("Only someone who is away has a day of return."),
            ),
            models.CheckConstraint(
                name="network_handover_returns_after_it_begins",
                condition=Q(returns_on=None) | Q(returns_on__gt=F("since")),
                violation_error_message=_("The return comes after the departure."),
            ),
        ]

    def __str__(self):
        return f"handover #{self.pk}"


class InvitationQuerySet(ManagedQuerySet):
    def open(self, at: datetime):
        """Neither accepted, nor taken back, nor too old."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


class Invitation(Dated):
    """A mandate offered by e-mail: whoever holds the link, once and within seven days, makes the account it opens."""

    PERSONAL = ("email",)

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", null=True, blank=True)
    organization = models.ForeignKey(HostOrganization, models.PROTECT, related_name="+", null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField(_("invited at"))
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            *Dated.Meta.constraints,
            perimeter_of_its_role("network_invitation_perimeter_of_its_role"),
            both_or_neither("accepted_at", "accepted_by"),
            both_or_neither("withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                name="network_invitation_accepted_or_withdrawn",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"invitation #{self.pk}"
