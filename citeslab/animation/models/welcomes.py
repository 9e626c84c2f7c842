from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.network.enums import Role
from citeslab.network.models import Dated, Mandate, Site, held_by


class FirstStep(Dated):
    """A line of the list that a new advisor is given, as the pilot keeps it: what changes ends, another begins."""

    PERSONAL = ()

    words = models.CharField(_("what she does"), max_length=200)
    days = models.PositiveSmallIntegerField(_("within so many days"))

    class Meta(Dated.Meta):
        verbose_name = _("first step")
        verbose_name_plural = _("first steps")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="animation_firststep_within_a_year", condition=Q(days__range=(0, 365))),
        ]

    def __str__(self):
        return f"first step #{self.pk}"


class WelcomeQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date):
        """Her own; for a coordinator, those of her sites; all for the pilot."""
        held = held_by(user, on=on)
        if any(mandate.role == Role.PILOT for mandate in held):
            return self
        coordinated = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
        return self.filter(
            Q(mandate__user=user) | Q(mandate__site__in=Site.objects.filter(organization__in=coordinated))
        )

    def unfinished(self):
        return self.filter(pk__in=WelcomeStep.objects.filter(done_at=None).values("welcome"))


class Welcome(models.Model):
    """The first weeks of a new advisor, as a list made for her when she began."""

    PERSONAL = ()

    mandate = models.OneToOneField(Mandate, models.CASCADE, related_name="welcome")
    made_at = models.DateTimeField(_("made at"))

    objects = WelcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("first weeks")
        verbose_name_plural = _("first weeks")

    def __str__(self):
        return f"welcome #{self.pk}"


class WelcomeStep(models.Model):
    """A line of her list; checked by herself or by her coordinator."""

    PERSONAL = ()

    welcome = models.ForeignKey(Welcome, models.CASCADE, related_name="steps")
    step = models.ForeignKey(FirstStep, models.PROTECT, related_name="+")
    due_on = models.DateField(_("due on"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("step of first weeks")
        verbose_name_plural = _("steps of first weeks")
        ordering = ["due_on", "pk"]
        constraints = [
            both_or_neither("done_at", "done_by"),
            models.UniqueConstraint(name="animation_welcomestep_once", fields=["welcome", "step"]),
        ]

    def __str__(self):
        return f"welcome step #{self.pk}"
