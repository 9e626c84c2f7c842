"""How Babel reads Django's templates: each `translate` and `blocktranslate` becomes a gettext call."""

from collections.abc import Iterator
from io import BytesIO, StringIO

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def templates(file, keywords, comment_tags, options) -> Iterator[tuple]:
    code = templatize(file.read().decode(), origin=getattr(file, "name", None))
    wanted = {
        **keywords,
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }
    # templatize blanks what is not a message with X's: lines that are not Python are dropped, places kept.
    calls = StringIO()
    for line in code.splitlines():
        calls.write(line + "\n")
    return extract_python(BytesIO(calls.getvalue().encode()), wanted, comment_tags, options)
