"""How the tables are emptied after a test that commits.

Django truncates every table: PostgreSQL then makes new files for each of them and for each of their indexes, seconds
for the two or three rows that the test left. Few rows are deleted instead, from the tables that hold any.
"""

from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

FEW = 1_000  # rows of one table; more are truncated with the rest, as Django does

GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
# Tables whose references are checked at once, not at the end: their rows go first.
HELD_AT_ONCE = "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable"


def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
    """The statements of one transaction; what keeps rows from being deleted rests meanwhile."""
    filled = dict(filled_tables(tables))
    if reset_sequences or allow_cascade or any(rows > FEW for rows in filled.values()):
        return as_django_does(self, style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
    with connection.cursor() as cursor:
        cursor.execute(GUARDED)
        guarded = sorted({table for (table,) in cursor} & set(filled))
        cursor.execute(HELD_AT_ONCE)
        first = {table for (table,) in cursor}
    return [
        *[f'ALTER TABLE "{table}" DISABLE TRIGGER USER' for table in guarded],
        "SET CONSTRAINTS ALL DEFERRED",
        *[f'DELETE FROM "{table}"' for table in sorted(filled, key=lambda table: table not in first)],
        "SET CONSTRAINTS ALL IMMEDIATE",
        *[f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in guarded],
    ]  # fmt: skip


def filled_tables(tables):
    """Pairs of a table and how many rows it holds, as far as it matters here."""
    counted = " UNION ALL ".join(
        f"""SELECT '{table}', (SELECT count(*) FROM (SELECT FROM "{table}" LIMIT {FEW + 1}) AS rows)"""
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(counted)
        return [(table, rows) for table, rows in cursor if rows]


as_django_does = DatabaseOperations.sql_flush
