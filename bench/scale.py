"""The yearly table of the network, year × neighborhood × sex × situation, as its facts grow a hundredfold.

At demonstration size from the operational database and from a snapshot of it, the years of people kept as each night
keeps them; with 6.5 million people from a snapshot and, the same rows in a plain table, from PostgreSQL. Without kept
years, from the facts themselves: with 650,000 people, on both.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bench import Measure
from bench.home import HOME, in_process

PEOPLE, FEWER = 6_500_000, 650_000
FOLDER = HOME / "invented"
BY = ("qpv", "sex", "situation")
# What the operational tables have too: the key of a person, by which her rows are found.
INDEXES = {
    "fact_person": "person_id",
    "fact_meeting": "person_id",
    "fact_transition": "person_id",
    "fact_residence": "person_id",
}


def timed(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """The best of some times, and what came of it."""
    best, result = float("inf"), None
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def table(engine=None) -> dict:
    from citeslab.figures import queries
    from citeslab.figures.definitions.facts import Scope

    more = {"engine": engine} if engine else {}
    return queries.tabulated("persons_supported", by=BY, scope=Scope(year=2026, since=2002), **more)


def measures() -> Iterator[Measure]:
    in_process()
    yield from at_demonstration_size()
    yield from a_hundredfold()


def at_demonstration_size() -> Iterator[Measure]:
    from citeslab.figures import services
    from citeslab.figures.gateways.snapshots import Snapshot
    from citeslab.figures.models import Keeping

    folder = HOME / "snapshots-measured"
    shutil.rmtree(folder, ignore_errors=True)
    seconds, made = timed(lambda: services.make_snapshot(folder=folder), 1)
    size = sum(file.bytes for file in made.manifest.files()) / 1e6
    yield Measure("a first snapshot", f"{seconds:.1f} s, {size:.0f} MB", "30 s", seconds <= 30)
    Keeping.objects.all().delete()
    slower, expected = timed(table)
    yield Measure("25 years of the network, live, from the facts", f"{slower:.2f} s", "is computed", bool(expected))
    seconds, anew = timed(lambda: services.keep_years(at=datetime.now(UTC)), 1)
    yield Measure(f"its {anew.rows:,} years of people kept", f"{seconds:.1f} s", "30 s", seconds <= 30)
    table()
    seconds, live = timed(table)
    work = "25 years of the network, live"
    yield Measure(work, f"{seconds:.2f} s", "0.5 s, same figures", seconds <= 0.5 and live == expected)
    snapshot = Snapshot(made.folder)
    table(snapshot)
    seconds, kept = timed(lambda: table(snapshot), 5)
    work = f"the same from a snapshot, {len(kept)} cells"
    yield Measure(work, f"{seconds * 1000:.0f} ms", "100 ms, same figures", seconds <= 0.1 and kept == live)
    add_records(1_000)
    seconds, made = timed(lambda: services.make_snapshot(folder=folder), 1)
    work = f"a snapshot after 1,000 new records, {made.kept} files kept of {made.kept + made.written}"
    yield Measure(work, f"{seconds:.1f} s", "2 s", seconds <= 2)
    shutil.rmtree(folder)
    expected = of_facts(table)
    seconds, live = timed(table)
    work = "25 years live, after 1,000 records of the day"
    yield Measure(work, f"{seconds:.2f} s", "0.5 s, same figures", seconds <= 0.5 and live == expected)
    seconds, anew = timed(lambda: services.keep_years(at=datetime.now(UTC)), 1)
    yield Measure(f"the year that moved kept, {anew.rows:,} rows", f"{seconds:.1f} s", "2 s", seconds <= 2)


def of_facts(work: Callable[[], Any]) -> Any:
    """In the operational database, as if no year of people were kept."""
    from django.db import transaction

    from citeslab.figures.models import Keeping

    with transaction.atomic():
        Keeping.objects.all().delete()
        result = work()
        transaction.set_rollback(True)
    return result


def add_records(number: int) -> None:
    """Meetings of this year, as a day of the network writes them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO followup_meeting (person_id, site_id, held_on, nature, recorded_at, recorded_by_id)
               SELECT person_id, site_id, (SELECT max(held_on) FROM followup_meeting), nature, now(), recorded_by_id
               FROM (SELECT * FROM followup_meeting ORDER BY id DESC LIMIT %s) AS last""",
            [number],
        )


def a_hundredfold() -> Iterator[Measure]:
    from bench.invented import make
    from citeslab.figures import queries
    from citeslab.figures.definitions.facts import FACTS
    from citeslab.figures.gateways.snapshots import Snapshot
    from citeslab.figures.queries.computed import ENGINE

    FOLDER.mkdir(exist_ok=True)
    snapshot = Snapshot(make(FOLDER, PEOPLE), memory="4GB")
    table(snapshot)
    seconds, kept = timed(lambda: table(snapshot))
    work = f"{PEOPLE / 1e6:.1f} million people from a snapshot, {sum(kept.values()):,} counted"
    yield Measure(work, f"{seconds:.1f} s", "3 s", seconds <= 3)
    load(snapshot, ["person_year"], queries.kept_digest())
    _seconds, live = timed(lambda: in_tables(table), 1)
    quick, _told = timed(lambda: statement(snapshot))
    slower, _told = timed(lambda: in_tables(lambda: statement(ENGINE)), 2)
    ratio = slower / quick
    work = f"the statement alone: {quick:.2f} s, on PostgreSQL {slower:.1f} s"
    yield Measure(work, f"{ratio:.1f} times slower", "7 times, same figures", ratio >= 7 and live == kept)
    fewer = Snapshot(make(FOLDER, FEWER), memory="4GB")
    fewer.manifest = replace(fewer.manifest, kept="")
    seconds, kept = timed(lambda: table(fewer))
    load(fewer, [fact.get_name() for fact in FACTS], "")
    slower, live = timed(lambda: in_tables(table), 1)
    ratio = slower / seconds
    work = f"{FEWER:,} people from the facts: {seconds:.1f} s, on PostgreSQL {slower:.0f} s"
    yield Measure(work, f"{ratio:.1f} times slower", "7 times, same figures", ratio >= 7 and live == kept)


def statement(engine) -> Any:
    """The same table as its engine makes it: not a cell of it is handed to Python."""
    from citeslab.figures.definitions.facts import Scope
    from citeslab.figures.enums import Breakdown
    from citeslab.figures.queries.tabulated import counting

    scope = Scope(year=2026, since=2002, kept=True)
    told = counting("persons_supported", tuple(map(Breakdown, BY)), (), scope.shape, engine.sql, ("year",))
    return engine.answered(f"SELECT count(*), sum(n) FROM ({told}) AS told", scope.parameters)


def load(snapshot, names: list[str], kept: str) -> None:
    """These rows in plain tables of a schema of their own, named as they are; its years are `kept` by a definition."""
    from django.db import connection

    types = {"int64": "bigint", "string": "text", "date": "date", "timestamp('UTC')": "timestamptz"}
    text = FOLDER / "rows.csv"
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS scale CASCADE; CREATE SCHEMA scale")
        cursor.execute("CREATE TABLE scale.figures_change (id bigint, since_year int)")
        cursor.execute(
            "CREATE TABLE scale.figures_keeping AS SELECT %s::text AS definition, '{}'::jsonb AS marks", [kept]
        )
        for name in names:
            fact = snapshot.manifest.facts[name]
            columns = ", ".join(f"{column} {types[of]}" for column, of in fact.columns.items())
            cursor.execute(f"CREATE UNLOGGED TABLE scale.{name} ({columns})")
            write_text(snapshot, name, text)
            with cursor.copy(f"COPY scale.{name} FROM STDIN (FORMAT csv, NULL '\\N')") as copy, text.open("rb") as file:
                while block := file.read(1 << 20):
                    copy.write(block)
            text.unlink()
            if name in INDEXES:
                cursor.execute(f"CREATE INDEX ON scale.{name} ({INDEXES[name]})")
            cursor.execute(f"VACUUM ANALYZE scale.{name}")


def write_text(snapshot, name: str, target) -> None:
    import duckdb

    fact = snapshot.manifest.facts[name]
    files = ", ".join(f"'{snapshot.folder / file.path}'" for file in fact.files)
    with duckdb.connect(":memory:", config={"memory_limit": "2GB", "threads": 2}) as database:
        database.execute("SET TimeZone = 'UTC'")
        rows = f"SELECT {', '.join(fact.columns)} FROM read_parquet([{files}], hive_partitioning = false)"
        database.execute(f"COPY ({rows}) TO '{target}' (FORMAT csv, HEADER false, NULLSTR '\\N')")


def in_tables(work: Callable[[], Any]) -> Any:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = scale, public; SET LOCAL work_mem = '256MB'")
        return work()
