import re

import pytest
from django.template import Context, Template
from django.utils import translation

from citeslab.ui import charts
from citeslab.ui.charts import Curve, Department, DepartmentMap, Part, Parts, Point, Series, Table

SAID = {"name": "n", "title": "T", "description": "D", "source": "S, n = 3"}


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("highest", "step", "ceiling"),
    [
        (65412, 20000, 80000),
        (80822, 25000, 100000),
        (9000, 2500, 10000),
        (612, 200, 800),
        (7, 2, 8),
        (3, 1, 3),
        (1, 1, 1),
        (0, 1, 1),
    ],
)
def test_the_grid_has_round_lines_above_every_value(highest, step, ceiling):
    assert charts.ceiling_of(highest) == (step, ceiling)


@pytest.mark.parametrize("highest", [1, 2, 5, 9, 11, 99, 101, 3333, 65412, 10**6 + 1])
def test_the_grid_never_crowds(highest):
    step, ceiling = charts.ceiling_of(highest)
    assert ceiling >= highest
    assert 1 <= ceiling / step <= 5


@pytest.mark.parametrize(
    ("first", "last", "labelled"),
    [(2002, 2016, [2002, 2008, 2012, 2016]), (2014, 2017, [2014, 2015, 2016, 2017]), (2016, 2016, [2016])],
)
def test_the_years_written_are_the_ends_and_round_ones(first, last, labelled):
    assert charts.labelled_years(range(first, last + 1)) == labelled


@pytest.mark.parametrize("last", range(2006, 2042))
def test_the_years_written_leave_each_other_room(last):
    years = charts.labelled_years(range(2002, last + 1))
    room = (last - 2001) / 7
    assert all(later - earlier >= min(room, 1) for earlier, later in zip(years, years[1:], strict=False))
    assert years[0] == 2002
    assert years[-1] == last
    assert len(years) <= 6


def test_a_curve_starts_from_zero_and_ends_on_its_last_value():
    curve = Curve(
        **SAID,
        series=[Series("projects", [Point(2002, 0), Point(2003, 50), Point(2004, 100)])],
        marked=[2003],
    )
    drawn = charts.drawn_curve(curve)

    assert drawn["zero"] == "88.00%"
    assert drawn["lines"][0]["path"] == "M0.0 1000.0L500.0 500.0L1000.0 0.0"
    assert drawn["lines"][0]["end"] == {
        "x": "98.00%", "y": "12.00%", "value": 100, "below": False, "name_y": "8.00%",
    }  # fmt: skip
    assert [mark["x"] for mark in drawn["marks"]] == ["49.50%"]


def test_names_of_lines_do_not_stand_on_each_other():
    for places in ([50.0, 52.0, 10.0], [88.0] * 6, [8.0] * 6, [8.0, 14.0, 20.0, 26.0, 32.0, 38.0]):
        written = sorted(charts.spread(places))
        assert all(low + charts.APART <= high + 1e-9 for low, high in zip(written, written[1:], strict=False)), places
        assert written[0] >= 4
        assert written[-1] <= 96
    assert charts.spread([60.0, 10.0]) == [60.0, 10.0]


def test_bars_are_measured_by_the_longest_and_a_hidden_one_has_no_length():
    bars = [charts.Bar("a", 4, "4"), charts.Bar("b", 8, "8"), charts.Bar("c", None, "hidden")]
    assert [drawn["width"] for drawn in charts.drawn_bars(bars)] == ["50.000%", "100.000%", "0.000%"]


def test_a_falling_curve_has_its_last_value_under_the_line():
    falling = Curve(**SAID, series=[Series("p", [Point(2016, 20), Point(2017, 5)])])

    assert charts.drawn_curve(falling)["lines"][0]["end"]["below"] is True


def test_a_year_that_is_not_over_is_drawn_apart():
    drawn = charts.drawn_curve(
        Curve(**SAID, series=[Series("p", [Point(2015, 10), Point(2016, 20), Point(2017, 5, open=True)])])
    )
    assert drawn["lines"][0]["path"] == "M0.0 500.0L500.0 0.0"
    assert drawn["lines"][0]["open"] == "M500.0 0.0L1000.0 750.0"


def test_a_curve_refuses_a_seventh_series():
    with pytest.raises(ValueError, match="one to six"):
        Curve(**SAID, series=[Series(str(rank), [Point(2016, 1)]) for rank in range(7)])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_locale_touches_where_lines_go(language):
    curve = Curve(**SAID, series=[Series("p", [Point(2015, 1235), Point(2016, 2000)])])
    with translation.override(language):
        html = render("{% curve chart %}", chart=curve)
    paths = re.findall(r' d="(M[^"]*)"', html)
    assert paths[-1] == "M0.0 382.5L1000.0 0.0"
    assert not re.search(r'(?:x1?|y1?|cx|cy|width)="[0-9]+,', html)


@pytest.mark.parametrize(
    ("tag", "chart"),
    [
        (
            "curve",
            Curve(
                **SAID,
                series=[Series("p", [Point(2016, 1)])],
                table=Table("C", ["Y", "N"], [["2016", "1"]]),
                csv_url="/x.csv",
            ),
        ),
        (
            "parts",
            Parts(
                **SAID,
                parts=[Part(0.4, "a"), Part(0.6, "b")],
                table=Table("C", ["Y", "N"], [["a", "1"]]),
                csv_url="/x.csv",
            ),
        ),
        (
            "department_map",
            DepartmentMap(
                **SAID,
                departments=[Department("93", "Seine-Saint-Denis", 6)],
                classes=[(1, 6)],
                unit="Posts",
                table=Table("C", ["D", "N"], [["93", "6"]]),
                csv_url="/x.csv",
            ),
        ),
    ],
)
def test_each_chart_says_itself_without_its_drawing(tag, chart):
    html = render(f"{{% {tag} chart %}}", chart=chart)

    assert '<h2 class="chart-title" id="n">T</h2>' in html
    assert 'role="img" aria-labelledby="n-t n-d"' in html
    assert '<title id="n-t">T</title>' in html
    assert '<desc id="n-d">D</desc>' in html
    assert '<p class="chart-source">S, n = 3</p>' in html
    assert "<caption>C</caption>" in html
    assert '<a href="/x.csv">' in html
    assert "style=" not in html


def test_parts_stand_one_after_the_other():
    drawn = charts.drawn_parts([Part(0.41, "a"), Part(0.28, "b"), Part(0.06, "c"), Part(0.25, "d")])
    assert [(part["x"], part["width"]) for part in drawn] == [
        ("0.000%", "41.000%"),
        ("41.000%", "28.000%"),
        ("69.000%", "6.000%"),
        ("75.000%", "25.000%"),
    ]


def test_each_part_has_its_own_pattern_for_a_printer_without_colour():
    html = render("{% parts chart %}", chart=Parts(**SAID, parts=[Part(1 / 6, str(rank)) for rank in range(6)]))
    patterns = re.findall(r'<pattern id="n-pattern-(\d)"(.*?)</pattern>', html)
    assert [place for place, _ in patterns] == ["1", "2", "3", "4", "5", "6"]
    assert len({drawing for _, drawing in patterns}) == 6
    assert {int(place) for place in re.findall(r'fill="url\(#n-pattern-(\d)\)"', html)} == {1, 2, 3, 4, 5, 6}


def test_every_department_has_one_place_of_its_own():
    places = list(charts.COLUMN_AND_ROW.values())
    assert len(places) == len(set(places))
    mainland = {f"{number:02}" for number in range(1, 96) if number != 20} | {"2A", "2B"}
    assert mainland | {"971", "972", "973", "974", "976"} == charts.DEPARTMENTS
    assert len(charts.DEPARTMENTS) == 101


def test_the_map_draws_every_department_and_only_the_collectivities_given():
    chart = DepartmentMap(
        **SAID,
        unit="Posts",
        classes=[(1, 1), (2, 9)],
        departments=[Department("93", "S", 6), Department("978", "M", 1)],
    )
    tiles = {tile["code"]: tile["rank"] for tile in charts.drawn_map(chart)["tiles"]}
    assert set(tiles) == charts.DEPARTMENTS | {"978"}
    assert (tiles["93"], tiles["978"], tiles["75"]) == (2, 1, 0)


def test_the_map_refuses_a_place_it_does_not_know():
    with pytest.raises(ValueError, match="no place for 20, 99"):
        charts.drawn_map(
            DepartmentMap(
                **SAID,
                unit="U",
                classes=[(1, 9)],
                departments=[Department("99", "?", 1), Department("20", "?", 1)],
            )
        )


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ([], []),
        ([0, 0], []),
        ([0, 2, 1, 2], [(1, 1), (2, 2)]),
        ([1, 2, 3, 4, 5, 6, 7, 8], [(1, 2), (3, 4), (5, 6), (7, 8)]),
        ([1] * 90 + [2, 3, 4, 50], [(1, 1), (2, 50)]),
    ],
)
def test_classes_never_part_equal_values(values, classes):
    assert charts.even_classes(values) == classes
