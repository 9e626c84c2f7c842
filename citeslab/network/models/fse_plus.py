"""Days that an FSE+ agreement pays for."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from citeslab.network.enums import Phase, Role
from citeslab.network.models.dated import PERIOD, Dated, DatedQuerySet
from citeslab.network.models.sites import Site, held_by


class FSEPlusQuerySet(DatedQuerySet):
    def visible_to(self, user, *, on: date):
        """Every period for the pilot; for a coordinator, those of her organization's sites; none for the others."""
        held = held_by(user, on=on)
        if any(mandate.role == Role.PILOT for mandate in held):
            return self
        organizations = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
        return self.filter(site__organization__in=organizations)

    def overlapping(self, *, begins_on: date, ends_on: date | None):
        """Periods that share a day with these."""
        found = self.not_over(begins_on)
        return found.filter(begins_on__lt=ends_on) if ends_on else found

    def by_phase(self, on: date):
        """With their `phase` that day: those that pay now, then those to come, then the past ones."""
        phase = Case(
            When(ends_on__lte=on, then=Value(Phase.PAST)),
            When(begins_on__gt=on, then=Value(Phase.TO_COME)),
            default=Value(Phase.NOW),
        )
        return self.annotate(phase=phase).order_by("phase", "site__sort_key", "-begins_on", "pk")


class FSEPlus(Dated):
    """Days on which an agreement of the European Social Fund Plus pays for a site: its items are asked then."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="fse_plus")
    reference = models.CharField(_("reference of the agreement"), max_length=64)

    objects = FSEPlusQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("FSE+ period")
        verbose_name_plural = _("FSE+ periods")
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="network_fseplus_one_at_a_time",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("An FSE+ agreement already pays for this site on these days."),
            ),
        ]

    def __str__(self):
        return f"FSE+ period #{self.pk}"
