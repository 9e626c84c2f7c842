"""The charts of a report on paper: the same geometry as on the page, drawn for black ink and pine."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from citeslab.ui import charts, values

INK, SOFT, LINE, PINE, WASH = "#1E2A32", "#4C5A63", "#DAD6CC", "#14594A", "#E6F0EC"
SERIES = (PINE, "#A8480F", "#4C5A63", "#357A69", "#8A5200", "#1E2A32")
DASHES = ("", "7 4", "2 4", "10 3 2 3", "4 2", "1 3")
STEPS = ("#FFFFFF", "#DCEBE5", "#A9CFC2", "#357A69", "#14594A")
WIDTH, FACE = 680, "Libertinus Serif"
POINT = re.compile(r"([\d.]+) ([\d.]+)")
BAR_LEFT, BAR_RIGHT, BAR_PITCH = 250, 590, 26
CURVE_HEIGHT = 260


def rebuilt(form: str, told: Mapping[str, Any]) -> charts.Chart:
    """The chart that a document tells."""
    common = {name: told[name] for name in ("name", "title", "description", "source", "lead")}
    if form == "bars":
        return charts.Bars(**common, bars=[charts.Bar(**one) for one in told["bars"]])
    if form == "curve":
        series = [
            charts.Series(one["name"], [charts.Point(**point) for point in one["points"]]) for one in told["series"]
        ]
        return charts.Curve(**common, series=series, marked=told["marked"])
    return charts.DepartmentMap(
        **common,
        departments=[charts.Department(**one) for one in told["departments"]],
        classes=[(low, high) for low, high in told["classes"]],
        unit=told["unit"],
        said=told["said"],
    )  # fmt: skip


def svg(form: str, told: Mapping[str, Any]) -> str:
    """A drawing whose words are text."""
    chart = rebuilt(form, told)
    if isinstance(chart, charts.Bars):
        return bars(chart)
    if isinstance(chart, charts.Curve):
        return curve(chart)
    assert isinstance(chart, charts.DepartmentMap)  # the third and last form
    return department_map(chart)


def sheet(height: float, *marks: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" font-family="{FACE}" font-size="14">'
        f"{''.join(marks)}</svg>"
    )


def words(x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{more}>{escape(text)}</text>'


def shortened(text: str, most: int) -> str:
    """
    >>> shortened("end of secondary school", 12)
    'end of seco…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def bars(chart: charts.Bars) -> str:
    longest = max([bar.value or 0 for bar in chart.bars] or [0]) or 1
    marks = []
    for place, bar in enumerate(chart.bars):
        middle = 8 + place * BAR_PITCH + BAR_PITCH / 2
        marks.append(words(BAR_LEFT - 10, middle + 5, shortened(bar.label, 38), anchor="end"))
        length = (BAR_RIGHT - BAR_LEFT) * (bar.value or 0) / longest
        if bar.value is None:  # hidden: a dashed box as long as the longest, which says nothing of the value
            marks.append(
                f'<rect x="{BAR_LEFT}" y="{middle - 7:.1f}" width="{BAR_RIGHT - BAR_LEFT}" height="14" fill="none" '
                f'stroke="{SOFT}" stroke-dasharray="3 3"/>'
            )
            length = BAR_RIGHT - BAR_LEFT
        else:
            marks.append(
                f'<rect x="{BAR_LEFT}" y="{middle - 7:.1f}" width="{length:.1f}" height="14" rx="2" fill="{PINE}"/>'
            )
        marks.append(words(BAR_LEFT + length + 8, middle + 5, bar.written))
    bottom = 16 + len(chart.bars) * BAR_PITCH
    marks.append(f'<path d="M{BAR_LEFT} 4V{bottom - 4}" stroke="{INK}"/>')
    return sheet(bottom, *marks)


def curve(chart: charts.Curve) -> str:
    drawn = charts.drawn_curve(chart)
    left = 48.0  # the values of the grid stand before it
    width = WIDTH - left - (60.0 if len(chart.series) == 1 else 180.0)  # the names of the series, after

    def across(at: str) -> float:
        return left + width * float(at.rstrip("%")) / 100

    def down(at: str) -> float:
        return CURVE_HEIGHT * float(at.rstrip("%")) / 100

    top, bottom = down(f"{charts.TOP}%"), down(f"{charts.BOTTOM}%")
    marks = []
    for line in drawn["grid"]:
        y = down(line["y"])
        marks.append(f'<path d="M{left} {y:.1f}H{left + width:.1f}" stroke="{LINE}"/>')
        marks.append(words(left - 8, y + 4, values.number(line["value"]), anchor="end", fill=SOFT))
    marks.append(f'<path d="M{left} {bottom:.1f}H{left + width:.1f}" stroke="{INK}"/>')
    x0, x1 = across(f"{charts.LEFT}%"), across(f"{charts.LEFT + charts.WIDTH}%")

    def placed(path: str) -> str:
        """The same path in the units of the sheet: a scaled line would be thicker across than down."""
        return POINT.sub(
            lambda at: f"{x0 + (x1 - x0) * float(at[1]) / 1000:.1f} {top + (bottom - top) * float(at[2]) / 1000:.1f}",
            path,
        )

    ends: list[list[Any]] = []
    for place, line in enumerate(drawn["lines"]):
        color, dash = SERIES[place], DASHES[place]
        for path, pattern in ((line["path"], dash), (line["open"], "3 5")):
            if path:
                dashed = f' stroke-dasharray="{pattern}"' if pattern else ""
                marks.append(
                    f'<path d="{placed(path)}" fill="none" stroke="{color}" stroke-width="2.2" '
                    f'stroke-linejoin="round"{dashed}/>'
                )
        end = line["end"]
        marks.append(f'<circle cx="{across(end["x"]):.1f}" cy="{down(end["y"]):.1f}" r="4.5" fill="{color}"/>')
        name = "" if len(drawn["lines"]) == 1 else f" {shortened(line['name'], 20)}"
        ends.append([down(end["y"]) + 5, f"{values.number(end['value'])}{name}", color])
    for mark in drawn["marks"]:
        x, y = across(mark["x"]), down(mark["y"])
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{PINE}"/>')
        marks.append(words(x + 6, y - 8, values.number(mark["value"])))
    spread(ends)
    marks += [words(x1 + 12, y, text, fill=color, more=' font-weight="bold"') for y, text, color in ends]
    marks += [
        words(across(year["x"]), bottom + 20, year["year"], anchor=year["anchor"], fill=SOFT) for year in drawn["years"]
    ]
    return sheet(CURVE_HEIGHT, *marks)


def spread(ends: list[list], apart: float = 16) -> None:
    """Names at the end of lines leave each other room."""
    ends.sort(key=lambda end: end[0])
    for before, end in zip(ends, ends[1:], strict=False):
        end[0] = max(end[0], before[0] + apart)


def department_map(chart: charts.DepartmentMap) -> str:
    drawn = charts.drawn_map(chart)
    marks = []
    for tile in drawn["tiles"]:
        fill = STEPS[tile["rank"]]
        ink = "#FFFFFF" if tile["rank"] > 2 else INK
        marks.append(
            f'<rect x="{tile["x"]}" y="{tile["y"]}" width="38" height="38" rx="4" fill="{fill}" stroke="{LINE}"/>'
        )
        marks.append(words(float(tile["middle"]), float(tile["base"]), tile["code"], anchor="middle", fill=ink))
    for place, (low, high) in enumerate(chart.classes):
        y = 20 + 28 * place
        marks.append(f'<rect x="545" y="{y}" width="18" height="18" rx="3" fill="{STEPS[place + 1]}" stroke="{LINE}"/>')
        said = values.number(low) if low == high else f"{values.number(low)} – {values.number(high)}"
        marks.append(words(572, y + 14, said))
    return sheet(float(drawn["height"]), *marks)
