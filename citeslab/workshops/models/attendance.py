from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.workshops.enums import ActKind, AgeBand, How, State
from citeslab.workshops.models.programme import Session, Workshop
from citeslab.workshops.models.registration import Registration


class Presence(Fact):
    """How a registered person attended one half-day, as it was told at an instant; the later told counts."""

    PERSONAL = ()

    session = models.ForeignKey(Session, models.PROTECT, related_name="presences")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="presences")
    state = models.CharField(_("state"), max_length=7, choices=State)
    how = models.CharField(_("told by"), max_length=5, choices=How, default=How.LIST)
    key = models.UUIDField(unique=True)
    told_at = models.DateTimeField(_("told at"))
    clock_at = models.DateTimeField(_("by the phone's own clock"), null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="workshops_presence_one_by_half_day",
                fields=["session", "registration"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"presence #{self.pk}"

    def outweighs(self, other):
        """Who was there under one of her two names was there."""
        return list(State).index(State(self.state)) < list(State).index(State(other.state))


class Signature(Fact):
    """What someone drew with her finger to sign a half-day.

    `strokes` are polylines of whole numbers in a box 1000 wide and 400 high: `[[[x, y], …], …]`; none when she cannot
    draw, and ticked a box that says the same.
    """

    PERSONAL = ("strokes",)

    session = models.ForeignKey(Session, models.PROTECT, related_name="signatures")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="signatures")
    strokes = models.JSONField(_("drawing"))
    key = models.UUIDField(unique=True)
    told_at = models.DateTimeField(_("told at"))

    class Meta(Fact.Meta):
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="workshops_signature_one_by_half_day",
                fields=["session", "registration"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"signature #{self.pk}"


class Attendance(Fact):
    """A named person who came to a workshop."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, models.CASCADE, related_name="attendances")

    class Meta(Fact.Meta):
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="workshops_attendance_once",
                fields=["workshop", "person"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"attendance #{self.pk}"


class HeadCount(Fact):
    """People who came without a name, counted by sex and age: never turned into invented people."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="head_counts")
    sex = models.CharField(_("sex"), max_length=7, choices=Sex)
    age_band = models.CharField(
        _("age"), max_length=8, choices=AgeBand, default=AgeBand.UNKNOWN, db_default=AgeBand.UNKNOWN
    )
    heads = models.PositiveIntegerField(_("heads"))

    class Meta(Fact.Meta):
        verbose_name = _("head-count")
        verbose_name_plural = _("head-counts")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="workshops_headcount_one_by_sex_and_age",
                fields=["workshop", "sex", "age_band"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"head-count #{self.pk}"


class Sheet(models.Model):
    """An attendance sheet that was made (FR: feuille d'émargement): what tells it from any other, and no name.

    The file is given once and kept nowhere; who holds it has it checked against these digests.
    """

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField(_("number"))
    lines = models.PositiveIntegerField(_("lines"))
    head = models.CharField(_("end of the chain of its lines"), max_length=64)
    digest = models.CharField(_("digest of the file"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attendance sheet")
        verbose_name_plural = _("attendance sheets")
        constraints = [
            models.UniqueConstraint(name="workshops_sheet_one_number", fields=["workshop", "number"]),
            models.CheckConstraint(
                name="workshops_sheet_whole_digests",
                condition=Q(head__regex=r"^[0-9a-f]{64}$", digest__regex=r"^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self):
        return f"sheet {self.reference}"

    @property
    def reference(self) -> str:
        """What is printed at its foot."""
        return f"{self.workshop_id}-{self.number}"


class Act(models.Model):
    """Something that a phone told of a room, known by its own key: sent again, it is nothing new.

    A walk-in remembers whom it registered; the count of heads that was told last is the one that stands.
    """

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="acts")
    key = models.UUIDField(unique=True)
    kind = models.CharField(_("kind"), max_length=7, choices=ActKind)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="+", null=True, blank=True)
    told_at = models.DateTimeField(_("told at"))
    clock_at = models.DateTimeField(_("by the phone's own clock"), null=True, blank=True)
    device = models.UUIDField(_("phone"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("act of a room")
        verbose_name_plural = _("acts of a room")
        constraints = [
            models.CheckConstraint(
                name="workshops_act_walk_in_is_someone",
                condition=~Q(kind=ActKind.WALK_IN) | Q(registration__isnull=False),
            ),
        ]
        indexes = [models.Index(name="workshops_act_of_phone", fields=["workshop", "device"])]

    def __str__(self):
        return f"act #{self.pk}"


class Opinion(models.Model):
    """Three pictograms that someone touched on her way out. Nothing says who, nor at what hour."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="opinions")
    given_on = models.DateField(_("day"))
    key = models.UUIDField(unique=True)
    # 1 no, 2 so-so, 3 yes
    useful = models.PositiveSmallIntegerField(_("It was useful to me"))
    understood = models.PositiveSmallIntegerField(_("I understood"))
    next_step = models.PositiveSmallIntegerField(_("I know what to do next"))
    # Shown with at least four others that come to light together: one more than before would say who said what.
    is_shown = models.BooleanField(_("shown"), default=False)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = [
            models.CheckConstraint(
                name="workshops_opinion_of_three",
                condition=Q(useful__range=(1, 3), understood__range=(1, 3), next_step__range=(1, 3)),
            ),
        ]

    def __str__(self):
        return f"opinion #{self.pk}"
