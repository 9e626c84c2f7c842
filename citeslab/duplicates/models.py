from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet, both_or_neither
from citeslab.duplicates.enums import Band, Level, Origin, Trait
from citeslab.network.models import Site
from citeslab.people.models import Person


class LikenessQuerySet(models.QuerySet):
    def undecided(self):
        """Pairs that nobody has said to be two people."""
        said = Difference.objects.standing().filter(first=OuterRef("first"), second=OuterRef("second"))
        return self.filter(~Exists(said))

    def touching(self, sites: Collection[int]):
        """Pairs of which these sites hold one file; both sites of an advisor are hers."""
        return self.filter(Q(first__site__in=sites) | Q(second__site__in=sites))

    def shown_to(self, user, *, on: date):
        """What this user may decide on: both files are hers; or one is, and the likeness is strong.

        A weak likeness with another site would tell that it knows someone of about that name.
        """
        sites = Site.objects.keys_with_names_for(user, on=on)
        both = Q(first__site__in=sites, second__site__in=sites)
        return self.touching(sites).filter(both | Q(band=Band.SAME)).undecided()


class Likeness(models.Model):
    """Two files that look like one person's. It is a proposal, computed again each night; a person decides."""

    PERSONAL = ()

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    bits = models.FloatField(_("weight of the evidence, in powers of two"))
    band = models.CharField(_("likeness"), max_length=8, choices=Band)
    evidence = ArrayField(models.CharField(max_length=20), verbose_name=_("evidence"))
    found_at = models.DateTimeField(_("found at"))

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name = _("likeness")
        verbose_name_plural = _("likenesses")
        constraints = [
            models.UniqueConstraint(name="duplicates_likeness_one_by_pair", fields=["first", "second"]),
            models.CheckConstraint(name="duplicates_likeness_smaller_key_first", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self):
        return f"likeness #{self.pk}"

    @property
    def agreements(self) -> list[tuple[str, str, str]]:
        """What was compared, in words: (trait, how it agrees, code of the level)."""
        pairs = (code.split(":") for code in self.evidence)
        return [(str(Trait(trait).label), str(Level(level).label), level) for trait, level in pairs]


class DifferenceQuerySet(FactQuerySet):
    def of(self, one: int, other: int):
        return self.filter(first=min(one, other), second=max(one, other))


class Difference(Fact):
    """Someone said that these two files are two people, and why: the pair is never proposed again."""

    PERSONAL = ("reason",)

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    objects = DifferenceQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="duplicates_difference_said_once", fields=["first", "second"], condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(name="duplicates_difference_smaller_key_first", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="duplicates_difference_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say in a few words why they are two people."),
            ),
        ]

    def __str__(self):
        return f"difference #{self.pk}"


class NameShare(models.Model):
    """How common a name or a place is in the network, kept by its keyed digest: the table reads as nothing.

    A name that is not here is a rare one.
    """

    PERSONAL = ()

    digest = models.CharField(max_length=64, primary_key=True)
    share = models.FloatField(_("share"))

    class Meta:
        verbose_name = _("share of a name")
        verbose_name_plural = _("shares of names")

    def __str__(self):
        return f"share {self.digest[:8]}"


class Inquiry(models.Model):
    """A new file being written looked like one of another site: who was told so, and when.

    Only the digest of what was typed is kept; the same words asked again are the same inquiry.
    """

    PERSONAL = ()

    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    found = models.ForeignKey(Person, models.CASCADE, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        constraints = [
            models.UniqueConstraint(
                name="duplicates_inquiry_once_by_words", fields=["asked_by", "digest"], nulls_distinct=False
            )
        ]
        indexes = [models.Index(name="duplicates_inquiry_counted", fields=["asked_by", "asked_at"])]  # the limits

    def __str__(self):
        return f"inquiry #{self.pk}"


class JoinRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def visible_to(self, user, *, on: date):
        """Requests of the sites whose names this user sees, on either side."""
        sites = Site.objects.keys_with_names_for(user, on=on)
        return self.filter(Q(asking_site__in=sites) | Q(asked_site__in=sites))


class JoinRequest(models.Model):
    """One site asks another whether two files are one person's. Each side sees its own file alone.

    `theirs` is the file of the site that is asked; `ours` the asking site's, once it is written.
    """

    PERSONAL = ()

    asking_site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    asked_site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    ours = models.ForeignKey(Person, models.CASCADE, related_name="+", null=True, blank=True)
    theirs = models.ForeignKey(Person, models.CASCADE, related_name="+")
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            both_or_neither("closed_at", "closed_by"),
            models.UniqueConstraint(
                name="duplicates_joinrequest_open_once",
                fields=["asking_site", "theirs", "ours"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                violation_error_message=_("This question is already open."),
            ),
            models.CheckConstraint(
                name="duplicates_joinrequest_of_another_site", condition=~Q(asking_site=F("asked_site"))
            ),
        ]

    def __str__(self):
        return f"request to join #{self.pk}"


class Agreement(models.Model):
    """One side's yes to a request: with both, the files are joined (the two-key rule)."""

    PERSONAL = ()

    request = models.ForeignKey(JoinRequest, models.CASCADE, related_name="agreements")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given at"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("agreement to join")
        verbose_name_plural = _("agreements to join")
        constraints = [models.UniqueConstraint(name="duplicates_agreement_one_a_side", fields=["request", "site"])]

    def __str__(self):
        return f"agreement #{self.pk}"


class JoinQuerySet(models.QuerySet):
    def standing(self):
        """Joins that were not undone."""
        return self.filter(undone_at=None)

    def visible_to(self, user, *, on: date):
        sites = Site.objects.keys_with_names_for(user, on=on)
        return self.filter(Q(kept_site__in=sites) | Q(gone_site__in=sites))


class Join(models.Model):
    """Two files made one. This row is all that stays of the one that went: its old values, and what was moved.

    It names people by plain keys, like the journal: it outlives them. `undo` reads it backwards.
    """

    PERSONAL = ("gone", "kept_before", "kept_after", "steps")

    kept_key = models.BigIntegerField(_("file kept"))
    gone_key = models.BigIntegerField(_("file that went"))
    kept_site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    gone_site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(_("joined at"))
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("agreed by")
    )
    gone = models.JSONField(_("values of the file that went"), default=dict, blank=True)
    kept_before = models.JSONField(_("values replaced"), default=dict, blank=True)
    kept_after = models.JSONField(_("values taken over"), default=dict, blank=True)
    steps = models.JSONField(_("what was moved"), default=list, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = JoinQuerySet.as_manager()

    class Meta:
        verbose_name = _("join")
        verbose_name_plural = _("joins")
        constraints = [
            both_or_neither("undone_at", "undone_by"),
            models.UniqueConstraint(name="duplicates_join_goes_once", fields=["gone_key"], condition=Q(undone_at=None)),
            models.CheckConstraint(name="duplicates_join_of_two_files", condition=~Q(kept_key=F("gone_key"))),
        ]
        indexes = [models.Index(name="duplicates_join_of_kept", fields=["kept_key"])]  # a person's earlier files

    def __str__(self):
        return f"join #{self.pk}"
