"""What stands around a list: the entries of the frame, the views, the order, the pages."""

from django import template

register = template.Library()


@register.inclusion_tag("ui/components/rail.html")
def rail(navigation, write=None):
    """The entries at the thumb, or in the left rail; `write` (`label`, `url`) is the round + between their halves.

    Entries marked `more` stand below the others in the left rail alone; `ui/parts/bar.html` has them on a phone.
    """
    entries = [entry for entry in navigation if not entry.get("more")]
    even = len(entries) % 2 == 0
    return {
        "entries": entries,
        "more": [entry for entry in navigation if entry.get("more")],
        "write": write,
        "gap_after": len(entries) // 2 if write and even else 0,
        "write_at_the_end": bool(write) and not even,
    }


@register.inclusion_tag("ui/components/chips.html")
def chips(items, label):
    """Ready-made views of a list, each a dict: `label`, `url`, `current`, and maybe `count`."""
    return {"items": [{"count": None, **item} for item in items], "label": label}


@register.inclusion_tag("ui/components/sort_header.html", takes_context=True)
def sort_header(context, label, field, default="", first="", name="sort", figure=False):
    """A column's heading that orders the list by `field`; the address says `?sort=field` or `?sort=-field`.

    `default` is the order of a page whose address says none; `first="-"` starts with the largest or the latest.
    """
    query = context["request"].GET
    asked = query.get(name) or default
    order = {field: "ascending", f"-{field}": "descending"}.get(asked, "")
    following = {"ascending": f"-{field}", "descending": field}.get(order, first + field)
    return {
        "label": label,
        "order": order,
        "figure": figure,
        "address": address(query, page=None, **{name: following}),
    }


@register.inclusion_tag("ui/components/pager.html", takes_context=True)
def pager(context, page, name="page"):
    """The pages of a list (a Django `Page`); nothing when there is one. The rest of the address is kept."""
    query = context["request"].GET

    def url(number):
        return address(query, **{name: number})

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "links": [
            {"number": number, "url": url(number), "current": number == page.number}
            if isinstance(number, int)
            else {"number": None}
            for number in numbers
        ],
        "following": url(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/components/shown.html")
def shown(page, order=""):
    """From which to which row of how many; `order` says by what."""
    return {
        "first": page.start_index(),
        "last": page.end_index(),
        "total": page.paginator.count,
        "order": order,
    }


def address(query, **changes) -> str:
    """The query of the page with `changes`; None takes a parameter away."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return f"?{changed.urlencode()}"
