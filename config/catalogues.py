"""Message catalogues without a system gettext: `python -m config.catalogues [--extract]`.

Compiles each `.po` whose `.mo` is older. `--extract` first collects the strings of the code into the
catalogues: new ones come empty, vanished ones go; of translations, only the spaces before French signs are set right.
English repeats its sources.
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "en"
LANGUAGES = ("fr", SOURCE)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
UNDATED = datetime(2002, 1, 1, tzinfo=UTC)  # a catalogue changes when its words do, not when it is collected


CALL = re.compile(r"""\b\w*(?:gettext|_)\((?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:, ?)?)+(?:count)?\)""")


def templates(file, keywords, comment_tags, options) -> Iterator[tuple]:
    """How Babel reads a template: Django turns each message into a gettext call; the rest is no Python, and goes."""
    text = templatize(file.read().decode(), origin=getattr(file, "name", None))
    calls = "\n".join(CALL.findall(text))
    return extract_python(BytesIO(calls.encode()), keywords, comment_tags, options)


def path_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def extract() -> None:
    if not settings.configured:
        settings.configure(USE_I18N=False)  # the template lexer asks for settings, and needs none
        django.setup()
    found = Catalog(domain="django", creation_date=UNDATED)
    methods: list = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", templates)]
    for folder in ("citeslab", "config"):
        for _file, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, methods, keywords=KEYWORDS, comment_tags=()
        ):
            found.add(message, context=context)
    for language in LANGUAGES:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        known = read(path, language) if path.exists() else Catalog(locale=language, domain="django")
        known.update(found, no_fuzzy_matching=True)
        known.obsolete.clear()
        if language == SOURCE:
            repeat(known)
        else:
            set_spaces(known)
        known.creation_date = known.revision_date = UNDATED
        with path.open("wb") as file:
            write_po(file, known, width=120, no_location=True, sort_output=True, ignore_obsolete=True)


THIN, WHOLE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


def set_spaces(catalogue: Catalog) -> None:
    """The spaces that French signs ask for never break: thin before ; ? and !, whole before : and inside guillemets."""
    for message in catalogue:
        if isinstance(message.string, str):
            message.string = spaced(message.string)
        elif message.string:
            message.string = tuple(spaced(form) for form in message.string)


def spaced(text: str) -> str:
    text = re.sub(rf"[ {WHOLE}](?=[;?!])", THIN, text)
    text = re.sub(rf"[ {THIN}](?=:)|(?<=«)[ {THIN}]|[ {THIN}](?=»)", WHOLE, text)
    return text


def repeat(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id and not any(message.string or ()):
            message.string = message.id


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as lines:
        return read_po(lines, locale=language, domain="django")


def compile_stale() -> None:
    for language in LANGUAGES:
        source = path_of(language)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".draft")
        with draft.open("wb") as file:
            write_mo(file, read(source, language))
        draft.replace(target)  # a server that reads it meanwhile never sees half a file


if __name__ == "__main__":
    if "--extract" in sys.argv:
        extract()
    compile_stale()
