"""Real towns, and the neighborhoods drawn around them in both editions."""

import csv
import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

DATA = Path(__file__).resolve().parent.parent / "data"
NEIGHBORHOODS_BY_TOWN = 10
METERS = 111_000.0  # by degree of latitude
CORNERS = 12
FARTHEST = 40_000  # meters from a town to an official neighborhood that its site covers
NAMES = (
    "Les Tilleuls", "La Fontaine", "Grand Pré", "Les Peupliers", "Bellevue", "Le Moulin", "Les Coteaux",
    "La Source", "Les Acacias", "Le Vallon", "Les Cerisiers", "Le Port", "La Garenne", "Les Lilas",
)  # fmt: skip


@dataclass(frozen=True)
class Town:
    code: str
    name: str
    department: str
    longitude: float
    latitude: float

    @property
    def is_overseas(self) -> bool:
        return self.department.startswith("97")


@dataclass(frozen=True)
class Neighborhood:
    """A drawn QPV: a star of CORNERS corners around a middle, so that a place inside is easy to draw."""

    town: int
    name: str
    code_2015: str
    code_2024: str  # empty when it leaves the list with the 2024 edition
    middle: tuple[float, float]
    corners: NDArray  # (CORNERS, 2), degrees from the middle

    def ring(self, scale: float = 1.0) -> list[list[float]]:
        points = [[self.middle[0] + scale * dx, self.middle[1] + scale * dy] for dx, dy in self.corners]
        return [[round(x, 6), round(y, 6)] for x, y in [*points, points[0]]]


@cache
def words(name: str) -> tuple[str, ...]:
    """A list of the data folder, one word a line."""
    return tuple((DATA / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1])


@cache
def towns() -> list[Town]:
    with (DATA / "towns.csv").open(encoding="utf-8") as lines:
        return [
            Town(row["code"], row["name"], row["department"], float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(lines)
        ]


def neighborhoods(seed: int) -> list[Neighborhood]:
    """The QPV of every town, on a spiral around it; one in twenty leaves with the 2024 edition."""
    rng = np.random.default_rng([seed, 1])
    drawn: list[Neighborhood] = []
    in_department: dict[str, int] = {}
    for number, town in enumerate(towns()):
        for rank in range(NEIGHBORHOODS_BY_TOWN):
            order = in_department[town.department] = in_department.get(town.department, 0) + 1
            middle = spiral(town, rank)
            department = town.department.zfill(3)
            leaves = order % 20 == 0
            drawn.append(
                Neighborhood(
                    town=number,
                    name=f"{NAMES[rank]} (démonstration)",
                    code_2015=f"QP{department}{order:03d}",
                    code_2024="" if leaves else f"QN{department}{order:02d}{'I' if order % 4 == 0 else 'M'}",
                    middle=middle,
                    corners=star(rng, middle[1]),
                )
            )
    return drawn


def on_official(drawn: list[Neighborhood], codes: NDArray, outlines: NDArray) -> list[Neighborhood]:
    """The drawn neighborhoods moved into the nearest official outlines of the 2024 edition, each used once.

    A town with too few around it keeps drawn ones, that leave with that edition.
    """
    home, free = towns(), np.ones(len(outlines), dtype=bool)
    middles = shapely.get_coordinates(shapely.point_on_surface(outlines))
    moved: list[Neighborhood] = []
    for one in drawn:
        town = home[one.town]
        east = (middles[:, 0] - town.longitude) * np.cos(np.radians(town.latitude))
        far = np.where(free, np.hypot(east, middles[:, 1] - town.latitude) * METERS, np.inf)
        nearest = int(np.argmin(far))
        if far[nearest] > FARTHEST:
            moved.append(replace(one, code_2024=""))
            continue
        free[nearest] = False
        middle, corners = star_in(outlines[nearest])
        moved.append(replace(one, code_2024=str(codes[nearest]), middle=middle, corners=corners))
    return moved


def star_in(outline: shapely.Geometry) -> tuple[tuple[float, float], NDArray]:
    """The star whose corners are where rays from the outline's inner middle first meet its border."""
    largest = max(shapely.get_parts(outline).tolist(), key=shapely.area)
    inner = shapely.point_on_surface(largest)
    middle = shapely.get_coordinates(inner)[0]
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    ends = middle + np.column_stack([np.cos(angles), np.sin(angles)])  # a degree away: past any border
    rays = shapely.linestrings(np.stack([np.broadcast_to(middle, ends.shape), ends], axis=1))
    met = shapely.shortest_line(inner, shapely.intersection(rays, shapely.boundary(largest)))
    corners = shapely.get_coordinates(met).reshape(CORNERS, 2, 2)[:, 1]
    return (float(middle[0]), float(middle[1])), corners - middle


def spiral(town: Town, rank: int) -> tuple[float, float]:
    """About 1.3 km apart, turning around the town's middle."""
    angle, far = 2.4 * rank, 700 + 900 * np.sqrt(rank)
    return (
        town.longitude + far * np.cos(angle) / (METERS * np.cos(np.radians(town.latitude))),
        town.latitude + far * np.sin(angle) / METERS,
    )


def star(rng: np.random.Generator, latitude: float) -> NDArray:
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    radii = rng.uniform(180, 420, CORNERS)
    return np.column_stack(
        [radii * np.cos(angles) / (METERS * np.cos(np.radians(latitude))), radii * np.sin(angles) / METERS]
    )


def write_outlines(path: Path, drawn: list[Neighborhood], edition: int) -> None:
    """The drawn neighborhoods as an official file would hold them; the 2024 outlines moved a little."""
    home = towns()
    features = []
    for place, one in enumerate(drawn):
        code = one.code_2015 if edition == 2015 else one.code_2024
        if not code:
            continue
        scale = 1.0 if edition == 2015 or code.endswith("I") else 1.04 if place % 3 else 0.93
        properties = {
            "code_qp": code,
            "lib_qp": one.name,
            "insee_com": home[one.town].code,
            "insee_dep": home[one.town].department,
            # Invented; one in ten is not known, as in the official file.
            "pop_mun": None if place % 10 == 7 else 900 + place * 137 % 6_800,
        }
        geometry = {"type": "Polygon", "coordinates": [one.ring(scale)]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def places_in(rng: np.random.Generator, drawn: list[Neighborhood], which: NDArray, depth: NDArray) -> NDArray:
    """A place in (or around) each neighborhood of `which`: 0 is its middle, 1 its border, more is outside."""
    corners = np.stack([one.corners for one in drawn])[which]
    middles = np.array([one.middle for one in drawn])[which]
    draws = rng.random((len(which), 2))  # a row per place: the first ones do not depend on how many follow
    side = (draws[:, 0] * CORNERS).astype(int)
    part = draws[:, 1:]
    rows = np.arange(len(which))
    edge = corners[rows, side] * (1 - part) + corners[rows, (side + 1) % CORNERS] * part
    return np.round(middles + edge * depth[:, None], 6)
