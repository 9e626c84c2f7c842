"""What is aimed at, against what is achieved: the same numbers as the explorer's, and where the year leads them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.core.values import last_day
from citeslab.figures.definitions.dimensions import BREAKDOWNS
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS, Indicator
from citeslab.figures.enums import Breakdown, Standing
from citeslab.figures.models import Target
from citeslab.figures.queries.computed import kept, ratio
from citeslab.figures.queries.explored import Asked, Explored, Number, scope_of
from citeslab.figures.queries.perimeters import Choices, name_of, site_of
from citeslab.figures.queries.projected import YEARS_BEFORE, Earlier, Projection, projected, same_day
from citeslab.figures.queries.quality import Contradiction, Gap, raising
from citeslab.figures.queries.sheltered import beside_patterns
from citeslab.figures.queries.tabulated import totals
from citeslab.figures.rules import sets_all_targets, sites_to_aim_at
from citeslab.figures.values import Perimeter
from citeslab.funding.models import Agreement
from citeslab.network.models import Site
from citeslab.network.rules import may_see_network
from citeslab.workshops.models import Workshop

FALLS_SHORT = frozenset({Standing.MISSED, Standing.UNSURE, Standing.SHORT})


@dataclass(frozen=True)
class Outlook:
    """How much of a figure is achieved (nothing where it is hidden), and where its year leads it."""

    achieved: int | None
    projection: Projection | None = None


@dataclass(frozen=True)
class Progress:
    """A target, where it stands, and the records whose repair may bring what lacks."""

    target: Target
    indicator: Indicator | None
    standing: Standing
    outlook: Outlook
    counted_on: Perimeter | None = None  # nothing where it cannot be counted any more
    former: tuple[Target, ...] = ()
    repairs: tuple[Gap | Contradiction, ...] = ()

    @property
    def share(self) -> float | None:
        return None if self.outlook.achieved is None else ratio(self.outlook.achieved, self.target.aim)

    @property
    def missing(self) -> int:
        """What is not achieved yet."""
        return max(0, self.target.aim - (self.outlook.achieved or 0))

    @property
    def short_of(self) -> int:
        """What would still lack at the end of the year."""
        likely = self.outlook.projection.middle if self.outlook.projection else self.outlook.achieved or 0
        return max(0, self.target.aim - likely)


# -- what may be aimed at, whose -----------------------------------------------------------------------------------


def can_be_aimed_at(indicator: str, perimeter: Perimeter) -> bool:
    """A count of the definitions, that its facts let one ask of that perimeter."""
    return counted_on(indicator, perimeter, place_of(perimeter)) is not None


def counted_on(indicator: str, perimeter: Perimeter, place: Perimeter | None) -> Perimeter | None:
    """Where it is counted: there or, what no fact ties to an agreement, on the `place` that the agreement is for."""
    defined = BY_ID.get(indicator)
    if defined is None or defined.base not in BREAKDOWNS:
        return None
    if is_known(perimeter.level, defined.base):
        return perimeter
    return place if place and is_known(place.level, defined.base) else None


def is_known(level: str, base: str) -> bool:
    return level in ("", Breakdown.SITE) or Breakdown(level) in BREAKDOWNS[base]


def place_of(perimeter: Perimeter) -> Perimeter | None:
    """The place that an agreement is for, where it is kept."""
    if perimeter.level != Breakdown.AGREEMENT:
        return None
    found = Agreement.objects.filter(reference=perimeter.code).first()
    return Perimeter(found.level, found.code) if found else None


def aimable() -> list[Indicator]:
    return [one for one in INDICATORS if can_be_aimed_at(one.id, Perimeter())]


def perimeters_aimed_at(user: User, *, on: date, chosen: str = "") -> Choices:
    """Whose targets she reads: her sites', the network's, for the pilot all. The first is what a page opens on.

    Agreements are those that run and that she may see, and the one `chosen`, as an address says it.
    """
    sets_all = sets_all_targets(user, on=on)
    hers = Site.objects.with_names_for(user, on=on).order_by("sort_key")
    network = [("", _("the whole network"))] if may_see_network(user, on=on) else []
    groups = [(_("My sites"), named(hers)), (_("Network"), network)]
    if sets_all:
        groups.append((_("Sites"), named(Site.objects.order_by("sort_key"))))
    groups.append((_("Agreements"), agreements(user, on=on, chosen=chosen)))
    return [(group, some) for group, some in groups if some]


def perimeters_to_aim_at(user: User, *, on: date, chosen: str = "") -> Choices:
    """Whose targets she sets."""
    groups: Choices = [(_("Sites"), named(sites_to_aim_at(user, on=on)))]
    if sets_all_targets(user, on=on):
        network = [("", _("the whole network"))]
        groups = [
            (_("Network"), network), *groups, (_("Agreements"), agreements(user, on=on, chosen=chosen))
        ]  # fmt: skip
    return [(group, some) for group, some in groups if some]


def named(sites) -> list[tuple[str, str]]:
    return [(f"site:{pk}", name) for pk, name in sites.values_list("pk", "name")]


def agreements(user: User, *, on: date, chosen: str = "") -> list[tuple[str, str]]:
    """Their references as funders write them; for the pilot also those that only actions name."""
    wanted = chosen.removeprefix(f"{Breakdown.AGREEMENT}:")
    running = Q(begins_on__lte=on, ends_on__gt=on) | Q(reference=wanted)
    found = set(Agreement.objects.visible_to(user, on=on).filter(running).values_list("reference", flat=True))
    if sets_all_targets(user, on=on):
        kept_ones = Agreement.objects.values("reference")
        others = Workshop.objects.exclude(agreement="").exclude(agreement__in=kept_ones)
        found |= set(others.values_list("agreement", flat=True))
    return [(f"agreement:{one}", one) for one in sorted(found)]


# -- what is achieved ----------------------------------------------------------------------------------------------


def outlooks(asked: Iterable[Asked], *, exact: Collection[Perimeter], on: date) -> dict[Asked, Outlook]:
    """Each figure as the explorer says it, and its projection while its year runs: one question a level.

    Outside her own perimeters small numbers are hidden, with those of the same page that would give them away, and what
    the explorer hides for the sake of another place; nothing is projected of a number that is hidden.
    """
    asked = [one for one in asked if one.year <= on.year]
    by_level: defaultdict[tuple[str, int], list[Asked]] = defaultdict(list)
    for one in asked:
        by_level[one.perimeter.level, one.year].append(one)
    counted = {one: counts for some in by_level.values() for one, counts in counts_of(some, on=on).items()}
    tables = [Explored(one, {}, {}, {("", ""): Number(counts[0])}) for one, counts in counted.items()]
    others = [table for table in tables if table.asked.perimeter not in exact]
    hidden = {table.asked for table in beside_patterns(others) if table.total.is_hidden}
    return {
        one: Outlook(None) if one in hidden else outlook(one, counts, on=on) for one, counts in counted.items()
    }  # fmt: skip


def counts_of(asked: list[Asked], *, on: date) -> dict[Asked, list[int]]:
    """Of one level and year: what each has achieved; while the year runs, then what each scope of `scopes_of` holds."""
    perimeters = {one.perimeter: scopes_of(one, on=on) for one in asked}
    scopes = [scope for some in perimeters.values() for scope in some]
    rows = iter(rows_of({one.indicator.id for one in asked}, scopes))
    found = {perimeter: [next(rows) for _scope in some] for perimeter, some in perimeters.items()}
    return {one: [row[one.indicator.id] for row in found[one.perimeter]] for one in asked}


def rows_of(indicators: Collection[str], scopes: list[Scope]) -> list[dict[str, int]]:
    """One question for all; whole years of the network are read as last computed, as its other pages read them."""
    of_network = {scope.year for scope in scopes if is_whole_network(scope)}
    computed = kept(of_network) if of_network else {}
    others = [scope for scope in scopes if not is_whole_network(scope)]
    rows = iter(totals(indicators, scopes=others) if others else [])
    return [computed[scope.year] if is_whole_network(scope) else next(rows) for scope in scopes]


def is_whole_network(scope: Scope) -> bool:
    return scope.site_id is None and not scope.at and scope.until is None


def scopes_of(asked: Asked, *, on: date) -> list[Scope]:
    """The one that the explorer asks; while the year runs, of each year before: by the same day, and whole."""
    scope = scope_of(asked, year=asked.year, since=None)
    if asked.year < on.year:
        return [scope]
    years = [asked.year - before for before in range(1, YEARS_BEFORE + 1)]
    pairs = [(replace(scope, year=year, until=same_day(on, year)), replace(scope, year=year)) for year in years]
    return [scope, *(one for pair in pairs for one in pair)]


def outlook(asked: Asked, counts: list[int], *, on: date) -> Outlook:
    achieved, *before = counts
    if asked.year < on.year:
        return Outlook(achieved)
    earlier = [Earlier(asked.year - place - 1, *before[2 * place : 2 * place + 2]) for place in range(len(before) // 2)]
    return Outlook(achieved, projected(asked.indicator, achieved, earlier, on=on))


# -- against what is aimed at --------------------------------------------------------------------------------------


def progress_of(perimeter: Perimeter, *, year: int, exact: Collection[Perimeter], on: date) -> list[Progress]:
    """Every target of a perimeter and a year, in the order of the definitions, with those that it took the place of."""
    every = Target.objects.of(perimeter, year=year).select_related("recorded_by", "withdrawn_by").order_by("pk")
    former: defaultdict[str, list[Target]] = defaultdict(list)
    targets = []
    for one in every:
        (targets if one.withdrawn_at is None else former[one.indicator]).append(one)
    order = {id: place for place, id in enumerate(BY_ID)}
    targets.sort(key=lambda one: (order.get(one.indicator, len(order)), one.pk))
    place = place_of(perimeter)
    places = {one: counted_on(one.indicator, perimeter, place) for one in targets}
    asked = {one: Asked(BY_ID[one.indicator], there, year) for one, there in places.items() if there is not None}
    found = outlooks(asked.values(), exact=exact, on=on)
    told = []
    for target in targets:
        seen = found.get(asked[target], Outlook(None)) if target in asked else Outlook(None)
        told.append(
            Progress(
                target,
                BY_ID.get(target.indicator),
                standing_of(target, seen, on=on) if target in asked else Standing.GONE,
                seen,
                places[target],
                tuple(former[target.indicator]),
            )
        )
    return with_repairs(told, perimeter, year=year, exact=exact, on=on)


def name_of_place(told: Iterable[Progress], perimeter: Perimeter) -> str:
    """Where what is aimed at by an agreement is counted, if that is a place."""
    places = {one.counted_on for one in told if one.counted_on and one.counted_on != perimeter}
    return name_of(places.pop()) if places else ""


def given_up(perimeter: Perimeter, *, year: int) -> list[tuple[Indicator | None, Target]]:
    """What was aimed at and is not any more: withdrawn, and nothing took its place."""
    standing = Target.objects.standing().of(perimeter, year=year).filter(indicator=OuterRef("indicator"))
    gone = Target.objects.of(perimeter, year=year).exclude(Exists(standing))
    rows = gone.select_related("recorded_by", "withdrawn_by").order_by("withdrawn_at", "pk")
    return [(BY_ID.get(one.indicator), one) for one in rows]


def standing_of(target: Target, seen: Outlook, *, on: date) -> Standing:
    if on.year < target.year:
        return Standing.TO_COME
    if seen.achieved is None:
        return Standing.HIDDEN
    if seen.achieved >= target.aim:
        return Standing.REACHED
    if on > last_day(target.year):
        return Standing.MISSED
    if seen.projection is None:
        return Standing.EARLY
    if seen.projection.middle >= target.aim:
        return Standing.ON_COURSE
    return Standing.UNSURE if seen.projection.high >= target.aim else Standing.SHORT


def with_repairs(
    told: list[Progress], perimeter: Perimeter, *, year: int, exact: Collection[Perimeter], on: date
) -> list[Progress]:
    """Where a target of one's own site falls short: the records that may bring what lacks."""
    if perimeter not in exact or not any(one.standing in FALLS_SHORT for one in told):
        return told
    site = site_of(perimeter)
    repairs = raising(site, year=year, on=on) if site else []
    return [
        replace(one, repairs=tuple(repair for repair in repairs if one.target.indicator in repair.raises))
        if one.standing in FALLS_SHORT
        else one
        for one in told
    ]
