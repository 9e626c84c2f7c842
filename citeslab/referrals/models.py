from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet, both_or_neither
from citeslab.followup.models import Transition
from citeslab.network.models import Site
from citeslab.partners.enums import Purpose
from citeslab.partners.models import Contact
from citeslab.people.models import Person
from citeslab.projects.models import Project
from citeslab.referrals.enums import Kind, Manner, Occasion, Outcome, Reason, SheetField

UNDERWAY = (Kind.SENT, Kind.SEEN, Kind.ACCEPTED, Kind.FIRST_MEETING)  # something is still expected
UNANSWERED = (Kind.SENT, Kind.SEEN)
PROGRESS = (Kind.ACCEPTED, Kind.REFUSED, Kind.FIRST_MEETING, Kind.OUTCOME)  # what a partner says
LATE = timedelta(days=21)


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date):
        """Referrals of the people whose name this user may see that day."""
        return self.filter(person__anonymised_at=None, person__site__in=Site.objects.keys_with_names_for(user, on=on))

    def with_state(self):
        """`state`: what was last recorded and stands; `stated_at`, `outcome`, `reason`: of that row."""
        last = Answer.objects.standing().filter(referral=OuterRef("pk")).order_by("-pk")[:1]
        return self.annotate(
            state=Subquery(last.values("kind")),
            stated_at=Subquery(last.values("recorded_at")),
            outcome=Subquery(last.values("outcome")),
            reason=Subquery(last.values("reason")),
        )

    def with_days(self):
        """The days of the way: `seen_on`, `accepted_on`, `refused_on`, `met_on`, `came_out_on`."""

        def last_day(kind):
            rows = Answer.objects.standing().filter(referral=OuterRef("pk"), kind=kind).order_by("-pk")
            return Subquery(rows.values("occurred_on")[:1])

        return self.annotate(
            seen_on=last_day(Kind.SEEN),
            accepted_on=last_day(Kind.ACCEPTED),
            refused_on=last_day(Kind.REFUSED),
            met_on=last_day(Kind.FIRST_MEETING),
            came_out_on=last_day(Kind.OUTCOME),
        )

    def underway(self):
        """Something is still expected of the partner."""
        return self.with_state().filter(state__in=UNDERWAY)

    def waiting(self):
        """The partner has not said a word yet."""
        return self.with_state().filter(state__in=UNANSWERED)

    def overdue(self, *, at: datetime):
        """Underway, and the link opens nothing any more: what the task closes."""
        return self.underway().filter(open_until__lte=at)


class Referral(models.Model):
    """A person sent to a partner, with the sheet she agreed to (FR: orientation).

    `sheet` is the copy of exactly the fields of her consent, as they were when it was sent: the partner is never
    shown anything else, whatever her file becomes.
    """

    PERSONAL = ("address", "message", "sheet")

    person = models.ForeignKey(Person, models.CASCADE, related_name="referrals")
    project = models.ForeignKey(Project, models.PROTECT, related_name="referrals", null=True, blank=True)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="referrals")
    # Where links go. The directory may change after: only who may see the person sends elsewhere, by sending again.
    address = models.EmailField(_("address it was sent to"))
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose)
    message = models.TextField(_("message to the partner"), blank=True)
    sheet = models.JSONField(_("data sheet"), default=dict)
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Who follows it today: the one who sent it, or who took her caseload over.
    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    open_until = models.DateTimeField(_("open until"))
    form_key = models.CharField(max_length=64, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.UniqueConstraint(
                name="referrals_referral_form_sent_once",
                fields=["person", "form_key"],
                condition=~Q(form_key=""),
            ),
            models.CheckConstraint(
                name="referrals_referral_closes_after_it_opens", condition=Q(open_until__gt=F("sent_at"))
            ),
        ]
        indexes = [
            models.Index(name="referrals_referral_story", fields=["person", "-sent_at"]),
            models.Index(name="referrals_referral_of_advisor", fields=["advisor", "-sent_at"]),  # handover
            models.Index(name="referrals_referral_deadline", fields=["open_until"]),  # what the tasks ask each day
        ]

    def __str__(self):
        return f"referral #{self.pk}"


class Consent(models.Model):
    """What a person agreed to send, how, when, and to whom she said it; she may take it back at any time."""

    PERSONAL = ()

    referral = models.OneToOneField(Referral, models.CASCADE, related_name="consent")
    fields = ArrayField(models.CharField(max_length=9, choices=SheetField), verbose_name=_("fields"))
    manner = models.CharField(_("how she agreed"), max_length=9, choices=Manner)
    agreed_on = models.DateField(_("agreed on"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("consent to a data sheet")
        verbose_name_plural = _("consents to data sheets")
        constraints = [
            both_or_neither("revoked_at", "revoked_by"),
            models.CheckConstraint(
                name="referrals_consent_names_a_field",
                condition=Q(fields__len__gt=0),
                violation_error_message=_("A consent names what is sent."),
            ),
        ]

    def __str__(self):
        return f"consent #{self.pk}"


class AnswerQuerySet(FactQuerySet):
    def said(self):
        """What partners said of referrals, by their link or to an advisor; that they were opened is left aside."""
        return self.standing().filter(kind__in=PROGRESS)

    def from_partners(self):
        """What partners wrote themselves."""
        return self.said().exclude(contact=None)


class Answer(Fact):
    """Something that happened to a referral, and its day; append-only, the last that stands is the state.

    `contact` is empty for what the network itself did (sent, expired, withdrawn) or noted for the partner.
    """

    PERSONAL = ("text", "siret")

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="answers")
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    occurred_on = models.DateField(_("occurred on"))
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    amount_cents = models.PositiveBigIntegerField(_("amount, in cents"), null=True, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    text = models.TextField(_("a word"), blank=True)
    form_key = models.CharField(max_length=64, blank=True)
    # The step it made on the person's pathway; the advisor may withdraw it.
    transition = models.OneToOneField(Transition, models.SET_NULL, related_name="+", null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("answer to a referral")
        verbose_name_plural = _("answers to referrals")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="referrals_answer_form_sent_once", fields=["referral", "form_key"], condition=~Q(form_key="")
            ),
            models.UniqueConstraint(
                name="referrals_answer_said_once",
                fields=["referral", "kind"],
                condition=Q(withdrawn_at=None, kind__in=["SENT", "SEEN", "EXPIRED", "WITHDRAWN"]),
            ),
            models.CheckConstraint(
                name="referrals_answer_reason_with_refusal",
                condition=(Q(kind=Kind.REFUSED) & ~Q(reason="")) | (~Q(kind=Kind.REFUSED) & Q(reason="")),
                violation_error_message=_("A refusal says why, and only a refusal does."),
            ),
            models.CheckConstraint(
                name="referrals_answer_outcome_said",
                condition=(Q(kind=Kind.OUTCOME) & ~Q(outcome="")) | (~Q(kind=Kind.OUTCOME) & Q(outcome="")),
            ),
            models.CheckConstraint(
                # Blank once the person is forgotten: a number leads to who works alone.
                name="referrals_answer_siret_of_a_registration",
                condition=Q(siret="") | Q(outcome=Outcome.REGISTERED, siret__regex=r"^\d{14}$"),
                violation_error_message=_("A SIRET has 14 digits, and goes with a registration."),
            ),
            models.CheckConstraint(
                name="referrals_answer_amount_of_a_loan",
                condition=Q(amount_cents=None) | Q(outcome=Outcome.LOAN, amount_cents__gt=0),
            ),
        ]
        indexes = [
            models.Index(  # the state of a referral, in each list
                name="referrals_answer_state", fields=["referral", "-id"], condition=Q(withdrawn_at=None)
            ),
            models.Index(name="referrals_answer_lately", fields=["-recorded_at"]),  # what partners answered, on home
        ]

    def __str__(self):
        return f"answer #{self.pk}"


class LinkQuerySet(models.QuerySet):
    def standing(self):
        """Links that nothing has closed or replaced; the referral's own deadline still decides."""
        return self.filter(closed_at=None)


class Link(models.Model):
    """A private address sent to a contact: the digest of its secret, bound to one referral.

    Each message carries a secret of its own, for none is kept; a link sent anew closes the ones before.
    """

    PERSONAL = ()

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="links")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    occasion = models.CharField(_("occasion"), max_length=9, choices=Occasion)
    reminder_day = models.PositiveSmallIntegerField(_("day of the reminder"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(
                name="referrals_link_reminded_once",
                fields=["referral", "reminder_day"],
                condition=Q(closed_at=None) & ~Q(reminder_day=None),
            ),
            models.CheckConstraint(
                name="referrals_link_reminder_has_its_day",
                condition=Q(occasion=Occasion.REMINDER, reminder_day__isnull=False)
                | (~Q(occasion=Occasion.REMINDER) & Q(reminder_day=None)),
            ),
        ]

    def __str__(self):
        return f"link #{self.pk}"


class Knock(models.Model):
    """A link followed: counted by who came (a keyed digest, no address) and forgotten after two days."""

    PERSONAL = ()

    source = models.CharField(max_length=64)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+", null=True, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("knock")
        verbose_name_plural = _("knocks")
        indexes = [
            models.Index(name="referrals_knock_by_source", fields=["source", "-at"]),
            models.Index(name="referrals_knock_at", fields=["at"]),  # forgetting the old ones
        ]

    def __str__(self):
        return f"knock #{self.pk}"
