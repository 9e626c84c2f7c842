"""What organizations and sites were called before, and which organization took another in."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.network.models.sites import HostOrganization, Mandate, Site


class FormerName(models.Model):
    """The name that a site or an organization bore until a day (excluded), since its last name or since ever."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="former_names", null=True, blank=True)
    organization = models.ForeignKey(
        HostOrganization, models.PROTECT, related_name="former_names", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=160)
    sort_key = models.CharField(max_length=160)
    until = models.DateField(_("until (excluded)"))

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints = [
            models.CheckConstraint(
                name="network_formername_of_one_thing",
                condition=Q(site__isnull=False, organization=None) | Q(site=None, organization__isnull=False),
                violation_error_message=_("A name is that of a site or of an organization."),
            ),
            models.UniqueConstraint(
                name="network_formername_one_a_day",
                fields=["site", "organization", "until"],
                nulls_distinct=False,
                violation_error_message=_("A name already ended on this day."),
            ),
        ]

    def __str__(self):
        return f"former name #{self.pk}"


class MergerQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(undone_at=None)

    def taken_in_by(self, organizations: Iterable[int]) -> set[int]:
        """These organizations by their keys, and all that they took in: what was theirs is with them now."""
        return followed(set(organizations), self.standing().values_list("absorbed", "into"))

    def gone_into(self, organization: int) -> set[int]:
        """This organization, and who took it in, in turn."""
        return followed({organization}, self.standing().values_list("into", "absorbed"))


def followed(found: set[int], steps: Iterable[tuple[int, int]]) -> set[int]:
    """What the steps lead back from, however many they are: each is (where from, where to)."""
    steps = list(steps)
    while more := {start for start, end in steps if end in found} - found:
        found |= more
    return found


class Merger(models.Model):
    """An organization that another took in from a day on: its sites, mandates and open invitations went there.

    What went is kept, so that the network of a day before is told as it was, and the merger can be undone.
    """

    PERSONAL = ()

    absorbed = models.ForeignKey(HostOrganization, models.PROTECT, related_name="mergers")
    into = models.ForeignKey(HostOrganization, models.PROTECT, related_name="absorptions")
    merged_on = models.DateField(_("merged on"))
    sites = models.ManyToManyField(Site, related_name="mergers", blank=True)
    mandates = models.ManyToManyField(Mandate, related_name="+", blank=True)
    invitations = models.ManyToManyField("network.Invitation", related_name="+", blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = MergerQuerySet.as_manager()

    class Meta:
        verbose_name = _("merger")
        verbose_name_plural = _("mergers")
        constraints = [
            both_or_neither("undone_at", "undone_by"),
            models.CheckConstraint(
                name="network_merger_into_another",
                condition=~Q(absorbed=F("into")),
                violation_error_message=_("An organization merges into another."),
            ),
            models.UniqueConstraint(
                name="network_merger_once",
                fields=["absorbed"],
                condition=Q(undone_at=None),
                violation_error_message=_("This organization has already merged into another."),
            ),
        ]

    def __str__(self):
        return f"merger #{self.pk}"
