from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.territories.enums import CommuneKind, Edition


class Region(models.Model):
    PERSONAL = ()

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self):
        return self.name


class Department(models.Model):
    PERSONAL = ()

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departments", null=True, blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self):
        return self.name


class CommuneQuerySet(models.QuerySet):
    def current(self):
        """Whole communes of today, without the districts and delegated parts of some."""
        return self.filter(kind=CommuneKind.COMMUNE)


class Commune(models.Model):
    """A commune, or a municipal district, as INSEE names it this year."""

    PERSONAL = ()

    code = models.CharField(_("INSEE code"), max_length=5, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    sort_key = models.CharField(max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=CommuneKind)
    department = models.ForeignKey(Department, models.PROTECT, related_name="communes")
    epci_code = models.CharField(_("EPCI code"), max_length=9, blank=True)
    epci_name = models.CharField(_("EPCI name"), max_length=120, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name=_("postal codes"), default=list)
    former_codes = ArrayField(models.CharField(max_length=5), verbose_name=_("former codes"), default=list)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        indexes = [
            models.Index(name="territories_commune_by_name", fields=["sort_key"]),
            # what an address ends with: 10 ms a search without it
            GinIndex(name="territories_commune_by_postal", fields=["postal_codes"]),
        ]

    def __str__(self):
        return self.name


class ReleaseQuerySet(models.QuerySet):
    def latest_of_each_edition(self):
        return self.order_by("edition", "-released_on").distinct("edition")


class Release(models.Model):
    """One dated publication of an edition's official file; releases stay side by side."""

    PERSONAL = ()

    edition = models.PositiveSmallIntegerField(_("edition"), choices=Edition)
    released_on = models.DateField(_("released on"))
    source = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    qpv_count = models.PositiveIntegerField(_("number of QPV"))
    repaired_count = models.PositiveIntegerField(_("polygons repaired"))
    is_drawn = models.BooleanField(_("drawn for the demonstration"), default=False)
    loaded_at = models.DateTimeField(_("loaded at"))
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("QPV release")
        verbose_name_plural = _("QPV releases")
        constraints = [
            models.UniqueConstraint(
                name="territories_release_one_a_day",
                fields=["edition", "released_on"],
                violation_error_message=_("This release is already loaded."),
            ),
            models.CheckConstraint(name="territories_release_known_edition", condition=Q(edition__in=[2015, 2024])),
        ]

    def __str__(self):
        return f"{self.edition}, {self.released_on}"


class QPVQuerySet(models.QuerySet):
    def described(self):
        """What lists and maps say, without the outline."""
        return self.defer("outline")

    def in_department(self, code: str):
        return self.filter(department_code=code)


class QPV(models.Model):
    """A priority neighborhood (FR: quartier prioritaire) in one release, its outline repaired."""

    PERSONAL = ()

    release = models.ForeignKey(Release, models.CASCADE, related_name="qpv_set")
    code = models.CharField(_("code"), max_length=8)
    name = models.CharField(_("name"), max_length=120)
    department_code = models.CharField(_("department"), max_length=3)
    commune_codes = ArrayField(models.CharField(max_length=5), verbose_name=_("communes"), default=list)
    outline = models.BinaryField(_("outline (WKB, WGS 84 longitude and latitude)"))
    was_repaired = models.BooleanField(_("repaired"), default=False)
    residents = models.PositiveIntegerField(_("residents"), null=True, blank=True)  # when the file says it

    objects = QPVQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority neighborhood")
        verbose_name_plural = _("priority neighborhoods")
        constraints = [
            models.UniqueConstraint(name="territories_qpv_one_by_code", fields=["release", "code"]),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"
