import uuid
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from citeslab.agenda.enums import Access, Channel, Kind, Nth, Outcome, Reason, Rhythm, Weekday
from citeslab.core.models import both_or_neither
from citeslab.network.models import Dated, DatedQuerySet, Site
from citeslab.notifications.enums import Channel as Way
from citeslab.people.models import Person

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


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date):
        """Those of the people whose name this user may see: a file handed over takes its appointments along."""
        return self.filter(person__anonymised_at=None, person__site__in=Site.objects.keys_with_names_for(user, on=on))

    def standing(self):
        """Not cancelled."""
        return self.filter(cancelled_at=None)

    def between(self, first: datetime, last: datetime):
        """Those that take some time between these instants."""
        return self.filter(starts_at__lt=last, ends_at__gt=first)


class Appointment(models.Model):
    """A time that a person and an advisor keep for each other. What was held is a `Meeting`, another thing.

    A cancelled appointment stays: how often people come, and who cancels, is asked later.
    """

    PERSONAL = ("place",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="appointments")
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments", verbose_name=_("with")
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    place = models.CharField(_("place"), max_length=480, blank=True)
    kind = models.CharField(_("how you meet"), max_length=5, choices=Kind, default=Kind.MEET)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel, default=Channel.DESK)
    told_by = models.CharField(_("reminded by"), max_length=5, choices=Way, blank=True)  # empty: not at all
    booked_at = models.DateTimeField(_("booked at"))
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(_("key of the sending"), max_length=64, blank=True)
    # What calendars know it by, and how many times it has changed.
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(_("changed at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    cancel_reason = models.CharField(_("why"), max_length=8, choices=Reason, blank=True)
    outcome = models.CharField(_("what happened"), max_length=7, choices=Outcome, blank=True)
    outcome_at = models.DateTimeField(_("noted at"), null=True, blank=True)
    outcome_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                name="agenda_appointment_ends_after_it_begins",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end comes after the beginning."),
            ),
            ExclusionConstraint(
                name="agenda_appointment_one_at_a_time",
                expressions=[("advisor", RangeOperators.EQUAL), (TIME, RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at=None),
                violation_error_message=_("This time is already taken."),
            ),
            models.UniqueConstraint(name="agenda_appointment_one_by_key", fields=["key"], condition=~Q(key="")),
            models.CheckConstraint(
                name="agenda_appointment_cancelled_by_someone",
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by=None, cancel_reason=Reason.HER_LINK)
                | (Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason__in=["", "HER_LINK"])),
            ),
            both_or_neither("outcome_at", "outcome_by"),
            models.CheckConstraint(
                name="agenda_appointment_outcome_of_what_stands",
                condition=Q(outcome="", outcome_at=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False, cancelled_at=None)),
                violation_error_message=_("A cancelled appointment was neither held nor missed."),
            ),
        ]
        indexes = [
            models.Index(name="agenda_appointment_week", fields=["advisor", "starts_at"]),
            models.Index(name="agenda_appointment_of_person", fields=["person", "starts_at"]),
        ]

    def __str__(self):
        return f"appointment #{self.pk}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class PersonLink(models.Model):
    """A secret address that lets a person cancel her appointment or ask to move it, without an account.

    Each message has its own, so that an older message keeps working. It opens nothing once the time has passed.
    """

    PERSONAL = ()

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("link of a person")
        verbose_name_plural = _("links of people")

    def __str__(self):
        return f"link #{self.pk}"


class MoveRequest(models.Model):
    """A person asks for another time; moving or cancelling the appointment settles it."""

    PERSONAL = ("words",)

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="move_requests")
    words = models.CharField(_("what suits you better"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("request to move")
        verbose_name_plural = _("requests to move")
        constraints = [
            models.UniqueConstraint(
                name="agenda_moverequest_one_waiting", fields=["appointment"], condition=Q(settled_at=None)
            ),
        ]

    def __str__(self):
        return f"request to move #{self.pk}"


class Feed(models.Model):
    """The private address where an advisor's calendar program reads her appointments; one at a time."""

    PERSONAL = ()

    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    shows_names = models.BooleanField(_("show names"), default=False)
    made_at = models.DateTimeField(_("made at"))
    changed_at = models.DateTimeField(_("changed at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(name="agenda_feed_one_at_a_time", fields=["advisor"], condition=Q(revoked_at=None)),
            both_or_neither("revoked_at", "revoked_by"),
        ]

    def __str__(self):
        return f"feed #{self.pk}"
