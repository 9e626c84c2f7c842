"""Facts as they stood at one instant, in Parquet files: read by DuckDB, in this process, without the database.

A snapshot is a folder whose manifest says what each file holds. It is never written again once it has its name, so a
reader keeps what it opened while another one is made.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.expr.types import Expr
from sqlglot.expressions import Placeholder

MANIFEST, LATEST, ASIDE = "manifest.json", "latest", ".making-"
FORMAT = 1
ALWAYS = 9999  # what is kept in a snapshot is right for every year: nothing moves there any more
TYPES = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE", "timestamp('UTC')": "TIMESTAMPTZ"}


class Damaged(Exception):
    """A snapshot that is not what its manifest says; the message names the file."""


@dataclass(frozen=True)
class File:
    """A partition of a fact. `source` is the digest of its rows as the database said them."""

    path: str
    rows: int
    bytes: int
    sha256: str
    source: str


@dataclass(frozen=True)
class Fact:
    columns: dict[str, str]  # name -> the type, in Ibis's words
    files: list[File]


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds: of which instant, by which definitions and code, file by file.

    `marks` are those of the database (figures_change) that it had seen: year -> how many, and the sum of their keys.
    `kept` is the digest of the definition that its rows kept beside the facts were made by, empty without such rows.
    """

    as_of: datetime
    version: str
    definitions: str
    marks: dict[str, list[int]] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    kept: str = ""

    def text(self) -> str:
        return json.dumps(asdict(self) | {"format": FORMAT, "as_of": self.as_of.isoformat()}, indent=1)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        try:
            told = json.loads((folder / MANIFEST).read_text())
            if told.pop("format") != FORMAT:
                raise Damaged(f"{folder.name} is of another format.")
            facts = {
                name: Fact(fact["columns"], [File(**one) for one in fact["files"]])
                for name, fact in told.pop("facts").items()
            }
            return cls(**told | {"as_of": datetime.fromisoformat(told["as_of"]), "facts": facts})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as trouble:
            raise Damaged(f"{folder.name} has no sound {MANIFEST}: {trouble}") from trouble

    def files(self) -> Iterator[File]:
        for fact in self.facts.values():
            yield from fact.files


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sound(folder: Path, *, whole: bool = False) -> Manifest:
    """Its manifest, once each file has been found at its size; `whole` reads them. Raises `Damaged`."""
    manifest = Manifest.read(folder)
    for file in manifest.files():
        path = folder / file.path
        if not path.is_file():
            raise Damaged(f"{folder.name}/{file.path} is missing.")
        if path.stat().st_size != file.bytes:
            raise Damaged(f"{folder.name}/{file.path} has {path.stat().st_size} bytes instead of {file.bytes}.")
        if whole and digest(path) != file.sha256:
            raise Damaged(f"{folder.name}/{file.path} was altered.")
    return manifest


def snapshots(folder: Path) -> list[Path]:
    """Those of a folder, the latest first: that which `latest` names, then by their instants."""
    found = sorted((path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}")), reverse=True)
    pointed = (folder / LATEST).resolve()
    return sorted(found, key=lambda path: path.resolve() != pointed)


def view(folder: Path, name: str, fact: Fact) -> str:
    """The statement that shows the files of a fact as one table."""
    columns = ", ".join(f'"{column}"' for column in fact.columns)
    files = ", ".join(quoted(str(folder / file.path)) for file in fact.files)
    return f'CREATE VIEW "{name}" AS SELECT {columns} FROM read_parquet([{files}], hive_partitioning = false)'


class Compiler(DuckDBCompiler):
    """DuckDB's words, with what a scope fills in left open: `$site_id`."""

    def visit_Given(self, op, *, name, dtype):
        return self.cast(Placeholder(this=name), dtype)


class Snapshot:
    """The facts of one snapshot. It reads its own folder and nothing else, within the memory and cores given."""

    def __init__(self, folder: Path, *, memory: str = "1GB", threads: int | None = None):
        # Who reads no snapshot does not pay for the engine: a twentieth of a second, 20 MB.
        import duckdb  # noqa: PLC0415

        self.folder = folder.resolve()  # `latest` may move on meanwhile
        self.manifest = sound(self.folder)
        self._database = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory,
                "threads": threads or min(4, os.cpu_count() or 1),
                "temp_directory": str(Path(tempfile.gettempdir()) / f"citeslab-duckdb-{os.getpid()}"),
                "max_temp_directory_size": "16GB",
            },
        )
        self._database.execute("SET TimeZone = 'UTC'")  # instants are answered as the database answers them
        self._database.execute("SET parquet_metadata_cache = true")
        for name, fact in self.manifest.facts.items():
            self._database.execute(view(self.folder, name, fact))
        folder_quoted = quoted(str(self.folder))
        self._database.execute(f"SET allowed_directories = [{folder_quoted}]")
        self._database.execute("SET enable_external_access = false")
        self._database.execute("SET lock_configuration = true")

    @property
    def as_of(self) -> datetime:
        return self.manifest.as_of

    def kept_until(self, definition: str) -> int | None:
        return ALWAYS if self.manifest.kept == definition else None

    @staticmethod
    def sql(expression: Expr) -> str:
        return Compiler().to_sqlglot(expression).sql("duckdb")

    def answered(self, statement: str, parameters: Mapping[str, Any]) -> tuple[list[str], list[tuple]]:
        with self._database.cursor() as cursor:  # one each: threads may ask at once
            executed(cursor, statement, parameters)
            return [column[0] for column in cursor.description], cursor.fetchall()

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        columns, rows = self.answered(statement, parameters)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def close(self) -> None:
        self._database.close()


def executed(database: Any, statement: str, parameters: Mapping[str, Any]) -> None:
    """Of what a scope fills in, a statement is given what it uses."""
    (parsed,) = database.extract_statements(statement)
    database.execute(parsed, {name: parameters[name] for name in parsed.named_parameters})


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
