"""Writes snapshots: rows come out of the database by COPY, and DuckDB makes Parquet of them.

Whatever happens half-way (a kill, a full disk), what has a name is whole: a snapshot is made aside, brought to the
disk, then named.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from ibis.expr.types import Table

from citeslab.figures.gateways.snapshots import (
    ASIDE,
    LATEST,
    MANIFEST,
    TYPES,
    Compiler,
    Fact,
    File,
    Manifest,
    digest,
    executed,
    quoted,
    snapshots,
    view,
)

LOCK, SPILL = "lock", "spill"
ROWS_AT_ONCE = 4_096
# Smaller groups than DuckDB's own are skipped better by who asks for some people; below it, files grow.
ROW_GROUP = 122_880


class Busy(Exception):
    """Another snapshot is being made in this folder."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """The only one who makes a snapshot here; the lock falls with its process. Raises `Busy`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Busy(f"Another snapshot is being made in {folder}.") from held
        yield


@contextmanager
def aside(folder: Path, name: str) -> Iterator[Path]:
    """A place to make one in. What a killed one left is swept first, what a failed one leaves is swept at once."""
    for left in folder.glob(f"{ASIDE}*"):
        left.unlink() if left.is_symlink() else shutil.rmtree(left)
    place = folder / f"{ASIDE}{name}"
    place.mkdir(mode=0o700)
    try:
        yield place
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


@contextmanager
def one_instant() -> Iterator[None]:
    """All that is read inside is of one instant, and nothing can be written."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'")
        yield


class Writer:
    """Writes the files of one snapshot in a place aside, or takes them from the previous one."""

    def __init__(self, place: Path, previous: Path | None, *, memory: str = "1GB"):
        # Those who only ask figures do not pay for the engine.
        import duckdb  # noqa: PLC0415

        self.place, self.previous = place, previous
        self._no_room = duckdb.IOException
        self._database = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory,
                "threads": 2,
                "preserve_insertion_order": True,
                "temp_directory": str(place / SPILL),
            },
        )
        self._database.execute("SET TimeZone = 'UTC'")

    def file(self, path: str, select: str, columns: Mapping[str, str], before: File | None) -> File:
        """What `select` gives, as a file: the one `before`, if its rows are the same."""
        rows_text = self.place / "rows.csv"
        try:
            rows, source = copied(select, rows_text)
            if before and before.source == source and self.linked(before, path):
                return before
            return self._written(path, rows_text, columns, rows, source)
        finally:
            rows_text.unlink(missing_ok=True)

    def linked(self, file: File, path: str) -> bool:
        """The same file in the new snapshot, unless it was damaged meanwhile."""
        if self.previous is None:
            return False
        target, old = self.place / path, self.previous / file.path
        if file.path != path or not old.is_file() or digest(old) != file.sha256:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old, target)
        except OSError:  # a file system without links
            shutil.copyfile(old, target)
            to_disk(target)
        return True

    def _written(self, path: str, text: Path, columns: Mapping[str, str], rows: int, source: str) -> File:
        types = ", ".join(f"'{name}': '{TYPES[of]}'" for name, of in columns.items())
        read = (
            f"read_csv({quoted(str(text))}, columns = {{{types}}}, header = false, auto_detect = false, "
            "delim = ',', quote = '\"', escape = '\"', nullstr = '\\N', allow_quoted_nulls = false)"
        )
        return self._put(path, f"SELECT * FROM {read}", rows, source)

    def _put(self, path: str, select: str, rows: int, source: str) -> File:
        target = self.place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database.execute(
                f"COPY ({select}) TO {quoted(str(target))} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
            )
        except self._no_room as trouble:
            raise OSError(str(trouble)) from trouble
        to_disk(target)
        return File(path, rows, target.stat().st_size, digest(target), source)

    def years_of(
        self,
        expression: Table,
        parameters: Mapping[str, Any],
        facts: Mapping[str, Fact],
        paths: Mapping[int, str],
        order: Sequence[str],
        before: Mapping[str, File],
    ) -> dict[int, File]:
        """What an expression makes of the facts just written, a file a year: the one `before`, if it is the same."""
        for name, fact in facts.items():
            self._database.execute(view(self.place, name, fact))
        try:
            executed(
                self._database,
                f"CREATE TEMP TABLE made AS {Compiler().to_sqlglot(expression).sql('duckdb')}",
                parameters,
            )
        except self._no_room as trouble:
            raise OSError(str(trouble)) from trouble
        rows = dict(self._database.execute("SELECT year, count(*) FROM made GROUP BY year").fetchall())
        files = {}
        for year, path in paths.items():
            select = f"SELECT * FROM made WHERE year = {year} ORDER BY {', '.join(order)}"
            file = self._put(path, select, rows.get(year, 0), "")
            known = before.get(path)
            if file == known:
                (self.place / path).unlink()
                # What was damaged meanwhile is not taken: it is written once more.
                file = known if self.linked(known, path) else self._put(path, select, known.rows, "")
            files[year] = file
        return files

    def close(self) -> None:
        """What was put aside on the disk goes: it is no part of a snapshot."""
        self._database.close()
        shutil.rmtree(self.place / SPILL, ignore_errors=True)


def copied(select: str, target: Path) -> tuple[int, str]:
    """The rows of a statement in a file of text: how many, and their digest."""
    rows, seen = 0, hashlib.sha256()
    statement = f"COPY ({select}) TO STDOUT (FORMAT csv, NULL '\\N')"
    with target.open("wb") as file, connection.cursor() as cursor, cursor.copy(statement) as copy:
        # One row arrives at a time; they are written and digested many at a time.
        arriving = iter(copy)
        while some := [bytes(row) for row in itertools.islice(arriving, ROWS_AT_ONCE)]:
            rows += len(some)
            block = b"".join(some)
            seen.update(block)
            file.write(block)
    return rows, seen.hexdigest()


def to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def named(place: Path, folder: Path, name: str, manifest: Manifest) -> Path:
    """The snapshot made aside gets its name, then becomes the latest; each step is whole or not at all."""
    (place / MANIFEST).write_text(manifest.text())
    to_disk(place / MANIFEST)
    for inside in [*(path for path in place.rglob("*") if path.is_dir()), place]:
        to_disk(inside)
    target = folder / name
    place.rename(target)
    pointer = folder / f"{ASIDE}{LATEST}"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(name)
    pointer.replace(folder / LATEST)
    to_disk(folder)
    return target


def pruned(folder: Path, keep: int) -> list[Path]:
    """The oldest beyond `keep`, taken away: first their names, so that nobody opens half of one."""
    gone = snapshots(folder)[max(keep, 1) :]
    for old in gone:
        last = folder / f"{ASIDE}{old.name}"
        old.rename(last)
        shutil.rmtree(last)
    return gone
