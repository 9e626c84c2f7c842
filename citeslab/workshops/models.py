from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, both_or_neither
from citeslab.network.models import Site
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.workshops.enums import Kind, State


class WorkshopQuerySet(models.QuerySet):
    def held(self):
        return self.filter(cancelled_at=None, is_planned=False)

    def visible_to(self, user, *, on: date):
        """Those of her sites, and those that she leads elsewhere; none for who sees no name anywhere."""
        sites = Site.objects.keys_with_names_for(user, on=on)
        if not sites:
            return self.none()
        led = Workshop.animators.through.objects.filter(user=user).values("workshop")
        return self.filter(Q(site__in=sites) | Q(pk__in=led))

    def with_counts(self):
        """`registered`, `waiting`: of those who stand. `came`: with a name; `heads`: without."""
        standing = Registration.objects.standing().filter(workshop=OuterRef("pk")).order_by().values("workshop")
        came = Attendance.objects.standing().filter(workshop=OuterRef("pk")).order_by().values("workshop")
        heads = HeadCount.objects.standing().filter(workshop=OuterRef("pk")).order_by().values("workshop")

        def number(rows, total):
            return Coalesce(Subquery(rows.annotate(total=total).values("total")), 0)

        return self.annotate(
            registered=number(standing.filter(is_waiting=False), Count("pk")),
            waiting=number(standing.filter(is_waiting=True), Count("pk")),
            came=number(came, Count("pk")),
            heads=number(heads, Sum("heads")),
        )


class Workshop(models.Model):
    """A dated collective action (FR: action collective): general, thematic, or in a school."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="workshops")
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    held_on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    audience = models.CharField(_("for whom"), max_length=160, blank=True)
    description = models.TextField(_("what happens there"), blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    commune_name = models.CharField(_("commune"), max_length=120, blank=True)
    capacity = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    animators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("who leads it")
    )
    # On the programme, and not said to be held yet: figures count it from then on.
    is_planned = models.BooleanField(_("planned"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        constraints = [
            models.UniqueConstraint(
                name="workshops_workshop_one_by_reference",
                fields=["site", "reference"],
                condition=~Q(reference=""),
                violation_error_message=_("This reference is already used at this site."),
            ),
            both_or_neither("cancelled_at", "cancelled_by"),
            models.CheckConstraint(
                name="workshops_workshop_has_a_seat",
                condition=Q(capacity=None) | Q(capacity__gt=0),
                violation_error_message=_("An action has one seat at least; leave the field empty when all may come."),
            ),
        ]
        indexes = [
            models.Index(name="workshops_workshop_by_day", fields=["held_on"]),
            models.Index(name="workshops_workshop_of_site", fields=["site", "-held_on"]),  # a site's programme
        ]

    def __str__(self):
        return f"workshop #{self.pk}"

    @property
    def seats_left(self) -> int | None:
        """`None` when all may come. Right under the lock of `services.registering.locked`."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.registrations.standing().filter(is_waiting=False).count())


class Session(models.Model):
    """A half-day of an action, signed for by itself."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("half-day")
        verbose_name_plural = _("half-days")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="workshops_session_ends_after_it_begins",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end comes after the beginning."),
            ),
        ]

    def __str__(self):
        return f"session #{self.pk}"


class Registration(Fact):
    """A person's seat at an action, or her place in the line: the earlier registered is before."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="registrations")
    person = models.ForeignKey(Person, models.CASCADE, related_name="registrations")
    is_waiting = models.BooleanField(_("in the line"), default=False)

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
        ]

    def __str__(self):
        return f"registration #{self.pk}"


class Presence(Fact):
    """How a registered person attended one half-day, as it was told at an instant; the later told counts."""

    PERSONAL = ()

    session = models.ForeignKey(Session, models.PROTECT, related_name="presences")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="presences")
    state = models.CharField(_("state"), max_length=7, choices=State)
    key = models.UUIDField(unique=True)
    told_at = models.DateTimeField(_("told at"))

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
    """People who came without a name, counted by sex: never turned into invented people."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="head_counts")
    sex = models.CharField(_("sex"), max_length=7, choices=Sex)
    heads = models.PositiveIntegerField(_("heads"))

    class Meta(Fact.Meta):
        verbose_name = _("head-count")
        verbose_name_plural = _("head-counts")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="workshops_headcount_one_by_sex",
                fields=["workshop", "sex"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"head-count #{self.pk}"
