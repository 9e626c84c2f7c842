"""Years as they were last computed, the marks of what moved them, and what was published of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from citeslab.figures.enums import ContactSource, Diploma, SituationAtEntry
from citeslab.network.models import Site
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.territories.enums import Answer


class Change(models.Model):
    """A mark left by the database each time a fact is written: figures from that year on may have moved.

    Triggers write it (migrations 0002 and on), so that no door, import or correction can forget to. It holds no fact.
    """

    PERSONAL = ()

    since_year = models.SmallIntegerField(_("since the year"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [models.Index(name="figures_change_by_year", fields=["since_year"])]

    def __str__(self):
        return f"change #{self.pk}"


class Computed(models.Model):
    """A year's figures as they were last computed, and how many changes that computation had seen.

    One row per perimeter (`site`, or the network), reference day and "known by" instant (or today's books).
    """

    PERSONAL = ()

    year = models.SmallIntegerField(_("year"))
    site = models.ForeignKey(Site, models.CASCADE, related_name="+", null=True, blank=True)
    day = models.DateField(_("reference day"))
    known_by = models.DateTimeField(_("known by"), null=True, blank=True)
    definitions = models.CharField(_("definitions"), max_length=64)
    changes_seen = models.BigIntegerField(_("changes seen"))
    values = models.JSONField(_("values"))
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("computed figures")
        verbose_name_plural = _("computed figures")
        constraints = [
            models.UniqueConstraint(
                name="figures_computed_one_by_perimeter",
                fields=["year", "site", "day", "known_by"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return f"figures of {self.year}"


class PersonYear(models.Model):
    """What figures count someone by in a year in which she was met: it follows from the facts, and is read for them.

    Made by one definition (`definitions.people.person_years`), for the years that `Keeping` says. She is named by her
    number: rows of a file that went go with the next night, and are not read meanwhile.
    """

    PERSONAL = ()

    person_id = models.BigIntegerField(_("number of the file"))
    year = models.SmallIntegerField(_("year"))
    site_id = models.BigIntegerField(_("number of the site of her last meeting"))
    sex = models.TextField(_("sex"), choices=Sex)
    answer = models.TextField(_("answer for her residence"), choices=Answer)
    qpv_code = models.TextField(_("priority neighborhood"), blank=True)
    qpv = models.TextField(_("priority neighborhood of an answer that is in"))
    situation = models.TextField(_("situation on the reference day"))
    supported = models.SmallIntegerField(_("supported: 1, or 0"))

    class Meta:
        db_table = "person_year"  # as the definitions call it
        verbose_name = _("year of a person")
        verbose_name_plural = _("years of people")
        constraints = [
            models.UniqueConstraint(name="figures_personyear_one_row", fields=["year", "person_id"]),
        ]

    def __str__(self):
        return f"year {self.year} of a person"


class Keeping(models.Model):
    """When the years of people were kept, by which definition, and the marks (`Change`) that they had seen."""

    PERSONAL = ()

    definition = models.CharField(_("definition"), max_length=64)
    marks = models.JSONField(_("marks seen"))
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("keeping of years")
        verbose_name_plural = _("keepings of years")
        constraints = [
            models.CheckConstraint(name="figures_keeping_the_last_only", condition=Q(id=1)),
        ]

    def __str__(self):
        return f"years kept at {self.kept_at}"


class Grid(models.Model):
    """A figure of a year at every site, by classes, as last counted, and how many changes that had seen.

    Every place of the network is a sum of sites: one grid answers for all of them. `cells` are `[site, class...,
    count]`; nobody is no cell. `by` names the breakdowns, in order, with commas.
    """

    PERSONAL = ()

    indicator = models.CharField(_("figure"), max_length=64)
    year = models.SmallIntegerField(_("year"))
    by = models.CharField(_("by"), max_length=120, blank=True)
    definition = models.CharField(_("definition"), max_length=64)
    changes_seen = models.BigIntegerField(_("changes seen"))
    cells = models.JSONField(_("counts"))

    class Meta:
        verbose_name = _("grid of counts")
        verbose_name_plural = _("grids of counts")
        constraints = [
            models.UniqueConstraint(name="figures_grid_one_a_question", fields=["indicator", "year", "by"]),
        ]

    def __str__(self):
        return f"{self.indicator} of {self.year} by {self.by or 'nothing'}"


class Pattern(models.Model):
    """Which counts of a table are hidden from who knows nobody by name, as last chosen.

    It follows from the counts and from nothing else: `digest` is theirs, and a table with other counts is protected
    anew. `hidden` are `[place, class...]`.
    """

    PERSONAL = ()

    table = models.CharField(_("table"), max_length=255, unique=True)
    digest = models.CharField(_("digest of the counts"), max_length=64)
    hidden = models.JSONField(_("hidden counts"))

    class Meta:
        verbose_name = _("pattern of hidden counts")
        verbose_name_plural = _("patterns of hidden counts")

    def __str__(self):
        return f"what is hidden of {self.table}"


class AnonymousTraits(models.Model):
    """What figures go on counting someone by, whose file was anonymised: the classes that she was in.

    Her year of birth is replaced by the middle of those that no figure tells from hers. Written when a file is
    forgotten (services/forgetting.py) and read by `fact_person`; rows are never changed.
    """

    PERSONAL = ()

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    birth_year = models.SmallIntegerField(_("year of birth, nearly"), null=True)
    situation_at_entry = models.CharField(_("situation at entry"), max_length=13, choices=SituationAtEntry)
    diploma = models.CharField(_("diploma level"), max_length=13, choices=Diploma)
    contact_source = models.CharField(_("how we met"), max_length=13, choices=ContactSource)

    class Meta:
        verbose_name = _("traits of an anonymous person")
        verbose_name_plural = _("traits of anonymous people")

    def __str__(self):
        return f"traits of person #{self.pk}"


class PublicationQuerySet(models.QuerySet):
    def standing(self):
        """The last of each year, the latest year first."""
        return self.order_by("-year", "-number").distinct("year")

    def with_country(self, *, regions: bool = False):
        """`country` holds the counts of the whole country: of 30,000, a few hundred. The rest is not read.

        And those of its `regions`, with who lives in no priority neighborhood.
        """
        is_read = '@.value == "*"'
        if regions:
            is_read += ' || @.value == "UNKNOWN" || @.value starts with "REG"'
        path = f'strict $[*] ? (!exists(@[2].keyvalue() ? (@.key == "territory" && !({is_read}))))'
        counts = Func(
            F("cells"),
            Value(path),
            function="jsonb_path_query_array",
            template="%(function)s(%(expressions)s::jsonpath)",
            output_field=models.JSONField(),
        )
        return self.defer("cells").annotate(country=counts)


class Publication(models.Model):
    """What was published of a year, with what was hidden: the next one must not give it away.

    `cells` holds every count, hidden ones too, and leaves the database for nobody: `[table, indicator, {dimension:
    value}, count, hidden]`. It is a register: a publication out in the world cannot be taken back.
    """

    PERSONAL = ()

    year = models.SmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number"))
    threshold = models.PositiveSmallIntegerField(_("smallest number shown"))
    definitions = models.CharField(_("definitions"), max_length=64)
    cells = models.JSONField(_("counts"))
    summary = models.JSONField(_("what was hidden"))
    digest = models.CharField(_("digest of the file of counts"), max_length=64)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(name="figures_publication_one_number", fields=["year", "number"]),
            models.CheckConstraint(
                name="figures_publication_whole_digest", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self):
        return f"publication {self.reference}"

    @property
    def reference(self) -> str:
        return f"{self.year}-{self.number}"
