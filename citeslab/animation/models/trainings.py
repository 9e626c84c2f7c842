from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Max, Min, Q
from django.utils.translation import gettext_lazy as _

from citeslab.animation.enums import Competence
from citeslab.core.models import Fact, FactQuerySet, both_or_neither

ANSWERS = (1, 3)  # 1 no, 2 so-so, 3 yes


def competence_list() -> ArrayField:
    return ArrayField(models.CharField(max_length=8, choices=Competence), verbose_name=_("competences"), default=list)


class TrainingQuerySet(models.QuerySet):
    def offered(self):
        return self.filter(retired_at=None)


class Training(models.Model):
    """What advisors may be trained in (FR: formation): an entry of the catalogue, held in sessions."""

    PERSONAL = ()

    title = models.CharField(_("title"), max_length=160)
    purpose = models.TextField(_("what one learns"))
    competences = competence_list()
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            both_or_neither("retired_at", "retired_by"),
            models.CheckConstraint(
                name="animation_training_grows_a_competence",
                condition=Q(competences__len__gt=0),
                violation_error_message=_("Choose a competence at least."),
            ),
        ]

    def __str__(self):
        return f"training #{self.pk}"


class TrainingSessionQuerySet(models.QuerySet):
    def with_days(self):
        """`starts_at`, `ends_at`: of its half-days."""
        return self.annotate(starts_at=Min("half_days__starts_at"), ends_at=Max("half_days__ends_at"))

    def with_seats(self):
        """`taken`, `waiting`."""
        standing = Q(enrolments__withdrawn_at=None)
        return self.annotate(
            taken=Count("enrolments", filter=standing & Q(enrolments__is_waiting=False), distinct=True),
            waiting=Count("enrolments", filter=standing & Q(enrolments__is_waiting=True), distinct=True),
        )

    def to_come(self, at: datetime):
        return self.with_days().filter(cancelled_at=None, ends_at__gt=at)


class TrainingSession(models.Model):
    """A training held on given days, at a place or behind a link, for so many."""

    PERSONAL = ()

    training = models.ForeignKey(Training, models.PROTECT, related_name="sessions")
    place = models.CharField(_("place"), max_length=160, blank=True)
    link = models.URLField(_("link of the meeting"), max_length=300, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(_("called off at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        constraints = [
            both_or_neither("cancelled_at", "cancelled_by"),
            models.CheckConstraint(
                name="animation_trainingsession_has_a_seat",
                condition=Q(seats__gt=0),
                violation_error_message=_("A session has one seat at least."),
            ),
            models.CheckConstraint(
                name="animation_trainingsession_is_somewhere",
                condition=~Q(place="", link=""),
                violation_error_message=_("Say where it is: a place, or a link."),
            ),
        ]

    def __str__(self):
        return f"training session #{self.pk}"


class HalfDay(models.Model):
    """A half-day of a training session, attended by itself."""

    PERSONAL = ()

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="half_days")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("half-day")
        verbose_name_plural = _("half-days")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="animation_halfday_ends_after_it_begins",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end comes after the beginning."),
            ),
        ]

    def __str__(self):
        return f"half-day #{self.pk}"


class EnrolmentQuerySet(FactQuerySet):
    def seated(self):
        return self.standing().filter(is_waiting=False)

    def in_line(self):
        return self.standing().filter(is_waiting=True).order_by("pk")


class Enrolment(Fact):
    """An advisor's seat at a session, or her place in the line: who leaves gives her seat to the first in line."""

    PERSONAL = ()

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    is_waiting = models.BooleanField(_("in the line"), default=False)
    # That she said what she thought of it; what she said is nobody's.
    has_evaluated = models.BooleanField(_("gave her opinion"), default=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="animation_enrolment_once",
                fields=["session", "user"],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("She is registered already."),
            ),
        ]

    def __str__(self):
        return f"enrolment #{self.pk}"


class Presence(Fact):
    """Someone enrolled was there for a half-day."""

    PERSONAL = ()

    half_day = models.ForeignKey(HalfDay, models.PROTECT, related_name="presences")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="presences")

    class Meta(Fact.Meta):
        verbose_name = _("presence at a training")
        verbose_name_plural = _("presences at a training")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="animation_presence_once", fields=["half_day", "enrolment"], condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self):
        return f"training presence #{self.pk}"


class Evaluation(models.Model):
    """Three answers about a session. Nothing says whose they are, nor at what hour."""

    PERSONAL = ()

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="evaluations")
    useful = models.PositiveSmallIntegerField(_("I will use it"))
    clear = models.PositiveSmallIntegerField(_("It was clear"))
    recommended = models.PositiveSmallIntegerField(_("I would tell a colleague to go"))
    # Shown with at least four others that come to light together, as the opinions of an action are.
    is_shown = models.BooleanField(_("shown"), default=False)

    class Meta:
        verbose_name = _("evaluation of a training")
        verbose_name_plural = _("evaluations of a training")
        constraints = [
            models.CheckConstraint(
                name="animation_evaluation_of_three",
                condition=Q(useful__range=ANSWERS, clear__range=ANSWERS, recommended__range=ANSWERS),
            ),
        ]

    def __str__(self):
        return f"evaluation #{self.pk}"


class Need(Fact):
    """A competence that an advisor wishes to grow."""

    PERSONAL = ()

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="needs")
    competence = models.CharField(_("competence"), max_length=8, choices=Competence)

    class Meta(Fact.Meta):
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="animation_need_once", fields=["user", "competence"], condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self):
        return f"need #{self.pk}"


class SkillQuerySet(FactQuerySet):
    def of_members(self, *, on: date):
        """Of who works in the network that day."""
        now = Q(user__mandates__begins_on__lte=on) & (
            Q(user__mandates__ends_on=None) | Q(user__mandates__ends_on__gt=on)
        )
        return self.standing().filter(now, user__is_active=True).distinct()


class Skill(Fact):
    """What someone says she is good at, in her own words, and lets her colleagues read."""

    PERSONAL = ("words",)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="skills")
    competence = models.CharField(_("competence"), max_length=8, choices=Competence)
    words = models.CharField(_("in her own words"), max_length=200, blank=True)

    objects = SkillQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="animation_skill_once", fields=["user", "competence"], condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self):
        return f"skill #{self.pk}"
