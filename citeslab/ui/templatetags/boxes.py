"""Boxes and lines: what a page is made of, each with its words given by the page."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from citeslab.ui.templatetags.drawings import icon as draw

register = template.Library()

# The icon that goes with a judgement when the page chooses none: meaning is never in colour alone.
ICON_OF_KIND = {"good": "check", "look": "question", "wrong": "close", "now": "calendar"}
ICON_OF_NOTICE = {"good": "check-circle", "look": "warning", "wrong": "warning", "plain": "info"}


@register.simple_block_tag
def card(content, *, title, kind="", level=2, icon="", count=None, more="", more_url="", name=""):
    """A titled box. `kind`: "now" (the one thing to do) or "sunk"; `level` keeps the heading order of the page right.

    `name` is the id of its heading, when the title alone is not unique on the page.
    """
    return render_to_string(
        "ui/components/card.html",
        {
            "content": content,
            "title": title,
            "kind": kind,
            "level": level,
            "icon": icon,
            "count": count,
            "more": more,
            "more_url": more_url,
            "name": name or f"card-{slugify(title)}",
        },
    )


@register.simple_tag
def tag(word, kind="", icon=None) -> SafeString:
    """A word with its icon. `kind`: "good", "look", "wrong", "now" or none; `icon=""` draws none."""
    name = ICON_OF_KIND.get(kind, "") if icon is None else icon
    return format_html(
        '<span class="tag{}">{}{}</span>',
        f" tag-{kind}" if kind else "",
        draw(name, 16) if name else "",
        word,
    )


@register.simple_block_tag
def notice(content, kind="plain", title="", icon="", role=""):
    """Something to know. `kind`: "plain", "good", "look" or "wrong"; `role="alert"` only for what just happened."""
    return render_to_string(
        "ui/components/notice.html",
        {
            "content": content,
            "kind": kind,
            "title": title,
            "icon": icon or ICON_OF_NOTICE[kind],
            "role": role,
        },
    )


@register.simple_block_tag
def empty(content, *, title, text="", plant="ACCU", level=2):
    """Nothing to show: what the page is for, and as its content the links that start the first act."""
    return render_to_string(
        "ui/components/empty.html",
        {"content": content, "title": title, "text": text, "plant": plant, "level": level},
    )


@register.simple_block_tag
def line(content, *, who, url="", verb="", verb_url=""):
    """Something that waits, as a `<li>`: who, why (the content), and the verb that settles it."""
    return render_to_string(
        "ui/components/line.html",
        {"content": content, "who": who, "url": url, "verb": verb, "verb_url": verb_url},
    )


@register.simple_block_tag
def story_item(content, *, title, on, more="", icon="talk", stage=""):
    """One fact of a person's story, as a `<li>` of `<ol class="story">`. With a `stage`, its plant is the mark."""
    return render_to_string(
        "ui/components/story_item.html",
        {"content": content, "title": title, "on": on, "more": more, "icon": icon, "stage": stage},
    )


@register.simple_tag
def facts(rows) -> SafeString:
    """What is known: rows of (label, value) or (label, value, more)."""
    return render_to_string(
        "ui/components/facts.html",
        {"rows": [{"label": row[0], "value": row[1], "more": row[2] if len(row) > 2 else ""} for row in rows]},
    )


@register.simple_tag
def tile(value, label, more="") -> SafeString:
    """A figure already written (`total|number`), what it counts, and on what; in a `<dl class="tiles">`."""
    return render_to_string("ui/components/tile.html", {"value": value, "label": label, "more": more})


@register.simple_tag
def progress(label, done=None, total=None) -> SafeString:
    """How far a job has gone; without `done`, only that it goes on."""
    return render_to_string("ui/components/progress.html", {"label": label, "done": done, "total": total})
