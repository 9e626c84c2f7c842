from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, both_or_neither
from citeslab.network.models import Site
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.workshops.enums import Kind


class WorkshopQuerySet(models.QuerySet):
    def held(self):
        return self.filter(cancelled_at=None)


class Workshop(models.Model):
    """A dated collective action (FR: action collective): general, thematic, or in a school."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="workshops")
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    held_on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    commune_name = models.CharField(_("commune"), max_length=120, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        constraints = [
            models.UniqueConstraint(
                name="workshops_workshop_one_by_reference",
                fields=["site", "reference"],
                condition=~Q(reference=""),
                violation_error_message=_("This reference is already used at this site."),
            ),
            both_or_neither("cancelled_at", "cancelled_by"),
        ]
        indexes = [models.Index(name="workshops_workshop_by_day", fields=["held_on"])]

    def __str__(self):
        return f"workshop #{self.pk}"


class Attendance(Fact):
    """A named person who came to a workshop."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, models.CASCADE, related_name="attendances")

    class Meta(Fact.Meta):
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="workshops_attendance_once",
                fields=["workshop", "person"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"attendance #{self.pk}"


class HeadCount(Fact):
    """People who came without a name, counted by sex: never turned into invented people."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="head_counts")
    sex = models.CharField(_("sex"), max_length=7, choices=Sex)
    heads = models.PositiveIntegerField(_("heads"))

    class Meta(Fact.Meta):
        verbose_name = _("head-count")
        verbose_name_plural = _("head-counts")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="workshops_headcount_one_by_sex",
                fields=["workshop", "sex"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"head-count #{self.pk}"
