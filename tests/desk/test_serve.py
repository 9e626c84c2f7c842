"""The web server's process: one port, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

CHECKOUT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/connexion/", timeout=5) as page:
            return page.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def within_a_minute(reached) -> bool:
    for _ in range(300):
        if reached():
            return True
        time.sleep(0.2)
    return False


def others(cursor) -> dict[int, str]:
    """Who else uses this database, by process, and what they last asked."""
    cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees who was there when it first looked
    cursor.execute("""
        SELECT pid, concat_ws(' ', backend_start::time(0), state, left(query, 200)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    """)
    return dict(cursor.fetchall())


@pytest.fixture
def serve(tmp_path):
    """Start `citeslab serve` on the database of the tests; whatever a test leaves running is killed with its group."""
    database = connection.get_connection_params()
    place = {name: quote(str(database.get(name) or ""), safe="") for name in ("user", "password", "host", "dbname")}
    url = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**place, port=database.get("port") or 5432)
    started = []

    def start(*arguments: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "serve", *arguments],
            cwd=CHECKOUT,
            env=os.environ | {"DATABASE_URL": url, "CITESLAB_HOME": str(tmp_path)},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    # The server closes the connections of who was killed a moment later; until then nobody can drop the database.
    with connection.cursor() as cursor:
        assert within_a_minute(lambda: not others(cursor)), others(cursor)


def test_it_serves_refuses_a_second_on_its_port_and_leaves_when_told(serve):
    port = str(free_port())
    server = serve("--port", port)
    assert within_a_minute(lambda: answers(int(port)))

    second = serve("--port", port)
    _out, said = second.communicate(timeout=60)
    assert second.returncode == 2
    assert f"127.0.0.1:{port}" in said
    assert "Traceback" not in said

    server.send_signal(signal.SIGTERM)
    _out, said = server.communicate(timeout=60)
    assert server.returncode == 0
    assert said == f"The platform is on http://127.0.0.1:{port}  (Ctrl-C stops it)\n"
    assert not answers(int(port))


def test_its_workers_do_not_outlive_a_killed_server(serve):
    port = free_port()
    server = serve("--port", str(port))
    assert within_a_minute(lambda: answers(port))

    server.kill()

    def nobody_left() -> bool:
        try:
            os.killpg(server.pid, 0)
        except ProcessLookupError:
            return True
        server.poll()  # a killed child stays listed until it is waited for
        return False

    assert within_a_minute(nobody_left)
    assert not answers(port)


@pytest.mark.parametrize(
    "arguments", [["--port", "70000"], ["--port", "0"], ["--workers", "0"], ["--host", "192.0.2.1"]]
)
def test_what_cannot_be_served_is_refused_in_words(serve, arguments):
    process = serve(*arguments)
    _out, said = process.communicate(timeout=60)

    assert process.returncode == 2
    assert said.startswith("citeslab: ")
    assert "Traceback" not in said
