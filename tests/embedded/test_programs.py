"""Which PostgreSQL runs, and which data it may read."""

from tests.embedded.conftest import ask, programs_of, refusal, wait_until_stopped

MAJOR = "SELECT current_setting('server_version_num')::int / 10000"


def test_system_comes_before_the_wheel(home, visit):
    visit("hold").host()

    assert str(programs_of("system")) in (home / "postgresql" / "server.json").read_text()


def test_data_of_another_version_finds_its_own_programs(home, monkeypatch):
    programs_of("system")
    monkeypatch.setenv("PG_BIN", "wheel")
    wheel = ask(home, MAJOR)
    wait_until_stopped(home)

    monkeypatch.delenv("PG_BIN")

    assert ask(home, MAJOR) == wheel


def test_data_of_another_version_is_refused_with_the_way_out(home, monkeypatch):
    ask(home, "SELECT 1")
    wait_until_stopped(home)
    version = home / "postgresql" / "data" / "PG_VERSION"
    version.write_text("14\n")

    said = refusal(home)

    for part in (
        str(version.parent),
        "written by PostgreSQL 14",
        str(programs_of("wheel")),
        "PG_BIN",
        "pg_dump",
    ):
        assert part in said


def test_named_programs_are_not_replaced_by_others(home, monkeypatch):
    monkeypatch.setenv("PG_BIN", "/nowhere")

    assert "PG_BIN names /nowhere" in refusal(home)
