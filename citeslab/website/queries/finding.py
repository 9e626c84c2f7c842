"""Find my advisor: what was written or pointed at, and the site that answers there. Somebody always does."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from citeslab.core.values import folded, sort_key
from citeslab.network.enums import Role
from citeslab.network.models import Coverage, Mandate, Site
from citeslab.people.queries import qpv_names
from citeslab.territories import queries as territories
from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.territories.models import QPV, Commune
from citeslab.territories.values import edition_in_force, territory_of
from citeslab.website.enums import Why
from citeslab.workshops.values import kilometers

LONGEST_NAME = 6  # words of a commune's name, at most
MEANT = 5  # other communes of the same name that are proposed
HOME_COUNTRY = "france"


@dataclass(frozen=True)
class Place:
    """Where someone lives, as far as she said: a point, a commune, or both. Kept nowhere."""

    commune: Commune | None = None
    longitude: float | None = None
    latitude: float | None = None
    is_firm: bool = True
    is_cut: bool = False  # of an address, its commune alone could be read
    others: tuple[Commune, ...] = ()  # that the same words may mean

    @property
    def point(self) -> tuple[float, float] | None:
        if self.longitude is not None and self.latitude is not None:
            return self.longitude, self.latitude
        return point_of(self.commune)


@dataclass(frozen=True)
class Answered:
    """The site, and why. `km` is to the middle of its commune, when it is the nearest."""

    site: Site
    why: Why
    qpv_name: str = ""
    km: float | None = None


def point_of(commune: Commune | None) -> tuple[float, float] | None:
    if commune is None or commune.longitude is None or commune.latitude is None:
        return None
    return commune.longitude, commune.latitude


# -- what was said ----------------------------------------------------------------------------------------------------


def place_written(text: str, *, may_ask: Callable[[], bool] | None = None) -> Place | None:
    """The place that was written: a commune, or an address, asked of the address service when `may_ask` says so.

    That is called for an address alone, since it may count. The service down, slow or not set, the commune at the end
    of the address is enough. Nothing outside France.
    """
    text = " ".join(text.replace("\0", "").split())
    if not text:
        return None
    meant = territories.communes_meant(text)
    if meant:
        return Place(meant[0], others=tuple(meant[1 : MEANT + 1]))
    found, is_firm = territories.place_of(text) if may_ask and may_ask() else (None, False)
    if found:
        commune = commune_at_the_end(f"{found.postal_code} {found.city}") or commune_at_the_end(text)
        return Place(commune, found.longitude, found.latitude, is_firm)
    commune = commune_at_the_end(text)
    return Place(commune, is_cut=True) if commune else None


def commune_at_the_end(text: str) -> Commune | None:
    """The commune that an address ends with: its name, its postal code, or both. One query.

    A code alone counts when nothing follows it: "75001 Dallas" is not in France.
    """
    parts = [part for part in text.split(",") if part.strip() and folded(part) != HOME_COUNTRY]
    words = sort_key(parts[-1]).split() if parts else []
    codes = [word for word in sort_key(text).split() if len(word) == 5 and word.isdecimal()]
    names = [word for word in words if not word[:1].isdigit()]
    ends = [" ".join(names[first:]) for first in range(max(0, len(names) - LONGEST_NAME), len(names))]
    if not ends and not codes:
        return None
    found = Commune.objects.current().filter(Q(sort_key__in=ends) | Q(postal_codes__overlap=codes))
    rows = list(found.order_by(F("population").desc(nulls_last=True), "pk"))
    named = sorted((one for one in rows if one.sort_key in ends), key=lambda one: ends.index(one.sort_key))
    both = [one for one in named if set(codes) & set(one.postal_codes)]
    if both or named:
        return (both or named)[0]
    coded = [one for one in rows if set(codes) & set(one.postal_codes)]
    return coded[0] if coded and words and words[-1] in codes else None


def place_pointed(longitude: float, latitude: float) -> Place | None:
    """A point that a phone gave; nothing outside France."""
    if territory_of(longitude, latitude) == Territory.ELSEWHERE:
        return None
    return Place(None, longitude, latitude)


# -- who answers there ------------------------------------------------------------------------------------------------


def open_sites(on: date) -> QuerySet[Site]:
    """Open sites where an advisor works that day."""
    held = Mandate.objects.on(on).filter(role=Role.ADVISOR, user__is_active=True)
    return Site.objects.open_on(on).filter(pk__in=held.values("site"))


def answer(place: Place, *, on: date) -> Answered | None:
    """The site that covers the neighborhood of this place that day, else its commune, else the nearest one.

    Nothing when nobody works anywhere.
    """
    sites = list(open_sites(on).order_by("pk"))
    if not sites:
        return None
    codes = {site.commune_code for site in sites}
    middles = {one.pk: point_of(one) for one in Commune.objects.filter(pk__in=codes)}
    far = {site.pk: distance(place.point, middles.get(site.commune_code)) for site in sites}
    sites.sort(key=lambda site: (far[site.pk], site.pk))

    if place.longitude is not None and place.latitude is not None:
        located = territories.locate(longitude=place.longitude, latitude=place.latitude, on=on)
        if located.answer in {Answer.IN, Answer.TO_CHECK} and located.edition:
            for code in located.codes:
                if site := covering([code], sites, edition=located.edition, on=on):
                    is_sure = located.answer == Answer.IN and place.is_firm
                    name = qpv_names({code}).get(code, code)
                    return Answered(site, Why.QPV if is_sure else Why.PERHAPS, name)
    if place.commune and (site := in_commune(place.commune, sites, on=on)):
        return Answered(site, Why.COMMUNE)
    nearest = sites[0]
    km = far[nearest.pk]
    return Answered(nearest, Why.ANY) if km == float("inf") else Answered(nearest, Why.NEAREST, km=km)


def distance(here: tuple[float, float] | None, there: tuple[float, float] | None) -> float:
    km = kilometers(here, there)
    return float("inf") if km is None else km


def covering(codes: Collection[str], sites: Collection[Site], *, edition: Edition, on: date) -> Site | None:
    """The nearest of these sites (the first) that covers one of these neighborhoods."""
    covered = Coverage.objects.on(on).filter(edition=edition, qpv_code__in=codes)
    keys = set(covered.values_list("site", flat=True))
    return next((site for site in sites if site.pk in keys), None)


def in_commune(commune: Commune, sites: Collection[Site], *, on: date) -> Site | None:
    """The site that stands in this commune or, of those that cover a neighborhood of it, the nearest."""
    here = next((site for site in sites if site.commune_code == commune.pk), None)
    if here:
        return here
    point = point_of(commune)
    edition = edition_in_force(territory_of(*point) if point else Territory.METROPOLE, on)
    release = territories.latest_release_id(edition)
    codes = QPV.objects.filter(release=release, commune_codes__contains=[commune.pk]).values_list("code", flat=True)
    return covering(list(codes), sites, edition=edition, on=on)
