"""The demonstration network, made and loaded."""

from collections.abc import Iterator

from bench import Measure
from bench.home import make_demonstration


def measures() -> Iterator[Measure]:
    seconds, gigabytes = make_demonstration()
    yield Measure("make and load the demonstration network", f"{seconds:.1f} s", "60 s", seconds <= 60)
    yield Measure("its memory", f"{gigabytes:.2f} GB", "1.5 GB", gigabytes <= 1.5)
