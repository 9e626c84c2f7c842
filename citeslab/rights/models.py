from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet, both_or_neither
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.rights.enums import Cause, Door, Ground, Purpose, Said, Way, Wish
from citeslab.rights.values import month_of

SESSION = timedelta(minutes=30)  # how long her space stays open


class Notice(Fact):
    """A person was told what is kept about her and what she may ask (FR: information)."""

    PERSONAL = ()

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    version = models.CharField(_("version of the text"), max_length=20)
    given_on = models.DateField(_("day"))
    way = models.CharField(_("how"), max_length=6, choices=Way)

    class Meta(Fact.Meta):
        verbose_name = _("information given")
        verbose_name_plural = _("information given")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="rights_notice_once_by_version",
                fields=["person", "version"],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This information was already given."),
            ),
        ]

    def __str__(self):
        return f"notice #{self.pk}"

    def get_version_display(self) -> str:
        return month_of(self.version)


class Consent(Fact):
    """What a person answered about one purpose, that day: the last answer is the one that counts."""

    PERSONAL = ()

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    said = models.CharField(_("answer"), max_length=3, choices=Said)
    said_on = models.DateField(_("day"))
    way = models.CharField(_("how"), max_length=6, choices=Way)

    class Meta(Fact.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        indexes = [
            models.Index(name="rights_consent_last", fields=["person", "purpose", "-id"]),  # the one that counts
        ]

    def __str__(self):
        return f"consent #{self.pk}"


class AccessCodeQuerySet(models.QuerySet):
    def usable(self, at: datetime):
        return self.filter(opened_at=None, closed_at=None, expires_at__gt=at)

    def open(self, at: datetime):
        """Her space is open by these."""
        return self.filter(closed_at=None, opened_at__gt=at - SESSION, opened_at__lte=at, person__anonymised_at=None)


class AccessCode(models.Model):
    """What opens her own space once, with something that she knows; only a keyed digest is kept.

    Once used, the row is her visit: it ends after half an hour, when she leaves, or with the row.
    """

    PERSONAL = ("digest",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    asked_by_her = models.BooleanField(_("asked by herself"))
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("valid until"))
    attempts = models.PositiveSmallIntegerField(_("wrong answers"), default=0)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("access code")
        verbose_name_plural = _("access codes")
        constraints = [
            models.CheckConstraint(
                name="rights_accesscode_few_attempts",
                condition=Q(attempts__lte=5),
                violation_error_message=_("This code was tried too often."),
            ),
        ]

    def __str__(self):
        return f"access code #{self.pk}"


class Attempt(models.Model):
    """One try at a public door, counted by where it comes from and what it aims at, both as keyed digests."""

    PERSONAL = ()

    door = models.CharField(max_length=4, choices=Door)
    origin = models.CharField(max_length=64)
    target = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [
            models.Index(name="rights_attempt_of_origin", fields=["door", "origin", "at"]),  # each try asks
            models.Index(name="rights_attempt_at_target", fields=["door", "target", "at"]),
        ]

    def __str__(self):
        return f"attempt #{self.pk}"


class CorrectionRequest(models.Model):
    """What a person asks about her file from her space; the answer comes back there."""

    PERSONAL = ("text", "answer")

    person = models.ForeignKey(Person, models.CASCADE, related_name="correction_requests")
    wish = models.CharField(_("wish"), max_length=10, choices=Wish, default=Wish.CORRECTION)
    text = models.TextField(_("what should change"), max_length=2000)
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [both_or_neither("answered_at", "answered_by")]
        indexes = [
            models.Index(  # the advisors' list
                name="rights_correction_waiting", fields=["asked_at"], condition=Q(answered_at=None)
            ),
        ]

    def __str__(self):
        return f"request #{self.pk}"


class StillInTouch(Fact):
    """A person is still accompanied though nothing else was noted: it counts as a contact, with its reason."""

    PERSONAL = ("reason",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="still_in_touch")
    said_on = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=300)
    way = models.CharField(_("how"), max_length=6, choices=Way)

    class Meta(Fact.Meta):
        verbose_name = _("still in touch")
        verbose_name_plural = _("still in touch")

    def __str__(self):
        return f"still in touch #{self.pk}"


class Closing(models.Model):
    """It was announced that a file without news will be anonymised; void as soon as she has a later contact."""

    PERSONAL = ()

    person = models.ForeignKey(Person, models.CASCADE, related_name="closings")
    last_contact_on = models.DateField(_("last contact"))
    announced_on = models.DateField(_("announced on"))
    is_sent = models.BooleanField(_("a message left"))

    class Meta:
        verbose_name = _("announced closing")
        verbose_name_plural = _("announced closings")
        constraints = [
            models.UniqueConstraint(name="rights_closing_announced_once", fields=["person", "last_contact_on"]),
        ]

    def __str__(self):
        return f"closing #{self.pk}"


class HoldQuerySet(FactQuerySet):
    def on(self, day: date):
        return self.standing().filter(until__gte=day)


class Hold(Fact):
    """A file that the law asks to keep for a time: it is neither erased nor anonymised until then."""

    PERSONAL = ()

    person = models.ForeignKey(Person, models.CASCADE, related_name="holds")
    ground = models.CharField(_("ground"), max_length=13, choices=Ground)
    until = models.DateField(_("kept until"))

    objects = HoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Fact.Meta):
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")

    def __str__(self):
        return f"hold #{self.pk}"


class Anonymisation(models.Model):
    """How many files of a site were anonymised in one batch, and why. It names nobody."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    cause = models.CharField(_("cause"), max_length=9, choices=Cause)
    people = models.PositiveIntegerField(_("files"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("anonymisation")
        verbose_name_plural = _("anonymisations")
        constraints = [
            models.CheckConstraint(name="rights_anonymisation_of_someone", condition=Q(people__gte=1)),
        ]
        indexes = [models.Index(name="rights_anonymisation_last", fields=["-at"])]  # when the last one was

    def __str__(self):
        return f"anonymisation #{self.pk}"


class Sweep(models.Model):
    """A night's run that went to its end: a clock that jumps is known by the days since the last one."""

    PERSONAL = ()

    at = models.DateTimeField(_("at"))
    announced = models.PositiveIntegerField(_("announced"))
    anonymised = models.PositiveIntegerField(_("anonymised"))

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")

    def __str__(self):
        return f"sweep #{self.pk}"
