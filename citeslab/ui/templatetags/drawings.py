"""Icons and plants: our own drawings, put inline so that they take the colour of the words beside them."""

from functools import cache
from pathlib import Path

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from citeslab.ui.values import initials

register = template.Library()

ROOM = Path(__file__).resolve().parent.parent

# What a list shows of each plant: its head, at a size where 26 px tell the stages apart.
CROPS = {
    "SENS": "8 68 24 24",
    "ACCU": "6 59 30 30",
    "AMOR": "2 42 36 36",
    "EMER": "1 34 38 38",
    "FORM": "1 14 38 38",
    "PARC": "2 1 36 36",
    "SORT": "2 15 38 38",
}


class NoSuchDrawing(Exception):
    """A template names a drawing that is not there. The message lists those that are."""


@register.simple_tag
@cache
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """The icon `name` of `ui/icons/`. Without a `label` it is hidden from screen readers: the word beside
    it is read.
    """
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round" {said}>{drawing}</svg>',
        size=size,
        said=said,
        drawing=drawing("icons", name),
    )


@register.simple_tag
@cache
def plant(code: str, size: int = 26, whole: bool = False) -> SafeString:
    """The plant of a stage: its head in a square, or the `whole` plant on the line of ground."""
    return format_html(
        '<svg viewBox="{box}" width="{width}" height="{height}" aria-hidden="true">{drawing}</svg>',
        box="0 0 40 88" if whole else CROPS.get(code, "0 0 40 88"),
        width=40 if whole else size,
        height=88 if whole else size,
        drawing=drawing("plants", code),
    )


@register.simple_tag
def stage(code: str, name: str) -> SafeString:
    """A stage in a list or a sentence: the head of its plant, and its word."""
    return format_html('<span class="stage">{}{}</span>', plant(code), name)


@register.simple_tag
def sprout(steps) -> SafeString:
    """The six plants of a pathway (`charts.Step`), and in a sentence where the person is."""
    steps = list(steps)
    here = next((place for place, step in enumerate(steps) if step.here), None)
    following = steps[here + 1] if here is not None and here + 1 < len(steps) else None
    return render_to_string(
        "ui/components/sprout.html",
        {
            "steps": steps,
            "here": steps[here] if here is not None else None,
            "place": here + 1 if here is not None else None,
            "following": following,
        },
    )


@register.simple_tag
def monogram(name: str) -> SafeString:
    """The circle with a person's initials. The name itself stands beside it."""
    return format_html('<span class="monogram" aria-hidden="true">{}</span>', initials(name))


@cache
def drawing(folder: str, name: str) -> SafeString:
    """What is inside the `<svg>` of a file."""
    path = ROOM / folder / f"{name}.svg"
    if not path.is_file():
        there = ", ".join(sorted(known.stem for known in (ROOM / folder).glob("*.svg")))
        raise NoSuchDrawing(f'There is no drawing "{name}" in ui/{folder}. There are: {there}.')
    text = path.read_text()
    # Safe: the files are ours, and tests/ui reads each of them.
    return mark_safe(text[text.index(">") + 1 : text.rindex("</svg>")])
