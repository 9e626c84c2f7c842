"""A process killed in the middle of a join, or of a search for likenesses, leaves nothing half done."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date

import pytest
from django.db import connection, transaction

from citeslab.duplicates.models import Join, Likeness, NameShare
from citeslab.duplicates.services import finding, joining
from citeslab.followup.models import Meeting
from citeslab.people.models import Person
from citeslab.workshops.models import Attendance
from tests import factories
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.django_db(transaction=True)


def half_way() -> bool:
    """Whether another backend waits for a lock that this test holds."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        cursor.execute(waiting)
        return cursor.fetchone()[0] > 0


def until(what, seconds=60):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def killed_while_waiting(act, *keys) -> str:
    """What a process said before it was killed, while it waited for a lock that this test holds."""
    command = [sys.executable, "-m", "tests.duplicates.joiner", connection.settings_dict["NAME"], act]
    process = subprocess.Popen(
        [*command, *map(str, keys)],
        cwd=CHECKOUT,
        env=os.environ.copy(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: half_way() or process.poll() is not None)
        assert process.poll() is None, process.stderr.read()
    finally:
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[0]
    return said


def test_kill_9_during_a_join_leaves_all_or_nothing(at):
    kept = factories.AnyPerson()
    gone = factories.AnyPerson(site=kept.site)
    by = factories.AnyMandate(site=kept.site).user
    factories.AnyMeeting.create_batch(3, person=gone)
    factories.AnyAttendance(person=gone)  # workshops are moved after meetings
    with transaction.atomic():
        Attendance.objects.select_for_update().get(person=gone)
        assert killed_while_waiting("join", kept.pk, gone.pk, by.pk) == "begun\n"

    assert Person.objects.filter(pk__in=[kept.pk, gone.pk]).count() == 2
    assert Meeting.objects.filter(person=gone).count() == 3
    assert not Join.objects.exists()

    joining.join(kept=kept, gone=gone, by=by, at=at)
    assert Meeting.objects.filter(person=kept).count() == 3


def test_kill_9_while_likenesses_are_found_leaves_those_of_before(at):
    one, other = (factories.AnyPerson(preferred_name="Diallo", born_on=date(1990, 5, 6)) for _ in range(2))
    stale = factories.AnyLikeness(second=one) if one.pk > other.pk else factories.AnyLikeness(first=one)
    by = factories.AnyUser()
    with transaction.atomic():
        Likeness.objects.select_for_update().get(pk=stale.pk)  # the run compares, counts names, then waits here
        assert killed_while_waiting("find", by.pk) == "begun\n"

    assert list(Likeness.objects.all()) == [stale]
    assert not NameShare.objects.exists()

    finding.find(by=by, at=at)
    pair = Likeness.objects.get()
    assert {pair.first_id, pair.second_id} == {one.pk, other.pk}


def test_two_advisors_join_the_same_files_once(at):
    """The second one waits, then learns that it is done."""
    kept = factories.AnyPerson()
    gone = factories.AnyPerson(site=kept.site)
    by = factories.AnyUser()
    outcomes = []

    def act(one, other):
        try:
            outcomes.append(joining.join(kept=one, gone=other, by=by, at=at))
        except joining.AlreadyJoined as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair) for pair in ((kept, gone), (gone, kept))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyJoined", "Join"]
    assert Join.objects.count() == 1
