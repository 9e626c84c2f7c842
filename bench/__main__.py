"""`make bench`, or `make bench BENCH=territories` for one part. Exit 1 when a line falls short."""

import importlib
import os
import platform
import sys

from rich.console import Console
from rich.table import Table

PARTS = ["territories", "intake", "demo", "figures", "pages"]


def machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, load {load:.1f}, Python {platform.python_version()}"


def main() -> int:
    parts = sys.argv[1:] or PARTS
    table = Table("part", "work", "reached", "to reach", "", title=machine())
    short = 0
    for part in parts:
        for measure in importlib.import_module(f"bench.{part}").measures():
            short += not measure.met
            verdict = "met" if measure.met else "SHORT"
            print(f"{part}: {measure.work}: {measure.reached} ({measure.target}) {verdict}", file=sys.stderr)
            table.add_row(part, measure.work, measure.reached, measure.target, verdict)
    Console(width=140).print(table)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
