"""Form fields: one drawing for each kind, whatever the form that holds them."""

from django import template
from django.forms import widgets
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

# The first that fits: a group of radios is also a `Select` to Django.
KINDS = [
    ("choices", (widgets.RadioSelect, widgets.CheckboxSelectMultiple)),
    ("tick", (widgets.CheckboxInput,)),
    ("file", (widgets.FileInput,)),
    ("area", (widgets.Textarea,)),
    ("select", (widgets.Select,)),
]
CLASSES = {"tick": "tick-box", "file": "drop-input", "area": "input input-area"}


@register.filter
def field_kind(field) -> str:
    """Which drawing suits a bound field: "hidden", "choices", "tick", "file", "area", "select" or "input"."""
    if field.is_hidden:
        return "hidden"
    return next((kind for kind, classes in KINDS if isinstance(field.field.widget, classes)), "input")


@register.filter
def field_target(field) -> str:
    """The id that a link to a field leads to: a group's first choice."""
    return f"{field.auto_id}_0" if field_kind(field) == "choices" else field.id_for_label


@register.simple_tag
def field(bound, optional=True, choices="", **attributes) -> SafeString:
    """A field of a form: label, help, widget, error.

    `optional=False` keeps quiet about what may be left empty (filters); `choices` is the grid of a group of
    radios ("rows", "two", "four"); the rest are attributes of the widget, `_` read as `-`.
    """
    return render_to_string(
        "ui/form/field.html",
        {
            "field": bound,
            "quiet": not optional,
            "grid": choices,
            "attributes": {name.replace("_", "-"): value for name, value in attributes.items()},
        },
    )


@register.simple_tag
def widget(bound, attributes=None) -> SafeString:
    """The widget of a bound field with the class of its kind; a class that the form gave is kept beside it."""
    given = bound.field.widget.attrs.get("class", "")
    classes = f"{CLASSES.get(field_kind(bound), 'input')} {given}".strip()
    return bound.as_widget(attrs={**(attributes or {}), "class": classes})
