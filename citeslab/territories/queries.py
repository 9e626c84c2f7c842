"""Is this place in a QPV, on that day? One place, or many. Which place is this address?"""

import math
import threading
import time
from collections.abc import Collection
from datetime import date

import numpy as np
import shapely
from django.db.models import F, Q, QuerySet
from numpy.typing import ArrayLike

from citeslab.core.values import sort_key
from citeslab.territories import charts, gateways
from citeslab.territories.enums import Edition, Territory
from citeslab.territories.gateways import AddressesUnavailable
from citeslab.territories.index import Places, ReleaseIndex
from citeslab.territories.models import QPV, Commune, Release
from citeslab.territories.values import (
    NOT_LOCATED,
    POSTAL_CODE,
    Located,
    Suggestion,
    edition_in_force,
    is_firm,
    territory_of,
    words_of,
)

# A release loaded by another process is seen after this many seconds at most.
LONGEST_STALE_SECONDS = 1.0
FIRST_OVERSEAS = "97"  # departments and collectivities from there on

_lock = threading.Lock()
_built: dict[int, ReleaseIndex] = {}  # by release
_latest: dict[int, tuple[float, int | None]] = {}  # by edition: when asked, which release


def forget() -> None:
    """Drop what is held in memory: a release was loaded, or a test begins."""
    with _lock:
        _built.clear()
        _latest.clear()


def latest_release_id(edition: Edition) -> int | None:
    """The release that answers are made from: the last one published of that edition."""
    now = time.monotonic()
    known = _latest.get(edition)
    if known and now - known[0] < LONGEST_STALE_SECONDS:
        return known[1]
    found = Release.objects.filter(edition=edition).order_by("-released_on").values_list("pk", flat=True).first()
    _latest[edition] = (now, found)
    return found


def index_of(edition: Edition) -> ReleaseIndex | None:
    """The index of the edition's latest release, built once per process; nothing when none is loaded."""
    release_id = latest_release_id(edition)
    if release_id is None:
        return None
    if release_id not in _built:
        with _lock:
            if release_id not in _built:
                _built[release_id] = ReleaseIndex(Release.objects.get(pk=release_id))
    return _built[release_id]


def locate(*, longitude: float, latitude: float, on: date | None = None, edition: Edition | None = None) -> Located:
    """The answer for one place (degrees, WGS 84), in `edition`, or in the one in force there `on` that day.

    Not located when it is outside France, or when no release of the edition is loaded.
    """
    if edition is None:
        if on is None:
            raise ValueError("Say the edition, or the day.")
        edition = edition_in_force(territory_of(longitude, latitude), on)
    index = index_of(edition)
    return index.locate(longitude, latitude) if index else NOT_LOCATED


def locate_many(
    *, longitudes: ArrayLike, latitudes: ArrayLike, edition: Edition, with_borders: bool = True
) -> Places | None:
    """The answers for many places in the edition's latest release; nothing when none is loaded.

    Without `with_borders`, borders farther than 20 m are not measured: six times faster.
    """
    index = index_of(edition)
    if index is None:
        return None
    return index.locate_many(
        np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float), with_borders=with_borders
    )


# -- addresses --------------------------------------------------------------------------------------------------------

SHORTEST_QUERY = 3  # letters: under this the national service refuses
GUESSED_SCORE = 0.5  # under this a service's first answer is not even a guess


def has_address_service() -> bool:
    return not isinstance(gateways.address_service(), gateways.NoService)


def suggested_addresses(text: str, *, complete: bool = False) -> list[Suggestion]:
    """What the address service proposes, the best first. Raises `AddressesUnavailable`."""
    text = " ".join(text.split())
    if len(text) < SHORTEST_QUERY:
        return []
    return gateways.address_service().search(text, complete=complete)


def place_of(written: str) -> tuple[Suggestion | None, bool]:
    """The place of an address written whole, and whether it is firm; nothing when the service knows none, or is down.

    A guess in the right town is given all the same: it is not firm, and a human will look at it.
    """
    try:
        found = suggested_addresses(written, complete=True)
    except AddressesUnavailable:
        return None, False
    for suggestion in found:
        if is_firm(suggestion, written=written):
            return suggestion, True
    guesses = (one for one in found if one.street and one.score >= GUESSED_SCORE and is_same_town(one, written))
    return next(guesses, None), False


def is_same_town(found: Suggestion, written: str) -> bool:
    code = POSTAL_CODE.search(written)
    return found.postal_code == code.group() if code else set(words_of(found.city)) <= set(words_of(written))


def communes_like(text: str, *, limit: int = 8) -> list[Commune]:
    """Communes of today whose name or postal code begins so, accents forgiven; the largest first.

    `25000 Besancon` and `Besancon (25)` are understood.
    """
    name, codes = name_and_codes(text)
    found = Commune.objects.current().order_by(F("population").desc(nulls_last=True), "sort_key", "pk")
    if not name and not codes:
        return []
    if name:
        found = found.filter(sort_key__startswith=name)
    for code in codes:
        is_postal = len(code) == 5
        found = found.filter(postal_codes__contains=[code]) if is_postal else found.filter(pk__startswith=code)
    return list(found.select_related("department")[:limit])


def name_and_codes(text: str) -> tuple[str, list[str]]:
    words = sort_key(text.replace("(", " ").replace(")", " ")).split()
    codes = [word for word in words if word[:1].isdigit()]
    return " ".join(word for word in words if word not in codes), [code.upper() for code in codes]


def commune_named(text: str) -> list[Commune]:
    """The communes that `text` may name in full: one when it is clear."""
    found = communes_like(text, limit=50)
    name = " ".join(
        word for word in sort_key(text.replace("(", " ").replace(")", " ")).split() if not word[:1].isdigit()
    )
    return [one for one in found if not name or one.sort_key == name]


def communes_meant(text: str) -> list[Commune]:
    """The communes that `text` may mean: those that it names in full, the largest first, then those that begin so."""
    found = communes_like(text, limit=50)
    name, _codes = name_and_codes(text)
    return sorted(found, key=lambda one: bool(name) and one.sort_key != name)


def towns_around(longitude: float, latitude: float, *, km: float, limit: int = 8) -> list[tuple[str, float, float]]:
    """The largest communes of a rectangle around a place, to find one's way: name, longitude, latitude."""
    high = km * 1_000 / charts.METERS_PER_DEGREE
    wide = high * charts.WIDTH / charts.HEIGHT / math.cos(math.radians(latitude))
    found = Commune.objects.current().filter(
        longitude__range=(longitude - wide, longitude + wide), latitude__range=(latitude - high, latitude + high)
    )
    largest = found.order_by(F("population").desc(nulls_last=True), "pk")
    return list(largest.values_list("name", "longitude", "latitude")[:limit])


# -- QPV by their code -------------------------------------------------------------------------------------------------


def qpv_in_force(on: date) -> QuerySet[QPV]:
    """The QPV of the edition in force where they are, that day, as its latest release names them."""
    at_home = edition_in_force(Territory.METROPOLE, on)
    far = edition_in_force(Territory.GUADELOUPE, on)
    overseas = Q(department_code__gte=FIRST_OVERSEAS)
    return QPV.objects.filter(
        ~overseas & Q(release=latest_release_id(at_home)) | overseas & Q(release=latest_release_id(far))
    )


def qpv_of_code(code: str, *, edition: Edition) -> QPV | None:
    """The QPV in the edition's latest release."""
    return QPV.objects.described().filter(release=latest_release_id(edition), code=code).first()


def counterparts(code: str, *, edition: Edition, wanted: Edition) -> list[QPV]:
    """The QPV of another edition that share ground with this one, the largest share first."""
    mine, theirs = index_of(edition), index_of(wanted)
    if mine is None or theirs is None or code not in mine.middles:
        return []
    outline = mine.outlines[mine.codes == code][0]
    near = np.flatnonzero(shapely.intersects(theirs.outlines, outline))
    shared = shapely.area(shapely.intersection(theirs.outlines[near], outline))
    order = [str(theirs.codes[place]) for place in near[np.argsort(-shared, kind="stable")]]
    found = QPV.objects.described().filter(release=theirs.release_id, code__in=order)
    return sorted(found, key=lambda one: order.index(one.code))


def middles(edition: Edition) -> dict[str, tuple[float, float]]:
    """A place (longitude, latitude) inside each QPV of the edition's latest release."""
    index = index_of(edition)
    return index.middles if index else {}


# -- neighborhoods ----------------------------------------------------------------------------------------------------


def neighborhoods_like(text: str, *, limit: int) -> list[tuple[QPV, str]]:
    """Those of the last releases whose name, code or commune holds these words, with their communes; by commune."""
    words = sort_key(text).split()
    if not words:
        return []
    known = QPV.objects.filter(release__in=Release.objects.latest_of_each_edition().values("pk")).select_related(
        "release"
    )
    rows = list(known.defer("outline").order_by("code"))
    names = dict(
        Commune.objects.filter(pk__in={code for row in rows for code in row.commune_codes}).values_list("pk", "name")
    )
    found = []
    for row in rows:
        towns = ", ".join(names.get(code, code) for code in row.commune_codes)
        said = sort_key(f"{row.name} {row.code} {towns}")
        if all(word in said for word in words):
            found.append((sort_key(towns), sort_key(row.name), -row.release.edition, row, towns))
    return [(row, towns) for *_order, row, towns in sorted(found, key=lambda one: one[:3])[:limit]]


def neighborhood_of(code: str) -> QPV | None:
    """As the last release that has it says."""
    return (
        QPV.objects.filter(code=code)
        .select_related("release")
        .order_by("-release__released_on")
        .defer("outline")
        .first()
    )


def in_force_on(neighborhood: QPV, day: date) -> bool:
    """Whether its edition was the one that answers were made in there."""
    is_overseas = neighborhood.department_code >= FIRST_OVERSEAS
    return neighborhood.release.edition == edition_in_force(
        Territory.GUADELOUPE if is_overseas else Territory.METROPOLE, day
    )


def outlines_of(departments: Collection[str], *, on: date) -> list[tuple[str, str, shapely.Geometry]]:
    """The neighborhoods of these departments in the edition in force there on that day: code, name, outline."""
    rows = qpv_in_force(on).filter(department_code__in=departments).exclude(outline=b"")
    return [(row.code, row.name, shapely.from_wkb(bytes(row.outline))) for row in rows.order_by("code")]


# -- maps -------------------------------------------------------------------------------------------------------------


def map_around(
    *, longitude: float, latitude: float, edition: Edition, border_m: float | None
) -> charts.PlaceMap | None:
    """A place among the outlines near it, close enough for the border to be seen."""
    index = index_of(edition)
    if index is None:
        return None
    radius = min(max(120.0, 2.5 * (200.0 if border_m is None else border_m)), 3_000.0)
    return drawn(index, charts.Frame(longitude, latitude, radius), place=(longitude, latitude))


def map_of_commune(*, commune: Commune, edition: Edition) -> charts.PlaceMap | None:
    """The outlines of a town, to point at a home; nothing when neither the town nor its outlines have a place."""
    index = index_of(edition)
    if index is None:
        return None
    own = QPV.objects.filter(release=index.release_id, commune_codes__contains=[commune.pk]).values_list(
        "code", flat=True
    )
    outlines = index.outlines[np.isin(index.codes, list(own))]
    middle = [shapely.Point(commune.longitude, commune.latitude)] if commune.longitude is not None else []
    shapes = [*outlines, *middle]
    if not shapes:
        return None
    frame = charts.Frame.around(shapely.total_bounds(shapes), least_m=1_500)
    return drawn(index, frame, middle=(commune.longitude, commune.latitude) if middle else None, town=commune.name)


def drawn(index: ReleaseIndex, frame: charts.Frame, **marks) -> charts.PlaceMap:
    shown = np.flatnonzero(shapely.intersects(index.outlines, shapely.box(*frame.bounds)))
    names = dict(
        QPV.objects.filter(release=index.release_id, code__in=list(index.codes[shown])).values_list("code", "name")
    )
    quarters = [(index.codes[place], names[index.codes[place]], index.outlines[place]) for place in shown]
    return charts.place_map(frame, quarters, **marks)
