"""The public agenda: what is announced, near a commune, in a department, of a kind, from a day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import asin, cos, radians, sin, sqrt

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from citeslab.territories.models import Commune
from citeslab.workshops.models import Registration, Session, Workshop, holding

EARTH_KM = 6371.0
CALLED_OFF_SHOWN = timedelta(days=31)  # in calendars: they forget what they no longer read


@dataclass(frozen=True)
class Wanted:
    """What someone looks for. Near a commune: within `km` where positions are known, else in its commune or
    intercommunality.
    """

    since: date
    until: date | None = None
    kind: str = ""
    department: str = ""
    commune: Commune | None = None
    km: int = 20


@dataclass(frozen=True)
class Spot:
    """An announced action as the whole list needs it."""

    pk: int
    held_on: date
    department: str
    commune_code: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True)
class Line:
    """An announced action as its line says it. `left` `None`: all may come."""

    workshop: Workshop
    hour: time | None  # of the first half-day, as its clocks show
    left: int | None
    km: int | None


def spots(workshops: QuerySet[Workshop], wanted: Wanted) -> list[Spot]:
    """By day; near the commune when there is one, wherever they are otherwise: the map shows all of them."""
    workshops = workshops.filter(held_on__gte=wanted.since)
    if wanted.until:
        workshops = workshops.filter(held_on__lte=wanted.until)
    if wanted.kind:
        workshops = workshops.filter(kind=wanted.kind)
    rows = workshops.order_by("held_on", "pk").values_list(
        "pk", "held_on", "site__department", "commune_code", "longitude", "latitude"
    )
    found = [Spot(pk, on, department_of(code) or department, code, *at) for pk, on, department, code, *at in rows]
    if wanted.commune:
        near = codes_near(wanted.commune)
        here = position_of(wanted.commune, found)
        found = [spot for spot in found if is_near(spot, wanted, near, here)]
    return found


def department_of(commune_code: str) -> str:
    """
    >>> [department_of(code) for code in ("25056", "2A004", "97411", "")]
    ['25', '2A', '974', '']
    """
    return commune_code[:3] if commune_code.startswith("97") else commune_code[:2]


def codes_near(commune: Commune) -> set[str]:
    """Itself, and the communes it does things with (FR: intercommunalité)."""
    if not commune.epci_code:
        return {commune.pk}
    return {commune.pk, *Commune.objects.filter(epci_code=commune.epci_code).values_list("pk", flat=True)}


def position_of(commune: Commune, found: Iterable[Spot]) -> tuple[float, float] | None:
    """Its own, or that of an action that takes place there."""
    if commune.longitude is not None and commune.latitude is not None:
        return commune.longitude, commune.latitude
    there = (spot for spot in found if spot.commune_code == commune.pk and spot.longitude is not None)
    first = next(there, None)
    return (first.longitude, first.latitude) if first else None  # type: ignore[return-value]


def is_near(spot: Spot, wanted: Wanted, near: set[str], here: tuple[float, float] | None) -> bool:
    if wanted.commune and spot.commune_code == wanted.commune.pk:
        return True
    away = km_between(here, spot)
    return away <= wanted.km if away is not None else spot.commune_code in near


def km_between(here: tuple[float, float] | None, spot: Spot) -> float | None:
    """Along a great circle (haversine)."""
    if here is None or spot.longitude is None or spot.latitude is None:
        return None
    west, south, east, north = map(radians, (*here, spot.longitude, spot.latitude))
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))


def by_department(found: Iterable[Spot]) -> Counter[str]:
    return Counter(spot.department for spot in found)


def lines(found: list[Spot], *, wanted: Wanted, at: datetime) -> list[Line]:
    """These actions in words: four questions, however many there are."""
    keys = [spot.pk for spot in found]
    whole = Workshop.objects.select_related("site").in_bulk(keys)
    begins: dict[int, datetime] = {}
    for workshop, start in Session.objects.filter(workshop__in=keys).values_list("workshop", "starts_at"):
        begins[workshop] = min(start, begins.get(workshop, start))
    holders = Registration.objects.filter(holding(at), workshop__in=keys).order_by()
    taken = dict(holders.values_list("workshop").annotate(Count("pk")))
    here = position_of(wanted.commune, found) if wanted.commune else None
    told = []
    for spot in found:
        one = whole[spot.pk]
        away = km_between(here, spot)
        left = None if one.capacity is None else max(0, one.capacity - taken.get(spot.pk, 0))
        first = begins.get(spot.pk)
        hour = timezone.localtime(first, one.site.zone).time() if first else None
        told.append(Line(one, hour, left, None if away is None else round(away)))
    return told


def for_calendars(*, on: date, at: datetime) -> QuerySet[Workshop]:
    """What a calendar program reads: to come, and what was called off lately, said to be so."""
    shown = Q(cancelled_at=None) | Q(cancelled_at__gte=at - CALLED_OFF_SHOWN)
    return Workshop.objects.filter(shown, is_public=True, held_on__gte=on)
