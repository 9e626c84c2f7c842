"""Reports, their outlines, their sealed versions."""

import json
from collections import defaultdict
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from citeslab.figures.enums import OF_NUMBERS, OF_WORDS, BlockKind, Breakdown, ReportKind, Secrecy
from citeslab.figures.values import Block, Perimeter
from citeslab.funding.models import Agreement
from citeslab.network.enums import Role
from citeslab.network.models import Site, held_by


def perimeter_of_its_kind(name: str) -> models.CheckConstraint:
    """The network's has none, a site's is a site, a funder's is anything else."""
    return models.CheckConstraint(
        name=name,
        condition=Q(kind=ReportKind.NETWORK, level="", code="")
        | (Q(kind=ReportKind.SITE, level=Breakdown.SITE.value) & ~Q(code=""))
        | (Q(kind=ReportKind.FUNDER) & ~Q(level__in=["", Breakdown.SITE.value]) & ~Q(code="")),
        violation_error_message=_("This kind of report is not made of that perimeter."),
    )


class OfPerimeter(models.Model):
    """A kind of report on a perimeter."""

    kind = models.CharField(_("kind of report"), max_length=7, choices=ReportKind)
    level = models.CharField(_("level of the perimeter"), max_length=12, blank=True)
    code = models.CharField(_("code of the perimeter"), max_length=64, blank=True)

    class Meta:
        abstract = True

    @property
    def perimeter(self) -> Perimeter:
        return Perimeter(self.level, self.code)


class Outline(OfPerimeter):
    """What the reports of a kind on a perimeter hold, once somebody changed it (FR: plan du bilan).

    Until then there is none: the blocks are those of the code (definitions/outlines.py).
    """

    PERSONAL = ()

    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("outline of reports")
        verbose_name_plural = _("outlines of reports")
        constraints = [
            models.UniqueConstraint(name="figures_outline_one_by_perimeter", fields=["kind", "level", "code"]),
            perimeter_of_its_kind("figures_outline_perimeter_of_its_kind"),
        ]

    def __str__(self):
        return f"outline #{self.pk}"


class OutlineBlock(models.Model):
    """One block of an outline, at its place from the top."""

    PERSONAL = ()

    outline = models.ForeignKey(Outline, models.CASCADE, related_name="blocks")
    place = models.PositiveSmallIntegerField(_("place"))
    kind = models.CharField(_("kind of block"), max_length=10, choices=BlockKind)
    indicator = models.CharField(_("figure"), max_length=64, blank=True)
    by = models.CharField(_("by"), max_length=20, choices=Breakdown, blank=True)
    and_by = models.CharField(_("and by"), max_length=20, choices=Breakdown, blank=True)
    years = models.PositiveSmallIntegerField(_("years before"), default=0)
    words_fr = models.TextField(_("in French"), max_length=2000, blank=True)
    words_en = models.TextField(_("in English"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("block of an outline")
        verbose_name_plural = _("blocks of an outline")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                name="figures_outlineblock_one_at_a_place",
                fields=["outline", "place"],
                deferrable=models.Deferrable.DEFERRED,  # two blocks change places in one act
            ),
            models.CheckConstraint(
                name="figures_outlineblock_of_its_kind",
                condition=(Q(kind__in=OF_WORDS, indicator="", by="", years=0) & ~Q(words_fr="") & ~Q(words_en=""))
                | (Q(kind__in=OF_NUMBERS, words_fr="", words_en="") & ~Q(indicator=""))
                | Q(
                    kind__in=[BlockKind.METHOD, BlockKind.STATEMENTS],
                    indicator="",
                    by="",
                    years=0,
                    words_fr="",
                    words_en="",
                ),
                violation_error_message=_("Words are needed in both languages; numbers need a figure."),
            ),  # fmt: skip
            models.CheckConstraint(
                name="figures_outlineblock_broken_down_twice_or_by_year",
                condition=Q(and_by="") | (Q(years=0) & ~Q(by="") & ~Q(by=models.F("and_by"))),
                violation_error_message=_("Over several years a figure is broken down once."),
            ),
            models.CheckConstraint(
                name="figures_outlineblock_a_figure_is_one_number",
                condition=~Q(kind=BlockKind.FIGURE) | Q(by="", and_by="", years=0),
                violation_error_message=_("A figure alone is not broken down: make it a table."),
            ),
        ]

    def __str__(self):
        return f"block #{self.pk}"

    @property
    def said(self) -> Block:
        by = tuple(one for one in (self.by, self.and_by) if one)
        words = {"fr": self.words_fr, "en": self.words_en} if self.kind in OF_WORDS else {}
        return Block(self.kind, self.indicator, by, self.years, words)


def of_agreements(agreements: models.QuerySet) -> Q:
    """Reports for a funder: on the perimeter of an agreement, or of its actions, of a year in which it runs."""
    years: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    rows = agreements.values_list("level", "code", "reference", "begins_on", "ends_on")
    for level, code, reference, begins_on, ends_on in rows:
        runs = range(begins_on.year, (ends_on - timedelta(days=1)).year + 1)
        years[Breakdown.AGREEMENT.value, reference].update(runs)
        if level and level != Breakdown.SITE.value:
            years[level, code].update(runs)
    found = Q(pk__in=[])
    for (level, code), those in years.items():
        found |= Q(kind=ReportKind.FUNDER, level=level, code=code, year__in=sorted(those))
    return found


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user, *, on):
        """Those of the sites whose people she knows by name; those without names, for the pilot.

        A funder reads the sealed versions whose small numbers are protected, of the network and of the perimeters of
        her agreements in their years, and no draft.
        """
        hers = [str(key) for key in Site.objects.keys_with_names_for(user, on=on)]
        shown = Q(level=Breakdown.SITE.value, code__in=hers)
        roles = {mandate.role for mandate in held_by(user, on=on)}
        if Role.PILOT in roles:
            shown |= ~Q(kind=ReportKind.SITE)
        if Role.FUNDER in roles:
            shared = Q(kind=ReportKind.NETWORK) | of_agreements(Agreement.objects.visible_to(user, on=on))
            shown |= shared & Q(pk__in=SealedVersion.objects.protected().values("report"))
        return self.filter(shown)

    def drafts_visible_to(self, user, *, on):
        """Those whose numbers of today she sees: not a funder's."""
        hers = [str(key) for key in Site.objects.keys_with_names_for(user, on=on)]
        shown = Q(level=Breakdown.SITE.value, code__in=hers)
        if any(mandate.role == Role.PILOT for mandate in held_by(user, on=on)):
            shown |= ~Q(kind=ReportKind.SITE)
        return self.filter(shown)


class Report(OfPerimeter):
    """A year told in figures to somebody (FR: bilan). Its draft is computed each time; its versions are sealed."""

    PERSONAL = ()

    year = models.SmallIntegerField(_("year"))
    reference = models.SlugField(_("reference"), max_length=120, unique=True)
    secrecy = models.CharField(
        _("small numbers"), max_length=7, choices=Secrecy, default=Secrecy.USUAL
    )  # for good: versions are held against each other
    begun_at = models.DateTimeField(_("begun at"))
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                name="figures_report_one_by_year",
                fields=["kind", "level", "code", "year"],
                violation_error_message=_("This report is already begun."),
            ),
            perimeter_of_its_kind("figures_report_perimeter_of_its_kind"),
            models.CheckConstraint(
                name="figures_report_secrecy_of_its_kind",
                condition=Q(secrecy=Secrecy.USUAL)
                | Q(secrecy=Secrecy.STRICT) & ~Q(kind=ReportKind.SITE)
                | Q(secrecy=Secrecy.ROUNDED, kind=ReportKind.FUNDER),
                violation_error_message=_("Only a report for a funder is rounded; a site's own is exact."),
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("figures:report", args=[self.pk])


class SealedVersionQuerySet(models.QuerySet):
    def protected(self):
        """Those whose small numbers nobody can work out: they may leave the site."""
        return self.filter(is_protected=True)


class SealedVersion(models.Model):
    """A report as it was sealed: its numbers, definitions and words, and the digests of its files.

    The database refuses to change or remove a row (migration 0006), and a row whose digest is not that of its content.
    """

    PERSONAL = ()

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    reason = models.TextField(_("what this version corrects"), max_length=1000, blank=True)
    content = models.TextField(_("what is frozen, as canonical JSON"))
    counts = models.JSONField(_("counts, the hidden ones too"), default=dict)  # against later versions; never leaves
    sha256 = models.CharField("SHA-256", max_length=64)
    is_protected = models.BooleanField(_("small numbers protected"))
    known_by = models.DateTimeField(_("known by"))
    files = models.JSONField(_("digests of its files"))
    tools = models.JSONField(_("what made its files"))
    sealed_at = models.DateTimeField(_("sealed at"))
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = SealedVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sealed version")
        verbose_name_plural = _("sealed versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="figures_sealedversion_one_a_number", fields=["report", "number"]),
            models.CheckConstraint(
                name="figures_sealedversion_a_correction_says_why",
                condition=Q(number=1, reason="") | (Q(number__gt=1) & ~Q(reason="")),
                violation_error_message=_("A correction says why."),
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("figures:sealed_version", args=[self.report_id, self.number])

    @property
    def reference(self) -> str:
        return f"{self.report.reference}-v{self.number}"

    @cached_property
    def frozen(self) -> dict[str, Any]:
        return json.loads(self.content)
