from pathlib import Path
from xml.etree import ElementTree

import pytest

from citeslab.ui.templatetags import drawings

SVG = "{http://www.w3.org/2000/svg}"
ICONS = sorted((drawings.ROOM / "icons").glob("*.svg"))
PLANTS = sorted((drawings.ROOM / "plants").glob("*.svg"))
COLOR_ATTRIBUTES = ("fill", "stroke", "color", "stop-color")


def name_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", ICONS, ids=name_of)
def test_an_icon_is_drawn_in_strokes_on_the_same_grid(path):
    root = ElementTree.parse(path).getroot()

    assert root.attrib == {
        "viewBox": "0 0 24 24",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": "1.75",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    assert len(root) > 0
    assert {element.tag for element in root.iter()} <= {f"{SVG}svg", f"{SVG}path", f"{SVG}circle"}


@pytest.mark.parametrize("path", ICONS + PLANTS, ids=name_of)
def test_a_drawing_takes_the_colour_of_the_words_beside_it(path):
    root = ElementTree.parse(path).getroot()

    fixed = [
        (element.tag, name, element.get(name))
        for element in root.iter()
        for name in COLOR_ATTRIBUTES
        if element.get(name) not in (None, "none", "currentColor")
    ]
    assert fixed == []
    assert not any("style" in element.attrib or "on" in {key[:2] for key in element.attrib} for element in root.iter())


def test_each_stage_has_a_plant_and_its_head():
    assert {path.stem for path in PLANTS} == set(drawings.CROPS)


def test_an_icon_is_silent_unless_it_is_named():
    drawn = drawings.icon("plus", 24)

    assert drawn == (
        '<svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M12 5v14M5 12h14"/></svg>'
    )
    assert 'role="img" aria-label="&lt;Lock&gt;"' in drawings.icon("lock", label="<Lock>")


def test_a_drawing_that_is_not_there_names_those_that_are():
    with pytest.raises(drawings.NoSuchDrawing, match=r'no drawing "unicorn" in ui/icons. There are: .*\bplus\b'):
        drawings.icon("unicorn")
