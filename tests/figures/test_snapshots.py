"""Snapshots and what goes wrong: a kill, a full disk, two at once, damage. What has a name stays whole."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citeslab.figures import queries, services
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.gateways.parquet import Busy
from citeslab.figures.gateways.snapshots import Damaged, Snapshot, snapshots, sound
from citeslab.figures.models import Change
from citeslab.followup.models import Meeting
from tests import factories
from tests.conftest import CHECKOUT
from tests.figures.worlds import World
from tests.rights.test_forgetting import database_of_tests

pytestmark = pytest.mark.django_db(transaction=True)
ROOM = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit is an error, as on a full disk
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
from config.cli import main
main()
"""


@pytest.fixture
def folder(tmp_path, settings):
    settings.SNAPSHOTS = tmp_path / "home" / "snapshots"
    return settings.SNAPSHOTS


def names(folder) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"lock", "latest"}


def started(folder, *more: str) -> subprocess.Popen:
    command = [sys.executable, "-W", "ignore", *(more or ["-m", "config.cli"]), "figures", "snapshot"]
    return subprocess.Popen(
        command, env=database_of_tests(folder.parent), cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@contextmanager
def held_back():
    """Who reads actions waits: a snapshot stops there, its meetings written."""
    database = connection.get_connection_params()
    place = {name: database.get(name) for name in ("user", "password", "host", "port", "dbname") if database.get(name)}
    with psycopg.connect(**place) as other:
        other.execute("LOCK TABLE workshops_workshop IN ACCESS EXCLUSIVE MODE")
        yield


def wait_for(condition, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def half_made(folder) -> bool:
    return any(folder.glob(".making-*/fact_project/*/all.parquet"))


def test_killed_half_way_the_one_before_stays_and_the_next_works(folder):
    World(1, people=6)
    first = services.make_snapshot()
    with held_back():
        running = started(folder)
        wait_for(lambda: half_made(folder), running)
        running.send_signal(signal.SIGKILL)
        running.communicate()

    left = names(folder) - {first.folder.name}
    assert [name.startswith(".making-") for name in left] == [True]
    assert [sound(one, whole=True).as_of for one in snapshots(folder)] == [first.manifest.as_of]
    assert (folder / "latest").resolve() == first.folder.resolve()

    second = services.make_snapshot()
    assert names(folder) == {first.folder.name, second.folder.name}
    assert (folder / "latest").resolve() == second.folder.resolve()


def test_two_at_once_the_second_says_so_and_leaves(folder):
    World(2, people=6)
    with held_back():
        running = started(folder)
        wait_for(lambda: half_made(folder), running)
        with pytest.raises(Busy, match="Another snapshot is being made"):
            services.make_snapshot()
        with pytest.raises(CommandError, match="Another snapshot is being made") as refused:
            call_command("figures", "snapshot")
        assert refused.value.returncode == 3
    assert running.communicate()[1] == b""
    assert running.returncode == 0
    assert len(snapshots(folder)) == 1


def test_without_room_nothing_is_made_and_the_one_before_stays(folder):
    World(3, people=6)
    first = services.make_snapshot()
    Meeting.objects.all().delete()
    World(4, people=60)

    full = started(folder, "-c", ROOM, "4096")
    _output, said = full.communicate()

    assert full.returncode == 1
    assert b"No snapshot was made, those there were stay" in said
    assert names(folder) == {first.folder.name}
    assert sound((folder / "latest"), whole=True).as_of == first.manifest.as_of


def biggest(snapshot):
    return max(snapshot.manifest.files(), key=lambda file: file.bytes)


def test_a_truncated_file_is_noticed_and_the_one_before_is_read(folder, caplog):
    World(5, people=6)
    first = services.make_snapshot()
    factories.AnyMeeting()
    second = services.make_snapshot()
    own = max({*second.manifest.files()} - {*first.manifest.files()}, key=lambda file: file.bytes)
    damaged = second.folder / own.path
    damaged.write_bytes(damaged.read_bytes()[:-1])

    with pytest.raises(Damaged, match=f"{second.folder.name}/.* instead of"):
        Snapshot(second.folder)
    assert queries.source_for(Scope(year=2024)).as_of == first.manifest.as_of


def test_an_altered_file_is_noticed_told_and_not_taken_over(folder, caplog):
    World(6, people=6)
    first = services.make_snapshot()
    file = biggest(first)
    content = bytearray((first.folder / file.path).read_bytes())
    content[len(content) // 2] ^= 1
    (first.folder / file.path).write_bytes(content)

    with pytest.raises(Damaged, match=f"{file.path} was altered"):
        sound(first.folder, whole=True)
    assert queries.source_for(Scope(year=2024)).as_of is None
    assert "A snapshot is damaged" in caplog.text
    with pytest.raises(CommandError, match="A snapshot is damaged"):
        call_command("figures", "snapshot", "--check")

    second = services.make_snapshot()
    assert sound(second.folder, whole=True)
    assert queries.source_for(Scope(year=2024)).as_of == second.manifest.as_of


def test_a_manifest_cut_short_is_noticed(folder):
    first = services.make_snapshot()
    manifest = first.folder / "manifest.json"
    manifest.write_text(manifest.read_text()[:-20])

    with pytest.raises(Damaged, match="no sound manifest"):
        Snapshot(first.folder)
    assert sound(services.make_snapshot().folder, whole=True)


def test_what_did_not_move_is_the_same_file_on_disk(folder):
    world = World(7, people=12)
    first = services.make_snapshot()
    again = services.make_snapshot()
    assert (again.written, again.kept) == (0, first.written)

    factories.AnyMeeting(person=world.person(), held_on="2031-05-01")
    third = services.make_snapshot()
    for file in third.manifest.files():
        same = (first.folder / file.path).exists() and os.path.samefile(
            first.folder / file.path, third.folder / file.path
        )
        assert same == (file in set(first.manifest.files())), file
    assert third.kept > 0
    assert any(file.path == "fact_meeting/year=2031/all.parquet" for file in third.manifest.files())


def test_years_without_a_mark_are_not_read_again(folder):
    someone = factories.AnyMeeting(held_on="2020-01-01").person
    services.make_snapshot()
    factories.AnyMeeting(person=someone, held_on="2024-01-01")
    with CaptureQueriesContext(connection) as asked:
        services.make_snapshot()
    copies = [query["sql"] for query in asked if "COPY (" in query["sql"] and "FROM fact_meeting" in query["sql"]]
    assert [copy for copy in copies if "'2024-01-01'" in copy] != []
    assert [copy for copy in copies if "'2020-01-01'" in copy] == []


def test_marks_put_together_are_seen_as_moved(folder):
    factories.AnyMeeting(held_on="2020-01-01")
    factories.AnyMeeting(held_on="2020-01-02")
    before = services.make_snapshot().manifest.marks
    marks = Change.objects.filter(since_year=2020)
    marks.exclude(pk=marks.order_by("pk").first().pk).delete()

    assert services.make_snapshot().manifest.marks["2020"] != before["2020"]


def test_old_ones_go_and_a_reader_keeps_what_it_opened(folder, settings):
    World(8, people=4)
    first = services.make_snapshot()
    reader = Snapshot(folder / "latest")
    Meeting.objects.all().delete()
    made = [services.make_snapshot(keep=2) for _ in range(3)]

    assert names(folder) == {one.folder.name for one in made[-2:]}
    assert not first.folder.exists()
    assert reader.as_of == first.manifest.as_of


def test_the_manifest_tells_what_made_it(folder):
    World(9, people=4)
    made = services.make_snapshot()
    manifest = sound(made.folder)

    assert manifest.definitions == queries.computed.definitions_digest()
    assert manifest.version
    assert manifest.facts["fact_meeting"].columns["held_on"] == "date"
    assert sum(file.rows for file in manifest.facts["fact_meeting"].files) == Meeting.objects.count()
    assert made.folder.stat().st_mode & 0o077 == 0


def test_the_command_says_what_it_did(folder, capsys):
    World(10, people=4)
    call_command("figures", "snapshot", "--output", str(folder))
    assert "files written, 0 kept." in capsys.readouterr().out
    call_command("figures", "snapshot", "--output", str(folder), "--check")
    assert ": sound, as of " in capsys.readouterr().out


def test_each_night_by_the_clock(folder):
    from citeslab.figures.tasks import make_snapshot

    make_snapshot(timestamp=0)
    assert len(snapshots(folder)) == 1
