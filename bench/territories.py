"""Places in neighborhoods: against geopandas in the same run, on the official file of the 2024 edition."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import Measure
from bench.home import CHECKOUT, SHARED, citeslab, environment

FILE = SHARED / "qpv" / "qpv2024_2026-01.geojson.gz"
POINTS = 1_000_000
LOAD = """
import django, time
django.setup()
from django.db import connection
connection.ensure_connection()
from citeslab.territories import queries
from citeslab.territories.enums import Edition
start = time.perf_counter()
queries.index_of(Edition.E2024)
print(time.perf_counter() - start)
"""


def best(act: Callable[[], object], times: int = 3) -> tuple[float, object]:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        result = act()
        spent.append(time.perf_counter() - start)
    return min(spent), result


def measures() -> Iterator[Measure]:
    if not FILE.exists():
        yield Measure("places in neighborhoods", "the official file is not here", "", False)
        return
    with TemporaryDirectory() as folder:
        home = Path(folder)
        citeslab("migrate", home=home)
        citeslab("qpv", "load", str(FILE), "--edition", "2024", "--release", "2026-01-15", home=home)
        yield from loading(home)
        yield from locating(home)
        yield from whole_file(home)


def loading(home: Path) -> Iterator[Measure]:
    seconds = statistics.median(
        float(
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", LOAD],
                cwd=CHECKOUT,
                env=environment(home) | {"DJANGO_SETTINGS_MODULE": "config.settings"},
                check=True,
                capture_output=True,
            ).stdout
        )
        for _ in range(3)
    )
    yield Measure("load 1,584 polygons at process start", f"{seconds * 1000:.0f} ms", "150 ms", seconds <= 0.15)


def locating(home: Path) -> Iterator[Measure]:
    import os

    import geopandas
    import numpy as np

    os.environ |= environment(home) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    import django
    import shapely

    django.setup()
    from citeslab.territories import queries
    from citeslab.territories.enums import Edition

    index = queries.index_of(Edition.E2024)
    index.locate_many(np.array([2.35]), np.array([48.85]), with_borders=False)  # the cells, made once a process
    frame = geopandas.GeoDataFrame(geometry=list(index.outlines), crs=4326)
    rng = np.random.default_rng(42)
    bounds = shapely.bounds(index.outlines)
    metropolitan = np.flatnonzero((bounds[:, 0] > -6) & (bounds[:, 2] < 10))
    chosen = bounds[rng.choice(metropolitan, POINTS)]
    near = [rng.uniform(chosen[:, k] - 0.01, chosen[:, k + 2] + 0.01) for k in (0, 1)]
    uniform = [rng.uniform(-5, 9.5, POINTS), rng.uniform(41.4, 51.1, POINTS)]
    for name, (longitudes, latitudes) in {"uniform": uniform, "near borders": near}.items():

        def joined(longitudes=longitudes, latitudes=latitudes):
            points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(longitudes, latitudes), crs=4326)
            return geopandas.sjoin(points, frame, predicate="intersects", how="inner")

        peer, join = best(joined)
        ours, (places, outlines) = best(lambda: index.covering(longitudes, latitudes))  # noqa: B023 - called here
        full, _ = best(lambda: index.locate_many(longitudes, latitudes, with_borders=False))  # noqa: B023
        same = sorted(zip(places.tolist(), outlines.tolist(), strict=True)) == sorted(
            zip(join.index.tolist(), join["index_right"].tolist(), strict=True)
        )
        work = f"locate 1,000,000 points, {name}"
        yield Measure(
            f"{work}: what covers each",
            f"{ours:.2f} s, {peer / ours:.1f}x sjoin ({peer:.2f} s), {'same' if same else 'OTHER'} answers",
            "3x",
            same and peer >= 3 * ours,
        )
        yield Measure(
            f"{work}: with the 20 m band, in meters",
            f"{full:.2f} s, {peer / full:.1f}x sjoin, which does not do it",
            "told",
            True,
        )
    points = list(zip(near[0][:20_000].tolist(), near[1][:20_000].tolist(), strict=True))
    spent = []
    for longitude, latitude in points:
        start = time.perf_counter_ns()
        index.locate(longitude, latitude, with_border=False)
        spent.append(time.perf_counter_ns() - start)
    median = statistics.median(spent) / 1000
    yield Measure("one lookup near borders, median", f"{median:.1f} us", "15 us", median <= 15)


def whole_file(home: Path) -> Iterator[Measure]:
    import numpy as np

    rng = np.random.default_rng(7)
    path, out = home / "places.csv", home / "answers.csv"
    with path.open("w") as lines:
        lines.write("id,longitude,latitude\n")
        for number, (x, y) in enumerate(zip(rng.uniform(-4, 8, POINTS), rng.uniform(43, 50, POINTS), strict=True)):
            lines.write(f"{number},{x:.6f},{y:.6f}\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    start = time.perf_counter()
    citeslab("qpv", "locate", str(path), "--on", "2026-05-01", "--output", str(out), home=home)
    seconds = time.perf_counter() - start
    peak = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, before) / 1e6
    yield Measure(
        "a CSV of 1,000,000 places, borders measured", f"{seconds:.0f} s, {peak:.2f} GB at most", "1 GB", peak <= 1
    )
