from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from citeslab.agenda.enums import Access, Nth, Rhythm, Weekday
from citeslab.network.models import Dated, DatedQuerySet, Site

# From the first instant (included) to the last (excluded): two appointments may touch.
TIME = Func("starts_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField())


class SurgeryQuerySet(DatedQuerySet):
    def visible_to(self, user, *, on: date):
        return self.filter(site__in=Site.objects.keys_with_names_for(user, on=on))


class Surgery(Dated):
    """Hours that come back at a place (FR: permanence), held by one advisor.

    The hours are those of the clock on the wall: a surgery at ten stays at ten the whole year. Its days are computed,
    never stored; only what departs from the rule is (`SurgeryChange`).
    """

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="surgeries", verbose_name=_("site"))
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="surgeries", verbose_name=_("held by")
    )
    place = models.CharField(_("place"), max_length=160)
    address = models.CharField(_("address"), max_length=300, blank=True)
    access = models.CharField(_("who may come"), max_length=6, choices=Access, default=Access.OPEN)
    rhythm = models.CharField(_("rhythm"), max_length=11, choices=Rhythm, default=Rhythm.WEEKLY)
    weekdays = ArrayField(models.PositiveSmallIntegerField(choices=Weekday), verbose_name=_("days"))
    nth = models.SmallIntegerField(_("which one of the month"), choices=Nth, null=True, blank=True)
    from_time = models.TimeField(_("from"))
    until_time = models.TimeField(_("until"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes of an appointment"), default=45, validators=[MinValueValidator(10), MaxValueValidator(240)]
    )
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = SurgeryQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("surgery")
        verbose_name_plural = _("surgeries")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="agenda_surgery_hours_in_order",
                condition=Q(until_time__gt=F("from_time")),
                violation_error_message=_("The end comes after the beginning."),
            ),
            models.CheckConstraint(
                name="agenda_surgery_nth_with_monthly",
                condition=(Q(rhythm=Rhythm.MONTHLY) & Q(nth__isnull=False)) | (~Q(rhythm=Rhythm.MONTHLY) & Q(nth=None)),
                violation_error_message=_("A monthly surgery says which one of the month, and only a monthly one."),
            ),
            models.CheckConstraint(
                name="agenda_surgery_some_day",
                condition=Q(weekdays__len__gte=1) & Q(weekdays__contained_by=list(Weekday.values)),
                violation_error_message=_("Choose at least one day of the week."),
            ),
            models.CheckConstraint(
                name="agenda_surgery_slot_of_some_minutes",
                condition=Q(slot_minutes__range=(10, 240)),
                violation_error_message=_("An appointment lasts between 10 minutes and 4 hours."),
            ),
        ]

    def __str__(self):
        return f"surgery #{self.pk}"

    @property
    def weekday_names(self) -> list[str]:
        return [str(Weekday(number).label) for number in sorted(self.weekdays)]


class SurgeryChange(models.Model):
    """One day of a surgery that does not follow the rule: not held, or held at another time."""

    PERSONAL = ()

    surgery = models.ForeignKey(Surgery, models.CASCADE, related_name="changes")
    day = models.DateField(_("day"))  # as the rule gives it
    held_on = models.DateField(_("held on"), null=True, blank=True)  # empty: cancelled
    from_time = models.TimeField(_("from"), null=True, blank=True)
    until_time = models.TimeField(_("until"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("change of a surgery")
        verbose_name_plural = _("changes of surgeries")
        constraints = [
            models.UniqueConstraint(
                name="agenda_surgerychange_one_by_day",
                fields=["surgery", "day"],
                violation_error_message=_("This day is already changed."),
            ),
            models.CheckConstraint(
                name="agenda_surgerychange_cancelled_or_moved",
                condition=Q(held_on=None, from_time=None, until_time=None)
                | (
                    Q(held_on__isnull=False, from_time__isnull=False, until_time__isnull=False)
                    & Q(until_time__gt=F("from_time"))
                ),
                violation_error_message=_("A moved day has its date and its hours, in order."),
            ),
        ]

    def __str__(self):
        return f"surgery change #{self.pk}"


class Closure(models.Model):
    """A time when an advisor receives nobody: holidays, a training."""

    PERSONAL = ()

    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(
                name="agenda_closure_ends_after_it_begins",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end comes after the beginning."),
            ),
            ExclusionConstraint(
                name="agenda_closure_said_once",
                expressions=[("advisor", RangeOperators.EQUAL), (TIME, RangeOperators.OVERLAPS)],
                violation_error_message=_("This time is already closed."),
            ),
        ]

    def __str__(self):
        return f"closure #{self.pk}"
