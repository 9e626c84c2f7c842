"""Spark's own cluster on this machine: a master and workers on loopback, each a process; ended whatever happens."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 90


@contextmanager
def cluster(place: Path, *, workers: int = 2, cores: int = 1, memory: str = "1g") -> Iterator[str]:
    """The address of a master with these workers; logs and scratch are in `place`."""
    import pyspark

    from citeslab.figures.gateways.cluster import java_home

    place.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(place / "scratch"),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    if home := java_home():
        environment["JAVA_HOME"] = home
    started: list[subprocess.Popen] = []

    def start(name: str, *arguments: str) -> Path:
        log = place / f"{name}.log"
        program = Path(environment["SPARK_HOME"]) / "bin" / "spark-class"
        with log.open("w") as output:
            command = [str(program), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]]
            started.append(subprocess.Popen(command, env=environment, stdout=output, stderr=output))
        return log

    try:
        log = start("master", "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        master = said(log, r"Starting Spark master at (spark://127\.0\.0\.1:\d+)", started[0])
        for number in range(workers):
            log = start(
                f"worker-{number}", "worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "--cores", str(cores),
                "--memory", memory, "--work-dir", str(place / f"work-{number}"), master,
            )  # fmt: skip
            said(log, "Successfully registered with master", started[-1])
        yield master
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def said(log: Path, what: str, process: subprocess.Popen) -> str:
    """What a process writes once it is ready."""
    deadline = time.monotonic() + SECONDS
    while not (found := re.search(what, log.read_text())):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Spark did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.1)
    return found[found.re.groups]
