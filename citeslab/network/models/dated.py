"""What is in force from a day to another."""

from datetime import date, timedelta

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

# The days from `begins_on` (included) to `ends_on` (excluded, open when empty).
PERIOD = Func("begins_on", "ends_on", function="DATERANGE", output_field=DateRangeField())


class DatedQuerySet(models.QuerySet):
    def on(self, day: date):
        """Rows in force that day."""
        return self.not_over(day).filter(begins_on__lte=day)

    def not_over(self, day: date):
        """Rows in force that day, and those to come."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))


class Dated(models.Model):
    """In force from a day (included) to another (excluded)."""

    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until (excluded)"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gt=F("begins_on")),
                violation_error_message=_("The end comes after the beginning."),
            ),
        ]

    @property
    def last_on(self) -> date | None:
        """The last day in force, as people write it; none while there is no end."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None
