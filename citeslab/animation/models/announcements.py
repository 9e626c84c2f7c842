from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization, held_by
from citeslab.territories.models import Department, Region


class AnnouncementQuerySet(FactQuerySet):
    def addressed_to(self, user, *, on: date):
        """Those for one of her roles, in her organization and her regions; those that name none are for all."""
        held = held_by(user, on=on)
        organizations = {mandate.organization_id or (mandate.site and mandate.site.organization_id) for mandate in held}
        departments = {mandate.site.department_id for mandate in held if mandate.site}
        regions = Department.objects.filter(pk__in=departments - {None}).values("region")
        everywhere = ~models.Exists(Announcement.regions.through.objects.filter(announcement=models.OuterRef("pk")))
        there = Announcement.regions.through.objects.filter(region__in=regions).values("announcement")
        of_hers = Q(organization=None) | Q(organization__in=organizations - {None})
        # A coordinator and the pilot have no region of their own: they read what is said to one of their roles.
        near = everywhere | Q(pk__in=there) if departments else Q()
        roles = [mandate.role for mandate in held]
        return self.standing().filter(of_hers, near, roles__overlap=roles) if roles else self.none()

    def written_by(self, user, *, on: date):
        """Those that she may take back: all for the pilot, a coordinator's own."""
        held = {mandate.role for mandate in held_by(user, on=on)}
        if Role.PILOT in held:
            return self.standing()
        return self.standing().filter(recorded_by=user) if Role.COORDINATOR in held else self.none()


class Announcement(Fact):
    """What the pilot says to the network, or a coordinator to her sites (FR: annonce)."""

    PERSONAL = ()

    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("what is said"))
    roles = ArrayField(models.CharField(max_length=12, choices=Role), verbose_name=_("to whom"))
    regions = models.ManyToManyField(Region, related_name="+", blank=True, verbose_name=_("regions"))
    organization = models.ForeignKey(HostOrganization, models.PROTECT, related_name="+", null=True, blank=True)
    pinned_until = models.DateField(_("kept at the top until"), null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="animation_announcement_to_somebody",
                condition=Q(roles__len__gt=0),
                violation_error_message=_("Say to whom."),
            ),
        ]
        indexes = [models.Index(name="animation_announcement_lately", fields=["-recorded_at"])]

    def __str__(self):
        return f"announcement #{self.pk}"


class ReadMark(models.Model):
    """Someone read an announcement: it is no longer new to her. No hour is kept."""

    PERSONAL = ()

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [
            models.UniqueConstraint(name="animation_readmark_once", fields=["announcement", "user"]),
        ]

    def __str__(self):
        return f"read mark #{self.pk}"
