"""Who comes first has the server started; who leaves last has it stopped."""

import os
import signal
import subprocess
import sys
import time

from tests.conftest import CHECKOUT
from tests.embedded.conftest import ask, postmasters_of, wait_until, wait_until_stopped

BEGUN = "SELECT pg_postmaster_start_time()"


def test_first_start_makes_a_database_fit_for_french(home, programs):
    letters = "SELECT lower('\u00c9LODIE') = '\u00e9lodie', '\u00c9milie' ILIKE '\u00e9%'"

    assert ask(home, letters) == "True|True"


def test_server_is_private_and_durable(home, programs):
    names = ("listen_addresses", "data_checksums", "fsync", "server_encoding", "unix_socket_permissions")
    asked = ", ".join(f"current_setting('{name}')" for name in names)

    assert ask(home, f"SELECT {asked}") == "|on|on|UTF8|0700"


def test_application_is_not_a_superuser_but_owns_its_database(home):
    question = """
        SELECT current_user, current_database(), pg_get_userbyid(datdba), rolsuper, rolcreatedb
        FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user
    """
    assert ask(home, question) == "citeslab|citeslab|citeslab|False|True"


def test_dropped_database_is_made_again(home, visit, programs):
    host = visit("hold").host()
    drop = [programs / "psql", "-w", "-h", host, "-U", "postgres", "-c", "DROP DATABASE citeslab", "postgres"]
    subprocess.run(drop, check=True, capture_output=True)

    assert ask(home, "SELECT current_database()") == "citeslab"


def test_eight_at_once_on_an_empty_home_share_one_server(home, visit, programs):
    visitors = [visit("hold") for _ in range(8)]

    assert len({visitor.host() for visitor in visitors}) == 1
    assert len(postmasters_of(home)) == 1


def test_last_to_leave_stops_the_server(home, visit):
    first, last = visit("hold"), visit("hold")
    first.host(), last.host()
    begun = ask(home, BEGUN)

    first.leave()
    time.sleep(1)  # several rounds of the supervisor
    assert ask(home, BEGUN) == begun

    last.leave()
    wait_until_stopped(home)
    assert ask(home, BEGUN) > begun


def test_killed_user_has_left(home, visit):
    visitor = visit("hold")
    visitor.host()

    visitor.kill()

    wait_until_stopped(home)


def test_newcomer_is_not_lost_when_the_last_one_leaves(home):
    # The supervisor looks every quarter of a second, then stops the server in a tenth: come at each moment.
    for moment in range(12):
        assert ask(home, "SELECT 'served'") == "served"
        time.sleep(moment * 0.04)


def test_callers_output_ends_with_the_caller_not_with_the_server(home, visit):
    starter, other = visit("hold"), visit("hold")
    starter.host(), other.host()

    starter.leave()  # reads its output to the end

    assert postmasters_of(home)


def test_interrupt_in_the_terminal_spares_the_server(home, visit):
    starter = visit("hold", start_new_session=True)
    starter.host()
    other = visit("hold")
    other.host()
    begun = ask(home, BEGUN)

    os.killpg(starter.pid, signal.SIGINT)
    starter.wait()
    time.sleep(1)

    assert ask(home, BEGUN) == begun


def test_process_without_standard_streams_is_served(home, room):
    python = f"'{sys.executable}' -m tests.embedded.visitor '{home}'"
    writing = f"{python} write '{room}/acknowledged' <&- >&- 2>&- & echo $!"
    shell = subprocess.run(["sh", "-c", writing], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    acknowledged = room / "acknowledged"

    wait_until(lambda: acknowledged.exists() and acknowledged.read_text().count("\n") > 3)

    os.kill(int(shell.stdout), signal.SIGKILL)


def test_two_homes_have_two_servers(room, visit):
    here, there = visit("hold", home=room / "here"), visit("hold", home=room / "there")

    assert here.host() != there.host()
    assert ask(room / "here", BEGUN) != ask(room / "there", BEGUN)

    here.leave()
    there.leave()
    wait_until_stopped(room / "here")
    wait_until_stopped(room / "there")
