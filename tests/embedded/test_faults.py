"""What is killed comes back, and nothing acknowledged is lost."""

import json
import os
import shutil
import signal
import subprocess

import pytest

from tests.embedded.conftest import (
    ask,
    postmasters_of,
    processes_of,
    programs_of,
    refusal,
    supervisors_of,
    wait_until,
    wait_until_stopped,
)


@pytest.fixture
def acknowledged(room):
    path = room / "acknowledged"
    path.touch()
    return path


def noted(acknowledged):
    return [int(line) for line in acknowledged.read_text().splitlines()]


def write_some_more(acknowledged):
    already = len(noted(acknowledged))
    wait_until(lambda: len(noted(acknowledged)) > already + 100)


@pytest.mark.parametrize("victim", ["postmaster", "supervisor"])
def test_kill_loses_no_acknowledged_row(home, visit, programs, acknowledged, victim):
    writer = visit("write", str(acknowledged))
    for _ in range(3):
        write_some_more(acknowledged)
        # Backends may go on for some rows after a kill: the next victim is not there at once.
        killed = wait_until(lambda: (postmasters_of if victim == "postmaster" else supervisors_of)(home))[0]
        killed.send_signal(signal.SIGKILL)
        wait_until(lambda: not killed.is_running())  # noqa: B023, called here and now
    write_some_more(acknowledged)
    writer.kill()
    writer.wait()

    stored = json.loads(ask(home, "SELECT json_agg(number) FROM written"))

    assert set(noted(acknowledged)) - set(stored) == set()
    assert len(stored) - len(noted(acknowledged)) in range(8)  # in flight: stored, the answer lost


def test_all_users_come_back_to_one_server_at_the_same_address(home, visit):
    visitors = [visit("hold") for _ in range(2)]
    host = visitors[0].host()

    supervisors_of(home)[0].send_signal(signal.SIGKILL)
    newcomers = [visit("hold") for _ in range(4)]

    assert {newcomer.host() for newcomer in newcomers} == {host}
    wait_until(lambda: len(postmasters_of(home)) == 1)


def test_supervisor_killed_without_users_leaves_nothing(home, visit):
    visitor = visit("hold")
    visitor.host()
    supervisor = supervisors_of(home)[0]
    visitor.kill()
    supervisor.send_signal(signal.SIGKILL)

    wait_until_stopped(home)


def test_supervisor_asked_to_end_stops_its_server_first(home, visit):
    visitor = visit("hold")
    visitor.host()
    supervisor = supervisors_of(home)[0]

    supervisor.terminate()

    wait_until(lambda: not supervisor.is_running())
    assert not processes_of(home)


def test_first_start_killed_half_way_is_begun_again(home, visit):
    visitor = visit("hold")
    wait_until(lambda: list(home.glob("postgresql/data.new-*/*")))
    supervisors_of(home)[0].kill()
    visitor.kill()
    assert not (home / "postgresql" / "data").exists()

    assert ask(home, "SELECT 'served'") == "served"
    assert not list(home.glob("postgresql/data.new-*"))


def test_stale_postmaster_file_that_names_a_stranger_is_no_obstacle(home):
    ask(home, "SELECT 1")
    wait_until_stopped(home)
    data = home / "postgresql" / "data"
    owner = {"user": data.stat().st_uid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **owner) as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1700000000\n5432\n\n\n\nready   \n")

        assert ask(home, "SELECT 'served'") == "served"

        stranger.kill()


def test_damaged_data_is_refused_with_the_reason(home):
    ask(home, "SELECT 1")
    wait_until_stopped(home)
    (home / "postgresql" / "data" / "global" / "pg_control").unlink()

    said = refusal(home)

    assert "pg_control" in said
    assert str(home / "postgresql" / "data") in said


def test_home_that_cannot_be_written_is_refused_with_the_way_out(room):
    (room / "file").touch()

    said = refusal(room / "file" / "home")

    assert "Not a directory" in said
    assert "CITESLAB_HOME" in said


def test_programs_replaced_under_a_running_server_are_taken_up(home, visit, room, monkeypatch):
    copy = room / "programs"
    shutil.copytree(programs_of("wheel").parent, copy, symlinks=True)
    monkeypatch.setenv("PG_BIN", str(copy / "bin"))
    visitor = visit("hold")
    visitor.host()
    before = postmasters_of(home)

    shutil.copy(copy / "bin" / "postgres", copy / "bin" / "postgres.new")
    (copy / "bin" / "postgres.new").rename(copy / "bin" / "postgres")

    wait_until(lambda: (now := postmasters_of(home)) and now != before)
    assert ask(home, "SELECT 'served'") == "served"
