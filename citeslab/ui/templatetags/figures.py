"""Charts in a template: `{% curve chart %}`, `{% parts chart %}`, `{% department_map chart %}` (see `ui/charts.py`)."""

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


@register.inclusion_tag("ui/charts/department_map.html")
def department_map(chart, level=2):
    """The departments as tiles, in classes, with what stands out said beside them."""
    classes = [{"rank": rank, "low": low, "high": high} for rank, (low, high) in enumerate(chart.classes, start=1)]
    return {"chart": chart, "level": level, "classes": classes[::-1], **charts.drawn_map(chart)}
