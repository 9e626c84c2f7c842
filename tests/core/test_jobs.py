"""The job queue in real processes: a job is done once or again, never lost, whoever is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.embedded import Connection
from tests.embedded.conftest import (  # noqa: F401 (fixtures)
    PATIENCE,
    home,
    open_room,
    postmasters_of,
    room,
    visit,
    wait_until,
    wait_until_stopped,
)

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def migrated():
    """A migrated database at rest: made once, which takes longer than these tests."""
    with open_room() as folder:
        made = folder / "home"
        run = subprocess.run([sys.executable, "-m", "config.cli", "migrate"], cwd=CHECKOUT, env=environment(made),
                             capture_output=True, text=True)  # fmt: skip
        assert run.returncode == 0, run.stderr
        wait_until_stopped(made)
        yield made


@pytest.fixture
def database(migrated, home, visit):  # noqa: F811
    """A database of its own, as an installation has; its address stays the same over a kill."""
    subprocess.run(["cp", "-a", migrated, home], check=True)
    url = Connection(host=visit("hold").host()).url
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def environment(home) -> dict[str, str]:  # noqa: F811
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {"CITESLAB_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings"}


@pytest.fixture
def worker(home):  # noqa: F811
    """Start workers of `home`; none is left, whatever the test found."""
    started = []

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "config.cli", "work"]
        started.append(subprocess.Popen(command, cwd=CHECKOUT, env=environment(home)))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def one(connection, question):
    return connection.execute(question).fetchone()[0]


POST = """
INSERT INTO notifications_message (key, channel, recipient, subject, body, calendar, about_kind, posted_at, send_after,
                                   attempts, last_error)
SELECT 'test:' || n, 'EMAIL', 'n' || n || '@example.org', '', 'x', '', '', now(), now(), 0, ''
FROM generate_series(1, 300) AS n
"""


def test_a_worker_killed_at_work_loses_no_message_and_sends_none_twice(database, home, worker):  # noqa: F811
    database.execute(POST)
    first = worker()
    sent = "SELECT count(*) FROM notifications_message WHERE sent_at IS NOT NULL"
    wait_until(lambda: one(database, sent) > 20)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert one(database, sent) < 300

    second = worker()
    wait_until(lambda: one(database, sent) == 300)
    second.terminate()
    second.wait(PATIENCE)

    left = [path.read_text() for path in (home / "mail").iterdir()]
    recipients = [line for text in left for line in text.splitlines() if line.startswith("To: ")]
    assert len(set(recipients)) == 300
    assert len(recipients) <= 301  # the one in flight at the kill may leave again, with the same identifier


def test_a_job_of_a_killed_worker_is_given_to_the_next(database, worker):
    """As after a kill -9 in the middle: the job says "doing", and its worker's last heartbeat is old."""
    database.execute(
        "INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE "
        "VALUES (99, now() - interval '5 minutes')"
    )
    database.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) "
        "VALUES ('default', 'citeslab.notifications.tasks.forget_old', '{\"timestamp\": 0}', 'doing', 99)"
    )
    running = worker()
    done = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%forget_old' AND status = 'succeeded'"
    wait_until(lambda: one(database, done) == 1)
    running.terminate()
    running.wait(PATIENCE)


def test_a_worker_waits_for_a_database_that_comes_back(database, home, worker):  # noqa: F811
    running = worker()
    beats = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%send_due' AND status = 'succeeded'"
    wait_until(lambda: one(database, beats) >= 1)
    before = one(database, beats)
    (postmaster,) = postmasters_of(home)
    postmaster.send_signal(signal.SIGKILL)

    wait_until(lambda: beats_now(database.info.dsn, beats) > before)
    running.terminate()
    running.wait(PATIENCE)


def test_a_worker_that_loses_one_of_its_connections_goes_on(database, worker):
    """Only the one that says what is due: the others answer, so that nothing is wrong for them."""
    running = worker()
    beats = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%send_due' AND status = 'succeeded'"
    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND state = 'idle' AND query LIKE '%defer_periodic%'"
    )
    wait_until(lambda: one(database, beats) >= 1)
    wait_until(lambda: one(database, cut) == 1)
    before = one(database, beats)

    wait_until(lambda: one(database, beats) > before)
    running.terminate()
    running.wait(PATIENCE)


def beats_now(address: str, question: str) -> int:
    try:
        with psycopg.connect(address) as connection:
            return one(connection, question)
    except psycopg.OperationalError:
        return 0  # not back yet
