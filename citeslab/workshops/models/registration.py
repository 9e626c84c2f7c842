from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet, both_or_neither
from citeslab.partners.models import Office
from citeslab.people.models import Person
from citeslab.workshops.enums import Channel, Occasion
from citeslab.workshops.models.programme import Workshop


def holding(at: datetime) -> Q:
    """Those that take a seat of the room at that instant: given, or offered and not over. Not who walked in."""
    taken = Q(is_waiting=False) | Q(offered_until__gt=at)
    return Q(withdrawn_at=None) & taken & ~Q(channel=Channel.WALK_IN)


class RegistrationQuerySet(FactQuerySet):
    def seated(self):
        return self.standing().filter(is_waiting=False)

    def holding(self, at: datetime):
        return self.filter(holding(at))

    def in_line(self):
        """The line, offers included, in the order in which seats are offered: who let an offer pass is last."""
        return self.standing().filter(is_waiting=True).order_by(F("passed_at").asc(nulls_first=True), "pk")


class Registration(Fact):
    """A seat at an action or a place in the line, of a person on file or of someone who has no file (yet).

    Who registers without a file gives a name and, if she has one, a number or an address. When she comes a file is
    opened and takes them over; when she does not, they are forgotten.
    """

    PERSONAL = ("first_name", "preferred_name", "phone", "email")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="registrations")
    person = models.ForeignKey(Person, models.CASCADE, related_name="registrations", null=True, blank=True)
    first_name = models.CharField(_("first name"), max_length=200, blank=True)
    preferred_name = models.CharField(_("preferred name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    number = models.PositiveIntegerField(_("number"))  # on the slip: said aloud, typed in the room
    channel = models.CharField(_("registered"), max_length=8, choices=Channel, default=Channel.ADVISOR)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=_("sent by"), null=True, blank=True
    )
    key = models.UUIDField(unique=True, default=uuid4)  # of the form that made it: sent twice, it makes one
    is_waiting = models.BooleanField(_("in the line"), default=False)
    offered_until = models.DateTimeField(_("seat offered until"), null=True, blank=True)
    passed_at = models.DateTimeField(_("let an offer pass"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("forgotten at"), null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="workshops_registration_once",
                fields=["workshop", "person"],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This person is registered already."),
            ),
            models.UniqueConstraint(name="workshops_registration_one_number", fields=["workshop", "number"]),
            models.CheckConstraint(
                name="workshops_registration_says_who",
                condition=Q(person__isnull=False, first_name="", preferred_name="", phone="", email="")
                | Q(person=None, forgotten_at=None) & ~Q(first_name="")
                | Q(person=None, forgotten_at__isnull=False, first_name="", preferred_name="", phone="", email=""),
            ),
            models.CheckConstraint(
                name="workshops_registration_partner_is_named",
                condition=~Q(channel=Channel.PARTNER) | Q(office__isnull=False),
            ),
            models.CheckConstraint(
                name="workshops_registration_offered_in_line", condition=Q(offered_until=None) | Q(is_waiting=True)
            ),
        ]
        indexes = [
            # the clock's question: which offers are over
            models.Index(
                name="workshops_registration_offers",
                fields=["offered_until"],
                condition=Q(withdrawn_at=None) & ~Q(offered_until=None),
            ),
        ]

    def __str__(self):
        return f"registration #{self.pk}"

    @property
    def name(self) -> str:
        return self.person.name if self.person else f"{self.first_name} {self.preferred_name}".strip()

    @property
    def address(self) -> str:
        """Where a message reaches her; empty when she is called."""
        return self.person.email if self.person else self.email

    @property
    def number_to_call(self) -> str:
        return self.person.phone if self.person else self.phone


class CallQuerySet(models.QuerySet):
    def to_make(self):
        return self.filter(made_at=None, registration__withdrawn_at=None)


class Call(models.Model):
    """Someone whom no message reaches, to be called or told (the advisor's call list); made, once it was."""

    PERSONAL = ()

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="calls")
    occasion = models.CharField(_("why"), max_length=10, choices=Occasion)
    asked_at = models.DateTimeField(_("since"))
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to make")
        verbose_name_plural = _("calls to make")
        constraints = [
            both_or_neither("made_at", "made_by"),
            models.UniqueConstraint(
                name="workshops_call_once", fields=["registration", "occasion"], condition=Q(made_at=None)
            ),
        ]

    def __str__(self):
        return f"call #{self.pk}"
