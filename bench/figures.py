"""A year's figures, computed from the facts at demonstration size."""

import subprocess
import sys
import time
from collections.abc import Iterator

from bench import Measure
from bench.home import CHECKOUT, environment, in_process

COLD = """
import django, time
django.setup()
from django.db import connection
connection.ensure_connection()
start = time.perf_counter()
from citeslab.figures import queries
queries.figures_of_year(year={year})
print(time.perf_counter() - start)
"""


def cold(year: int) -> float:
    """Seconds in a fresh process, imports and compilation of the definitions included."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", COLD.format(year=year)],
        cwd=CHECKOUT,
        env=environment() | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def measures() -> Iterator[Measure]:
    in_process()
    from citeslab.figures import queries

    seconds = sorted(cold(2016) for _ in range(3))[1]
    yield Measure("all figures of one year, cold", f"{seconds:.2f} s", "1 s", seconds <= 1)
    queries.statements()
    start = time.perf_counter()
    queries.statements()
    kept = time.perf_counter() - start
    yield Measure("every statement of the release, kept values", f"{kept * 1000:.0f} ms", "150 ms", kept <= 0.15)
