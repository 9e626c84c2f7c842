"""The years of people, kept: the figures that they give are those of the facts, whatever was written since."""

import os
import signal
from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citeslab.figures import queries, services
from citeslab.figures.definitions.dimensions import BREAKDOWNS
from citeslab.figures.definitions.facts import Scope, person_year
from citeslab.figures.definitions.people import person_years
from citeslab.figures.gateways import Operational
from citeslab.figures.gateways.snapshots import Snapshot, sound
from citeslab.figures.models import Keeping, PersonYear
from citeslab.followup.models import Meeting
from tests import factories
from tests.figures.test_snapshots import names, started
from tests.figures.worlds import FIRST, LAST, World

pytestmark = pytest.mark.django_db(transaction=True)
YEARS = Scope(year=LAST, since=FIRST)
OF_PEOPLE = {
    "met": ["persons_met"],
    "supported": ["persons_supported", "women", "qpv_of_residence", "situation.emergence.persons"],
    "fse_participants": ["persons_fse_plus"],
}
# The process dies as it brings a file to the disk: its path is the first argument.
DIES = """
import os, signal, sys
from citeslab.figures.gateways import parquet
to_disk, where = parquet.to_disk, sys.argv.pop(1)
def dying(path):
    if where in str(path):
        os.kill(os.getpid(), signal.SIGKILL)
    to_disk(path)
parquet.to_disk = dying
from config.cli import main
main()
"""


@pytest.fixture
def folder(tmp_path, settings):
    settings.SNAPSHOTS = tmp_path / "home" / "snapshots"
    return settings.SNAPSHOTS


class FactsOnly(Operational):
    """The operational database, without what is kept beside its facts."""

    def kept_until(self, definition):
        return None


def of_facts() -> list[tuple]:
    return sorted(Operational().answered(Operational.sql(person_years()), YEARS.parameters)[1])


def kept_in(engine) -> list[tuple]:
    return sorted(engine.answered(f"SELECT {', '.join(person_year.columns)} FROM person_year", {})[1])


def tables(engine) -> dict:
    """Each indicator of people as the yearly table; the first of each base by each breakdown; of years, and of one."""
    yearly = ("qpv", "sex", "situation")
    asked = [
        *[(indicator, by, YEARS) for some in OF_PEOPLE.values() for indicator in some for by in ((), yearly)],
        *[(some[0], (by,), Scope(year=2024)) for base, some in OF_PEOPLE.items() for by in sorted(BREAKDOWNS[base])],
        *[("persons_supported", (by,), YEARS) for by in sorted(BREAKDOWNS["supported"])],
        *[("persons_supported", yearly, Scope(year=2023, day=day)) for day in (date(2023, 6, 30), date(2023, 12, 31))],
        ("persons_met", ("situation", "qpv", "residence"), Scope(year=2019, since=2016)),
    ]
    return {
        (indicator, by, scope): queries.tabulated(indicator, by=by, scope=scope, engine=engine)
        for indicator, by, scope in asked
    }


def keep():
    return services.keep_years(at=datetime.now(UTC))


@pytest.mark.parametrize("seed", [21, 22])
def test_kept_years_are_those_of_the_facts_after_any_edits(folder, seed):
    """In a snapshot and in the database, each made of the one before: nothing that moved is missed."""
    world = World(seed, people=12)
    for turn in range(6):
        expected = of_facts()
        keep()
        assert kept_in(Operational()) == expected, turn
        assert kept_in(Snapshot(services.make_snapshot().folder)) == expected, turn
        for _ in range(3):
            world.edit()


def test_each_table_of_people_is_the_same_from_kept_years(folder):
    World(23, people=60)
    expected = tables(FactsOnly())
    keep()
    snapshot = Snapshot(services.make_snapshot().folder)

    assert Operational().kept_until(queries.kept_digest()) == snapshot.kept_until(queries.kept_digest()) == 9999
    for engine in (Operational(), snapshot):
        assert [key for key, cells in tables(engine).items() if cells != expected[key]] == []
    assert sum(map(len, expected.values())) > 400


def test_years_that_moved_are_read_from_the_facts(folder):
    world = World(24, people=15)
    untils = set()
    keep()
    for _ in range(12):
        world.edit()
        untils.add(Operational().kept_until(queries.kept_digest()))
        scope, by = YEARS, ("qpv", "sex", "situation")
        for indicator in ("persons_met", "persons_supported"):
            expected = queries.tabulated(indicator, by=by, scope=scope, engine=FactsOnly())
            assert queries.tabulated(indicator, by=by, scope=scope) == expected
    assert any(FIRST <= until < LAST for until in untils)  # some years were read from each


def test_a_fact_of_this_year_leaves_the_others_kept(folder):
    someone = factories.AnyMeeting(held_on=date(2020, 1, 1)).person
    keep()
    factories.AnyMeeting(person=someone, held_on=date(2024, 1, 1))

    assert Operational().kept_until(queries.kept_digest()) == 2023
    with CaptureQueriesContext(connection) as asked:
        assert queries.tabulated("persons_met", by=(), scope=Scope(year=2024, since=2019)) == {(2020,): 1, (2024,): 1}
    assert ["fact_meeting" in query["sql"] for query in asked if "GROUP BY" in query["sql"]][1:] == [False, True]
    assert keep() == services.KeptAnew(since=2024, rows=1)
    assert keep() == services.KeptAnew(since=None, rows=0)


def test_a_correction_of_an_old_year_makes_it_and_the_later_ones_anew(folder):
    world = World(25, people=12)
    before = services.make_snapshot()
    keep()
    old = Meeting.objects.filter(held_on__year=2016, withdrawn_at=None).order_by("pk").first()
    Meeting.objects.filter(pk=old.pk).update(withdrawn_at=datetime.now(UTC), withdrawn_by=world.by)

    with CaptureQueriesContext(connection) as asked:
        after = services.make_snapshot()
    assert [query for query in asked if "INSERT" in query["sql"]] == []
    assert keep().since == 2016
    assert kept_in(Snapshot(after.folder)) == kept_in(Operational()) == of_facts()
    files = {
        file.path: os.path.samefile(before.folder / file.path, after.folder / file.path)
        for file in after.manifest.facts["person_year"].files
    }
    assert files["person_year/year=2015/all.parquet"]
    assert not files["person_year/year=2016/all.parquet"]


def test_what_commits_while_years_are_kept_is_not_read_from_them(folder):
    someone = factories.AnyMeeting(held_on=date(2020, 1, 1)).person
    database = connection.get_connection_params()
    place = {name: database.get(name) for name in ("user", "password", "host", "port", "dbname") if database.get(name)}
    with psycopg.connect(**place) as other:
        other.execute("UPDATE followup_meeting SET held_on = '2019-05-01' WHERE person_id = %s", [someone.pk])
        keep()
    scope = Scope(year=2020, since=2018)

    assert queries.tabulated("persons_met", by=(), scope=scope) == {(2019,): 1}
    assert [(row.year, row.person_id) for row in PersonYear.objects.all()] == [(2020, someone.pk)]
    keep()
    assert [(row.year, row.person_id) for row in PersonYear.objects.all()] == [(2019, someone.pk)]


def test_years_kept_by_another_definition_are_not_read(folder, monkeypatch):
    World(26, people=8)
    expected = queries.tabulated("persons_met", by=["sex"], scope=YEARS)
    keep()
    made = services.make_snapshot()
    Keeping.objects.update(definition="of before")
    PersonYear.objects.update(sex="UNKNOWN")
    manifest = made.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(queries.kept_digest(), "of before"))

    for engine in (Operational(), Snapshot(made.folder)):
        assert engine.kept_until(queries.kept_digest()) is None
        assert queries.tabulated("persons_met", by=["sex"], scope=YEARS, engine=engine) == expected
    assert keep().since == 1
    again = services.make_snapshot()
    assert (again.written, again.kept) == (len(again.manifest.facts["person_year"].files), len([
        file for name, fact in again.manifest.facts.items() if name != "person_year" for file in fact.files
    ]))  # fmt: skip
    for engine in (Operational(), Snapshot(again.folder)):
        assert engine.kept_until(queries.kept_digest()) == 9999
        assert queries.tabulated("persons_met", by=["sex"], scope=YEARS, engine=engine) == expected


def test_killed_as_years_are_written_the_one_before_stays_and_the_next_works(folder):
    World(27, people=8)
    first = services.make_snapshot()
    year = date.fromisoformat(str(Meeting.objects.earliest("held_on").held_on)).year
    factories.AnyMeeting(held_on=date(year, 1, 1))
    running = started(folder, "-c", DIES, f"person_year/year={year}")
    assert running.communicate()[1] == b""

    assert running.returncode == -signal.SIGKILL
    assert [name.startswith(".making-") for name in names(folder) - {first.folder.name}] == [True]
    assert (folder / "latest").resolve() == first.folder.resolve()
    assert sound(first.folder, whole=True)
    second = services.make_snapshot()
    assert names(folder) == {first.folder.name, second.folder.name}
    assert kept_in(Snapshot(second.folder)) == of_facts()
    assert not (second.folder / "spill").exists()


def test_a_kept_file_that_was_altered_is_made_anew(folder):
    World(28, people=8)
    first = services.make_snapshot()
    file = first.manifest.facts["person_year"].files[3]
    content = bytearray((first.folder / file.path).read_bytes())
    content[len(content) // 2] ^= 1
    (first.folder / file.path).write_bytes(content)

    second = services.make_snapshot()
    assert sound(second.folder, whole=True)
    assert kept_in(Snapshot(second.folder)) == of_facts()
    assert not os.path.samefile(first.folder / file.path, second.folder / file.path)


def test_each_night_by_the_clock(folder):
    from citeslab.figures.tasks import keep_years

    World(29, people=4)
    keep_years(timestamp=1_700_000_000)
    assert Keeping.objects.get().kept_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert kept_in(Operational()) == of_facts() != []
