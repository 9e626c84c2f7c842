"""The same table on a cluster, as the facts grow: `make test-scale`, then `.venv-scale/bin/python -m bench cluster`.

A master and two workers of this machine. It is long, and takes 3 GB with 65 million people: it is asked by name.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

from bench import Measure
from bench.home import HOME, in_process
from bench.scale import FOLDER, table, timed

SIZES = [int(size) for size in os.environ.get("BENCH_PEOPLE", "65000,650000,6500000,65000000").split(",")]


def measures() -> Iterator[Measure]:
    in_process()
    from bench.invented import make
    from bench.standalone import cluster
    from citeslab.figures.gateways.cluster import Cluster, connect
    from citeslab.figures.gateways.snapshots import Snapshot

    FOLDER.mkdir(exist_ok=True)
    with cluster(HOME / "spark", memory="5g") as master:
        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "2g",
            "spark.executor.memory": "4g",
            "spark.sql.shuffle.partitions": "32",
        }
        session = connect(master, **settings)
        for people in SIZES:
            folder = make(FOLDER, people)
            spark = Cluster(session, folder)
            spark.manifest = replace(spark.manifest, kept="")  # from the facts: it is what grows
            seconds, told = timed(lambda spark=spark: table(spark), 1)
            size = sum(file.bytes for file in spark.manifest.files()) / 1e6
            work = f"{people:,} people on Spark, {size:,.0f} MB, {sum(told.values()):,} counted"
            if people <= 6_500_000:
                same = table(Snapshot(folder, memory="4GB")) == told
                yield Measure(work, f"{seconds:.0f} s", "the figures of DuckDB", same)
            else:
                yield Measure(work, f"{seconds:.0f} s", "is computed", bool(told))
        session.stop()
