"""Maps of the neighborhoods, drawn without a tile of anybody: France by departments, then one department."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from citeslab.network.enums import Cover
from citeslab.ui.charts import COLLECTIVITIES, COLUMN_AND_ROW

PITCH, SIDE = 62, 58
DOT, ACROSS, FIRST_X, FIRST_Y = 5.4, 10, 4.5, 24  # ten dots on a line, under the code
DRAWN_FIRST = (Cover.ONE, Cover.SEVERAL, Cover.VACANT, Cover.NONE)


@dataclass(frozen=True)
class Mark:
    """A neighborhood as maps know it."""

    code: str
    name: str
    department: str
    commune: str
    cover: Cover


@dataclass(frozen=True)
class Tile:
    """A department: its dots, one path for each state."""

    code: str
    x: str
    y: str
    paths: list[tuple[Cover, str]]
    counts: dict[Cover, int]


def tiles(marks: Iterable[Mark]) -> dict:
    """Each department with a dot for each of its neighborhoods, the covered ones first."""
    of_department: dict[str, list[Cover]] = defaultdict(list)
    for mark in marks:
        of_department[mark.department].append(mark.cover)
    drawn = []
    for code, (column, row) in COLUMN_AND_ROW.items():
        if code in COLLECTIVITIES and code not in of_department:
            continue
        covers = sorted(of_department[code], key=DRAWN_FIRST.index)
        drawn.append(Tile(code, str(1 + PITCH * column), str(1 + PITCH * row), paths_of(covers), counted(covers)))
    rows = 14 if COLLECTIVITIES & set(of_department) else 13
    return {
        "tiles": drawn,
        "width": str(PITCH * 13 + 2),
        "height": str(PITCH * rows + 2),
        "overseas": str(PITCH * 12 - 12),
        "side": str(SIDE),
    }


def paths_of(covers: Sequence[Cover]) -> list[tuple[Cover, str]]:
    """Round dots cost eight letters each as the ends of lines without length."""
    paths: dict[Cover, list[str]] = defaultdict(list)
    tight = min(DOT, (SIDE - FIRST_Y - 3) / max(1, math.ceil(len(covers) / ACROSS) - 1))
    for place, cover in enumerate(covers):
        x, y = FIRST_X + DOT * (place % ACROSS), FIRST_Y + tight * (place // ACROSS)
        paths[cover].append(f"M{x:.1f} {y:.1f}h0")
    return [(cover, "".join(path)) for cover, path in paths.items()]


def counted(covers: Iterable[Cover]) -> dict[Cover, int]:
    counts: dict[Cover, int] = defaultdict(int)
    for cover in covers:
        counts[cover] += 1
    return dict(counts)


# -- one department ---------------------------------------------------------------------------------------------------

WIDTH, HEIGHT, MARGIN = 480, 400, 36
LETTER, LINE = 7.5, 16
LEAST_DEGREES = 0.02


@dataclass(frozen=True)
class Dot:
    mark: Mark
    path: str


@dataclass(frozen=True)
class Town:
    name: str
    x: str
    y: str


def department(marks: Sequence[Mark], middles: Mapping[str, tuple[float, float]]) -> dict | None:
    """The neighborhoods of a department where they are, and the names of its towns where there is room."""
    placed = [(mark, *middles[mark.code]) for mark in marks if mark.code in middles]
    if not placed:
        return None
    west, east = min(x for _mark, x, _y in placed), max(x for _mark, x, _y in placed)
    south, north = min(y for _mark, _x, y in placed), max(y for _mark, _x, y in placed)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, LEAST_DEGREES),
        (HEIGHT - 2 * MARGIN) / max(north - south, LEAST_DEGREES),
    )

    def xy(x: float, y: float) -> tuple[float, float]:
        return (
            WIDTH / 2 + (x - (west + east) / 2) * squeeze * scale,
            HEIGHT / 2 - (y - (south + north) / 2) * scale,
        )

    dots = [(mark, *xy(x, y)) for mark, x, y in placed]
    dots.sort(key=lambda dot: DRAWN_FIRST.index(dot[0].cover))  # what waits is drawn over the rest
    return {
        "dots": [Dot(mark, f"M{x:.1f} {y:.1f}h0") for mark, x, y in dots],
        "towns": named(dots),
        "width": str(WIDTH),
        "height": str(HEIGHT),
    }


def named(dots: Sequence[tuple[Mark, float, float]]) -> list[Town]:
    """The towns with the most neighborhoods first; a name that would stand on another is left out."""
    of_town: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for mark, x, y in dots:
        if mark.commune:
            of_town[mark.commune].append((x, y))
    towns: list[Town] = []
    taken: list[tuple[float, float, float]] = []  # left, right, base
    for name, places in sorted(of_town.items(), key=lambda item: (-len(item[1]), item[0])):
        half = len(name) * LETTER / 2
        x = min(max(sum(place[0] for place in places) / len(places), half + 4), WIDTH - half - 4)
        y = max(place[1] for place in places) + LINE + 4
        if y < HEIGHT - 4 and not any(
            x - half < right and left < x + half and abs(y - base) < LINE for left, right, base in taken
        ):
            taken.append((x - half, x + half, y))
            towns.append(Town(name, f"{x:.1f}", f"{y:.1f}"))
    return towns
