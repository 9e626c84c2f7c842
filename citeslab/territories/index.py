"""The outlines of one release, held in memory to answer for places.

France is cut in cells of a 500th of a degree. A cell that no border comes near is wholly in some QPV or wholly out:
its places are answered by the cell alone. Elsewhere a place is tested against the outlines of its cell, and its
distance to the borders is measured in metres in the legal projection. Bulk and single lookups read the same cells.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.territories.models import Release
from citeslab.territories.values import (
    BORDER_BAND_M,
    BOXES,
    NOT_LOCATED,
    TERRITORIES,
    Located,
    territories_of,
    territory_of,
)

CELLS_PER_DEGREE = 500
ROW = 10_000_000  # keys are column * ROW + line, both shifted to be positive
METERS_PER_DEGREE = 110_000  # a little under any degree of latitude in France: margins err on the wide side
ELSEWHERE = len(BOXES)
RANKED = np.array([Answer.OUT.value, Answer.IN.value, Answer.TO_CHECK.value, Answer.NOT_LOCATED.value], dtype=object)


@cache
def projection(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", f"EPSG:{epsg}", always_xy=True)


def projected(territory: Territory, longitudes, latitudes):
    """Metres in the legal projection of `territory`."""
    return projection(BOXES[territory][1]).transform(longitudes, latitudes)


def keys_of(longitudes, latitudes):
    """The cell of each place; what is no place on Earth is in a cell of its edge, where there is nothing."""
    longitudes = np.clip(np.nan_to_num(longitudes, nan=-180.0), -180, 180)
    latitudes = np.clip(np.nan_to_num(latitudes, nan=-90.0), -90, 90)
    columns = np.floor(longitudes * CELLS_PER_DEGREE).astype(np.int64) + 180 * CELLS_PER_DEGREE
    lines = np.floor(latitudes * CELLS_PER_DEGREE).astype(np.int64) + 90 * CELLS_PER_DEGREE
    return columns * ROW + lines


class Rows:
    """Several values per cell, as one array: those of cell `c` stand from `starts[c]`, `counts[c]` of them."""

    def __init__(self, cells: NDArray[np.int64], keys: NDArray[np.int64], values: NDArray):
        span = int(values.max(initial=0)) + 1
        pairs = np.unique(np.searchsorted(cells, keys) * span + values)  # by rank of the cell: never near 2**63
        ranks, self.values = pairs // span, (pairs % span).astype(np.int32)
        self.starts = np.searchsorted(ranks, np.arange(len(cells)), "left")
        self.counts = np.searchsorted(ranks, np.arange(len(cells)), "right") - self.starts

    def of(self, places: NDArray[np.intp], cells: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """(place, value) pairs: each place repeated for each value of its cell."""
        counts = self.counts[cells]
        first = np.repeat(self.starts[cells] - (np.cumsum(counts) - counts), counts)
        return np.repeat(places, counts), self.values[first + np.arange(len(first))]

    def at(self, cell: int) -> NDArray[np.int32]:
        return self.values[self.starts[cell] : self.starts[cell] + self.counts[cell]]


class Segments:
    """Each side of each outline, in degrees and in metres, with the outline it belongs to."""

    def __init__(self, outlines: NDArray):
        parts, outline_of_part = shapely.get_parts(outlines, return_index=True)
        rings, part_of_ring = shapely.get_rings(parts, return_index=True)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        joined = ring[1:] == ring[:-1]
        self.start, self.end = points[:-1][joined], points[1:][joined]
        self.outline = outline_of_part[part_of_ring[ring[:-1][joined]]].astype(np.int32)
        self.territory = territories_of(self.start[:, 0], self.start[:, 1])
        meters = np.full((len(points), 2), np.nan)
        places = territories_of(points[:, 0], points[:, 1])
        for place, territory in enumerate(BOXES):
            there = places == place
            if there.any():
                meters[there] = np.column_stack(projected(territory, points[there, 0], points[there, 1]))
        self.from_m, to_m = meters[:-1][joined], meters[1:][joined]
        self.along = to_m - self.from_m
        self.length2 = np.maximum((self.along**2).sum(axis=1), 1e-12)

    def distances(self, sides: NDArray, x, y) -> NDArray[np.float64]:
        """Metres from each point (x, y) to the side of the same place in `sides`."""
        from_m, along = self.from_m[sides], self.along[sides]
        dx, dy = x - from_m[:, 0], y - from_m[:, 1]
        part = np.clip((dx * along[:, 0] + dy * along[:, 1]) / self.length2[sides], 0, 1)
        return np.hypot(dx - part * along[:, 0], dy - part * along[:, 1])


def spread(west, south, east, north) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """(box, cell) pairs: every cell that each box touches."""
    low_column, low_line = (np.floor(v * CELLS_PER_DEGREE).astype(np.int64) for v in (west, south))
    high_column, high_line = (np.floor(v * CELLS_PER_DEGREE).astype(np.int64) for v in (east, north))
    columns, lines = high_column - low_column + 1, high_line - low_line + 1
    counts = columns * lines
    box = np.repeat(np.arange(len(counts)), counts)
    rank = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    column = low_column[box] + rank // lines[box] + 180 * CELLS_PER_DEGREE
    line = low_line[box] + rank % lines[box] + 90 * CELLS_PER_DEGREE
    return box, column * ROW + line


class Cells:
    """What each cell holds: `near` sides (less than 20 m from it), the outlines of these (`crossing`), and the
    outlines that hold it `whole`, far from their own border. A cell that is not listed is out of everything.
    """

    def __init__(self, outlines: NDArray, sides: Segments):
        up = 1.1 * BORDER_BAND_M / METERS_PER_DEGREE
        aside = up / np.cos(np.radians((sides.start[:, 1] + sides.end[:, 1]) / 2))
        low, high = np.minimum(sides.start, sides.end), np.maximum(sides.start, sides.end)
        side, near = spread(low[:, 0] - aside, low[:, 1] - up, high[:, 0] + aside, high[:, 1] + up)
        crossing = sides.outline[side]

        bounds = shapely.bounds(outlines)
        outline, whole = spread(bounds[:, 0], bounds[:, 1], bounds[:, 2], bounds[:, 3])
        apart = ~np.isin(whole * 1_000_000 + outline, near * 1_000_000 + crossing)
        outline, whole = outline[apart], whole[apart]
        middle = (whole // ROW + 0.5) / CELLS_PER_DEGREE - 180, (whole % ROW + 0.5) / CELLS_PER_DEGREE - 90
        held = shapely.contains_xy(outlines[outline], *middle)
        outline, whole = outline[held], whole[held]

        self.keys = np.unique(np.concatenate([near, whole]))
        self.place = {key: place for place, key in enumerate(self.keys.tolist())}
        self.near = Rows(self.keys, near, side)
        self.crossing = Rows(self.keys, near, crossing)
        self.whole = Rows(self.keys, whole, outline)

    def find(self, longitudes: NDArray, latitudes: NDArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(place, cell) pairs of the places that are in a listed cell."""
        keys = keys_of(longitudes, latitudes)
        if not len(self.keys):
            return np.empty(0, np.intp), np.empty(0, np.intp)
        cells = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        places = np.flatnonzero(self.keys[cells] == keys)
        return places, cells[places]


class ReleaseIndex:
    """Answers for places in one release. Built from its rows; the cells at the first lookup."""

    def __init__(self, release: Release):
        rows = list(release.qpv_set.order_by("code").values_list("code", "outline"))
        self.release_id, self.edition, self.released_on = release.pk, Edition(release.edition), release.released_on
        self.codes = np.array([code for code, _outline in rows], dtype=object)
        self.outlines = np.array(shapely.from_wkb([bytes(outline) for _code, outline in rows]), dtype=object)
        shapely.prepare(self.outlines)
        # What shapely prepares is made at the first question: asked here, so that no two threads ask it together.
        west, south, east, north = shapely.bounds(self.outlines).T
        shapely.intersects_xy(self.outlines, (west + east) / 2, (south + north) / 2)

    @cached_property
    def sides(self) -> Segments:
        return Segments(self.outlines)

    @cached_property
    def middles(self) -> dict[str, tuple[float, float]]:
        """A place inside each QPV, by its code: where it stands on the map of a country."""
        places = shapely.get_coordinates(shapely.point_on_surface(self.outlines))
        return {str(code): (float(x), float(y)) for code, (x, y) in zip(self.codes, places, strict=True)}

    @cached_property
    def cells(self) -> "Cells":
        return Cells(self.outlines, self.sides)

    @cached_property
    def border_tree(self) -> dict[int, shapely.STRtree]:
        """By territory, a tree of all its sides in metres: the nearest border, however far."""
        sides, trees = self.sides, {}
        for place in np.unique(sides.territory):
            there = sides.territory == place
            lines = np.stack([sides.from_m[there], sides.from_m[there] + sides.along[there]], axis=1)
            trees[int(place)] = shapely.STRtree(shapely.linestrings(lines))
        return trees

    # -- one place ----------------------------------------------------------------------------------------------------

    def locate(self, longitude: float, latitude: float, *, with_border: bool = True) -> Located:
        """The answer for one place; without `with_border`, a border farther than 20 m is not measured."""
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            return NOT_LOCATED
        territory = territory_of(longitude, latitude)
        if territory is Territory.ELSEWHERE:
            return NOT_LOCATED
        key = (
            (int(longitude * CELLS_PER_DEGREE // 1) + 180 * CELLS_PER_DEGREE) * ROW
            + int(latitude * CELLS_PER_DEGREE // 1)
            + 90 * CELLS_PER_DEGREE
        )
        cell = self.cells.place.get(key)
        if cell is None:
            border = self.border(longitude, latitude) if with_border else None
            return self.answer(Answer.OUT, (), border)
        covering, sides = self.cells.whole.at(cell), self.cells.near.at(cell)
        if not len(sides):
            codes = tuple(self.codes[covering])
            border = self.border(longitude, latitude) if with_border else None
            return self.answer(Answer.IN if codes else Answer.OUT, codes, border)
        x, y = projected(territory, longitude, latitude)
        distances = self.sides.distances(sides, x, y)
        depth: dict[int, float] = {}
        for outline, distance in zip(self.sides.outline[sides].tolist(), distances.tolist(), strict=True):
            depth[outline] = min(distance, depth.get(outline, np.inf))
        inside = {outline for outline in depth if shapely.intersects_xy(self.outlines[outline], longitude, latitude)}
        codes = self.ordered(depth, inside.union(covering.tolist()))
        nearest = min(depth.values())
        if nearest < BORDER_BAND_M:
            return self.answer(Answer.TO_CHECK, codes, nearest)
        covering_codes = codes[: len(inside) + len(covering)]
        border = self.border(longitude, latitude) if with_border else None
        return self.answer(Answer.IN if covering_codes else Answer.OUT, covering_codes, border)

    def ordered(self, depth: dict[int, float], inside: set[int]) -> tuple[str, ...]:
        """Covering outlines, the deepest first (beyond 20 m, by code); then those less than 20 m away, by distance."""
        deep = {outline: meters for outline, meters in depth.items() if meters < BORDER_BAND_M}
        covering = sorted(inside, key=lambda outline: (-deep.get(outline, np.inf), self.codes[outline]))
        beside = [outline for outline in deep if outline not in inside]
        beside.sort(key=lambda outline: (depth[outline], self.codes[outline]))
        return tuple(self.codes[outline] for outline in covering + beside)

    def answer(self, answer: Answer, codes: tuple[str, ...], border: float | None) -> Located:
        return Located(answer, self.edition, self.release_id, self.released_on, codes, border)

    def border(self, longitude: float, latitude: float) -> float | None:
        """Metres to the nearest border of the release in this territory, however far."""
        found = self.borders(np.array([longitude]), np.array([latitude]))[0]
        return None if np.isnan(found) else float(found)

    # -- many places --------------------------------------------------------------------------------------------------

    def borders(self, longitudes: NDArray, latitudes: NDArray) -> NDArray[np.float64]:
        """`border` for each place; not-a-number where there is none in the territory."""
        meters = np.full(len(longitudes), np.nan)
        places = territories_of(longitudes, latitudes)
        for place, tree in self.border_tree.items():
            there = np.flatnonzero(places == place)
            if place == ELSEWHERE or not len(there):
                continue
            x, y = projected(TERRITORIES[place], longitudes[there], latitudes[there])
            (asked, _side), distance = tree.query_nearest(shapely.points(x, y), return_distance=True, all_matches=False)
            meters[there[asked]] = distance
        return meters

    def covering(self, longitudes: NDArray, latitudes: NDArray, found=None) -> tuple[NDArray[np.intp], NDArray]:
        """(place, outline) pairs of what covers what; a place on a border is covered."""
        places, cells = self.cells.find(longitudes, latitudes) if found is None else found
        whole_place, whole_outline = self.cells.whole.of(places, cells)
        place, outline = self.cells.crossing.of(places, cells)
        inside = shapely.intersects_xy(self.outlines[outline], longitudes[place], latitudes[place])
        return np.concatenate([whole_place, place[inside]]), np.concatenate([whole_outline, outline[inside]])

    def locate_many(self, longitudes: NDArray, latitudes: NDArray, *, with_borders: bool = True) -> "Places":
        """The answers for many places at once."""
        return Places(self, longitudes, latitudes, with_borders=with_borders)


def pairs_of(places: NDArray, outlines: NDArray) -> NDArray[np.int64]:
    """One number for each (place, outline)."""
    return places.astype(np.int64) * 100_000 + outlines


class Places:
    """The answers for many places in one release: arrays, and `places[i]` as `Located`.

    `answers` (values of `Answer`), `first_codes` ("" when out) and `borders` (metres, not-a-number when not
    measured) have one item per place.
    """

    def __init__(self, index: ReleaseIndex, longitudes: NDArray, latitudes: NDArray, *, with_borders: bool):
        self.index = index
        known = np.isfinite(longitudes) & np.isfinite(latitudes)
        longitudes, latitudes = np.where(known, longitudes, np.nan), np.where(known, latitudes, np.nan)
        self.territories = territories_of(longitudes, latitudes)
        located = self.territories != ELSEWHERE
        count = len(longitudes)
        self.borders = np.full(count, np.nan)
        cells = index.cells.find(longitudes, latitudes)
        place, outline = index.covering(longitudes, latitudes, cells)

        close_place, close_outline, close_depth = self.close_outlines(longitudes, latitudes, cells)
        ranks = np.zeros(count, dtype=np.int8)
        ranks[place] = 1
        ranks[close_place] = 2
        ranks[~located] = 3
        self.answers = RANKED[ranks]

        # The outlines of each answer: covering ones, the deepest first; then near ones, the nearest first.
        close_pair, pair = pairs_of(close_place, close_outline), pairs_of(place, outline)
        depth = np.full(len(pair), np.inf)
        if len(close_pair):
            found = np.minimum(np.searchsorted(close_pair, pair), len(close_pair) - 1)
            also_close = close_pair[found] == pair
            depth[also_close] = close_depth[found[also_close]]
        beside = ~np.isin(close_pair, pair)
        where = np.concatenate([place, close_place[beside]])
        which = np.concatenate([outline, close_outline[beside]])
        rank = np.concatenate([-depth, close_depth[beside]])  # covering ranks are negative: they come first
        order = np.lexsort((which, rank, where))
        self.where, self.which = where[order], which[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = self.where[1:] != self.where[:-1]
        self.first_codes = np.full(count, "", dtype=object)
        self.first_codes[self.where[first]] = index.codes[self.which[first]]

        np.fmin.at(self.borders, close_place, close_depth)
        if with_borders:
            far = np.flatnonzero(located & (ranks != 2))
            self.borders[far] = index.borders(longitudes[far], latitudes[far])

    def close_outlines(self, longitudes: NDArray, latitudes: NDArray, found):
        """(place, outline, metres): the outlines whose border is less than 20 m from each place, by place."""
        index = self.index
        asked, side = index.cells.near.of(*found)
        # `asked` is sorted: each place is projected once, whatever the number of sides near it.
        first = np.ones(len(asked), dtype=bool)
        first[1:] = asked[1:] != asked[:-1]
        places, back = asked[first], np.cumsum(first) - 1
        meters = np.full((len(places), 2), np.nan)
        for number, territory in enumerate(BOXES):
            there = self.territories[places] == number
            if there.any():
                meters[there] = np.column_stack(
                    projected(territory, longitudes[places[there]], latitudes[places[there]])
                )
        distance = index.sides.distances(side, meters[back, 0], meters[back, 1])
        close = distance < BORDER_BAND_M
        asked, outline, distance = asked[close], index.sides.outline[side[close]], distance[close]
        order = np.lexsort((distance, outline, asked))
        asked, outline, distance = asked[order], outline[order], distance[order]
        nearest = np.ones(len(asked), dtype=bool)
        nearest[1:] = (asked[1:] != asked[:-1]) | (outline[1:] != outline[:-1])
        return asked[nearest], outline[nearest], distance[nearest]

    def __len__(self) -> int:
        return len(self.answers)

    def __getitem__(self, place: int) -> Located:
        answer = Answer(self.answers[place])
        if answer is Answer.NOT_LOCATED:
            return NOT_LOCATED
        first, last = np.searchsorted(self.where, [place, place + 1])
        codes = tuple(self.index.codes[self.which[first:last]])
        border = self.borders[place]
        return self.index.answer(answer, codes, None if np.isnan(border) else float(border))

    def __iter__(self) -> Iterator[Located]:
        return (self[place] for place in range(len(self)))

    @property
    def released_on(self) -> date:
        return self.index.released_on
