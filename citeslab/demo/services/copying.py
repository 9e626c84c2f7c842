"""Rows written by COPY, with the keys they were given, and the sequences set after them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db import connection, models
from django.db.models import Max
from numpy.typing import NDArray

CHUNK = 20_000  # rows joined at a time: memory stays flat
SPECIAL = str.maketrans({"\\": "\\\\", "\t": " ", "\n": " ", "\r": " "})


def first_key(model: type[models.Model]) -> int:
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def copy(model: type[models.Model], **columns: Any) -> int:
    """Write rows given by column; a value alone is the same for all. `None` is NULL. Gives the number of rows."""
    lengths = {len(values) for values in columns.values() if is_column(values)}
    (count,) = lengths
    table = model._meta.db_table
    of_name = {field.name: field.column for field in model._meta.concrete_fields}
    names = ", ".join(f'"{of_name[name]}"' for name in columns)
    texts = [as_text(values, count) for values in columns.values()]
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as out:
        for start in range(0, count, CHUNK):
            part = zip(*(text[start : start + CHUNK] for text in texts), strict=True)
            out.write("\n".join(map("\t".join, part)) + "\n")
    with connection.cursor() as cursor:
        key = model._meta.pk.column
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max(\"{key}\") FROM \"{table}\"))"
        )
    return count


def is_column(values) -> bool:
    return isinstance(values, list | np.ndarray)


def as_text(values, count: int) -> list[str]:
    if not is_column(values):
        return [plain(values)] * count
    if isinstance(values, np.ndarray):
        return array_as_text(values)
    return [plain(value) for value in values]


def array_as_text(values: NDArray) -> list[str]:
    if values.dtype.kind == "M":
        written = np.datetime_as_string(values, unit="D" if values.dtype == "datetime64[D]" else "s")
        zone = "" if values.dtype == "datetime64[D]" else "+00"
        return ["\\N" if text == "NaT" else text + zone for text in written.tolist()]
    if values.dtype.kind == "f":
        return [
            "\\N" if value != value else repr(value) for value in values.tolist()
        ]  # not-a-number is unequal to itself
    if values.dtype.kind == "O":
        return [plain(value) for value in values.tolist()]
    return [str(value) for value in values.tolist()]


def plain(value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(SPECIAL)
    return str(value)


@contextmanager
def postponed(*written: type[models.Model]) -> Iterator[None]:
    """Foreign keys and plain indexes of these tables are taken away, and made again over all rows at the end.

    A key checked once for a whole table costs a hundredth of a check per row; what breaks it is refused all the
    same. Uniqueness and checks stay.
    """
    tables = [model._meta.db_table for model in written]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [tables],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE NOT indisunique AND NOT indisexclusion AND indrelid::regclass::text = ANY(%s)",
            [tables],
        )
        indexes = cursor.fetchall()
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")  # indexes are sorted in memory
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would hold the tables
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
