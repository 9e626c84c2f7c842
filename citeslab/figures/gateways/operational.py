"""The database that the network works in: right as of the last fact written."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from ibis.backends.sql.compilers.postgres import PostgresCompiler
from ibis.expr.types import Expr
from sqlglot.expressions import Placeholder, column

# What the rows of many scopes are made of; a value of a perimeter's column is text.
TYPES = {
    "first_day": "date", "last_day": "date", "reference_day": "date", "site_id": "bigint", "known_by": "timestamptz",
}  # fmt: skip

FIRST_OF_ALL, LAST_OF_ALL = 1, 9999  # years that a database has room for
Marks = dict[str, list[int]]  # year -> how many marks it carries, and the sum of their keys


def first_moved(seen: Marks, now: Marks) -> int | None:
    """The first year whose marks are not those seen: it, and all after it, may have moved."""
    return min((int(year) for year in {*seen, *now} if seen.get(year) != now.get(year)), default=None)


class Compiler(PostgresCompiler):
    """PostgreSQL's words, with what a scope fills in left open: `%(site_id)s`."""

    def visit_Given(self, op, *, name, dtype):
        return self.cast(Placeholder(this=name), dtype)


class CompilerOfEach(PostgresCompiler):
    """The same words, with what a scope fills in read from the row `asked` of each scope."""

    def visit_Given(self, op, *, name, dtype):
        return self.cast(column(name, table="asked", quoted=True), dtype)


class Operational:
    """Expressions on Django's own connection, inside its transaction."""

    def marks(self) -> Marks:
        """Of each year; marks put together never look like these."""
        return self._marks("")[0]

    def kept_until(self, definition: str) -> int | None:
        now, seen = self._marks(definition)
        if seen is None:
            return None
        moved = first_moved(seen, now)
        return LAST_OF_ALL if moved is None else moved - 1

    def _marks(self, definition: str) -> tuple[Marks, Marks | None]:
        """Those of now, and those that the rows kept by this definition had seen; of one instant."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT (SELECT marks::text FROM figures_keeping WHERE definition = %s),
                          (SELECT coalesce(jsonb_object_agg(since_year, ARRAY[number, keys]), '{}')::text
                           FROM (SELECT since_year, count(*) AS number, sum(id) AS keys
                                 FROM figures_change GROUP BY since_year) AS years)""",
                [definition],
            )
            seen, now = cursor.fetchone()
        return json.loads(now), seen and json.loads(seen)

    @staticmethod
    def sql(expression: Expr) -> str:
        return Compiler().to_sqlglot(expression).sql("postgres")

    def answered(self, statement: str, parameters: Mapping[str, Any]) -> tuple[list[str], list[tuple]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return [column.name for column in cursor.description], cursor.fetchall()

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        columns, rows = self.answered(statement, parameters)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    @staticmethod
    def sql_of_each(expression: Expr) -> str:
        """The statement of `rows_of_each`."""
        return CompilerOfEach().to_sqlglot(expression).sql("postgres")

    def rows_of_each(self, statements: Sequence[str], scopes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """For each scope, in order, the one row of all these statements side by side: one question in all."""
        names = list(scopes[0])
        lists = ", ".join(f"%({name})s::{TYPES.get(name, 'text')}[]" for name in names)
        columns = ", ".join(f'"{name}"' for name in [*names, "turn"])
        answers = [f"CROSS JOIN LATERAL ({one}) AS answer{place}" for place, one in enumerate(statements)]
        shown = ", ".join(f"answer{place}.*" for place in range(len(statements)))
        asked = f"unnest({lists}) WITH ORDINALITY AS asked({columns})"
        return self.rows(
            f"SELECT {shown} FROM {asked} {' '.join(answers)} ORDER BY asked.turn",
            {name: [scope[name] for scope in scopes] for name in names},
        )
