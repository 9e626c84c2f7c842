"""Posts, who holds them, and which QPV a site covers."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from citeslab.network.models.dated import PERIOD, Dated, DatedQuerySet
from citeslab.network.models.sites import Site
from citeslab.territories.enums import Edition


class OfSiteQuerySet(DatedQuerySet):
    def visible_to(self, user, *, on: date):
        """Those of the sites that she reads today."""
        return self.filter(site__in=Site.objects.visible_to(user, on=on))


class PostQuerySet(OfSiteQuerySet):
    def vacant(self, on: date):
        """Posts in force that nobody holds that day."""
        return self.on(on).exclude(tenures__in=Tenure.objects.on(on))

    def with_vacant_since(self, on: date):
        """With `vacant_since`: when its last holder of before that day left, or when it began."""
        left = Max("tenures__ends_on", filter=Q(tenures__ends_on__lte=on))
        return self.annotate(vacant_since=Coalesce(left, F("begins_on")))


class Post(Dated):
    """A funded place for one advisor at a site; someone holds it, or it is vacant."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="posts")
    reference = models.CharField(_("reference"), max_length=32, blank=True)
    full_time_percent = models.PositiveSmallIntegerField(_("share of full time, in percent"), default=100)

    objects = PostQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="network_post_share_of_one_person",
                condition=Q(full_time_percent__range=(1, 100)),
                violation_error_message=_("A post is between 1 and 100 percent of full time."),
            ),
            models.UniqueConstraint(
                name="network_post_one_reference_at_a_site",
                fields=["site", "reference"],
                condition=~Q(reference=""),
                violation_error_message=_("Another post of this site has this reference."),
            ),
        ]

    def __str__(self):
        return f"post #{self.pk}"


class TenureQuerySet(DatedQuerySet):
    def visible_to(self, user, *, on: date):
        return self.filter(post__site__in=Site.objects.visible_to(user, on=on))


class Tenure(Dated):
    """Who holds a post, from when to when."""

    PERSONAL = ()

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tenures")

    objects = TenureQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="network_tenure_one_holder_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Someone else holds this post on these days."),
            ),
        ]

    def __str__(self):
        return f"tenure #{self.pk}"


class Coverage(Dated):
    """A QPV that a site covers; the code is kept as text, releases come and go."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="coverages")
    edition = models.PositiveSmallIntegerField(_("edition"), choices=Edition)
    qpv_code = models.CharField(_("QPV code"), max_length=8)

    objects = OfSiteQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="network_coverage_said_once",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("qpv_code", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This site already covers this QPV on these days."),
            ),
        ]
        indexes = [models.Index(name="network_coverage_by_qpv", fields=["qpv_code"])]

    def __str__(self):
        return f"coverage #{self.pk}"
