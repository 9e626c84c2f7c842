"""Message catalogues without a system gettext: `python -m config.catalogues [--extract]`.

Compiles each `.po` whose `.mo` is older. `--extract` first collects the strings of the code into the
catalogues: new ones come empty, vanished ones go, translations are never touched.
"""

import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
LANGUAGES = ("fr", "en")

# Django's template tags are not Python: its own lexer turns them into gettext calls that Babel can read.
MAPPING = """
[python: citeslab/**.py]
[python: config/**.py]
[citeslab_templates: citeslab/**/templates/**.html]
[extractors]
citeslab_templates = config.extraction:templates
"""


def extract() -> None:
    mapping, template = LOCALE / "mapping.cfg", LOCALE / "django.pot"
    babel = [sys.executable, "-m", "babel.messages.frontend"]
    mapping.write_text(MAPPING)
    try:
        keywords = ["-k", "pgettext_lazy:1c,2", "-k", "npgettext_lazy:1c,2,3"]
        options = ["--omit-header", "--no-location", "--sort-output", "-F", str(mapping), *keywords]
        subprocess.run([*babel, "-q", "extract", *options, "-o", str(template), "."], check=True, cwd=ROOT)
        for language in LANGUAGES:
            catalogue = LOCALE / language / "LC_MESSAGES" / "django.po"
            verb = "update" if catalogue.exists() else "init"
            flags = ["--no-fuzzy-matching", "--omit-header", "--ignore-obsolete"] if verb == "update" else []
            subprocess.run(
                [*babel, "-q", verb, *flags, "-i", str(template), "-o", str(catalogue), "-l", language],
                check=True,
            )
    finally:
        mapping.unlink()
        template.unlink(missing_ok=True)


def compile_stale() -> None:
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parent.parent.name)
        with target.open("wb") as file:
            write_mo(file, catalogue)


if __name__ == "__main__":
    if "--extract" in sys.argv:
        extract()
    compile_stale()
