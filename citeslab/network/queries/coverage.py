"""Which neighborhood has an advisor, on a day; which has none, or two sites; which site is near."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean

from django.db.models import QuerySet

from citeslab.accounts.models import User
from citeslab.network.enums import Cover
from citeslab.network.models import Coverage, Site, Tenure
from citeslab.network.rules import may_set_network
from citeslab.territories import queries as territories
from citeslab.territories.enums import Edition
from citeslab.territories.models import QPV, Commune, Department
from citeslab.territories.values import meters_between

WHITE = (Cover.NONE, Cover.VACANT)
NEAREST = 5


@dataclass(frozen=True)
class Quarter:
    """A QPV on a day: its place, its residents where they are known, and the sites that cover it."""

    code: str
    name: str
    edition: Edition
    department: str
    department_name: str
    communes: str
    residents: int | None
    sites: tuple[Site, ...]
    cover: Cover

    @property
    def is_white(self) -> bool:
        return self.cover in WHITE


def sites_covering(qpv_code: str, *, edition: Edition, on: date) -> QuerySet[Site]:
    """The sites that cover this QPV of this edition that day, whether someone is in post there or not."""
    there = Coverage.objects.on(on).filter(qpv_code=qpv_code, edition=edition)
    return Site.objects.open_on(on).filter(pk__in=there.values("site")).order_by("sort_key", "pk")


def white_zones(*, on: date) -> list[Quarter]:
    """QPV of the edition in force there that day without an advisor: no site, or none where a post is held."""
    return [quarter for quarter in quarters(on=on) if quarter.is_white]


def overlaps(*, on: date) -> list[Quarter]:
    """QPV that two sites or more cover that day."""
    return [quarter for quarter in quarters(on=on) if len(quarter.sites) > 1]


def quarters(*, on: date, user: User | None = None, today: date | None = None) -> list[Quarter]:
    """Every QPV in force that day, by department and code; for a coordinator, those that her sites cover."""
    sees_all = user is None or may_set_network(user, on=today or on)
    sees = None if sees_all else set(Site.objects.visible_to(user, on=today or on).values_list("pk", flat=True))
    return told(territories.qpv_in_force(on), on=on, sees=sees)


def quarter_of(code: str, *, edition: Edition, on: date) -> Quarter | None:
    """One QPV, whether its edition is in force that day or not."""
    release = territories.latest_release_id(edition)
    return next(iter(told(QPV.objects.filter(release=release, code=code), on=on)), None)


def covered_by(site: Site, *, on: date, also_to_come: bool = False) -> list[tuple[Coverage, QPV | None]]:
    """What a site covers or covered, told by that day, each with its QPV as its edition's latest release says it."""
    there = coverages_told(Coverage.objects.filter(site=site), on=on, also_to_come=also_to_come)
    found = list(there.order_by("-edition", "qpv_code", "-begins_on"))
    releases = [territories.latest_release_id(edition) for edition in Edition]
    codes = {one.qpv_code for one in found}
    rows = QPV.objects.described().filter(release__in=[one for one in releases if one], code__in=codes)
    named = {row.code: row for row in rows}
    return [(one, named.get(one.qpv_code)) for one in found]


def coverages_of(code: str, *, edition: Edition, on: date, also_to_come: bool = False) -> QuerySet[Coverage]:
    """Who covers or covered a QPV, told by that day, the last first."""
    there = Coverage.objects.filter(qpv_code=code, edition=edition).select_related("site__organization")
    return coverages_told(there, on=on, also_to_come=also_to_come).order_by("-begins_on", "site__sort_key", "pk")


def coverages_told(coverages: QuerySet[Coverage], *, on: date, also_to_come: bool) -> QuerySet[Coverage]:
    return coverages if also_to_come else coverages.filter(begins_on__lte=on)


def told(rows: QuerySet[QPV], *, on: date, sees: set[int] | None = None) -> list[Quarter]:
    described = rows.order_by("department_code", "code").values_list(
        "code", "name", "release__edition", "department_code", "commune_codes", "residents"
    )
    found = list(described)
    site_of: dict[tuple[str, int], list[Site]] = defaultdict(list)
    there = covering(on).select_related("site")
    if len(found) == 1:
        there = there.filter(qpv_code=found[0][0])
    for one in there.order_by("site__sort_key", "site"):
        site_of[one.qpv_code, one.edition].append(one.site)
    held = sites_held(on)
    departments = dict(Department.objects.values_list("code", "name"))
    communes = names_of({code for row in found for code in row[4]})
    quarters = []
    for code, name, edition, department, commune_codes, residents in found:
        sites = tuple(site_of[code, edition])
        if sees is not None and not any(site.pk in sees for site in sites):
            continue
        quarters.append(
            Quarter(
                code=code,
                name=name,
                edition=Edition(edition),
                department=department,
                department_name=departments.get(department, department),
                communes=", ".join(communes[one] for one in commune_codes if one in communes),
                residents=residents,
                sites=sites,
                cover=cover_of([site.pk for site in sites], held),
            )
        )
    return quarters


def cover_of(sites: Collection[int], held: set[int]) -> Cover:
    """By the keys of the sites that cover a QPV, and of those where somebody is in post."""
    if not sites:
        return Cover.NONE
    if not held.intersection(sites):
        return Cover.VACANT
    return Cover.SEVERAL if len(sites) > 1 else Cover.ONE


def covering(on: date) -> QuerySet[Coverage]:
    return Coverage.objects.on(on).filter(site__in=Site.objects.open_on(on))


def sites_held(on: date) -> set[int]:
    return set(Tenure.objects.on(on).values_list("post__site", flat=True))


def covers(*, on: date) -> list[tuple[str, Cover]]:
    """The department and the state of each QPV in force that day: what `quarters` says, without its words."""
    site_of: dict[tuple[str, int], list[int]] = defaultdict(list)
    for code, edition, site in covering(on).values_list("qpv_code", "edition", "site"):
        site_of[code, edition].append(site)
    held = sites_held(on)
    rows = territories.qpv_in_force(on).order_by("department_code", "code")
    return [
        (department, cover_of(site_of[code, edition], held))
        for code, edition, department in rows.values_list("code", "release__edition", "department_code")
    ]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    return dict(Commune.objects.filter(code__in=set(codes)).values_list("code", "name"))


def nearest_sites(quarter: Quarter, *, on: date, most: int = NEAREST) -> list[tuple[Site, int]]:
    """The sites open that day, the nearest first, with the kilometers as the crow flies; those without a place last."""
    sites = list(Site.objects.open_on(on).select_related("organization").order_by("sort_key", "pk"))
    here = territories.middles(quarter.edition).get(quarter.code)
    if here is None:
        return []
    places = places_of(sites)
    far = [(site, meters_between(here, places[site.pk])) for site in sites if site.pk in places]
    far.sort(key=lambda pair: pair[1])
    return [(site, round(meters / 1_000)) for site, meters in far[:most]]


def places_of(sites: Sequence[Site]) -> dict[int, tuple[float, float]]:
    """Where each site is: in the middle of its commune, or else of the neighborhoods of its commune or of its own."""
    communes = {site.commune_code for site in sites} - {""}
    known = Commune.objects.filter(code__in=communes).values_list("code", "longitude", "latitude")
    of_commune = {code: (x, y) for code, x, y in known if x is not None and y is not None}
    middles = {code: place for edition in Edition for code, place in territories.middles(edition).items()}
    in_commune: dict[str, list[tuple[float, float]]] = defaultdict(list)
    rows = QPV.objects.filter(commune_codes__overlap=sorted(communes - set(of_commune)))
    for code, of in rows.values_list("code", "commune_codes"):
        for commune in of:
            if code in middles:
                in_commune[commune].append(middles[code])
    own: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for site_id, code in Coverage.objects.filter(site__in=[site.pk for site in sites]).values_list("site", "qpv_code"):
        if code in middles:
            own[site_id].append(middles[code])
    places: dict[int, tuple[float, float]] = {}
    for site in sites:
        around = in_commune.get(site.commune_code) or own.get(site.pk)
        if site.commune_code in of_commune:
            places[site.pk] = of_commune[site.commune_code]
        elif around:
            places[site.pk] = (mean(place[0] for place in around), mean(place[1] for place in around))
    return places
