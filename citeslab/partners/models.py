from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.core.values import sort_key
from citeslab.network.models import Dated, DatedQuerySet
from citeslab.partners.enums import Purpose
from citeslab.territories.models import Department


class Network(models.Model):
    """A partner network that finances, coaches, tests, trains or places (Adie, BGE, Initiative France…)."""

    PERSONAL = ()

    name = models.CharField(
        _("name"),
        max_length=120,
        unique=True,
        error_messages={"unique": _("This network is already in the directory.")},
    )
    sort_key = models.CharField(max_length=120)
    purposes = ArrayField(models.CharField(max_length=8, choices=Purpose), verbose_name=_("what it does"), default=list)
    description = models.TextField(_("in a few words"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("partner network")
        verbose_name_plural = _("partner networks")

    def __str__(self):
        return self.name


class OfficeQuerySet(models.QuerySet):
    def near(self, *, commune_code: str = "", department: str | None = None):
        """Offices that cover the commune or the department, with `rank`: 0 names the commune, 1 the department."""
        in_commune = Q(commune_codes__contains=[commune_code]) if commune_code else Q(pk__in=[])
        whole_department = Q(department=department, commune_codes=[]) if department else Q(pk__in=[])
        return self.filter(in_commune | whole_department).annotate(
            rank=Case(When(in_commune, then=Value(0)), default=Value(1), output_field=IntegerField())
        )

    def offering(self, *, purpose: str = "", amount_cents: int | None = None, on: date):
        """Offices that do this, by their network or by an offer in force; that finance this amount that day."""
        offers = Offer.objects.on(on).filter(network=OuterRef("network"))
        offers = offers.filter(Q(office=None) | Q(office=OuterRef("pk")))
        if amount_cents is not None:
            offers = offers.financing(amount_cents)
            return self.filter(Exists(offers.filter(purpose=purpose) if purpose else offers))
        if purpose:
            return self.filter(Q(network__purposes__contains=[purpose]) | Exists(offers.filter(purpose=purpose)))
        return self

    def search(self, words: str):
        """Every word must be in the name of the network, of the office or of the town."""
        found = self
        for word in sort_key(words).split():
            found = found.filter(sort_key__contains=word)
        return found


class Office(models.Model):
    """A place of a partner network, and where it works: some communes, or its whole department."""

    PERSONAL = ()

    network = models.ForeignKey(Network, models.PROTECT, related_name="offices", verbose_name=_("network"))
    name = models.CharField(_("name"), max_length=160)
    sort_key = models.CharField(max_length=400)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    commune_codes = ArrayField(
        models.CharField(max_length=5), verbose_name=_("communes covered"), default=list, blank=True
    )
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    city = models.CharField(_("town"), max_length=120, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner office")
        verbose_name_plural = _("partner offices")
        constraints = [
            models.UniqueConstraint(
                name="partners_office_named_once",
                fields=["network", "name"],
                violation_error_message=_("This network already has an office of that name."),
            ),
        ]

    def __str__(self):
        return f"office #{self.pk}"

    @property
    def whole_name(self) -> str:
        """The network and the office, without saying the network twice."""
        return self.name if self.name.startswith(self.network.name) else f"{self.network.name}, {self.name}"


class OfferQuerySet(DatedQuerySet):
    def financing(self, amount_cents: int):
        """Those that finance this amount: an end that is not said is open."""
        return self.filter(
            Q(amount_from_cents=None) | Q(amount_from_cents__lte=amount_cents),
            Q(amount_to_cents=None) | Q(amount_to_cents__gte=amount_cents),
            purpose=Purpose.FINANCE,
        )

    def of_office(self, office: Office):
        """Its own, and those of its whole network."""
        return self.filter(Q(office=None) | Q(office=office), network=office.network_id)


class Offer(Dated):
    """What a network, or one of its offices alone, does for whom, from a day on (FR: offre).

    Its criteria change by another offer: the former one keeps its days, and shows as old.
    """

    PERSONAL = ()

    network = models.ForeignKey(Network, models.PROTECT, related_name="offers", verbose_name=_("network"))
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="offers", verbose_name=_("office"), null=True, blank=True
    )
    purpose = models.CharField(_("for"), max_length=8, choices=Purpose)
    title = models.CharField(_("name"), max_length=120)
    amount_from_cents = models.PositiveBigIntegerField(_("from, in cents"), null=True, blank=True)
    amount_to_cents = models.PositiveBigIntegerField(_("up to, in cents"), null=True, blank=True)
    audience = models.CharField(_("for whom"), max_length=200, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfferQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("offer of a partner")
        verbose_name_plural = _("offers of a partner")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="partners_offer_amounts_in_order",
                condition=Q(amount_from_cents=None)
                | Q(amount_to_cents=None)
                | Q(amount_to_cents__gte=F("amount_from_cents")),
                violation_error_message=_("The greatest amount is not less than the smallest."),
            ),
            models.CheckConstraint(
                name="partners_offer_amounts_of_financing",
                condition=Q(purpose=Purpose.FINANCE) | Q(amount_from_cents=None, amount_to_cents=None),
                violation_error_message=_("Only financing has amounts."),
            ),
        ]

    def __str__(self):
        return f"offer #{self.pk}"


class ContactQuerySet(models.QuerySet):
    def active(self):
        """Contacts that may be written to."""
        return self.filter(retired_at=None)


class Contact(models.Model):
    """Someone at a partner's office to whom people are referred; a working address, never a private one."""

    PERSONAL = ("name", "email")

    office = models.ForeignKey(Office, models.PROTECT, related_name="contacts", verbose_name=_("office"))
    name = models.CharField(_("name"), max_length=160)
    email = models.EmailField(_("e-mail address"))
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner contact")
        verbose_name_plural = _("partner contacts")
        constraints = [
            models.UniqueConstraint(
                "office",
                Lower("email"),
                name="partners_contact_one_by_address",
                condition=Q(retired_at=None),
                violation_error_message=_("This office already has a contact at this address."),
            ),
            both_or_neither("retired_at", "retired_by"),
        ]

    def __str__(self):
        return f"contact #{self.pk}"
