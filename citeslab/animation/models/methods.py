from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from citeslab.animation.enums import Licence
from citeslab.core.models import Fact, FactQuerySet, both_or_neither
from citeslab.core.values import sort_key
from citeslab.network.enums import Role
from citeslab.network.models import Site, held_by


class MethodQuerySet(FactQuerySet):
    def published(self):
        return self.filter(Exists(Version.objects.published().filter(method=OuterRef("pk"))))

    def written_by(self, user, *, on: date):
        """Those that she may write: of her sites; every one for the pilot."""
        if any(mandate.role == Role.PILOT for mandate in held_by(user, on=on)):
            return self.standing()
        return self.standing().filter(site__in=Site.objects.keys_with_names_for(user, on=on))

    def visible_to(self, user, *, on: date):
        """The published ones, withdrawn or not, for who works in the network; her own drafts."""
        held = {mandate.role for mandate in held_by(user, on=on)}
        if not held & {Role.ADVISOR, Role.COORDINATOR, Role.PILOT}:
            return self.none()
        return self.filter(
            Q(pk__in=self.model.objects.published().values("pk"))
            | Q(pk__in=self.model.objects.written_by(user, on=on).values("pk"))
        )

    def with_title(self):
        """`title`: of the version published last, or of the draft."""
        last = Version.objects.filter(method=OuterRef("pk")).order_by(
            F("published_at").desc(nulls_last=True), "-number"
        )
        return self.annotate(title=Subquery(last.values("title")[:1]))


class Method(Fact):
    """A way to hold an action that others may take up (FR: méthode); what it says is in its versions.

    Without a site it is the whole network's, written by the pilot. `source` is the version that it was made from.
    """

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="methods", null=True, blank=True)
    source = models.ForeignKey("animation.Version", models.PROTECT, related_name="derived", null=True, blank=True)

    objects = MethodQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("method")
        verbose_name_plural = _("methods")
        constraints = [*Fact.Meta.constraints]

    def __str__(self):
        return f"method #{self.pk}"


class VersionQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(published_at=None)

    def drafts(self):
        return self.filter(published_at=None)

    def current(self):
        """Of each method that stands, the version published last."""
        later = Version.objects.published().filter(method=OuterRef("method"), number__gt=OuterRef("number"))
        return self.published().filter(~Exists(later), method__withdrawn_at=None)

    def search(self, words: str):
        """Every word must be in the title, in what it is for, or in for whom."""
        found = self
        for word in sort_key(words).split():
            found = found.filter(sort_key__contains=word)
        return found

    def with_minutes(self):
        return self.annotate(minutes=Sum("steps__minutes"))


class Version(models.Model):
    """What a method says, from a day on: a draft until it is published, and never rewritten then."""

    PERSONAL = ()

    method = models.ForeignKey(Method, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    purpose = models.TextField(_("what it is for"))
    audience = models.CharField(_("for whom"), max_length=160)
    material = models.TextField(_("material"), blank=True)
    link = models.URLField(_("address of its documents"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=8, choices=Licence, blank=True)
    changes = models.CharField(_("what changes"), max_length=300, blank=True)
    sort_key = models.TextField()
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a method")
        verbose_name_plural = _("versions of a method")
        constraints = [
            both_or_neither("published_at", "published_by"),
            models.UniqueConstraint(name="animation_version_one_number", fields=["method", "number"]),
            models.UniqueConstraint(
                name="animation_version_one_draft", fields=["method"], condition=Q(published_at=None)
            ),
            models.CheckConstraint(
                name="animation_version_published_under_a_licence",
                condition=Q(published_at=None) | ~Q(licence=""),
                violation_error_message=_("Choose a licence: without one nobody may use it again."),
            ),
            models.CheckConstraint(
                name="animation_version_says_what_changes",
                condition=Q(published_at=None) | Q(number=1) | ~Q(changes=""),
                violation_error_message=_("Say in a sentence what this version changes."),
            ),
        ]

    def __str__(self):
        return f"version #{self.pk}"


class Step(models.Model):
    """A moment of a method, with how long it lasts."""

    PERSONAL = ()

    version = models.ForeignKey(Version, models.CASCADE, related_name="steps")
    place = models.PositiveSmallIntegerField(_("place"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    words = models.CharField(_("what is done"), max_length=300)

    class Meta:
        verbose_name = _("step of a method")
        verbose_name_plural = _("steps of a method")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(name="animation_step_one_place", fields=["version", "place"]),
            models.CheckConstraint(name="animation_step_lasts", condition=Q(minutes__gt=0)),
        ]

    def __str__(self):
        return f"step #{self.pk}"
