"""One definition, many engines: a snapshot answers as the database does, after any edits."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from citeslab.figures import queries, services
from citeslab.figures.definitions.facts import FACTS, Scope
from citeslab.figures.gateways import Operational
from citeslab.figures.gateways.snapshots import Snapshot
from citeslab.figures.services.snapshots import YEAR_WHOLE
from tests.figures.worlds import FIRST, LAST, World, answer, asked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path, settings):
    settings.SNAPSHOTS = tmp_path / "snapshots"
    return settings.SNAPSHOTS


def facts(engine) -> dict[str, list]:
    """Every row of every fact; an instant is the same whatever the zone that says it."""
    return {
        table.get_name(): sorted(
            (sorted((name, plain(value)) for name, value in row.items()) for row in engine.rows(engine.sql(table), {})),
            key=repr,
        )
        for table in FACTS
    }


def plain(value):
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_snapshot_has_the_rows_of_the_database_after_any_edits(folder, seed):
    """Made after each few edits from the one before: nothing that moved is missed."""
    world = World(seed, people=12)
    for turn in range(5):
        made = services.make_snapshot(year_whole=3 if seed == 3 else YEAR_WHOLE)
        live, kept = facts(Operational()), facts(Snapshot(made.folder))
        assert [(turn, name) for name in live if live[name] != kept[name]] == []
        for _ in range(4):
            world.edit()


def test_engines_give_the_same_figures(folder):
    world = World(7, people=30)
    for _ in range(30):
        world.edit()
    live, snapshot = Operational(), Snapshot(services.make_snapshot().folder)

    counted = 0
    for base, by, scope in asked(world.sites):
        expected = answer(live, base, by, scope)
        assert answer(snapshot, base, by, scope) == expected, (base, by, scope)
        counted += sum(map(sum, expected.values()))
    assert counted > 1000


def test_a_table_is_the_same_from_a_snapshot(folder):
    World(8, people=20)
    scope = Scope(year=LAST, since=FIRST)
    snapshot = Snapshot(services.make_snapshot().folder)

    for by in [("qpv", "sex", "situation"), ("department", "age"), ("stage", "exit")]:
        expected = queries.tabulated("persons_supported", by=by, scope=scope)
        assert queries.tabulated("persons_supported", by=by, scope=scope, engine=snapshot) == expected
        assert expected


def test_values_have_the_types_that_the_database_gives(folder):
    World(9, people=6)
    live, snapshot = Operational(), Snapshot(services.make_snapshot().folder)

    for table in FACTS:
        for mine, theirs in zip(
            *[sorted(engine.rows(engine.sql(table), {}), key=repr) for engine in (live, snapshot)], strict=True
        ):
            assert {key: type(value) for key, value in mine.items()} == {
                key: type(value) for key, value in theirs.items()
            }


def test_a_network_without_a_fact_has_a_snapshot_too(folder):
    snapshot = Snapshot(services.make_snapshot().folder)
    assert queries.tabulated("persons_met", by=["sex"], scope=Scope(year=2024), engine=snapshot) == {}
    assert set(answer(snapshot, "supported", (), Scope(year=2024))[()]) == {0}


def test_a_snapshot_reads_nothing_beside_it_and_writes_nothing(folder, tmp_path):
    import duckdb

    (tmp_path / "secret.csv").write_text("a\n1\n")
    snapshot = Snapshot(services.make_snapshot().folder)

    for statement in (
        f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ):
        with pytest.raises(duckdb.Error):
            snapshot.rows(statement, {})


def test_no_name_and_no_word_that_someone_typed_is_in_a_file(folder):
    world = World(10, people=4)
    person = world.person()
    type(person).objects.filter(pk=person.pk).update(first_name="Zébulonne", diploma="secret diploma")
    made = services.make_snapshot()

    for table in FACTS:
        assert "Zébulonne" not in repr(facts(Snapshot(made.folder))[table.get_name()])
        assert "secret" not in repr(facts(Snapshot(made.folder))[table.get_name()])


# -- from what a figure is read ----------------------------------------------------------------------------------------


def test_without_a_snapshot_the_network_is_read_live(folder):
    source = queries.source_for(Scope(year=2024))
    assert (source.as_of, source.sentence) == (
        None,
        "Il n’y a pas encore d’instantané : ces chiffres sont ceux de maintenant.",
    )
    assert source.engine.sql is Operational.sql


def test_the_network_is_read_as_of_the_last_snapshot_and_a_site_live(folder):
    world = World(11, people=6)
    made = services.make_snapshot()
    scope = Scope(year=LAST, since=FIRST)
    world.person()

    source = queries.source_for(scope)
    assert source.as_of == made.manifest.as_of
    assert (datetime.now(UTC) - source.as_of).total_seconds() < 3600
    assert queries.source_for(Scope(year=2024, site_id=world.sites[0].pk)).as_of is None

    later = services.make_snapshot()
    assert queries.source_for(scope).as_of == later.manifest.as_of


def test_all_facts_of_a_snapshot_are_of_one_instant(folder):
    """Nothing can be written inside, and what others write meanwhile is not seen."""
    from django.db import InternalError

    from citeslab.figures.gateways.parquet import one_instant

    World(12, people=2)
    with pytest.raises(InternalError, match="read-only"), one_instant(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM figures_change")


def test_dates_of_the_first_and_last_years_are_kept(folder):
    World(13, people=3)
    rows = Snapshot(services.make_snapshot().folder).rows(
        "SELECT in_force_from, in_force_until FROM fact_residence", {}
    )
    assert {row["in_force_from"] for row in rows} >= {date(1, 1, 1)}
    assert {row["in_force_until"] for row in rows} >= {date(9999, 12, 31)}
