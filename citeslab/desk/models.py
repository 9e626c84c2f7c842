from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.desk.enums import Format, Kind, Purpose
from citeslab.network.models import Site

# A file of names, and what can be undone, are kept for a day: then the names go, and the books stand.
KEPT = timedelta(hours=24)


class SavedFilterQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(removed_at=None)

    def visible_to(self, user, *, on):
        """Hers, and those shared with a site whose people she sees."""
        return self.filter(Q(user=user) | Q(site__in=Site.objects.keys_with_names_for(user, on=on)))


class SavedFilter(models.Model):
    """A question to the list of people, kept under a name; shared with a site, or hers alone."""

    PERSONAL = ("name", "query")  # someone may write a person's name in either

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=600, blank=True)
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("shared with the site")
    )
    saved_at = models.DateTimeField(_("saved at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(
                name="desk_savedfilter_one_by_name",
                fields=["user", "name"],
                condition=Q(removed_at=None),
                violation_error_message=_("You already have a filter of this name."),
            ),
        ]

    def __str__(self):
        return f"saved filter #{self.pk}"


class Export(models.Model):
    """A list of people taken out as a file. The row says that it was; the file of a large one stays a day."""

    PERSONAL = ("query", "content")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    query = models.CharField(max_length=600, blank=True)
    language = models.CharField(max_length=5, default="fr")
    sites = models.JSONField(default=list)  # the keys of the sites whose people she saw when she asked
    columns = models.JSONField(_("columns"), default=list)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose)
    rows = models.PositiveIntegerField(_("rows"))
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    asked_at = models.DateTimeField(_("asked at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    content = models.BinaryField(_("content"), null=True)
    forgotten_at = models.DateTimeField(_("forgotten at"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.CheckConstraint(
                name="desk_export_forgotten_holds_nothing",
                condition=Q(forgotten_at=None) | Q(content=None, query=""),
            ),
        ]
        indexes = [
            # the file of one user, and the last one she asked for
            models.Index(name="desk_export_of_user", fields=["user", "-asked_at"]),
        ]

    def __str__(self):
        return f"export #{self.pk}"

    @property
    def until(self) -> datetime:
        return self.asked_at + KEPT


class BulkAct(models.Model):
    """One act for many people, with what it did to each, so that it can be undone for a day."""

    PERSONAL = ()  # keys only

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bulk_acts")
    kind = models.CharField(_("act"), max_length=6, choices=Kind)
    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    on = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("people"))
    done = models.JSONField(
        default=list
    )  # a row for each thing done: the keys of what was written and of what it replaced
    done_at = models.DateTimeField(_("done at"))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    undone_count = models.PositiveIntegerField(_("people put back"), null=True, blank=True)

    class Meta:
        verbose_name = _("bulk act")
        verbose_name_plural = _("bulk acts")
        constraints = [
            both_or_neither("undone_at", "undone_by"),
            models.CheckConstraint(
                name="desk_bulkact_advisor_of_an_assignment",
                condition=Q(kind=Kind.ASSIGN, advisor__isnull=False) | Q(kind=Kind.CLOSE, advisor=None),
            ),
        ]

    def __str__(self):
        return f"bulk act #{self.pk}"

    @property
    def until(self) -> datetime:
        return self.done_at + KEPT
