import uuid
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citeslab.agenda.enums import Channel, Kind, Outcome, Reason
from citeslab.agenda.models.contacts import FirstContact
from citeslab.agenda.models.surgeries import TIME
from citeslab.core.models import both_or_neither
from citeslab.network.models import Site
from citeslab.notifications.enums import Channel as Way
from citeslab.people.models import Person


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date):
        """Those of the people whose name this user may see: a file handed over takes its appointments along.

        Who booked on the public pages and has no file is seen where she booked.
        """
        hers = Site.objects.keys_with_names_for(user, on=on)
        on_file = Q(person__anonymised_at=None, person__site__in=hers)
        return self.filter(on_file | Q(person=None, contact__forgotten_at=None, site__in=hers))

    def standing(self):
        """Not cancelled."""
        return self.filter(cancelled_at=None)

    def between(self, first: datetime, last: datetime):
        """Those that take some time between these instants."""
        return self.filter(starts_at__lt=last, ends_at__gt=first)


class Appointment(models.Model):
    """A time that a person and an advisor keep for each other. What was held is a `Meeting`, another thing.

    A cancelled appointment stays: how often people come, and who cancels, is asked later. Who booked on the public
    pages is a first contact; once an advisor has joined it to a file, the appointment is that person's.
    """

    PERSONAL = ("place",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="appointments", null=True, blank=True)
    contact = models.ForeignKey(FirstContact, models.CASCADE, related_name="appointments", null=True, blank=True)
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
            models.CheckConstraint(
                name="agenda_appointment_of_someone", condition=Q(person__isnull=False) | Q(contact__isnull=False)
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
    def who(self) -> Person | FirstContact:
        """Who comes: her file or, as long as she has none, what she wrote on the public page."""
        known = self.person or self.contact
        assert known is not None  # agenda_appointment_of_someone
        return known

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
