"""A real Chromium on real pages, with axe; pictures go to `screenshots/` (ignored by git)."""

import os
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection, connections
from playwright.sync_api import expect, sync_playwright

from tests.conftest import CHECKOUT, skip_with_reason

PICTURES = CHECKOUT / "screenshots"
# Chromium calls home unless told not to; there is no home here, nor in CI.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright runs its own event loop, which Django takes for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CITESLAB_CHROMIUM")
    if not path or not Path(path).exists():
        skip_with_reason("no Chromium on this machine (CITESLAB_CHROMIUM may name one)")
    # While Playwright's loop runs, Django keeps the connections of "asynchronous" code apart: on each side of it, what
    # is open would stay open, out of sight, and nobody could drop the database.
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def open_page(chromium, live_server):
    """`open_page("/personnes/", user=..., width=320, scheme="dark", language="en")`: a page in a fresh window."""
    contexts = []

    def opened(path, *, user=None, width=1280, scheme="light", language="fr", script=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale=language,
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        contexts.append(context)
        cookies = [{"name": "django_language", "value": language, "url": live_server.url}]
        if user is not None:
            cookies.append({"name": "sessionid", "value": session_of(user), "url": live_server.url})
        context.add_cookies(cookies)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.set_default_navigation_timeout(150_000)  # a first view computes every year, on whatever machine
        page.errors = []
        page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    wait_for_the_server()


def wait_for_the_server() -> None:
    """Until no request of a page just closed is under way: emptying the tables would lock against it."""
    asked = """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(asked)
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.05)


def session_of(user) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def code_of(secret: str) -> str:
    """What a phone application shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def faults(page) -> list[str]:
    """What axe finds wrong (WCAG 2.2 AA and best practices), in a line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node.get('failureSummary', '')[:160]}"
        for fault in found
        for node in fault["nodes"]
    ]


def picture(page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def sideways(page) -> int:
    """Pixels of sideways scroll; a phone wants none."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
