from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citeslab.animation.models import Method
from citeslab.core.models import both_or_neither
from citeslab.funding.models import Agreement
from citeslab.funding.values import WHOLE
from citeslab.network.models import Site
from citeslab.partners.models import Office
from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.territories.models import Release
from citeslab.workshops.enums import ClassLevel, Kind


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

    def announced(self, *, on: date):
        """What the public agenda shows: to come, for everyone, not called off."""
        return self.filter(is_public=True, cancelled_at=None, held_on__gte=on)


class Workshop(models.Model):
    """A dated collective action (FR: action collective): general, thematic, or in a school."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="workshops")
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    held_on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    theme = models.CharField(_("theme"), max_length=80, blank=True)
    audience = models.CharField(_("for whom"), max_length=160, blank=True)
    description = models.TextField(_("what happens there"), blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    commune_name = models.CharField(_("commune"), max_length=120, blank=True)
    commune_code = models.CharField(_("INSEE code of the commune"), max_length=5, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    territory = models.CharField(_("territory"), max_length=12, choices=Territory, blank=True)
    capacity = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    animators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("who leads it")
    )
    partner = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("with"), null=True, blank=True)
    # Of the agreement that pays most; or a number as the funder writes it, where no agreement here has it.
    agreement = models.CharField(_("agreement that pays"), max_length=64, blank=True)
    method = models.ForeignKey(
        Method,
        models.PROTECT,
        related_name="workshops",
        verbose_name=_("method"),
        null=True,
        blank=True,
        db_index=False,
    )
    establishment = models.CharField(_("establishment"), max_length=160, blank=True)
    class_level = models.CharField(_("class level"), max_length=12, choices=ClassLevel, blank=True)
    is_public = models.BooleanField(_("on the public agenda"), default=False)
    series = models.UUIDField(_("series"), null=True, blank=True)
    # On the programme, and not said to be held yet: figures count it from then on.
    is_planned = models.BooleanField(_("planned"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # What calendar programs compare: how often what they show was changed, and when last.
    sequence = models.PositiveIntegerField(_("changes"), default=0, db_default=0)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    cancelled_because = models.CharField(_("what people are told"), max_length=300, blank=True)

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
            models.CheckConstraint(
                name="workshops_workshop_class_in_a_school",
                condition=Q(kind=Kind.SCHOOL) | Q(establishment="", class_level=""),
                violation_error_message=_("Only an action in a school has an establishment and a class level."),
            ),
            models.CheckConstraint(
                name="workshops_workshop_whole_position",
                condition=Q(longitude=None, latitude=None)
                | (
                    Q(longitude__isnull=False, longitude__range=(-180, 180))
                    & Q(latitude__isnull=False, latitude__range=(-90, 90))
                    & ~Q(territory="")
                ),
                violation_error_message=_("A position has a longitude and a latitude."),
            ),
        ]
        indexes = [
            models.Index(name="workshops_workshop_by_day", fields=["held_on"]),
            models.Index(name="workshops_workshop_of_site", fields=["site", "-held_on"]),  # a site's programme
            # the public agenda: a few hundred of thousands
            models.Index(
                name="workshops_workshop_announced", fields=["held_on"], condition=Q(is_public=True, cancelled_at=None)
            ),
            models.Index(name="workshops_workshop_of_method", fields=["method", "held_on"], condition=~Q(method=None)),
            models.Index(name="workshops_workshop_in_series", fields=["series"], condition=~Q(series=None)),
        ]

    def __str__(self):
        return f"workshop #{self.pk}"


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


class ActionShare(models.Model):
    """How much of an action an agreement pays, in hundredths of a percent. Together, at most the whole action."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="agreement_shares")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="action_shares", verbose_name=_("agreement"))
    share = models.PositiveSmallIntegerField(_("share of the action, in hundredths of a percent"))

    class Meta:
        verbose_name = _("share of an action")
        verbose_name_plural = _("shares of an action")
        constraints = [
            models.UniqueConstraint(
                name="workshops_actionshare_one_by_agreement",
                fields=["workshop", "agreement"],
                violation_error_message=_("This agreement already pays for this action."),
            ),
            models.CheckConstraint(
                name="workshops_actionshare_of_one_action",
                condition=Q(share__range=(1, WHOLE)),
                violation_error_message=_("A share is more than nothing, and at most the whole action."),
            ),
        ]

    def __str__(self):
        return f"share #{self.pk} of an action"

    @property
    def part(self) -> float:
        """Of the whole action, between 0 and 1: to be shown, never to be computed with."""
        return self.share / WHOLE


class QuotaQuerySet(models.QuerySet):
    def kept_on(self, day: date):
        return self.filter(kept_until__gte=day)


class Quota(models.Model):
    """Seats kept until a day for those whom a partner's office registers, or (no office) whom the advisors do."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="quotas")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("for"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"))
    kept_until = models.DateField(_("kept until"))

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("seats kept")
        verbose_name_plural = _("seats kept")
        constraints = [
            models.UniqueConstraint(
                name="workshops_quota_once",
                fields=["workshop", "office"],
                nulls_distinct=False,
                violation_error_message=_("Seats are already kept for them."),
            ),
            models.CheckConstraint(name="workshops_quota_keeps_a_seat", condition=Q(seats__gt=0)),
        ]

    def __str__(self):
        return f"quota #{self.pk}"


class PlaceAnswer(models.Model):
    """Is the place of an action in a QPV, in this edition? Made with the place, from one release."""

    PERSONAL = ()

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="place_answers")
    edition = models.PositiveSmallIntegerField(_("edition"), choices=Edition)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    answer = models.CharField(_("answer"), max_length=11, choices=Answer)
    qpv_code = models.CharField(_("QPV"), max_length=8, blank=True)
    border_m = models.DecimalField(
        _("distance to the border, in meters"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("answer for a place")
        verbose_name_plural = _("answers for a place")
        constraints = [
            models.UniqueConstraint(name="workshops_placeanswer_one_by_edition", fields=["workshop", "edition"]),
            models.CheckConstraint(
                name="workshops_placeanswer_in_names_its_qpv", condition=~Q(answer=Answer.IN) | ~Q(qpv_code="")
            ),
        ]

    def __str__(self):
        return f"place answer #{self.pk}"
