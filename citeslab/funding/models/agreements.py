from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet, both_or_neither
from citeslab.core.values import sort_key
from citeslab.funding.enums import Level, Phase, ReportKind, Rhythm, State
from citeslab.funding.models.funders import Delegate, Funder
from citeslab.funding.values import MOST_CENTS
from citeslab.network.enums import Role
from citeslab.network.models import Dated, DatedQuerySet, HostOrganization, Mandate, Merger, held_by
from citeslab.territories.models import Region

PLACES = (Level.REGION, Level.DEPARTMENT, Level.EPCI, Level.COMMUNE)
ONE_YEAR, THREE_YEARS = timedelta(days=366), timedelta(days=1_096)


class AgreementQuerySet(DatedQuerySet):
    def written_by(self, user, *, on: date):
        """Every agreement for the pilot, those of her organization for a coordinator."""
        held = held_by(user, on=on)
        if any(mandate.role == Role.PILOT for mandate in held):
            return self
        return self.filter(organization__in=coordinated(held))

    def visible_to(self, user, *, on: date):
        """Those that she writes; for who reads for a funder, that funder's."""
        held = held_by(user, on=on)
        roles = {mandate.role for mandate in held}
        if Role.PILOT in roles:
            return self
        shown = Q(organization__in=coordinated(held))
        if Role.FUNDER in roles:
            shown |= Q(funder__in=Delegate.objects.on(on).filter(user=user).values("funder"))
        return self.filter(shown)

    def search(self, words: str):
        """Every word must be in the reference, or in the name of the funder or of the host."""
        found = self
        for word in sort_key(words).split():
            found = found.filter(sort_key__contains=word)
        return found

    def with_phase(self, on: date):
        phase = Case(
            When(ends_on__lte=on, then=Value(Phase.OVER)),
            When(signed_on=None, then=Value(Phase.UNSIGNED)),
            When(begins_on__gt=on, then=Value(Phase.TO_COME)),
            default=Value(Phase.RUNNING),
        )
        return self.annotate(phase=phase)

    def with_sums(self):
        """With `paid_cents` and `justified_cents`, of what stands."""
        return self.annotate(paid_cents=summed("Payment"), justified_cents=summed("Progress", state=State.JUSTIFIED))


def coordinated(held: Iterable[Mandate]) -> set[int]:
    """The organizations that she coordinates, and those that they took in."""
    organizations = {one.organization_id for one in held if one.role == Role.COORDINATOR and one.organization_id}
    return Merger.objects.taken_in_by(organizations) if organizations else set()


def summed(model: str, **kept) -> Coalesce:
    rows = Agreement._meta.apps.get_model("funding", model).objects.standing()
    of_agreement = rows.filter(instalment__agreement=OuterRef("pk"), **kept).order_by()
    sums = of_agreement.values("instalment__agreement").annotate(cents=Sum("amount_cents"))
    return Coalesce(Subquery(sums.values("cents"), output_field=BigIntegerField()), 0)


class Agreement(Dated):
    """A funder's promise (FR: convention): to whom, for which days and place, how much, and against what.

    Its figures go by its `reference`; where no host is named, the pilot spends for the whole network.
    """

    PERSONAL = ()

    funder = models.ForeignKey(Funder, models.PROTECT, related_name="agreements", verbose_name=_("funder"))
    organization = models.ForeignKey(
        HostOrganization,
        models.PROTECT,
        related_name="agreements",
        verbose_name=_("host organization"),
        null=True,
        blank=True,
    )
    reference = models.CharField(
        _("reference"),
        max_length=64,
        unique=True,
        error_messages={"unique": _("Another agreement has this reference.")},
    )
    sort_key = models.CharField(max_length=400)
    rhythm = models.CharField(_("rhythm"), max_length=9, choices=Rhythm)
    ends_on = models.DateField(_("until (excluded)"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    level = models.CharField(_("level of the perimeter"), max_length=12, choices=Level, blank=True)
    code = models.CharField(_("code of the perimeter"), max_length=64, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", null=True, blank=True)
    committed_cents = models.PositiveBigIntegerField(_("amount promised, in cents"))
    objectives = models.TextField(_("objectives"), max_length=4_000, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(name="funding_agreement_with_its_funder", fields=["id", "funder"]),
            models.CheckConstraint(
                name="funding_agreement_promises_an_amount",
                condition=Q(committed_cents__range=(1, MOST_CENTS)),
                violation_error_message=_("An agreement promises one cent at least, a hundred million euros at most."),
            ),
            models.CheckConstraint(
                name="funding_agreement_as_long_as_its_rhythm",
                condition=Q(rhythm=Rhythm.ANNUAL, ends_on__lte=F("begins_on") + Value(ONE_YEAR))
                | Q(rhythm=Rhythm.TRIENNIAL, ends_on__lte=F("begins_on") + Value(THREE_YEARS)),
                violation_error_message=_("An annual agreement lasts a year at most, one over several years three."),
            ),
            models.CheckConstraint(
                name="funding_agreement_whole_perimeter",
                condition=Q(level="", code="")
                | Q(level=Level.SITE, code__regex=r"^[1-9][0-9]{0,8}$")
                | (Q(level__in=PLACES) & ~Q(code="")),
                violation_error_message=_("A perimeter is the network, or a place of its level."),
            ),
            models.CheckConstraint(
                name="funding_agreement_without_a_host_is_of_the_network",
                condition=Q(organization__isnull=False) | Q(level=""),
                violation_error_message=_("Without a host organization, an agreement is of the whole network."),
            ),
        ]
        indexes = [models.Index(name="funding_agreement_by_end", fields=["ends_on"])]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("funding:agreement", args=[self.pk])

    @property
    def key(self) -> str:
        """In an address: digits alone, whatever the language."""
        return str(self.pk)

    @property
    def last_on(self) -> date:
        """The last day, as agreements write it."""
        return self.ends_on - timedelta(days=1)

    def phase_on(self, day: date) -> Phase:
        """As `with_phase` says it."""
        if self.ends_on <= day:
            return Phase.OVER
        if self.signed_on is None:
            return Phase.UNSIGNED
        return Phase.TO_COME if self.begins_on > day else Phase.RUNNING

    @property
    def place(self) -> str:
        """Its perimeter as an address of the figures says it: `department:59`."""
        return f"{self.level}:{self.code}" if self.level else ""


class ReportDue(Fact):
    """A report owed to the funder by a day; once sent, from when."""

    PERSONAL = ()

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reports")
    kind = models.CharField(_("report"), max_length=8, choices=ReportKind)
    due_on = models.DateField(_("due on"))
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("report due")
        verbose_name_plural = _("reports due")
        constraints = [
            *Fact.Meta.constraints,
            both_or_neither("sent_on", "sent_by"),
            models.UniqueConstraint(
                name="funding_reportdue_one_a_day",
                fields=["agreement", "kind", "due_on"],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This report is already in the calendar."),
            ),
        ]

    def __str__(self):
        return f"report due #{self.pk}"
