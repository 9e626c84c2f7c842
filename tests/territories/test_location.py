"""Is this place in a QPV? Against the official file, against geodesics, and against a naive reading."""

import csv
import json
from datetime import date

import numpy as np
import pyproj
import pytest
import shapely
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citeslab.territories import queries, services
from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.territories.index import projected
from citeslab.territories.values import BOXES, edition_in_force, territory_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget():
    queries.forget()
    yield
    queries.forget()


def load(path, *, edition=Edition.E2024, released_on=date(2026, 1, 15), **more):
    return services.load_release(
        path=path, edition=edition, released_on=released_on, by=factories.AnyUser(), at=timezone.now(), **more
    )


def drawn(tmp_path, *polygons, name="drawn.geojson", codes=None):
    features = [
        {
            "type": "Feature",
            "properties": {"code_qp": codes[n] if codes else f"QN0250{n}M", "lib_qp": f"Quartier {n}"},
            "geometry": json.loads(shapely.to_geojson(polygon)),
        }
        for n, polygon in enumerate(polygons)
    ]
    path = tmp_path / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def in_2024(longitude, latitude):
    return queries.locate(longitude=longitude, latitude=latitude, edition=Edition.E2024)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("latitude", "longitude", "in_2015", "in_2024"),
    [
        (48.917735, 2.387311, "QP093028", "QN09328M"),
        (48.85592, 2.41299, "QP075019", "QN07517I"),
        (48.88699, 2.35313, "", "QN07511M"),
        (48.899, 2.412, "", ""),
        (48.873128, 2.353599, "", ""),
    ],
)
def test_known_points_in_both_editions(shared_data, latitude, longitude, in_2015, in_2024):
    load(shared_data / "qpv/qpv2024_2026-01.geojson.gz")
    load(shared_data / "qpv/qpv2015_three.geojson", edition=Edition.E2015, released_on=date(2015, 1, 1))

    now = queries.locate(longitude=longitude, latitude=latitude, on=date(2026, 1, 1))
    then = queries.locate(longitude=longitude, latitude=latitude, on=date(2023, 12, 31))

    assert (now.code, now.edition) == (in_2024, 2024)
    assert (then.code, then.edition) == (in_2015, 2015)


@pytest.mark.shared_data
def test_real_addresses_have_the_answers_computed_elsewhere(shared_data):
    load(shared_data / "qpv/qpv2024_2026-01.geojson.gz")
    with (shared_data / "addresses/real_addresses.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    places = queries.locate_many(
        longitudes=[float(row["lon"]) for row in rows],
        latitudes=[float(row["lat"]) for row in rows],
        edition=Edition.E2024,
    )

    wrong = [
        (row["qpv2024_computed"], located)
        for row, located in zip(rows, places, strict=True)
        if located.answer != Answer.TO_CHECK and located.code != row["qpv2024_computed"]
    ]
    assert wrong == []
    for row, located in zip(rows, places, strict=True):  # that distance was taken in another projection
        assert located.border_m == pytest.approx(float(row["m_to_nearest_qpv_boundary"]), rel=0.01, abs=1)


@pytest.mark.shared_data
def test_bulk_containment_is_that_of_shapely_on_the_official_file(shared_data):
    load(shared_data / "qpv/qpv2024_2026-01.geojson.gz")
    index = queries.index_of(Edition.E2024)
    bounds = shapely.bounds(index.outlines)
    rng = np.random.default_rng(5)
    chosen = rng.integers(0, len(bounds), 30_000)
    longitudes = rng.uniform(bounds[chosen, 0] - 0.01, bounds[chosen, 2] + 0.01)
    latitudes = rng.uniform(bounds[chosen, 1] - 0.01, bounds[chosen, 3] + 0.01)

    places, outlines = index.covering(longitudes, latitudes)
    points, trees = shapely.STRtree(index.outlines).query(shapely.points(longitudes, latitudes), predicate="intersects")

    assert sorted(zip(places.tolist(), outlines.tolist(), strict=True)) == sorted(
        zip(points.tolist(), trees.tolist(), strict=True)
    )


# A place in each territory, with the distance that a geodesic gives.
@pytest.mark.parametrize(
    ("territory", "longitude", "latitude"),
    [
        (Territory.METROPOLE, 6.02, 47.25),
        (Territory.GUADELOUPE, -61.55, 16.25),
        (Territory.MARTINIQUE, -61.05, 14.62),
        (Territory.SAINT_MARTIN, -63.08, 18.07),
        (Territory.GUYANE, -52.33, 4.93),
        (Territory.REUNION, 55.45, -20.9),
        (Territory.MAYOTTE, 45.23, -12.78),
        (Territory.POLYNESIE, -149.57, -17.54),
    ],
)
def test_distances_are_meters_in_every_territory(tmp_path, territory, longitude, latitude):
    geod = pyproj.Geod(ellps="GRS80")
    load(drawn(tmp_path, shapely.box(longitude, latitude, longitude + 0.01, latitude + 0.01)))

    for meters, answer in [(12, Answer.TO_CHECK), (19.5, Answer.TO_CHECK), (21, Answer.OUT), (700, Answer.OUT)]:
        # due west of the middle of the western side
        west, middle, _back = geod.fwd(longitude, latitude + 0.005, 270, meters)
        located = in_2024(west, middle)
        assert territory_of(west, middle) is territory
        assert located.answer == answer
        assert located.border_m == pytest.approx(meters, rel=0.001, abs=0.02)


def test_inside_near_a_border_is_to_check_too(tmp_path):
    load(drawn(tmp_path, shapely.box(6.0, 47.2, 6.01, 47.21)))

    assert in_2024(6.0001, 47.205).answer == Answer.TO_CHECK  # 7 m inside
    assert in_2024(6.0001, 47.205).codes == ("QN02500M",)
    assert in_2024(6.005, 47.205).answer == Answer.IN


@pytest.mark.parametrize("corner", [(6.0, 47.2), (6.01, 47.21), (6.0, 47.205)])
def test_a_place_on_a_border_is_covered_and_to_check(tmp_path, corner):
    load(drawn(tmp_path, shapely.box(6.0, 47.2, 6.01, 47.21)))

    located = in_2024(*corner)
    assert (located.answer, located.codes) == (Answer.TO_CHECK, ("QN02500M",))
    assert located.border_m == pytest.approx(0, abs=0.01)


def test_overlaps_give_an_ordered_list(tmp_path):
    large, inner = shapely.box(6.0, 47.2, 6.03, 47.23), shapely.box(6.010, 47.210, 6.02, 47.22)
    beside = shapely.box(6.0202, 47.210, 6.025, 47.22)
    load(drawn(tmp_path, large, inner, beside))

    assert in_2024(6.015, 47.215).codes == ("QN02500M", "QN02501M")
    near_the_edge = in_2024(6.0199, 47.215)  # 7 m inside `inner`, 23 m from `beside`
    assert near_the_edge.codes == ("QN02500M", "QN02501M")
    assert in_2024(6.0201, 47.215).codes[0] == "QN02500M"
    assert set(in_2024(6.0201, 47.215).codes) == {"QN02500M", "QN02501M", "QN02502M"}


def test_holes_are_out(tmp_path):
    ring = shapely.Polygon(
        shapely.box(6.0, 47.2, 6.03, 47.23).exterior, [shapely.box(6.01, 47.21, 6.02, 47.22).exterior.coords[::-1]]
    )
    load(drawn(tmp_path, ring))

    assert in_2024(6.015, 47.215).answer == Answer.OUT
    assert in_2024(6.005, 47.205).answer == Answer.IN


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        (0.0, 0.0),
        (-73.9, 40.7),
        (200.0, 47.0),
        (6.0, 95.0),
        (float("nan"), 47.0),
        (float("inf"), 47.0),
        (1e300, -1e300),
    ],
)
def test_a_place_outside_france_is_not_located(tmp_path, longitude, latitude):
    load(drawn(tmp_path, shapely.box(6.0, 47.2, 6.01, 47.21)))

    assert in_2024(longitude, latitude).answer == Answer.NOT_LOCATED
    many = queries.locate_many(longitudes=[longitude], latitudes=[latitude], edition=Edition.E2024)
    assert many[0].answer == Answer.NOT_LOCATED


def test_without_a_release_nothing_is_located():
    assert in_2024(6.005, 47.205).answer == Answer.NOT_LOCATED
    assert queries.locate_many(longitudes=[6.0], latitudes=[47.2], edition=Edition.E2024) is None


@pytest.mark.parametrize(
    ("territory", "day", "edition"),
    [
        (Territory.METROPOLE, date(2014, 12, 31), 2015),
        (Territory.METROPOLE, date(2023, 12, 31), 2015),
        (Territory.METROPOLE, date(2024, 1, 1), 2024),
        (Territory.REUNION, date(2024, 12, 31), 2015),
        (Territory.REUNION, date(2025, 1, 1), 2024),
        (Territory.POLYNESIE, date(2025, 1, 1), 2024),
    ],
)
def test_the_edition_in_force(territory, day, edition):
    assert edition_in_force(territory, day) == edition


def test_a_release_of_another_process_is_seen(tmp_path, monkeypatch):
    load(drawn(tmp_path, shapely.box(6.0, 47.2, 6.01, 47.21)))
    assert in_2024(6.005, 47.205).answer == Answer.IN
    newer = factories.AnyRelease(released_on=date(2026, 6, 1), qpv_count=1)
    factories.AnyQPV(release=newer, outline=shapely.to_wkb(shapely.box(6.1, 47.2, 6.11, 47.21)))

    monkeypatch.setattr(queries, "LONGEST_STALE_SECONDS", 0)

    assert in_2024(6.005, 47.205).answer == Answer.OUT
    assert in_2024(6.105, 47.205).released_on == date(2026, 6, 1)


SQUARES = [shapely.box(6 + k / 200, 47.2, 6 + k / 200 + 0.007, 47.2 + 0.004 * (k + 1)) for k in range(4)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    longitude=st.floats(5.999, 6.03, allow_nan=False).map(lambda value: round(value, 6)),
    latitude=st.floats(47.199, 47.22, allow_nan=False).map(lambda value: round(value, 6)),
)
def test_one_many_and_a_naive_reading_agree(db, tmp_path, longitude, latitude):
    if not queries.index_of(Edition.E2024):
        load(drawn(tmp_path, *SQUARES))
        queries.forget()
    x, y = projected(Territory.METROPOLE, longitude, latitude)
    meters = {
        f"QN0250{n}M": shapely.distance(
            shapely.transform(
                square, lambda points: np.column_stack(projected(Territory.METROPOLE, points[:, 0], points[:, 1]))
            ).exterior,
            shapely.Point(x, y),
        )
        for n, square in enumerate(SQUARES)
    }
    covering = {f"QN0250{n}M" for n, square in enumerate(SQUARES) if shapely.intersects_xy(square, longitude, latitude)}
    nearest = min(meters.values())
    expected = Answer.TO_CHECK if nearest < 20 else Answer.IN if covering else Answer.OUT

    one = in_2024(longitude, latitude)
    many = queries.locate_many(longitudes=[longitude] * 3, latitudes=[latitude] * 3, edition=Edition.E2024)

    assert one.answer == expected
    assert set(one.codes) == covering | {code for code, far in meters.items() if far < 20}
    assert one.border_m == pytest.approx(nearest, abs=0.01)
    assert (many[1].answer, many[1].codes) == (one.answer, one.codes)
    assert many[1].border_m == pytest.approx(one.border_m, abs=1e-6)


def test_no_two_boxes_of_projections_meet():
    boxes = [shapely.box(*box) for box, _epsg in BOXES.values()]
    assert [(a, b) for a in range(len(boxes)) for b in range(a) if boxes[a].intersects(boxes[b])] == []
