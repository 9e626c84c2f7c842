"""The journal: append-only, chained, and its check names the first broken line."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from citeslab.audit import queries, services
from citeslab.audit.models import Entry, Link, Seal, Waiting
from tests import factories

pytestmark = pytest.mark.django_db


def lines(count, at, first=0):
    user = factories.AnyUser()
    return [
        services.record(f"tests.line.written_{number}", user, by=user, at=at, number=number)
        for number in range(first, first + count)
    ]


@pytest.fixture
def three_lines(at):
    written = lines(3, at)
    services.chain()
    return written


def tamper(statement, *values):
    """As someone who owns the database and disables its triggers."""
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_link"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in ("audit_entry", "audit_link"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_line_waits_for_nobody_and_is_chained_after(at):
    written = lines(3, at)

    assert (queries.waiting_count(), Link.objects.count(), queries.first_broken_line()) == (3, 0, None)
    assert (services.chain(), services.chain()) == (3, 0)
    assert [link.entry_id for link in Link.objects.all()] == [entry.pk for entry in written]
    assert (queries.waiting_count(), queries.first_broken_line()) == (0, None)


def test_chaining_goes_by_batches_and_goes_on_where_it_stopped(at):
    lines(5, at)
    assert [services.chain(most=2) for _time in range(4)] == [2, 2, 1, 0]
    assert [link.position for link in Link.objects.all()] == [1, 2, 3, 4, 5]
    assert queries.first_broken_line() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE audit_link SET digest = 'x'",
        "DELETE FROM audit_link",
        "UPDATE audit_seal SET position = 9",
        "DELETE FROM audit_seal",
    ],
)
def test_the_database_refuses_to_rewrite(three_lines, at, statement):
    services.seal(at=at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (Entry.objects.count(), Link.objects.count(), Seal.objects.count()) == (3, 3, 1)


def test_a_line_that_is_not_chained_yet_cannot_be_removed_either(at):
    lines(1, at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE audit_entry SET details = '{\"number\": 9}' WHERE id = %s", 1),
        ("UPDATE audit_entry SET at = at + interval '1 second' WHERE id = %s", 1),
        ("UPDATE audit_entry SET actor_id = actor_id + 1 WHERE id = %s", 1),
        ("DELETE FROM audit_entry WHERE id = %s", 1),
        ("DELETE FROM audit_link WHERE entry_id = %s", 2),
        ("UPDATE audit_link SET digest = repeat('a', 64) WHERE entry_id = %s", 1),
    ],
)
def test_verify_names_the_first_broken_line(three_lines, tampering, broken):
    tamper(tampering, three_lines[1].pk)

    assert queries.first_broken_line() == three_lines[broken].pk
    with pytest.raises(CommandError, match=f"line {three_lines[broken].pk}"):
        call_command("audit", "verify")


def test_a_line_slipped_in_is_found(three_lines):
    tamper("INSERT INTO audit_entry (at, action, subject_kind, details) VALUES (now(), 'x', '', '{}')")
    assert queries.first_broken_line() == Entry.objects.latest("pk").pk


def test_a_line_removed_before_it_was_chained_is_found(at):
    written = lines(2, at)
    tamper("DELETE FROM audit_entry WHERE id = %s", written[0].pk)
    services.chain()

    assert queries.first_broken_line() == written[0].pk


def test_the_end_cannot_be_cut_behind_a_seal(three_lines, at):
    services.seal(at=at)
    for table, column in [("audit_entry", "id"), ("audit_link", "entry_id")]:
        tamper(f"DELETE FROM {table} WHERE {column} = %s", three_lines[2].pk)

    assert queries.first_broken_line() == three_lines[1].pk


def test_a_chain_made_again_does_not_fit_its_seal(three_lines, at):
    """Someone with the database, but not with the key, rewrites a line and every digest after it."""
    services.seal(at=at)
    tamper("UPDATE audit_entry SET action = 'x' WHERE id = %s", three_lines[2].pk)
    entry, before = Entry.objects.get(pk=three_lines[2].pk), Link.objects.get(position=2).digest
    from citeslab.audit.values import line_digest

    tamper("UPDATE audit_link SET digest = %s WHERE position = 3", line_digest(before, **entry.told()))

    assert queries.first_broken_line() == three_lines[2].pk


def test_a_seal_of_another_key_is_worth_nothing(three_lines, at, settings):
    services.seal(at=at)
    settings.SECRET_KEY = "another key"

    assert queries.first_broken_line() == 3
    settings.SECRET_KEY_FALLBACKS = []


def test_a_seal_made_twice_is_one(three_lines, at):
    assert services.seal(at=at).position == 3
    assert services.seal(at=at) is None


def test_old_lines_go_and_the_rest_is_still_verified(three_lines, at, settings):
    settings.AUDIT_KEPT_DAYS = 100
    young = lines(2, at + timedelta(days=60), first=3)
    services.chain()
    later = at + timedelta(days=101)

    assert services.forget_old(at=later) == 3
    assert services.forget_old(at=later) == 0
    assert list(Entry.objects.values_list("pk", flat=True)) == [entry.pk for entry in young]
    assert queries.first_broken_line() is None
    lines(1, later, first=5)
    services.chain()
    assert queries.first_broken_line() is None
    tamper("UPDATE audit_entry SET action = 'x' WHERE id = %s", young[0].pk)
    assert queries.first_broken_line() == young[0].pk


def test_everything_may_be_old(three_lines, at, settings):
    later = at + timedelta(days=settings.AUDIT_KEPT_DAYS + 1)
    assert services.forget_old(at=later) == 3
    lines(1, later)
    services.chain()

    assert Link.objects.get().position == 4
    assert queries.first_broken_line() is None


def test_lines_are_not_let_go_by_a_forged_seal(three_lines, at):
    Seal.objects.create(
        position=2, digest=Link.objects.get(position=2).digest, sealed_at=at, forgets=True, signature="x"
    )
    assert queries.first_broken_line() == 2


def test_who_read_a_file_is_told_the_latest_first(at):
    reader, person = factories.AnyUser(), factories.AnyPerson()
    services.record("people.person.read", person, by=reader, at=at)
    services.record("people.person.read", person, by=reader, at=at + timedelta(hours=1))
    services.record("people.person.read", factories.AnyPerson(), by=reader, at=at)

    assert [entry.at for entry in queries.about(person)] == [at + timedelta(hours=1), at]


def test_a_line_falls_with_its_act(at):
    user = factories.AnyUser()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.record("tests.line.written", user, by=user, at=at)
        raise RuntimeError
    assert not Entry.objects.exists()
    assert not Waiting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_one_another(at):
    """One act stays open; the others write, are chained, and the open one is chained after, nothing lost."""
    from threading import Event, Thread

    user = factories.AnyUser()
    written, release = Event(), Event()

    def slow():
        try:
            with transaction.atomic():
                services.record("tests.slow.written", user, by=user, at=at)
                written.set()
                assert release.wait(20)
        finally:
            connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert written.wait(20)
    services.record("tests.quick.written", user, by=user, at=at)
    assert services.chain() == 1
    release.set()
    thread.join(20)
    assert services.chain() == 1

    chained = Link.objects.values_list("entry_id", flat=True)
    assert [Entry.objects.get(pk=pk).action for pk in chained] == ["tests.quick.written", "tests.slow.written"]
    assert queries.first_broken_line() is None
