"""What each test stands on: a private PostgreSQL, no network, warnings as errors."""

import os
import socket
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED_DATA = CHECKOUT.parent / "shared" / "data"


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_configure():
    """Whitenoise reads the whole static folder for each test client: tests do without, live servers have Django's."""
    from django.conf import settings
    from django.db.backends.postgresql.operations import DatabaseOperations

    from tests import emptying

    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    # A live server's threads keep no connection: the test database could not be dropped.
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    settings.PAGES_AT_HAND = 0  # each page is made anew
    DatabaseOperations.sql_flush = emptying.sql_flush


@pytest.fixture(autouse=True, scope="module")
def _no_dead_pages(request):
    """What long tests take back leaves pages without a row: PostgreSQL would plan by them for the tests that follow."""
    yield
    if request.node.get_closest_marker("long"):
        from django.db import connection

        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """A test that needs someone else's server is not a test of ours: only this machine answers."""
    connect = socket.socket.connect

    def local_only(self, address):
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test tried to reach {host}.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(autouse=True)
def _in_french():
    """A request leaves its language behind; each test begins in that of the product."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True, scope="session")
def _force_login_opens_a_whole_session():
    """`client.force_login(user)` is a session that has shown its second factor, whoever the user is.

    A sign-in by the pages is not touched: its request has a method, the one that `force_login` invents has none.
    """
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth.signals import user_logged_in

    def show_second_factor(sender, request, user, **kwargs):
        if request.method is None:
            record_authentication(request, user, "mfa", type="totp")

    user_logged_in.connect(show_second_factor)
    yield
    user_logged_in.disconnect(show_second_factor)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The official files kept beside the checkout; a test that needs them says why it was skipped."""
    if not SHARED_DATA.is_dir():
        skip_with_reason("the official files are not beside this checkout")
    return SHARED_DATA


def skip_with_reason(reason: str) -> None:
    """Skip on a developer's machine; in CI a skipped check is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"would be skipped: {reason}")
    pytest.skip(reason)


@pytest.fixture
def at():
    """The instant of the tests: a Friday morning in Paris."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def site(db):
    from tests import factories

    return factories.AnySite()


@pytest.fixture
def advisor(site):
    """A user who holds an advisor's mandate at `site`."""
    from tests import factories

    return factories.AnyMandate(site=site).user


@pytest.fixture
def pilot(db):
    from citeslab.network.enums import Role
    from tests import factories

    return factories.AnyMandate(role=Role.PILOT, site=None).user
