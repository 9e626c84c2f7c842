"""Charts in a template: `{% curve chart %}`, `{% parts chart %}`, `{% bars chart %}`, `{% department_map chart %}`,
`{% area_map chart %}`.
"""

from django import template

from citeslab.ui import charts

register = template.Library()


@register.inclusion_tag("ui/charts/curve.html")
def curve(chart, level=2):
    """A curve by year, from zero, its values written on it."""
    return {"chart": chart, "level": level, **charts.drawn_curve(chart)}


@register.inclusion_tag("ui/charts/parts.html")
def parts(chart, level=2):
    """A whole as one bar, its parts named under it in the same order."""
    return {"chart": chart, "level": level, "parts": charts.drawn_parts(chart.parts)}


@register.inclusion_tag("ui/charts/bars.html")
def bars(chart, level=2):
    """One bar a class, each with its name over it and its value at its end."""
    return {"chart": chart, "level": level, "bars": charts.drawn_bars(chart.bars)}


@register.inclusion_tag("ui/charts/department_map.html")
def department_map(chart, level=2):
    """The departments as tiles, in classes, with what stands out said beside them."""
    return {"chart": chart, "level": level, "classes": legend(chart), **charts.drawn_map(chart)}


@register.inclusion_tag("ui/charts/area_map.html")
def area_map(chart, level=2):
    """Places by their outlines, in classes."""
    return {"chart": chart, "level": level, "classes": legend(chart), **charts.drawn_areas(chart)}


def legend(chart):
    """The classes, the highest first."""
    return [{"rank": rank, "low": low, "high": high} for rank, (low, high) in enumerate(chart.classes, start=1)][::-1]
