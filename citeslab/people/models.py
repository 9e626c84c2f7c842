from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Upper
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet, both_or_neither, once_per_page
from citeslab.network.models import PERIOD, Dated, DatedQuerySet, Handover, Site
from citeslab.people.enums import AssignmentReason, Grounds, Method, OpeningPurpose, Precision, Sex
from citeslab.people.values import diploma_in_words
from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.territories.models import Release


class PersonQuerySet(models.QuerySet):
    def named(self):
        """People whose file was not anonymised: the others are facts without anyone behind them."""
        return self.filter(anonymised_at=None)

    def visible_to(self, user, *, on: date):
        """People whose name this user may see that day: those of her sites, and the files she opened elsewhere."""
        hers = Site.objects.keys_with_names_for(user, on=on)
        elsewhere = opened_by(user) if hers else ()  # who lost her mandate lost what it let her open
        if elsewhere:
            return self.named().filter(Q(site__in=hers) | Q(pk__in=elsewhere))
        return self.named().filter(site__in=hers)


@once_per_page
def opened_by(user) -> tuple[int, ...]:
    """The files of other sites that a user has open now."""
    return tuple(Opening.objects.running().filter(user=user).values_list("person", flat=True))


class Person(models.Model):
    """Someone accompanied (FR: personne accompagnée). An account is a `User`, another thing."""

    PERSONAL = (
        "reference", "first_name", "preferred_name", "sort_key", "sex", "born_on", "phone", "email",
        "situation_at_entry", "diploma", "contact_source",
    )  # fmt: skip

    site = models.ForeignKey(Site, models.PROTECT, related_name="people", verbose_name=_("site"))
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    first_name = models.CharField(_("first name"), max_length=200)
    preferred_name = models.CharField(_("preferred name"), max_length=200)
    sort_key = models.CharField(max_length=420)
    sex = models.CharField(_("sex"), max_length=7, choices=Sex, default=Sex.UNKNOWN)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    situation_at_entry = models.CharField(_("situation at entry"), max_length=120, blank=True)
    diploma = models.CharField(_("diploma level"), max_length=120, blank=True)
    contact_source = models.CharField(_("how we met"), max_length=120, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    creation_key = models.UUIDField(null=True, blank=True)  # of the form that made her: sent twice, it makes one
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", null=True, blank=True)
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                name="people_person_one_by_reference",
                fields=["site", "reference"],
                condition=~Q(reference=""),
                violation_error_message=_("This reference is already used at this site."),
            ),
            models.UniqueConstraint(name="people_person_one_by_creation_key", fields=["recorded_by", "creation_key"]),
            both_or_neither("changed_at", "changed_by"),
            models.CheckConstraint(
                name="people_person_anonymised_has_no_name",
                condition=Q(anonymised_at=None)
                | Q(reference="", first_name="", preferred_name="", sort_key="", phone="", email="", born_on=None),
            ),
        ]
        indexes = [
            models.Index(name="people_person_by_name", fields=["site", "sort_key"]),  # a site's list
            # A search over many sites: parts of names, names nearly right, parts of numbers and addresses.
            GinIndex(
                OpClass(F("sort_key"), name="gin_trgm_ops"),
                OpClass(F("phone"), name="gin_trgm_ops"),
                OpClass(Upper("email"), name="gin_trgm_ops"),
                name="people_person_by_likeness",
            ),
            models.Index(Upper("reference"), name="people_person_by_reference"),  # the same search, any case
            # "this number is also hers", asked while a number is typed
            models.Index(name="people_person_by_phone", fields=["phone"], condition=~Q(phone="")),
            models.Index(Lower("email"), name="people_person_by_email", condition=~Q(email="")),
            # files that may be one person's: names equal or beginning so, at whatever site, and birth dates
            models.Index(OpClass(F("sort_key"), name="text_pattern_ops"), name="people_person_by_name_alone"),
            models.Index(name="people_person_by_birth", fields=["born_on"]),
            # who a site accompanies, from the index alone: most files are history, or will be anonymised
            models.Index(name="people_person_of_site", fields=["site", "id"], condition=Q(anonymised_at=None)),
        ]

    def __str__(self):
        return f"person #{self.pk}"

    def get_diploma_display(self) -> str:
        return diploma_in_words(self.diploma)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.preferred_name}"

    def recent_openings(self) -> "models.QuerySet[Opening]":
        """Who of another site opened this file, the latest first."""
        return self.openings.select_related("user").order_by("-opened_at", "-pk")[:5]


class HouseholdTie(Fact):
    """Two people live under one roof, an advisor said: why they share a phone, and are not one person known twice.

    `one` is the person of the smaller key.
    """

    PERSONAL = ()

    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = _("household tie")
        verbose_name_plural = _("household ties")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="people_householdtie_smaller_key_first", condition=Q(one__lt=F("other"))),
            models.UniqueConstraint(
                name="people_householdtie_said_once", fields=["one", "other"], condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self):
        return f"household tie #{self.pk}"


class ResidenceQuerySet(FactQuerySet):
    def on(self, day: date):
        """Where people lived that day; an open beginning is "always"."""
        return self.filter(Q(begins_on=None) | Q(begins_on__lte=day), Q(ends_on=None) | Q(ends_on__gt=day))


class Residence(Fact):
    """Where a person lives, as she said it, and the position of the house number if it is known.

    A move ends one and begins another; a correction withdraws one and records another.
    """

    PERSONAL = ("address", "postal_code", "commune_name", "longitude", "latitude")

    person = models.ForeignKey(Person, models.CASCADE, related_name="residences")
    begins_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until (excluded)"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    commune_name = models.CharField(_("commune"), max_length=120, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    territory = models.CharField(_("territory"), max_length=12, choices=Territory, blank=True)
    precision = models.CharField(
        _("precision"), max_length=7, choices=Precision, default=Precision.GIVEN, db_default=Precision.GIVEN
    )

    objects = ResidenceQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("residence")
        verbose_name_plural = _("residences")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="people_residence_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(begins_on=None) | Q(ends_on__gt=F("begins_on")),
            ),
            models.CheckConstraint(
                name="people_residence_whole_position",
                # A range is neither true nor false of nothing, and the database lets that through: hence "not null".
                # The territory outlives a position that was anonymised: it says which edition is in force there.
                condition=Q(longitude=None, latitude=None)
                | (
                    Q(longitude__isnull=False, longitude__range=(-180, 180))
                    & Q(latitude__isnull=False, latitude__range=(-90, 90))
                    & ~Q(territory="")
                ),
                violation_error_message=_("A position has a longitude and a latitude."),
            ),
            models.UniqueConstraint(
                name="people_residence_one_open",
                fields=["person"],
                condition=Q(withdrawn_at=None, ends_on=None),
                violation_error_message=_("This person already has a current address."),
            ),
        ]

    def __str__(self):
        return f"residence #{self.pk}"


class ResidenceAnswer(Fact):
    """Is this residence in a QPV, in this edition? Made from one release, and never rewritten by another.

    A human decision withdraws the computed answer and needs a reason.
    """

    PERSONAL = ("reason", "border_m")  # a distance and a border nearly make an address
    SCRUBBED = {"reason": "-"}

    residence = models.ForeignKey(Residence, models.CASCADE, related_name="answers")
    edition = models.PositiveSmallIntegerField(_("edition"), choices=Edition)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    answer = models.CharField(_("answer"), max_length=11, choices=Answer)
    qpv_code = models.CharField(_("QPV"), max_length=8, blank=True)
    border_m = models.DecimalField(
        _("distance to the border, in meters"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    method = models.CharField(_("method"), max_length=8, choices=Method, default=Method.COMPUTED)
    grounds = models.CharField(
        _("what it rests on"), max_length=12, choices=Grounds, blank=True, default="", db_default=""
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("residence answer")
        verbose_name_plural = _("residence answers")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="people_residenceanswer_one_by_edition",
                fields=["residence", "edition"],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="people_residenceanswer_in_names_its_qpv",
                condition=~Q(answer=Answer.IN) | ~Q(qpv_code=""),
            ),
            models.CheckConstraint(
                name="people_residenceanswer_manual_says_why",
                condition=Q(method=Method.COMPUTED) | ~Q(reason="") | ~Q(grounds="") & ~Q(grounds=Grounds.OTHER),
                violation_error_message=_("A decision needs its reason."),
            ),
        ]

    def __str__(self):
        return f"residence answer #{self.pk}"


class AssignmentQuerySet(FactQuerySet, DatedQuerySet):  # type: ignore[override]
    pass


class Assignment(Fact, Dated):
    """The advisor who follows a person (FR: référente), from a day to another: one at a time."""

    PERSONAL = ()

    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments")
    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    reason = models.CharField(_("reason"), max_length=8, choices=AssignmentReason)
    handover = models.ForeignKey(Handover, models.PROTECT, related_name="assignments", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Fact.Meta):
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            *Fact.Meta.constraints,
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="people_assignment_one_advisor_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("Another advisor follows this person on these days."),
            ),
        ]
        indexes = [
            # "my people", and a caseload to hand over
            models.Index(name="people_assignment_of_advisor", fields=["advisor"], condition=Q(withdrawn_at=None)),
        ]

    def __str__(self):
        return f"assignment #{self.pk}"


class OpeningQuerySet(models.QuerySet):
    def running(self):
        """Those that still open their file, by the clock of the database."""
        return self.filter(ends_at__gt=Now())


class Opening(models.Model):
    """A file of another site opened for a day, for a purpose and a reason that its site and its person can read."""

    PERSONAL = ("reason",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="openings")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=12, choices=OpeningPurpose)
    reason = models.CharField(_("reason"), max_length=300)
    opened_at = models.DateTimeField(_("opened at"))
    ends_at = models.DateTimeField(_("until"))

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [
            models.CheckConstraint(name="people_opening_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="people_opening_ends_after_it_begins", condition=Q(ends_at__gt=F("opened_at"))),
        ]
        indexes = [
            models.Index(name="people_opening_of_user", fields=["user", "ends_at"]),  # asked with each list
        ]

    def __str__(self):
        return f"opening #{self.pk}"
