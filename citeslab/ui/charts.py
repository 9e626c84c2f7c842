"""What a chart is given, and where its lines go. Values and words come in; no figure is computed here.

Each chart carries its title, a sentence that says it without the drawing, its source with date and n, the table
of its values, and maybe an address where they are a CSV. Lengths are in the units of the drawing's `viewBox` or in
percentages of its box, as text that no locale rewrites.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10


@dataclass(frozen=True)
class Step:
    """A stage of a pathway: reached on a day, where the person is, or to come (neither)."""

    code: str
    name: str
    reached_on: date | None = None
    here: bool = False


@dataclass(frozen=True)
class Table:
    """The values behind a drawing, already written; the first cell of a row is its heading."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What every chart says."""

    name: str  # the id of its heading, unique on the page
    title: str
    description: str  # the drawing in one sentence, for who does not see it
    source: str  # source, day, n
    lead: str = ""
    table: Table | None = None
    table_name: str = ""  # the words that open the table
    csv_url: str = ""


@dataclass(frozen=True)
class Point:
    year: int
    value: float
    open: bool = False  # the year is not over: drawn as such


@dataclass(frozen=True)
class Series:
    name: str
    points: Sequence[Point]


@dataclass(frozen=True, kw_only=True)
class Curve(Chart):
    """One to six series by year, from zero. `marked` are the years whose value is written on the first one."""

    series: Sequence[Series]
    marked: Sequence[int] = ()

    def __post_init__(self):
        if not 1 <= len(self.series) <= 6 or not self.series[0].points:
            raise ValueError("A curve has one to six series, and the first has a point.")


@dataclass(frozen=True)
class Part:
    """A share of a whole, its words, and what they rest on."""

    share: float
    label: str
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Parts(Chart):
    """A whole in two to six parts, in the order given."""

    parts: Sequence[Part]

    def __post_init__(self):
        if not 2 <= len(self.parts) <= 6:
            raise ValueError("A whole has two to six parts.")


@dataclass(frozen=True)
class Bar:
    """A class, its value, and the value as it is written; nothing of what is hidden."""

    label: str
    value: float | None
    written: str


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """One bar a class, from zero, in the order given; the value stands at its end."""

    bars: Sequence[Bar]


@dataclass(frozen=True)
class Department:
    """`value` is nothing where it is hidden: its tile says so, and is of no class."""

    code: str
    name: str
    value: int | None


@dataclass(frozen=True, kw_only=True)
class DepartmentMap(Chart):
    """One tile a department. `classes` are four (low, high) bounds, both included, from the lowest; zero is apart.

    `said` are sentences beside the map; `unit` is what the legend counts ("posts by department").
    """

    departments: Sequence[Department]
    classes: Sequence[tuple[int, int]]
    unit: str
    said: Sequence[str] = ()


@dataclass(frozen=True)
class Area:
    """An outline as the `d` of a path, and its middle; `is_point` where it is too small to be seen as it is."""

    name: str
    value: int | None
    path: str
    x: str
    y: str
    is_point: bool = False


@dataclass(frozen=True, kw_only=True)
class AreaMap(Chart):
    """Places by their outlines, in the classes of a `DepartmentMap`; `towns` (name, x, y) help to find one's way."""

    areas: Sequence[Area]
    classes: Sequence[tuple[int, int]]
    unit: str
    width: int
    height: int
    towns: Sequence[tuple[str, str, str]] = ()
    said: Sequence[str] = ()


# -- a curve ----------------------------------------------------------------------------------------------------------

TOP, BOTTOM = 12.0, 88.0  # percentages of the height: the highest line, and zero
LEFT, WIDTH = 1.0, 97.0  # percentages of the width
APART = 7.0  # of the height, between the names of two lines


def ceiling_of(highest: float) -> tuple[float, float]:
    """The step of the grid, and the first of its lines that is not under `highest`: 2 to 5 lines, round steps."""
    if highest <= 0:
        return 1, 1
    magnitude = 10 ** floor(log10(highest))
    for factor in (0.2, 0.25, 0.5, 1, 2, 2.5, 5):
        step = factor * magnitude
        if step >= 1 and ceil(highest / step) <= 4:
            return step, step * ceil(highest / step)
    return highest, highest


def drawn_curve(curve: Curve) -> dict:
    """Where everything goes: grid, paths, marks, years."""
    points = [point for series in curve.series for point in series.points]
    years = range(min(point.year for point in points), max(point.year for point in points) + 1)
    highest = max(point.value for point in points)
    step, ceiling = ceiling_of(highest)
    span = max(len(years) - 1, 1)

    def x(year: int) -> float:
        return (year - years[0]) / span

    def y(value: float) -> float:
        return 1 - value / ceiling

    def left(year: int) -> str:
        return f"{LEFT + WIDTH * x(year):.2f}%"

    def top(value: float) -> str:
        return f"{TOP + (BOTTOM - TOP) * y(value):.2f}%"

    def path(of: Sequence[Point]) -> str:
        return "M" + "L".join(f"{1000 * x(point.year):.1f} {1000 * y(point.value):.1f}" for point in of)

    names = spread([TOP + (BOTTOM - TOP) * y(series.points[-1].value) - 4 for series in curve.series])
    lines = []
    for place, series in enumerate(curve.series, start=1):
        last = series.points[-1]
        closed = [point for point in series.points if not point.open]
        lines.append(
            {
                "place": place,
                "name": series.name,
                "path": path(closed) if closed else "",
                "open": path(series.points[len(closed) - 1 if closed else 0 :]) if last.open else "",
                "area": (
                    f"{path(series.points)}L{1000 * x(last.year):.1f} 1000L{1000 * x(series.points[0].year):.1f} 1000Z"
                    if len(curve.series) == 1
                    else ""
                ),
                "end": {
                    "x": left(last.year),
                    "y": top(last.value),
                    "value": last.value,
                    "name_y": f"{names[place - 1]:.2f}%",
                    "below": any(last.value < point.value for point in series.points[-2:-1]),  # clear of the line
                },
            }
        )

    first = curve.series[0].points
    return {
        "grid": [
            {"y": top(value), "value": value} for value in (step * rank for rank in range(1, round(ceiling / step) + 1))
        ],
        "zero": top(0),
        "inner": {"x": f"{LEFT}%", "y": f"{TOP}%", "width": f"{WIDTH}%", "height": f"{BOTTOM - TOP}%"},
        "lines": lines,
        "marks": [
            {
                "x": left(point.year),
                "y": top(point.value),
                "value": point.value,
                "anchor": "end" if x(point.year) > 0.2 else "start",
            }
            for point in first
            if point.year in curve.marked and point.year != first[-1].year
        ],
        "years": [
            {
                "x": left(year),
                "year": str(year),
                "anchor": "start" if year == years[0] else "end" if year == years[-1] else "middle",
            }
            for year in labelled_years(years)
        ],
    }


def spread(places: Sequence[float]) -> list[float]:
    """The heights where names are written, in their order: far enough from each other, near where they belong.

    >>> spread([50.0, 52.0, 10.0])
    [47.5, 54.5, 10.0]
    """
    order = sorted(range(len(places)), key=lambda place: (places[place], place))
    groups: list[list[int]] = []  # names that push each other, from the top

    def middle(group: list[int]) -> float:
        return sum(places[place] for place in group) / len(group)

    for place in order:
        groups.append([place])
        while len(groups) > 1 and (
            middle(groups[-1]) - middle(groups[-2]) < APART * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    spread_out = dict.fromkeys(order, 0.0)
    for group in groups:
        first = min(max(middle(group) - APART * (len(group) - 1) / 2, 4), 96 - APART * (len(group) - 1))
        spread_out |= {place: first + APART * rank for rank, place in enumerate(group)}
    return [spread_out[place] for place in range(len(places))]


def labelled_years(years: range) -> list[int]:
    """The first, the last, and up to three round ones between that leave each other room."""
    if len(years) <= 4:
        return list(years)
    spacing = next(gap for gap in (2, 4, 5, 10, 20, 50, 100) if len(years) / gap <= 5)
    room = len(years) / 7
    between = [year for year in years if year % spacing == 0 and year - years[0] >= room and years[-1] - year >= room]
    return [years[0], *between, years[-1]]


# -- a whole in parts -------------------------------------------------------------------------------------------------

# Under the first, a part has no room for its words; under the second, none on a phone.
NARROWEST, NARROW = 0.05, 0.12


def drawn_parts(parts: Sequence[Part]) -> list[dict]:
    """The rectangles of the bar, in percentages of its width."""
    drawn, start = [], 0.0
    for place, part in enumerate(parts, start=1):
        drawn.append(
            {
                "place": place,
                "part": part,
                "x": f"{100 * start:.3f}%",
                "width": f"{100 * part.share:.3f}%",
                "middle": f"{100 * (start + part.share / 2):.3f}%",
                "worded": part.share >= NARROWEST,
                "narrow": part.share < NARROW,
            }
        )
        start += part.share
    return drawn


# -- bars -------------------------------------------------------------------------------------------------------------


def drawn_bars(bars: Sequence[Bar]) -> list[dict]:
    """Each bar with its length, in percentages of the longest."""
    longest = max([bar.value or 0 for bar in bars] or [0]) or 1
    return [{"bar": bar, "width": f"{100 * (bar.value or 0) / longest:.3f}%"} for bar in bars]


# -- the map of departments -------------------------------------------------------------------------------------------

# Each row of the map from north to south, `..` where there is nothing. Overseas stand apart, at the lower left.
TILES = """
..  ..  ..  ..  ..  ..  80  62  59  ..  ..  ..  ..
..  ..  ..  ..  ..  76  95  60  02  08  ..  ..  ..
..  ..  ..  50  14  27  78  75  93  51  55  57  ..
29  ..  22  35  61  28  92  94  77  10  54  88  67
..  ..  56  53  72  41  91  45  89  52  70  90  68
..  ..  ..  44  49  37  36  18  58  21  39  25  ..
..  ..  ..  85  79  86  87  23  03  71  01  74  ..
..  ..  ..  ..  17  16  19  63  42  69  38  73  ..
..  ..  ..  ..  33  24  46  15  43  07  26  05  ..
..  ..  ..  ..  40  47  82  12  48  30  84  04  ..
..  ..  ..  ..  64  32  31  81  34  13  83  06  ..
..  ..  ..  ..  ..  65  09  11  ..  ..  ..  ..  2B
971 972 973 974 976 ..  ..  66  ..  ..  ..  ..  2A
975 977 978 986 987 988 ..  ..  ..  ..  ..  ..  ..
"""
COLUMN_AND_ROW = {
    code: (column, row)
    for row, line in enumerate(TILES.strip().splitlines())
    for column, code in enumerate(line.split())
    if code != ".."
}
COLLECTIVITIES = frozenset({"975", "977", "978", "986", "987", "988"})
DEPARTMENTS = frozenset(COLUMN_AND_ROW) - COLLECTIVITIES
PITCH, SIDE = 40, 38


def drawn_map(chart: DepartmentMap) -> dict:
    """The tiles with their class: 0 for none, then 1 to 4; every department is drawn, a collectivity when
    it is given.
    """
    given = {department.code: department for department in chart.departments}
    if strangers := sorted(set(given) - set(COLUMN_AND_ROW)):
        raise ValueError(f"The map has no place for {', '.join(strangers)}.")
    return drawn_tiles(chart.departments, chart.classes)


def drawn_tiles(departments: Sequence[Department], classes: Sequence[tuple[int, int]] | None = None) -> dict:
    """A tile for each department, those given with their class: of their own even ones when none are said."""
    given = {department.code: department for department in departments if department.code in COLUMN_AND_ROW}
    classes = classes or even_classes([department.value or 0 for department in given.values()])
    tiles = []
    for code, (column, row) in COLUMN_AND_ROW.items():
        if code in COLLECTIVITIES and code not in given:
            continue
        left, top = 1 + PITCH * column, 1 + PITCH * row
        value = given[code].value if code in given else 0
        tiles.append(
            {
                "code": code,
                "name": given[code].name if code in given else "",
                "value": value,
                "is_hidden": value is None,
                "rank": class_of(value or 0, classes),
                "x": str(left),
                "y": str(top),
                "middle": str(left + SIDE // 2),
                "base": str(top + 25),
            }
        )
    rows = 14 if COLLECTIVITIES & set(given) else 13
    hides = any(tile["is_hidden"] for tile in tiles)
    return {"tiles": tiles, "hides": hides, "height": str(PITCH * rows + 2), "overseas": str(PITCH * 12 - 12)}


def drawn_areas(chart: AreaMap) -> dict:
    """The areas with their class."""
    areas = [
        {"area": area, "is_hidden": area.value is None, "rank": class_of(area.value or 0, chart.classes)}
        for area in chart.areas
    ]
    return {"areas": areas, "hides": any(one["is_hidden"] for one in areas)}


def class_of(value: int, classes: Sequence[tuple[int, int]]) -> int:
    """0 for nothing, else the rank of the class from 1; beyond the last bound is in the last class."""
    if value <= 0:
        return 0
    return next((rank for rank, (low, high) in enumerate(classes, start=1) if low <= value <= high), len(classes))


def even_classes(values: Sequence[int], count: int = 4) -> list[tuple[int, int]]:
    """Up to `count` classes, each with about as many departments, that never part equal values."""
    distinct = sorted({value for value in values if value > 0})
    if len(distinct) <= count:
        return [(value, value) for value in distinct]
    counted = sorted(value for value in values if value > 0)
    tops = []
    for rank in range(1, count + 1):
        top = counted[ceil(len(counted) * rank / count) - 1]
        if not tops or top > tops[-1]:
            tops.append(top)
    lows = [distinct[0], *(next(value for value in distinct if value > top) for top in tops[:-1])]
    return list(zip(lows, tops, strict=True))
