"""The public agenda: what is announced, near a commune, in a department, of a kind, from a day."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.utils import timezone

from citeslab.territories.models import Commune
from citeslab.territories.values import oldest_day, zone_of
from citeslab.workshops import rules
from citeslab.workshops.enums import Kind
from citeslab.workshops.models import Quota, Registration, Session, Workshop, holding
from citeslab.workshops.values import ADVISORS, Group, Place, Seats, kilometers

CALLED_OFF_SHOWN = timedelta(days=31)  # in calendars: they forget what they no longer read
NEAREST = 3
COLUMNS = (
    "pk", "title", "held_on", "starts_at", "place", "commune_name", "commune_code", "kind", "theme", "capacity",
    "longitude", "latitude", "site__name", "site__commune_code", "site__department",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What someone looks for. Near a commune: within `km` where positions are known, else in its commune or
    intercommunality.
    """

    since: date | None = None  # from now on, without it
    until: date | None = None
    kind: str = ""
    department: str = ""
    commune: Commune | None = None
    km: int = 20


@dataclass(frozen=True)
class Announced:
    """An action of the public agenda: what one line and one point of the map say."""

    pk: int
    title: str
    held_on: date
    starts_at: datetime | None
    place: str
    commune_name: str
    commune_code: str
    kind: str
    theme: str
    capacity: int | None
    longitude: float | None
    latitude: float | None
    site_name: str
    site_commune: str
    site_department: str | None
    km: float | None = None  # from the commune that is looked for
    seats: Seats | None = None

    @property
    def position(self) -> Place | None:
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)

    @property
    def department(self) -> str:
        return department_of(self.commune_code) or self.site_department or ""

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.site_commune or self.site_department or "")

    @property
    def hour(self) -> time | None:
        """Of the first half-day, as the clocks there show."""
        return None if self.starts_at is None else self.starts_at.astimezone(self.zone).time()

    def is_to_come(self, at: datetime) -> bool:
        """It has not begun; without an hour, its day is not over there."""
        return self.starts_at > at if self.starts_at else self.held_on >= at.astimezone(self.zone).date()

    @property
    def said(self) -> str:
        """What it is, in a word or two."""
        return self.theme or str(Kind(self.kind).label)

    @property
    def is_full(self) -> bool:
        return self.seats is not None and not self.seats.has_one_for(None)


@dataclass(frozen=True)
class Found:
    """What was found, in order; the nearest ones instead when nothing is near enough; how many in each department."""

    actions: list[Announced]
    here: Place | None = None
    nearest: list[Announced] = field(default_factory=list)
    by_department: Counter[str] = field(default_factory=Counter)


def announced(wanted: Wanted, *, at: datetime) -> Found:
    """The actions announced that have not begun, by day and hour. Three queries, whatever is found."""
    every = placed(upcoming(wanted, at=at))
    near, measured, here = near_commune(every, wanted)
    shown = [one for one in near if not wanted.department or one.department == wanted.department]
    beyond = sorted((one for one in measured if one.km is not None), key=lambda one: one.km or 0)
    return Found(shown, here, [] if near else beyond[:NEAREST], Counter(one.department for one in near))


def upcoming(wanted: Wanted, *, at: datetime) -> list[Announced]:
    """Those that have not begun, by day and hour. One query: the day of each site is told from what it found."""
    rows = rows_of(narrowed(Workshop.objects.announced(on=oldest_day(at)), wanted))
    return [one for one in rows if one.is_to_come(at)]


def narrowed(workshops: QuerySet[Workshop], wanted: Wanted) -> QuerySet[Workshop]:
    if wanted.since:
        workshops = workshops.filter(held_on__gte=wanted.since)
    if wanted.until:
        workshops = workshops.filter(held_on__lte=wanted.until)
    if wanted.kind:
        workshops = workshops.filter(kind=wanted.kind)
    return workshops


def rows_of(workshops: QuerySet[Workshop]) -> list[Announced]:
    rows = workshops.annotate(starts_at=Min("sessions__starts_at")).order_by("held_on", "starts_at", "pk")
    return [Announced(*row) for row in rows.values_list(*COLUMNS)]


def placed(actions: Sequence[Announced]) -> list[Announced]:
    """Each with a position: its own, or the middle of its commune."""
    codes = {one.commune_code for one in actions if one.position is None and one.commune_code}
    communes = Commune.objects.filter(pk__in=codes).exclude(longitude=None).values_list("pk", "longitude", "latitude")
    middles = {pk: place for pk, *place in communes} if codes else {}
    return [
        replace(one, longitude=middles[one.commune_code][0], latitude=middles[one.commune_code][1])
        if one.position is None and one.commune_code in middles
        else one
        for one in actions
    ]


def near_commune(every: list[Announced], wanted: Wanted) -> tuple[list[Announced], list[Announced], Place | None]:
    """Those near it, all of them with their distance, and where it is; without a commune, all of them."""
    if wanted.commune is None:
        return every, every, None
    here = position_of(wanted.commune, every)
    neighbors = codes_near(wanted.commune)
    measured = [replace(one, km=kilometers(here, one.position)) for one in every]
    return [one for one in measured if is_near(one, wanted, neighbors)], measured, here


def position_of(commune: Commune, actions: Collection[Announced]) -> Place | None:
    """Its own; or, where no file told it, the middle of the actions that take place there."""
    if commune.longitude is not None and commune.latitude is not None:
        return commune.longitude, commune.latitude
    there = [one.position for one in actions if one.commune_code == commune.pk and one.position]
    if not there:
        return None
    longitudes, latitudes = zip(*there, strict=True)
    return sum(longitudes) / len(there), sum(latitudes) / len(there)


def codes_near(commune: Commune) -> set[str]:
    """Itself, and the communes it does things with (FR: intercommunalité)."""
    if not commune.epci_code:
        return {commune.pk}
    return {commune.pk, *Commune.objects.filter(epci_code=commune.epci_code).values_list("pk", flat=True)}


def is_near(one: Announced, wanted: Wanted, neighbors: Collection[str]) -> bool:
    """In the commune itself, however wide it is; near enough; or, where a position is not known, in a neighbor."""
    if wanted.commune and one.commune_code == wanted.commune.pk:
        return True
    return one.km <= wanted.km if one.km is not None else one.commune_code in neighbors


def department_of(commune_code: str) -> str:
    """
    >>> [department_of(code) for code in ("25056", "2A004", "97411", "")]
    ['25', '2A', '974', '']
    """
    return commune_code[:3] if commune_code.startswith("97") else commune_code[:2]


def town_of(one: Workshop | Announced) -> str:
    """Its commune as the field of the agenda understands it."""
    return f"{one.commune_name} ({department_of(one.commune_code)})"


def with_seats(actions: Collection[Announced], *, at: datetime) -> list[Announced]:
    """The same, with the seats that anyone may take: two queries, however many there are."""
    counted = [one.pk for one in actions if one.capacity is not None]
    if not counted:
        return list(actions)
    taken: dict[int, Counter[Group]] = {pk: Counter() for pk in counted}
    kept: dict[int, dict[Group, int]] = {pk: {} for pk in counted}
    holders = Registration.objects.filter(holding(at), workshop__in=counted).order_by()
    for pk, office, channel, number in holders.values_list("workshop", "office", "channel").annotate(Count("pk")):
        taken[pk][rules.group(office, channel)] += number
    quotas = Quota.objects.kept_on(timezone.localdate(at)).filter(workshop__in=counted)
    for pk, office, number in quotas.values_list("workshop", "office", "seats"):
        kept[pk][office or ADVISORS] = number
    return [
        replace(one, seats=Seats(one.capacity, taken[one.pk], kept[one.pk])) if one.pk in taken else one
        for one in actions
    ]


def for_calendars(wanted: Wanted, *, at: datetime) -> list[Workshop]:
    """What a calendar program reads: to come, and what was called off lately, said to be so."""
    shown = Q(cancelled_at=None) | Q(cancelled_at__gte=at - CALLED_OFF_SHOWN)
    announced = Workshop.objects.filter(shown, is_public=True, held_on__gte=oldest_day(at))
    near, _measured, _here = near_commune(placed(rows_of(narrowed(announced, wanted))), wanted)
    keys = [one.pk for one in near if not wanted.department or one.department == wanted.department]
    found = Workshop.objects.filter(pk__in=keys).select_related("site").order_by("held_on", "pk")
    return list(found.prefetch_related(Prefetch("sessions", Session.objects.order_by("starts_at"))))
