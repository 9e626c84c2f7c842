"""The style sheets keep what they promise: one place for colours, and contrasts that eyes can read."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "citeslab/ui/static/ui/css"
TOKENS = (CSS / "tokens.css").read_text()
SHEETS = sorted(CSS.rglob("*.css"))


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def colours_of(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


LIGHT = colours_of(TOKENS.split("@media")[0])
THEMES = {"light": LIGHT, "dark": LIGHT | colours_of((CSS / "tokens-dark.css").read_text())}

SURFACES = ("paper", "card", "sunk")
TEXT_PAIRS = [
    *(
        (ink, surface)
        for ink in ("ink", "ink-soft", "pine", "pine-strong", "apricot-ink", "wrong", "look", "good")
        for surface in SURFACES
    ),
    *(
        (ink, wash)
        for ink in ("ink", "ink-soft")
        for wash in ("pine-wash", "apricot-wash", "good-wash", "look-wash", "wrong-wash")
    ),
    ("pine", "pine-wash"),
    ("pine", "apricot-wash"),
    ("pine", "wrong-wash"),
    ("pine-strong", "pine-wash"),
    ("apricot-ink", "apricot-wash"),
    ("good", "good-wash"),
    ("look", "look-wash"),
    ("wrong", "wrong-wash"),
    ("on-pine", "pine"),
    ("on-pine", "pine-strong"),
    ("on-apricot", "apricot"),
    ("card", "ink"),
    ("ink-soft", "step-0"),
    ("on-step-low", "step-0"),
    ("on-step-low", "step-1"),
    ("on-step-low", "step-2"),
    ("on-step-high", "step-3"),
    ("on-step-high", "step-4"),
]
CONTROL_PAIRS = [
    (mark, surface) for mark in ("edge", "pine", "apricot", "good", "look", "wrong") for surface in SURFACES
]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_both_themes_name_the_same_colours():
    assert set(colours_of((CSS / "tokens-dark.css").read_text())) == set(LIGHT)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 4.5), (CONTROL_PAIRS, 3)], ids=["text", "controls"])
def test_every_pair_can_be_read(theme, pairs, least):
    colours = THEMES[theme]
    unread = {
        f"{ink} on {surface}": round(contrast(colours[ink], colours[surface]), 2)
        for ink, surface in pairs
        if contrast(colours[ink], colours[surface]) < least
    }
    assert unread == {}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_only_the_tokens_and_the_paper_name_a_colour(path):
    if path.name in {"tokens.css", "tokens-dark.css", "print.css"}:
        return
    rules = without_comments(path.read_text())
    named = re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\(", rules)
    words = re.findall(r":[^;{}]*\b(white|black|red|green|blue|gray|grey|orange|yellow)\b[^;{}]*;", rules)
    assert named + words == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_property_that_is_read_is_defined(path):
    defined = set(re.findall(r"(--[\w-]+):", "".join(sheet.read_text() for sheet in SHEETS)))
    assert set(re.findall(r"var\((--[\w-]+)", path.read_text())) - defined == set()


LIGHTER_SHEETS = ("open.css", "site.css")
IMPORT = r'@import url\("([^"]+)"\) layer\((\w+)\)(?: \([^)]*\))?;'


@pytest.mark.parametrize("name", LIGHTER_SHEETS)
def test_a_light_sheet_has_some_of_the_parts_in_their_order(name):
    light, whole = ((CSS / sheet).read_text() for sheet in (name, "index.css"))
    some, every = re.findall(IMPORT, light), re.findall(IMPORT, whole)
    assert some == [one for one in every if one in some]
    assert re.search(r"@layer ([^;]+);", light)[1] == re.search(r"@layer ([^;]+);", whole)[1]


def test_every_part_is_in_a_layer_and_none_is_forgotten():
    index = (CSS / "index.css").read_text()
    imported = re.findall(IMPORT, index)
    layers = re.search(r"@layer ([^;]+);", index)[1].split(", ")

    assert {CSS / name for name, _ in imported} == set(SHEETS) - {CSS / name for name in ("index.css", *LIGHTER_SHEETS)}
    assert {layer for _, layer in imported} <= set(layers)
    assert all(layer == "parts" for name, layer in imported if name.startswith("parts/"))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_selectors_are_flat(path):
    """Old phones drop nested rules: only an at-rule may hold another rule."""
    open_rules = []
    for before, brace in re.findall(r"([^{};]*)([{};])", without_comments(path.read_text())):
        if brace == "{":
            assert all(rule.startswith("@") for rule in open_rules), before
            open_rules.append(before.strip())
        elif brace == "}":
            open_rules.pop()
    assert open_rules == []
