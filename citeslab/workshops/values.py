"""Small pure values of collective actions: who registers without a file, the seats of a room, distances."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

ADVISORS = 0  # the group of those whom advisors register; an office's is its key, everyone else's `None`
Group = int | None
Place = tuple[float, float]  # longitude, latitude
EARTH_KM = 6_371


@dataclass(frozen=True)
class Guest:
    """Someone who registers without a file: her name and, if she gives one, a number or an address."""

    first_name: str
    preferred_name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Act:
    """What a phone told of a room. Who it is about: a registration, or the walk-in that another act made."""

    key: UUID
    kind: str
    clock_at: datetime
    session: int | None = None
    registration: int | None = None
    walk_in: UUID | None = None
    state: str = ""
    how: str = "LIST"
    guest: Guest | None = None
    strokes: object = None
    heads: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """What became of an act; of one that was refused, why. `registration` and `number`: whom a walk-in made."""

    key: str
    end: str
    reason: str = ""
    registration: int | None = None
    number: int | None = None


@dataclass
class Seats:
    """The seats of a room at an instant: taken by each group, and kept for some. `capacity` `None`: all may come."""

    capacity: int | None
    taken: Counter[Group] = field(default_factory=Counter)
    kept: Mapping[Group, int] = field(default_factory=dict)

    @property
    def left(self) -> int | None:
        """Seats that anyone may take."""
        if self.capacity is None:
            return None
        groups = self.taken.keys() | self.kept.keys()
        held = sum(max(self.taken[group], self.kept.get(group, 0)) for group in groups)
        return max(0, self.capacity - held)

    def has_one_for(self, group: Group) -> bool:
        """
        >>> Seats(10, Counter({None: 8}), {5: 2}).has_one_for(None)
        False
        >>> Seats(10, Counter({None: 8}), {5: 2}).has_one_for(5)
        True
        """
        return self.left is None or self.left > 0 or self.taken[group] < self.kept.get(group, 0)

    @property
    def is_full(self) -> bool:
        return not any(self.has_one_for(group) for group in (None, *self.kept))


def kilometers(one: Place | None, other: Place | None) -> float | None:
    """Between two places, along a great circle (haversine); nothing when one of them is not known.

    >>> round(kilometers((6.02, 47.24), (5.04, 47.32)))
    74
    """
    if one is None or other is None:
        return None
    (west, south), (east, north) = (tuple(map(radians, place)) for place in (one, other))
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))
