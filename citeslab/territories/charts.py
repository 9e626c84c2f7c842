"""Maps of a few streets, drawn without a tile: a place, and the outlines of the priority neighborhoods near it."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from shapely import Geometry

WIDTH, HEIGHT = 480, 360
METERS_PER_DEGREE = 111_320
LETTER, LONGEST_LABEL = 8, 20  # units that a letter of a name takes, and the letters shown
LEAST_NAMED = 300  # an outline smaller than this on the map goes without its name
ROUND_METERS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


@dataclass(frozen=True)
class Frame:
    """What a map shows: its middle in degrees, and the metres from there to its upper edge."""

    longitude: float
    latitude: float
    radius_m: float

    @classmethod
    def around(cls, bounds, *, least_m: float) -> "Frame":
        """All of `bounds` (degrees), with a margin."""
        west, south, east, north = (float(degrees) for degrees in bounds)
        latitude = (south + north) / 2
        high = (north - south) / 2 * METERS_PER_DEGREE
        wide = (east - west) / 2 * METERS_PER_DEGREE * math.cos(math.radians(latitude)) * HEIGHT / WIDTH
        return cls((west + east) / 2, latitude, max(least_m, 1.15 * high, 1.15 * wide))

    @cached_property
    def latitude_per_unit(self) -> float:
        return 2 * self.radius_m / HEIGHT / METERS_PER_DEGREE

    @cached_property
    def longitude_per_unit(self) -> float:
        return self.latitude_per_unit / math.cos(math.radians(self.latitude))

    @property
    def west(self) -> float:
        return self.longitude - self.longitude_per_unit * WIDTH / 2

    @property
    def north(self) -> float:
        return self.latitude + self.latitude_per_unit * HEIGHT / 2

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        east, south = self.west + self.longitude_per_unit * WIDTH, self.north - self.latitude_per_unit * HEIGHT
        return self.west, south, east, self.north

    def xy(self, points):
        """Degrees to units of the drawing, for an array of (longitude, latitude)."""
        return (points - (self.west, self.north)) / (self.longitude_per_unit, -self.latitude_per_unit)


@dataclass(frozen=True)
class Quarter:
    """An outline on the map. `x` and `y` are where its name stands, when there is room for it."""

    code: str
    name: str
    path: str
    label: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True)
class PlaceMap:
    """Everything is written, so that no language puts a comma in a coordinate."""

    quarters: list[Quarter]
    west: str
    north: str
    longitude_per_unit: str
    latitude_per_unit: str
    scale_m: int
    scale_units: str
    x: str = ""  # the place
    y: str = ""
    border_x: str = ""  # the nearest point of a border
    border_y: str = ""
    middle_x: str = ""  # the middle of the town
    middle_y: str = ""
    town: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def place_map(frame: Frame, quarters, *, place=None, middle=None, town: str = "") -> PlaceMap:
    """`quarters` are (code, name, outline in degrees); `place` and `middle` are (longitude, latitude)."""
    edge = shapely.box(-20, -20, WIDTH + 20, HEIGHT + 20)
    inner = shapely.box(24, 16, WIDTH - 24, HEIGHT - 40)
    told: list[Quarter] = []
    outlines, taken = [], []
    for code, name, outline in quarters:
        shape = shapely.transform(outline, frame.xy)
        outlines.append(shape)
        seen, label, at = shape.intersection(inner), shortened(name), {}
        if seen.area > LEAST_NAMED:
            point = seen.representative_point()
            half = len(label) * LETTER / 2
            room = shapely.box(point.x - half, point.y - LETTER * 2, point.x + half, point.y + LETTER)
            if not any(room.intersects(other) for other in taken):
                taken.append(room)
                at = {"label": label, "x": written(min(max(point.x, half), WIDTH - half)), "y": written(point.y)}
        told.append(Quarter(code, name, path_of(shape.intersection(edge)), **at))
    marks: dict[str, Any] = {}
    if place:
        point = shapely.transform(shapely.Point(place), frame.xy)
        marks = {"x": written(point.x), "y": written(point.y)}
        if outlines:
            borders = shapely.union_all([outline.boundary for outline in outlines])
            _here, there = shapely.get_coordinates(shapely.shortest_line(point, borders))
            marks |= {"border_x": written(there[0]), "border_y": written(there[1])}
    if middle:
        point = shapely.transform(shapely.Point(middle), frame.xy)
        marks |= {"middle_x": written(point.x), "middle_y": written(point.y)}
    units = HEIGHT / 2 / frame.radius_m
    scale = max((meters for meters in ROUND_METERS if meters * units <= WIDTH / 4), default=ROUND_METERS[0])
    return PlaceMap(
        told,
        west=f"{frame.west:.8f}",
        north=f"{frame.north:.8f}",
        longitude_per_unit=f"{frame.longitude_per_unit:.12f}",
        latitude_per_unit=f"{frame.latitude_per_unit:.12f}",
        scale_m=scale,
        scale_units=written(scale * units),
        town=town,
        **marks,
    )


def shortened(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def path_of(shape: Geometry) -> str:
    """The rings of a shape as the `d` of an SVG path."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = [shapely.get_coordinates(ring) for part in parts for ring in shapely.get_rings(part)]
    return " ".join("M" + "L".join(f"{written(x)} {written(y)}" for x, y in ring) + "Z" for ring in rings)


def written(units: float) -> str:
    return f"{units:.1f}"
