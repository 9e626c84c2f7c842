"""What is missing in the records of a site, or contradicts itself, with the figure that it weighs on."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citeslab.figures.definitions.facts import Scope
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.queries.tabulated import tabulated
from citeslab.followup.enums import Evidence, Stage
from citeslab.followup.models import Meeting, Transition
from citeslab.network.models import Site
from citeslab.territories.enums import Answer
from citeslab.workshops.models import Attendance, HeadCount, Workshop

# What may not be known of the people supported: the class that says so, the figure that it weighs on, and the counts
# that one of them more may join once it is known.
SUPPORTED = "persons_supported"
LIVING = ("residence.in", "residence.out", "qpv_of_residence")
MISSING: tuple[tuple[Breakdown, str, str | Promise, str, tuple[str, ...]], ...] = (
    (Breakdown.SEX, UNKNOWN, _("Sex not known"), "share_women", ("women", "sex_known", "persons_fse_plus")),
    (Breakdown.AGE, UNKNOWN, _("Date of birth not known"), SUPPORTED, ("persons_fse_plus",)),
    (Breakdown.SITUATION_AT_ENTRY, UNKNOWN, _("Situation at entry not known"), SUPPORTED, ()),
    (Breakdown.DIPLOMA, UNKNOWN, _("Diploma level not known"), SUPPORTED, ()),
    (Breakdown.RESIDENCE, Answer.NOT_LOCATED.value, _("Address not located"), "residence.in", LIVING),
    (Breakdown.RESIDENCE, Answer.TO_CHECK.value, _("Address to check"), "residence.in", LIVING),
    (Breakdown.SECTOR, UNKNOWN, _("Sector of the project not known"), "projects_cumulative", ()),
)


@dataclass(frozen=True)
class Gap:
    """`count` records of `of` lack something; `query` leads to those people.

    Each may, once filled in, add one to each of the counts that it `raises`.
    """

    wording: str | Promise
    weighs_on: str | Promise
    count: int
    of: int
    query: dict[str, str]
    raises: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0


def gaps(site: Site, *, year: int) -> list[Gap]:
    """What is missing of the people supported in a year, the most frequent first; nothing where nothing is."""
    scope = Scope(year=year, site_id=site.pk)
    found = []
    for breakdown, value, wording, weighs_on, raises in MISSING:
        cells = tabulated(SUPPORTED, by=[breakdown], scope=scope)
        if count := cells.get((value,), 0):
            query = {
                "indicateur": SUPPORTED,
                "annee": str(year),
                "perimetre": f"site:{site.pk}",
                breakdown.value: value,
            }
            found.append(Gap(wording, BY_ID[weighs_on].wording, count, sum(cells.values()), query, raises))
    return sorted(found, key=lambda gap: -gap.count)


@dataclass(frozen=True)
class Contradiction:
    """Records that cannot all be right, or that a figure waits for; `people` or `workshops` are their keys.

    Each may, once settled, add one to each of the counts that it `raises`.
    """

    wording: str | Promise
    weighs_on: str | Promise
    people: tuple[int, ...] = ()
    workshops: tuple[int, ...] = ()
    raises: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.people) + len(self.workshops)


def steps_of_one_day(*, year: int, site: Site | int | None = None) -> QuerySet:
    """Pathways with two steps on one day of the year, by person: which is the last one hangs on when it was entered."""
    taken = Transition.objects.standing().filter(occurred_on__year=year)
    return (
        (taken.filter(site=site) if site else taken)
        .order_by()
        .values("person", "project", "occurred_on")
        .annotate(stages=Count("stage", distinct=True))
        .filter(stages__gt=1)
    )


def contradictions(site: Site, *, year: int, on: date) -> list[Contradiction]:
    """Of a site and a year: each kind that occurs."""
    steps = Transition.objects.standing().filter(person=OuterRef("person"))
    met = Meeting.objects.standing().filter(site=site, held_on__year=year)
    without_step = met.filter(~Exists(steps)).values_list("person", flat=True)
    later = (
        Transition.objects.standing()
        .alias(pathway=Coalesce("project", 0))  # a pathway may be on no project
        .filter(
            person=OuterRef("person"),
            pathway=Coalesce(OuterRef("project"), 0),
            occurred_on__gt=OuterRef("occurred_on"),
        )
    )
    left = Transition.objects.standing().filter(site=site, occurred_on__year=year, stage=Stage.SORT)
    after_leaving = left.filter(Exists(later)).values_list("person", flat=True)
    declared = Transition.objects.standing().filter(
        site=site, occurred_on__year=year, stage=Stage.PARC, evidence=Evidence.DECLARED
    )
    actions = Workshop.objects.filter(site=site, held_on__year=year)
    waiting = actions.filter(cancelled_at=None, is_planned=True, held_on__lt=on)
    came = Attendance.objects.standing().filter(workshop=OuterRef("pk"))
    counted = HeadCount.objects.standing().filter(workshop=OuterRef("pk"))
    empty = actions.held().filter(~Q(Exists(came) | Exists(counted)))
    found = [
        Contradiction(
            _("Met, and no step at all"),
            BY_ID[SUPPORTED].wording,
            people=keys(without_step),
            raises=(SUPPORTED, "situation.emergence.persons", "situation.creation_path.persons"),
        ),
        Contradiction(
            _("Two steps on one day: the one entered later counts"),
            BY_ID["situation.other.persons"].wording,
            people=keys(steps_of_one_day(year=year, site=site).values_list("person", flat=True)),
        ),
        Contradiction(
            _("A step after having left"), BY_ID["situation.other.persons"].wording, people=keys(after_leaving)
        ),
        Contradiction(
            _("On a creation path by the person's word alone"),
            BY_ID["situation.creation_path.persons"].wording,
            people=keys(declared.values_list("person", flat=True)),
        ),
        Contradiction(
            _("Past actions not said to be held"),
            BY_ID["actions_held.total"].wording,
            workshops=keys(waiting.values_list("pk", flat=True)),
            raises=("actions_held.total",),
        ),
        Contradiction(
            _("Actions held, with nobody"),
            BY_ID["attendances_named"].wording,
            workshops=keys(empty.values_list("pk", flat=True)),
        ),
    ]
    return [one for one in found if one.count]


def raising(site: Site, *, year: int, on: date) -> list[Gap | Contradiction]:
    """What, once filled in or settled, may raise a count of the site."""
    return [one for one in (*gaps(site, year=year), *contradictions(site, year=year, on=on)) if one.raises]


def keys(rows) -> tuple[int, ...]:
    return tuple(sorted(set(rows)))
