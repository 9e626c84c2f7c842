"""Where the files are, and who may come near them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.embedded.conftest import ask, programs_of, refusal, wait_until_stopped

NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@pytest.mark.parametrize(
    "name",
    ["l'\u00e9t\u00e9 \u00e0 Orl\u00e9ans", 'a "quoted", name', "/".join(["long" * 20] * 3)],
    ids=["space and accents", "quotes and comma", "too long for a socket"],
)
def test_home_may_have_any_name(room, name, programs):
    home = room / name

    assert ask(home, "SELECT 'served'") == "served"

    wait_until_stopped(home)
    assert not (home / "postgresql" / "socket").exists()


def test_moved_home_keeps_its_data(room):
    ask(room / "before", "CREATE TABLE kept AS SELECT 42 AS number")
    wait_until_stopped(room / "before")

    (room / "before").rename(room / "after")

    assert ask(room / "after", "SELECT number FROM kept") == "42"
    wait_until_stopped(room / "after")


def knock(host: str) -> str:
    """What another user of this machine is told at the socket."""
    psql = [programs_of("system") / "psql", "-w", "-h", host, "-U", "citeslab", "-c", "SELECT 1"]
    knocked = subprocess.run(
        psql,
        user="nobody",
        group="nogroup",
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert knocked.returncode == 2
    return knocked.stderr


@NEEDS_ROOT
def test_another_user_is_refused_at_the_folder(visit):
    assert "Permission denied" in knock(visit("hold").host())


@NEEDS_ROOT
def test_another_user_is_refused_by_the_server_even_if_the_folder_is_open(visit):
    host = visit("hold").host()
    for opened in (Path(host), *Path(host).iterdir()):
        opened.chmod(0o777)

    assert "Peer authentication failed" in knock(host)


@NEEDS_ROOT
def test_home_of_another_user_is_refused(home):
    home.mkdir()
    (home / "postgresql").mkdir()
    shutil.chown(home / "postgresql", "nobody")

    assert "belongs to user number" in refusal(home)


@NEEDS_ROOT
def test_root_keeps_data_elsewhere_when_its_home_is_closed(room, visit, monkeypatch):
    (room / "closed").mkdir(mode=0o700)
    home = room / "closed" / "home"
    programs = room / "closed" / "programs"
    shutil.copytree(programs_of("wheel").parent, programs, symlinks=True)
    monkeypatch.setenv("PG_BIN", str(programs / "bin"))

    visitor = visit("hold", home=home)
    visitor.host()
    away = (home / "postgresql").readlink()
    try:
        assert away.parent == Path("/var/lib")
        assert ask(home, "CREATE TABLE kept AS SELECT 42 AS number") == ""
        _, said = visitor.communicate()
        assert f"is kept in {away}" in said

        wait_until_stopped(home)
        assert ask(home, "SELECT number FROM kept") == "42"
        wait_until_stopped(home)
    finally:
        shutil.rmtree(away)
    assert "which is gone" in refusal(home)
