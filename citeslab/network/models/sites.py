"""Organizations, their sites, and the mandates from which follows who sees what there."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import once_per_page
from citeslab.network.enums import LegalForm, Role
from citeslab.network.models.dated import Dated, DatedQuerySet
from citeslab.territories.models import Department
from citeslab.territories.values import PARIS, zone_of


class HostOrganizationQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date):
        """Every organization for the pilot; for a coordinator, her own; none for the others."""
        held = held_by(user, on=on)
        if any(mandate.role == Role.PILOT for mandate in held):
            return self
        return self.filter(pk__in=[one.organization_id for one in held if one.role == Role.COORDINATOR])

    def standing(self, on: date):
        """Those that had not merged into another by that day."""
        merger = HostOrganization._meta.get_field("mergers").related_model
        return self.exclude(pk__in=merger.objects.standing().filter(merged_on__lte=on).values("absorbed"))

    def as_of(self, on: date):
        """With `name_then`, the name of that day."""
        return self.annotate(name_then=Coalesce(Subquery(name_borne(on, "organization")), F("name")))


class HostOrganization(models.Model):
    """A body that employs advisors (FR: structure porteuse)."""

    PERSONAL = ("contact_name", "phone", "email")

    name = models.CharField(_("name"), max_length=160)
    sort_key = models.CharField(max_length=160, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=20, choices=LegalForm, default=LegalForm.OTHER)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    contact_name = models.CharField(_("who answers for it"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    objects = HostOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("host organization")
        verbose_name_plural = _("host organizations")
        constraints = [
            models.UniqueConstraint(
                name="network_hostorganization_one_siret",
                fields=["siret"],
                condition=~Q(siret=""),
                violation_error_message=_("Another organization has this SIRET."),
            ),
            models.CheckConstraint(
                name="network_hostorganization_siret_of_14_digits",
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message=_("A SIRET has 14 digits."),
            ),
        ]

    def __str__(self):
        return self.name


def name_borne(on: date, whose: str, field: str = "name"):
    """The name that a `site` or an `organization` bore that day, if it has taken another since."""
    former = HostOrganization._meta.get_field("former_names").related_model
    return former.objects.filter(**{whose: OuterRef("pk")}, until__gt=on).order_by("until").values(field)[:1]


class SiteQuerySet(models.QuerySet):
    def with_names_for(self, user, *, on: date):
        """Sites whose people this user sees by name that day: an advisor's own, a coordinator's organization's.

        The pilot and the funders get none.
        """
        return self.filter(pk__in=keys_with_names_for(user, on=on))

    def keys_with_names_for(self, user, *, on: date) -> tuple[int, ...]:
        """The keys alone: lists filter on them as an array, a hundred times cheaper than on the rule itself."""
        return keys_with_names_for(user, on=on)

    def visible_to(self, user, *, on: date):
        """Sites whose posts and coverage she reads: every one for the pilot, a coordinator's organization's for her."""
        return self.filter(organization__in=HostOrganization.objects.visible_to(user, on=on))

    def open_on(self, day: date):
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)

    def as_of(self, on: date):
        """With the name and the organization of that day: `name_then`, `sort_then`, `organization_then`."""
        merger = HostOrganization._meta.get_field("mergers").related_model
        before = merger.objects.standing().filter(sites=OuterRef("pk"), merged_on__gt=on).order_by("merged_on", "pk")
        return self.annotate(
            name_then=Coalesce(Subquery(name_borne(on, "site")), F("name")),
            sort_then=Coalesce(Subquery(name_borne(on, "site", "sort_key")), F("sort_key")),
            organization_then=Coalesce(
                Subquery(before.values("absorbed")[:1]), F("organization_id"), output_field=models.BigIntegerField()
            ),
        )


class Site(models.Model):
    """A CitésLab: the place that a host organization runs, where advisors work.

    Its phone, e-mail and address are those that everyone may read.
    """

    PERSONAL = ()

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=160)
    sort_key = models.CharField(max_length=160)
    organization = models.ForeignKey(
        HostOrganization, models.PROTECT, related_name="sites", verbose_name=_("host organization")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("department")
    )
    commune_code = models.CharField(_("commune"), max_length=5, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("first day closed"), null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.CheckConstraint(
                name="network_site_closes_after_it_opens",
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
                violation_error_message=_("A site closes after it opens."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The hour that its clocks show: its agenda is entered, shown and told so, and stored as instants."""
        return zone_of(self.commune_code or self.department_id or "")

    @property
    def last_on(self) -> date | None:
        return self.closed_on - timedelta(days=1) if self.closed_on else None


def perimeter_of_its_role(name: str) -> models.CheckConstraint:
    """An advisor's perimeter is a site, a coordinator's an organization, the others' the network."""
    return models.CheckConstraint(
        name=name,
        condition=Q(role=Role.ADVISOR, site__isnull=False, organization=None)
        | Q(role=Role.COORDINATOR, site=None, organization__isnull=False)
        | Q(role__in=[Role.PILOT, Role.FUNDER], site=None, organization=None),
        violation_error_message=_("The perimeter does not fit the role."),
    )


class ManagedQuerySet(DatedQuerySet):
    def managed_by(self, user, *, on: date):
        """What this user gives and takes: a coordinator, the advisors of her sites; the pilot, the coordinators."""
        held = Mandate.objects.on(on).filter(user=user)
        organizations = list(held.filter(role=Role.COORDINATOR).values_list("organization", flat=True))
        managed = Q(role=Role.ADVISOR, site__organization__in=organizations)
        if held.filter(role=Role.PILOT).exists():
            managed |= Q(role=Role.COORDINATOR)
        return self.filter(managed)


class Mandate(Dated):
    """A role that a user holds, on a perimeter, for a time: what she sees follows from it."""

    PERSONAL = ()

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    site = models.ForeignKey(Site, models.PROTECT, related_name="mandates", null=True, blank=True)
    organization = models.ForeignKey(HostOrganization, models.PROTECT, related_name="mandates", null=True, blank=True)

    objects = ManagedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            *Dated.Meta.constraints,
            perimeter_of_its_role("network_mandate_perimeter_of_its_role"),
        ]
        indexes = [models.Index(name="network_mandate_of_user", fields=["user", "role"])]

    def __str__(self):
        return f"mandate #{self.pk}"


@once_per_page
def held_by(user, *, on: date) -> "tuple[Mandate, ...]":
    """The mandates that a user holds that day."""
    return tuple(Mandate.objects.on(on).filter(user=user).select_related("site"))


@once_per_page
def keys_with_names_for(user, *, on: date) -> tuple[int, ...]:
    return tuple(sorted({site.pk for site in sites_with_names_for(user, on=on)}))


@once_per_page
def sites_with_names_for(user, *, on: date) -> tuple[Site, ...]:
    held = held_by(user, on=on)
    sites = [mandate.site for mandate in held if mandate.role == Role.ADVISOR and mandate.site]
    organizations = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
    if organizations:
        sites += Site.objects.filter(organization__in=organizations).order_by("pk")
    return tuple(sites)


def zone_for(user, *, on: date) -> ZoneInfo:
    """The hour of where this user works; of Paris when her sites have several, or she has none."""
    zones = {site.zone for site in sites_with_names_for(user, on=on)}
    return zones.pop() if len(zones) == 1 else PARIS
