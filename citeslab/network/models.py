from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither, once_per_page
from citeslab.network.enums import HandoverReason, HandoverRule, LegalForm, Phase, Role
from citeslab.territories.enums import Edition
from citeslab.territories.models import Department
from citeslab.territories.values import PARIS, zone_of

# The days from `begins_on` (included) to `ends_on` (excluded, open when empty).
PERIOD = Func("begins_on", "ends_on", function="DATERANGE", output_field=DateRangeField())


class DatedQuerySet(models.QuerySet):
    def on(self, day: date):
        """Rows in force that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), begins_on__lte=day)


class Dated(models.Model):
    """In force from a day (included) to another (excluded)."""

    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until (excluded)"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gt=F("begins_on")),
                violation_error_message=_("The end comes after the beginning."),
            ),
        ]


class HostOrganization(models.Model):
    """A body that employs advisors (FR: structure porteuse)."""

    PERSONAL = ()

    name = models.CharField(_("name"), max_length=160)
    legal_form = models.CharField(_("legal form"), max_length=20, choices=LegalForm, default=LegalForm.OTHER)

    class Meta:
        verbose_name = _("host organization")
        verbose_name_plural = _("host organizations")

    def __str__(self):
        return self.name


class SiteQuerySet(models.QuerySet):
    def with_names_for(self, user, *, on: date):
        """Sites whose people this user sees by name that day: an advisor's own, a coordinator's organization's.

        The pilot and the funders get none.
        """
        return self.filter(pk__in=keys_with_names_for(user, on=on))

    def keys_with_names_for(self, user, *, on: date) -> tuple[int, ...]:
        """The keys alone: lists filter on them as an array, a hundred times cheaper than on the rule itself."""
        return keys_with_names_for(user, on=on)


class Site(models.Model):
    """A CitésLab: the place that a host organization runs, where advisors work."""

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
    opened_on = models.DateField(_("opened on"))

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self):
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The hour that its clocks show: its agenda is entered, shown and told so, and stored as instants."""
        return zone_of(self.commune_code or self.department_id or "")


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


class PostQuerySet(DatedQuerySet):
    def vacant(self, on: date):
        """Posts in force that nobody holds that day."""
        return self.on(on).exclude(tenures__in=Tenure.objects.on(on))


class Post(Dated):
    """A funded place for one advisor at a site; someone holds it, or it is vacant."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="posts")
    full_time_percent = models.PositiveSmallIntegerField(_("share of full time, in percent"), default=100)

    objects = PostQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="network_post_share_of_one_person",
                condition=Q(full_time_percent__range=(1, 100)),
                violation_error_message=_("A post is between 1 and 100 percent of full time."),
            ),
        ]

    def __str__(self):
        return f"post #{self.pk}"


class Tenure(Dated):
    """Who holds a post, from when to when."""

    PERSONAL = ()

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tenures")

    class Meta(Dated.Meta):
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="network_tenure_one_holder_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Someone else holds this post on these days."),
            ),
        ]

    def __str__(self):
        return f"tenure #{self.pk}"


class Coverage(Dated):
    """A QPV that a site covers; the code is kept as text, releases come and go."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="coverages")
    edition = models.PositiveSmallIntegerField(_("edition"), choices=Edition)
    qpv_code = models.CharField(_("QPV code"), max_length=8)

    class Meta(Dated.Meta):
        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="network_coverage_said_once",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("qpv_code", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This site already covers this QPV on these days."),
            ),
        ]
        indexes = [models.Index(name="network_coverage_by_qpv", fields=["qpv_code"])]

    def __str__(self):
        return f"coverage #{self.pk}"


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


class FSEPlusQuerySet(DatedQuerySet):
    def visible_to(self, user, *, on: date):
        """Every period for the pilot; for a coordinator, those of her organization's sites; none for the others."""
        held = held_by(user, on=on)
        if any(mandate.role == Role.PILOT for mandate in held):
            return self
        organizations = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
        return self.filter(site__organization__in=organizations)

    def overlapping(self, *, begins_on: date, ends_on: date | None):
        """Periods that share a day with these."""
        found = self.filter(Q(ends_on=None) | Q(ends_on__gt=begins_on))
        return found.filter(begins_on__lt=ends_on) if ends_on else found

    def not_over(self, on: date):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on))

    def by_phase(self, on: date):
        """With their `phase` that day: those that pay now, then those to come, then the past ones."""
        phase = Case(
            When(ends_on__lte=on, then=Value(Phase.PAST)),
            When(begins_on__gt=on, then=Value(Phase.TO_COME)),
            default=Value(Phase.NOW),
        )
        return self.annotate(phase=phase).order_by("phase", "site__sort_key", "-begins_on", "pk")


class FSEPlus(Dated):
    """Days on which an agreement of the European Social Fund Plus pays for a site: its items are asked then."""

    PERSONAL = ()

    site = models.ForeignKey(Site, models.PROTECT, related_name="fse_plus")
    reference = models.CharField(_("reference of the agreement"), max_length=64)

    objects = FSEPlusQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("FSE+ period")
        verbose_name_plural = _("FSE+ periods")
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="network_fseplus_one_at_a_time",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("An FSE+ agreement already pays for this site on these days."),
            ),
        ]

    def __str__(self):
        return f"FSE+ period #{self.pk}"

    @property
    def last_on(self) -> date | None:
        """The last day paid, as agreements write it; none while it has no end."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None


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


class Handover(models.Model):
    """A caseload that went to colleagues in one act, because its advisor left, moved, or is away (FR: passation).

    The mandate is the one that ended with it. Only an absence is given back.
    """

    PERSONAL = ()

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="handovers")
    since = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=6, choices=HandoverReason)
    returns_on = models.DateField(_("back on"), null=True, blank=True)
    rule = models.CharField(_("shared out"), max_length=7, choices=HandoverRule, default=HandoverRule.TURN)
    people_count = models.PositiveIntegerField(_("people"), default=0)
    interims = models.ManyToManyField(Mandate, related_name="+", blank=True)  # access given with it, until the return
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_back_at = models.DateTimeField(_("given back at"), null=True, blank=True)
    given_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            both_or_neither("given_back_at", "given_back_by"),
            models.CheckConstraint(
                name="network_handover_only_an_absence_returns",
                condition=Q(reason=HandoverReason.AWAY) | Q(returns_on=None, given_back_at=None),
                violation_error_message=_("Only someone who is away has a day of return."),
            ),
            models.CheckConstraint(
                name="network_handover_returns_after_it_begins",
                condition=Q(returns_on=None) | Q(returns_on__gt=F("since")),
                violation_error_message=_("The return comes after the departure."),
            ),
        ]

    def __str__(self):
        return f"handover #{self.pk}"


class InvitationQuerySet(ManagedQuerySet):
    def open(self, at: datetime):
        """Neither accepted, nor taken back, nor too old."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


class Invitation(Dated):
    """A mandate offered by e-mail: whoever holds the link, once and within seven days, makes the account it opens."""

    PERSONAL = ("email",)

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", null=True, blank=True)
    organization = models.ForeignKey(HostOrganization, models.PROTECT, related_name="+", null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField(_("invited at"))
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            *Dated.Meta.constraints,
            perimeter_of_its_role("network_invitation_perimeter_of_its_role"),
            both_or_neither("accepted_at", "accepted_by"),
            both_or_neither("withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                name="network_invitation_accepted_or_withdrawn",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"invitation #{self.pk}"
