"""Numbers of a page that say which figure they are, and of whom: for tools, tests, who reads pages by machine."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.queries import Number
from citeslab.ui import values


def figure(
    value: Number | float | None, id: str, decimals: int = 0, at: Mapping[str, str | int] | None = None
) -> SafeString:
    """A number of a page, written and marked. `value` is a `Number`, which may be hidden, or plain."""
    hidden = isinstance(value, Number) and value.is_hidden
    plain = value.value if isinstance(value, Number) else value
    words = _("hidden") if hidden else values.share(plain, decimals) if BY_ID[id].numerator else values.number(plain)
    return marked(plain, words, id, at or {})


def marked(value: float | None, words: str, id: str, at: Mapping[str, str | int]) -> SafeString:
    """`<data value="3" data-figure="persons_supported" data-at="sex=WOMAN&amp;year=2024">3</data>`.

    `value` is empty where the number is hidden, or nothing over nothing; `at` are the classes that it is of, and the
    year where years are side by side.
    """
    classes = format_html(' data-at="{}"', urlencode(at)) if at else ""
    return format_html(
        '<data value="{}" data-figure="{}"{}>{}</data>', "" if value is None else value, id, classes, words
    )
