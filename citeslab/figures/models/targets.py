"""What is aimed at."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet
from citeslab.figures.enums import Breakdown
from citeslab.figures.values import Perimeter


class TargetQuerySet(FactQuerySet):
    def of(self, perimeter: Perimeter, *, year: int):
        return self.filter(level=perimeter.level, code=perimeter.code, year=year)


class Target(Fact):
    """A number aimed at for a year: of an indicator, on a perimeter (FR: objectif).

    It is never rewritten: another number withdraws it, and the former one stays with who set it and when.
    """

    PERSONAL = ()

    year = models.SmallIntegerField(_("year"))
    indicator = models.CharField(_("figure"), max_length=64)
    level = models.CharField(_("level of the perimeter"), max_length=12, blank=True)
    code = models.CharField(_("code of the perimeter"), max_length=64, blank=True)
    aim = models.PositiveIntegerField(_("number aimed at"))

    objects = TargetQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="figures_target_one_in_force",
                fields=["year", "indicator", "level", "code"],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This target is already set."),
            ),
            models.CheckConstraint(
                name="figures_target_aims_at_something",
                condition=Q(aim__gt=0),
                violation_error_message=_("Aim at one at least."),
            ),
            models.CheckConstraint(
                name="figures_target_of_the_network_a_site_or_an_agreement",
                condition=Q(level="", code="")
                | Q(level=Breakdown.SITE.value, code__regex=r"^[1-9][0-9]*$")
                | (Q(level=Breakdown.AGREEMENT.value) & ~Q(code="")),
                violation_error_message=_("A target is the whole network’s, a site’s or an agreement’s."),
            ),
        ]

    def __str__(self):
        return f"target #{self.pk}"

    @property
    def perimeter(self) -> Perimeter:
        return Perimeter(self.level, self.code)
