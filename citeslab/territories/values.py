"""What the territory room answers, where each projection holds, and when each edition is in force."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from citeslab.core.values import folded
from citeslab.territories.enums import Answer, Edition, Territory

# In force from (included) until (excluded). Before 2015 the 2015 edition is applied, and figures say so.
METROPOLITAN_CHANGE = date(2024, 1, 1)
OVERSEAS_CHANGE = date(2025, 1, 1)
BORDER_BAND_M = 20

# Where each legal projection holds: west, south, east, north (degrees) and its EPSG code. No two boxes meet.
BOXES: dict[Territory, tuple[tuple[float, float, float, float], int]] = {
    Territory.METROPOLE: ((-5.5, 41.2, 9.8, 51.3), 2154),
    Territory.GUADELOUPE: ((-61.95, 15.7, -60.9, 16.65), 5490),
    Territory.MARTINIQUE: ((-61.35, 14.3, -60.7, 15.0), 5490),
    Territory.SAINT_MARTIN: ((-63.3, 17.8, -62.7, 18.2), 5490),
    Territory.GUYANE: ((-54.8, 2.0, -51.4, 6.1), 2972),
    Territory.REUNION: ((55.1, -21.5, 55.95, -20.75), 2975),
    Territory.MAYOTTE: ((44.9, -13.15, 45.4, -12.5), 4471),
    Territory.POLYNESIE: ((-155.5, -28.0, -134.0, -7.5), 3297),
}
TERRITORIES = [*BOXES, Territory.ELSEWHERE]


def territory_of(longitude: float, latitude: float) -> Territory:
    """The territory that a place (degrees, WGS 84) is in; `ELSEWHERE` outside all of them."""
    for territory, ((west, south, east, north), _epsg) in BOXES.items():
        if west <= longitude <= east and south <= latitude <= north:
            return territory
    return Territory.ELSEWHERE


# The hour of each overseas department or collectivity, by the head of its INSEE codes; only 975 has a summer time.
PARIS = ZoneInfo("Europe/Paris")
ZONES = {
    "971": ZoneInfo("America/Guadeloupe"),
    "972": ZoneInfo("America/Martinique"),
    "973": ZoneInfo("America/Cayenne"),
    "974": ZoneInfo("Indian/Reunion"),
    "975": ZoneInfo("America/Miquelon"),
    "976": ZoneInfo("Indian/Mayotte"),
    "977": ZoneInfo("America/St_Barthelemy"),
    "978": ZoneInfo("America/Marigot"),
    "986": ZoneInfo("Pacific/Wallis"),
    "987": ZoneInfo("Pacific/Tahiti"),
    "988": ZoneInfo("Pacific/Noumea"),
}
MARQUESAS = ("98718", "98723", "98731", "98750", "98756", "98757")  # communes that are half an hour ahead of Tahiti
GAMBIER = "98719"


def zone_of(insee_code: str) -> ZoneInfo:
    """The hour that the clocks of a commune or a department show; of Paris when it is not overseas."""
    if insee_code in MARQUESAS:
        return ZoneInfo("Pacific/Marquesas")
    if insee_code == GAMBIER:
        return ZoneInfo("Pacific/Gambier")
    return ZONES.get(insee_code[:3], PARIS)


def oldest_day(at: datetime) -> date:
    """The day that it still is somewhere in France: of Polynesia, which Paris precedes by half a day."""
    return min(at.astimezone(zone).date() for zone in (PARIS, *ZONES.values()))


def territories_of(longitudes: NDArray, latitudes: NDArray) -> NDArray[np.int8]:
    """The place of each point's territory in `TERRITORIES`; not-a-number is elsewhere."""
    places = np.full(len(longitudes), len(BOXES), dtype=np.int8)
    for place, ((west, south, east, north), _epsg) in enumerate(BOXES.values()):
        inside = (longitudes >= west) & (longitudes <= east) & (latitudes >= south) & (latitudes <= north)
        places[inside] = place
    return places


def change_day(territory: Territory) -> date:
    """The day from which the 2024 edition is in force there."""
    return METROPOLITAN_CHANGE if territory == Territory.METROPOLE else OVERSEAS_CHANGE


def is_overseas(department_code: str) -> bool:
    return department_code.startswith(("97", "98"))


def change_day_of(department_code: str) -> date:
    """The day from which the 2024 edition is in force in a department."""
    return OVERSEAS_CHANGE if is_overseas(department_code) else METROPOLITAN_CHANGE


def edition_in_force(territory: Territory, on: date) -> Edition:
    """The edition that a place of `territory` is read in, on that day."""
    return Edition.E2024 if on >= change_day(territory) else Edition.E2015


EARTH_M = 6_371_000


def meters_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """As the crow flies, between two places in degrees (longitude, latitude).

    >>> round(meters_between((2.3522, 48.8566), (6.0182, 47.2602)) / 1000)
    327
    """
    (west, south), (east, north) = ((math.radians(degrees) for degrees in place) for place in (one, other))
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


@dataclass(frozen=True, slots=True)
class Located:
    """The answer for one place in one release.

    `codes` are the QPV that the answer is about: those that cover the place, the deepest first, then those whose
    border is less than 20 m away, the nearest first; empty when it is out. `border_m` is metres to the nearest
    border of the release in the territory's legal projection, `None` when nothing was located or nothing is near
    enough to be measured.
    """

    answer: Answer
    edition: Edition | None = None
    release_id: int | None = None
    released_on: date | None = None
    codes: tuple[str, ...] = ()
    border_m: float | None = None

    @property
    def code(self) -> str:
        return self.codes[0] if self.codes else ""


NOT_LOCATED = Located(Answer.NOT_LOCATED)


# Below this score an address service has guessed.
SURE_SCORE = 0.8
NUMBER = re.compile(r"(\d{1,5})\s*(bis|ter|quater|[a-h])?\b")
POSTAL_CODE = re.compile(r"\b(?:\d{5}|2[ab]\d{3})\b")
# How people shorten the kinds of streets, folded.
SHORT_WORDS = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "boul": "boulevard", "bvd": "boulevard",
    "r": "rue", "pl": "place", "imp": "impasse", "all": "allee", "ch": "chemin", "che": "chemin", "rte": "route",
    "sq": "square", "crs": "cours", "fg": "faubourg", "fbg": "faubourg", "res": "residence", "st": "saint",
    "ste": "sainte", "dr": "docteur", "gal": "general", "mal": "marechal", "pdt": "president", "prof": "professeur",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that an address service proposes, in the vocabulary of the national address base."""

    label: str
    is_house: bool
    score: float
    house_number: str
    street: str
    postal_code: str
    city: str
    longitude: float
    latitude: float

    @property
    def line(self) -> str:
        """The number and the street, as the first line of an address."""
        return f"{self.house_number} {self.street}".strip()


def words_of(text: str) -> list[str]:
    """The words of an address, folded, whole where people shorten them."""
    return [SHORT_WORDS.get(word, word) for word in re.findall(r"[a-z0-9]+", folded(text))]


def is_firm(found: Suggestion, *, written: str) -> bool:
    """Is this the house that was written? Its score is high, and the number, the street and the postal code agree.

    A service always answers something: the nearest street of the right town, when the street does not exist.
    """
    said = folded(written)
    number, code = NUMBER.match(said), POSTAL_CODE.search(said)
    if not (found.is_house and found.score >= SURE_SCORE and number and code):
        return False
    same_number = "".join(words_of(found.house_number)) == "".join(part for part in number.groups() if part)
    street, rest = words_of(found.street), words_of(written)
    return same_number and code.group() == folded(found.postal_code) and bool(street) and set(street) <= set(rest)
