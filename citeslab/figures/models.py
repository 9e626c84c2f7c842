from django.db import models
from django.utils.translation import gettext_lazy as _

from citeslab.network.models import Site


class Change(models.Model):
    """A mark left by the database each time a fact is written: figures from that year on may have moved.

    Triggers write it (migration 0002), so that no door, import or correction can forget to. It holds no fact.
    """

    PERSONAL = ()

    since_year = models.SmallIntegerField(_("since the year"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [models.Index(name="figures_change_by_year", fields=["since_year"])]

    def __str__(self):
        return f"change #{self.pk}"


class Computed(models.Model):
    """A year's figures as they were last computed, and how many changes that computation had seen.

    One row per perimeter (`site`, or the network), reference day and "known by" instant (or today's books).
    """

    PERSONAL = ()

    year = models.SmallIntegerField(_("year"))
    site = models.ForeignKey(Site, models.CASCADE, related_name="+", null=True, blank=True)
    day = models.DateField(_("reference day"))
    known_by = models.DateTimeField(_("known by"), null=True, blank=True)
    definitions = models.CharField(_("definitions"), max_length=64)
    changes_seen = models.BigIntegerField(_("changes seen"))
    values = models.JSONField(_("values"))
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("computed figures")
        verbose_name_plural = _("computed figures")
        constraints = [
            models.UniqueConstraint(
                name="figures_computed_one_by_perimeter",
                fields=["year", "site", "day", "known_by"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return f"figures of {self.year}"
