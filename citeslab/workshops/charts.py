"""The map of what is around a commune: a point for each action, a circle with its number where several are too near to
be told apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citeslab.territories.charts import HEIGHT, WIDTH, Frame, written
from citeslab.ui.values import number
from citeslab.workshops.values import Place

APART = 40  # units under which two points are one
MARGIN = 1.12
CLOSER = {
    50: 20,
    20: 10,
    10: 5,
}  # where the circles of a map so wide lead, in kilometers; from the narrowest, to the list
LIST = "#found"
ABOVE = 18  # units from a town to its name
LETTER, LINE = 10, 26  # units that a letter of a name and its line take
TOP, BOTTOM = 64, 12  # units where no name is written
NAMED = 3  # towns that a circle names


class Shown(Protocol):
    """An action, as its point says it."""

    @property
    def position(self) -> Place | None: ...
    @property
    def title(self) -> str: ...
    @property
    def commune_name(self) -> str: ...
    @property
    def commune_code(self) -> str: ...


@dataclass(frozen=True)
class Mark:
    """A point or a circle: where, how large, how many (nothing for one), where it leads, what it says."""

    x: str
    y: str
    radius: str
    count: str
    url: str
    said: str


@dataclass(frozen=True)
class Drawn:
    marks: list[Mark]
    names: list[tuple[str, str, str]]
    ring: tuple[str, str, str]  # the distance asked: x, y, radius
    unplaced: int  # actions that have no place on it
    width: int = WIDTH
    height: int = HEIGHT


Spot = tuple[Shown, Place]


def drawn(
    actions: Sequence[Shown],
    here: Place,
    *,
    km: int,
    page: Callable[[Shown], str],
    closer: Callable[[Shown, int], str],
    towns: Sequence[tuple[str, float, float]] = (),
) -> Drawn:
    """`page` is the address of one action, `closer` that of the agenda around its commune, so many kilometers wide.

    `towns` are names to find one's way: name, longitude, latitude.
    """
    frame = Frame(*here, max(km, 2) * 1_000 * MARGIN)

    def xy(place: Place) -> Place:
        longitude, latitude = place
        return (longitude - frame.west) / frame.longitude_per_unit, (frame.north - latitude) / frame.latitude_per_unit

    spots = [(one, xy(one.position)) for one in actions if one.position]
    groups = gathered([spot for spot in spots if 0 <= spot[1][0] <= WIDTH and 0 <= spot[1][1] <= HEIGHT])
    middle = xy(here)
    return Drawn(
        marks=[mark(group, page, closer, CLOSER.get(km, 0)) for group in groups],
        names=legible([(name, xy((longitude, latitude))) for name, longitude, latitude in towns]),
        ring=(written(middle[0]), written(middle[1]), written(HEIGHT / 2 / MARGIN)),
        unplaced=len(actions) - sum(map(len, groups)),
    )


def legible(towns: Sequence[tuple[str, Place]]) -> list[tuple[str, str, str]]:
    """Those whose names do not run into each other, the first ones first."""
    kept: list[tuple[str, Place]] = []
    for name, (x, y) in towns:
        half = len(name) * LETTER / 2
        inside = half < x < WIDTH - half and TOP < y < HEIGHT - BOTTOM
        if inside and all(
            abs(x - left) > LETTER / 2 * (len(name) + len(other)) or abs(y - ABOVE - top) > LINE
            for other, (left, top) in kept
        ):
            kept.append((name, (x, y - ABOVE)))
    return [(written(x), written(y), name) for name, (x, y) in kept]


def gathered(spots: Sequence[Spot]) -> list[list[Spot]]:
    """Groups of those that are at one place or too near to be told apart; the first of a group stands for it."""
    places: dict[tuple[int, int], list[Spot]] = {}
    for one, place in spots:
        places.setdefault((round(place[0]), round(place[1])), []).append((one, place))
    groups: list[list[Spot]] = []
    for there in sorted(places.values(), key=len, reverse=True):
        x, y = there[0][1]
        near = (group for group in groups if (group[0][1][0] - x) ** 2 + (group[0][1][1] - y) ** 2 < APART**2)
        if group := next(near, None):
            group.extend(there)
        else:
            groups.append(list(there))
    return groups


def mark(group: Sequence[Spot], page: Callable[[Shown], str], closer: Callable[[Shown, int], str], km: int) -> Mark:
    first, (x, y) = group[0]
    if len(group) == 1:
        said = ", ".join(filter(None, [first.title, first.commune_name]))
        return Mark(written(x), written(y), "9", "", page(first), said)
    names = list(dict.fromkeys(one.commune_name for one, _place in group if one.commune_name))
    towns = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    if more > 0:
        towns = ngettext("%(towns)s and %(more)s other commune", "%(towns)s and %(more)s other communes", more) % {
            "towns": towns,
            "more": number(more),
        }
    said = ngettext("%(count)s action: %(towns)s", "%(count)s actions: %(towns)s", len(group)) % {
        "count": number(len(group)),
        "towns": towns or _("places that are not said"),
    }
    named = next((one for one, _place in group if one.commune_code), None)
    url = closer(named, km) if km and named else LIST
    return Mark(written(x), written(y), f"{min(12 + 2 * log2(len(group)), 20):.0f}", number(len(group)), url, said)
