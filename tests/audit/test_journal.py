"""The journal: append-only, chained, and its check names the first broken line."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from citeslab.audit import queries, services
from citeslab.audit.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_lines(at):
    user = factories.AnyUser()
    return [services.record(f"tests.line.written_{n}", user, by=user, at=at, number=n) for n in range(3)]


def test_lines_are_chained(three_lines):
    assert [entry.previous for entry in three_lines[1:]] == [entry.digest for entry in three_lines[:-1]]
    assert queries.first_broken_line() is None


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_rewrite(three_lines, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 3


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE audit_entry SET details = '{\"number\": 9}' WHERE id = %s", 1),
        ("UPDATE audit_entry SET at = at + interval '1 second' WHERE id = %s", 1),
        ("DELETE FROM audit_entry WHERE id = %s", 2),
    ],
)
def test_verify_names_the_first_broken_line(three_lines, tampering, broken):
    with connection.cursor() as cursor:  # someone who owns the database may disable its triggers
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute(tampering, [three_lines[1].pk])

    assert queries.first_broken_line() == three_lines[broken].pk
    with pytest.raises(CommandError, match=f"line {three_lines[broken].pk}"):
        call_command("audit", "verify")


def test_a_line_falls_with_its_act(at):
    user = factories.AnyUser()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.record("tests.line.written", user, by=user, at=at)
        raise RuntimeError
    assert not Entry.objects.exists()
