"""Every component, built into the templates: no `load` needed. docs/look.md shows each with an example."""

from django import template

from citeslab.ui.templatetags import boxes, drawings, fields, figures, formats, lists

register = template.Library()
for part in (formats, drawings, boxes, lists, fields, figures):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
