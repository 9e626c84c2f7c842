"""`make bench`, or `make bench BENCH=territories` for one part. Exit 1 when a line falls short."""

import importlib
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import Measure

PARTS = [
    "territories", "intake", "demo", "figures", "scale", "pages", "lists", "agenda", "duplicates", "sheets", "load",
    "workshops", "disclosure", "coverage_map", "finding", "website", "lighthouse",
]  # fmt: skip


def machine() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    python = platform.python_version()
    return (
        f"{next(names, platform.machine())}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"load {os.getloadavg()[0]:.1f}, Python {python}"
    )


def measured(part: str) -> list[Measure]:
    """A part in a process of its own: each chooses its data folder before Django reads its settings."""
    done = subprocess.run([sys.executable, "-m", "bench", "--alone", part], stdout=subprocess.PIPE, text=True)
    lines = [Measure(**json.loads(line)) for line in done.stdout.splitlines()]
    if done.returncode:
        lines.append(Measure(f"the part {part}", "did not finish", "", False))
    return lines


def alone(part: str) -> None:
    for measure in importlib.import_module(f"bench.{part}").measures():
        verdict = "met" if measure.met else "SHORT"
        print(f"{part}: {measure.work}: {measure.reached} ({measure.target}) {verdict}", file=sys.stderr)
        print(json.dumps(asdict(measure)), flush=True)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--alone"]:
        alone(arguments[1])
        return 0
    table = Table("part", "work", "reached", "to reach", "", title=machine())
    lines = [(part, measure) for part in arguments or PARTS for measure in measured(part)]
    for part, measure in lines:
        table.add_row(part, measure.work, measure.reached, measure.target, "met" if measure.met else "SHORT")
    Console(width=140).print(table)
    return int(any(not measure.met for _part, measure in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
