"""Facts of as many people as one likes, straight to Parquet, from a seed: a snapshot like those of the network."""

import json
import shutil
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

SEED = 2_002
# Of one person: her number, her site, the day she came (2002 to 2026), and as many draws as one asks.
DRAW = "(hash(i * 64 + {n}, {seed}) % 1000000) / 1e6"
NEIGHBORHOODS, SITES = 1_584, 400


def draw(n: int) -> str:
    return DRAW.format(n=n, seed=SEED)


CAME = f"(DATE '2002-01-01' + ({draw(1)} * 8900)::int)"
SITE = f"({draw(2)} * {SITES})::bigint + 1"
BOOKS = "TIMESTAMPTZ '2026-06-01 00:00:00+00' AS recorded_at, NULL::TIMESTAMPTZ AS withdrawn_at"
# As in the demonstration: 3.4 meetings and 3.5 steps a person, within three years; two editions of each home.
FACTS = {
    "fact_person": f"""
        SELECT i AS person_id, {SITE} AS site_id, ['WOMAN', 'MAN', 'UNKNOWN'][1 + ({draw(3)} * 2.1)::int] AS sex,
               (1950 + {draw(4)} * 55)::bigint AS birth_year, 'JOB_SEEKER' AS situation_at_entry, 'L4' AS diploma,
               'WORD_OF_MOUTH' AS contact_source
        FROM range({{first}}, {{last}}) people(i)""",
    "fact_meeting": f"""
        SELECT i * 8 + k AS meeting_id, i AS person_id, {SITE} AS site_id,
               {CAME} + (k * 400 * (hash(i, k, {SEED}) % 1000) / 1e3)::int AS held_on, {BOOKS}
        FROM range({{first}}, {{last}}) people(i), range(6) meetings(k) WHERE k < 1 + {draw(5)} * 5""",
    "fact_transition": f"""
        SELECT i * 8 + k AS transition_id, i AS person_id, CASE WHEN {draw(6)} < 0.85 THEN i END AS project_id,
               {SITE} AS site_id, {CAME} + (k * 90 + hash(i, k, {SEED} + 1) % 60)::int AS occurred_on,
               CASE WHEN k < 5 THEN ['ACCU', 'AMOR', 'EMER', 'FORM', 'PARC'][k + 1] ELSE 'SORT' END AS stage,
               CASE WHEN k < 5 THEN '' ELSE ['CREATION', 'EMPLOYMENT', 'ABANDONED'][1 + (hash(i) % 3)::int] END
                   AS exit_reason, '' AS evidence, {BOOKS}
        FROM range({{first}}, {{last}}) people(i), range(6) steps(k) WHERE k < 1 + {draw(7)} * 5.1""",
    "fact_residence": f"""
        SELECT i AS person_id, NULL::DATE AS begins_on, NULL::DATE AS ends_on,
               TIMESTAMPTZ '2026-06-01 00:00:00+00' AS residence_recorded_at,
               NULL::TIMESTAMPTZ AS residence_withdrawn_at, edition, answer,
               CASE WHEN answer = 'IN' THEN 'QN' || lpad(((hash(i) % {NEIGHBORHOODS}) + 1)::varchar, 6, '0') ELSE '' END
                   AS qpv_code,
               CASE edition WHEN 2015 THEN DATE '0001-01-01' ELSE DATE '2024-01-01' END AS in_force_from,
               CASE edition WHEN 2015 THEN DATE '2024-01-01' ELSE DATE '9999-12-31' END AS in_force_until, {BOOKS}
        FROM (SELECT i, edition, ['IN', 'IN', 'OUT', 'TO_CHECK'][1 + (hash(i, edition, {SEED}) % 4)::int] AS answer
              FROM range({{first}}, {{last}}) people(i), (VALUES (2015::bigint), (2024)) editions(edition)
              WHERE {draw(8)} < 0.95)""",
    "fact_site": f"""
        SELECT s AS site_id, lpad((s % 95 + 1)::varchar, 2, '0') AS department, (s % 13)::varchar AS region,
               'UNKNOWN' AS epci, 'UNKNOWN' AS commune
        FROM range(1, {SITES} + 2) sites(s) WHERE {{first}} = 1""",
}
YEARS = {"fact_meeting": "held_on", "fact_transition": "occurred_on"}
AT_ONCE = 3_250_000  # people whose facts are in memory together
# The years of more people than these are not kept: who has so many reads the facts on a cluster.
KEPT_UP_TO = 6_500_000


def make(folder: Path, people: int) -> Path:
    """The folder, made once: its size and seed are in its name."""
    target = folder / f"people-{people}-{SEED}"
    if not (target / "manifest.json").exists():
        make_facts(target, people)
    if people <= KEPT_UP_TO:
        keep_years(target)
    return target


def make_facts(target: Path, people: int) -> None:
    import duckdb

    from citeslab.figures.definitions.facts import FACTS as DEFINED

    shutil.rmtree(target, ignore_errors=True)
    database = duckdb.connect(":memory:", config={"memory_limit": "6GB", "threads": 2})
    database.execute(f"SET temp_directory = '{target / 'spill'}'; SET TimeZone = 'UTC'")
    facts = {}
    for table in DEFINED:
        name = table.get_name()
        columns = {column: str(of) for column, of in table.schema().items()}
        place = target / name
        place.mkdir(parents=True)
        if name not in FACTS:
            nothing = ", ".join(f"NULL::{TYPES[of]} AS {column}" for column, of in columns.items())
            write(database, f"SELECT {nothing} WHERE false", place / "none.parquet")
        for number, first in enumerate(range(1, people + 1, AT_ONCE)):
            if name in FACTS:
                rows = FACTS[name].format(first=first, last=min(first + AT_ONCE, people + 1))
                write_some(database, name, rows, place, number)
        files = [
            {"path": str(path.relative_to(target)), "rows": 0, "bytes": path.stat().st_size, "sha256": "", "source": ""}
            for path in sorted(place.rglob("*.parquet"))
        ]
        facts[name] = {"columns": columns, "files": files}
    database.close()
    manifest = {"as_of": datetime.now(UTC).isoformat(), "version": "0", "definitions": "", "marks": {}, "facts": facts}
    (target / "manifest.json").write_text(json.dumps(manifest | {"format": 1}))


def keep_years(target: Path) -> None:
    """The years of these people, made of their facts as a snapshot makes them, once by each definition."""
    from citeslab.figures import queries
    from citeslab.figures.definitions.facts import Scope, person_year
    from citeslab.figures.definitions.people import person_years
    from citeslab.figures.gateways import parquet
    from citeslab.figures.gateways.snapshots import Fact, Manifest
    from citeslab.figures.services.snapshots import ORDER, columns_of

    manifest = Manifest.read(target)
    if manifest.kept == queries.kept_digest():
        return
    facts = {name: fact for name, fact in manifest.facts.items() if name != "person_year"}
    met_in = sorted(int(path.name.removeprefix("year=")) for path in (target / "fact_meeting").iterdir())
    paths = {year: f"person_year/year={year}/all.parquet" for year in met_in}
    scope = Scope(since=met_in[0], year=met_in[-1])
    writer = parquet.Writer(target, None, memory="6GB")
    start = time.perf_counter()
    files = writer.years_of(person_years(), scope.parameters, facts, paths, ORDER, {})
    writer.close()
    print(f"{target.name}: years of people made of the facts in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    facts["person_year"] = Fact(columns_of(person_year), list(files.values()))
    (target / "manifest.json").write_text(replace(manifest, facts=facts, kept=queries.kept_digest()).text())


TYPES = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE", "timestamp('UTC')": "TIMESTAMPTZ"}


def write(database, rows: str, path: Path) -> None:
    database.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")


def write_some(database, name: str, rows: str, place: Path, number: int) -> None:
    """These people's rows: a file a year where the fact has a day, else a file."""
    if name not in YEARS:
        write(database, rows, place / f"part-{number:03}.parquet")
        return
    database.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {rows}")
    day = YEARS[name]
    for (year,) in database.execute(f"SELECT DISTINCT year({day}) FROM rows ORDER BY 1").fetchall():
        (place / f"year={year}").mkdir(exist_ok=True)
        chosen = f"SELECT * FROM rows WHERE {day} BETWEEN '{year}-01-01' AND '{year}-12-31' ORDER BY person_id"
        write(database, chosen, place / f"year={year}" / f"part-{number:03}.parquet")
    database.execute("DROP TABLE rows")
