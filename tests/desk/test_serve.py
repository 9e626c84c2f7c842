"""The web server's process: one port, and nothing left behind."""

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date, timedelta
from datetime import time as clock
from pathlib import Path
from urllib.parse import quote

import brotli
import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from citeslab.figures.definitions.statements import BY_STATEMENT
from citeslab.ui.charts import DEPARTMENTS
from citeslab.website.definitions import TEXTS
from citeslab.website.readers import redrawn
from tests import factories
from tests.website.test_pictures import jpeg

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


def sent(port: int, path: str, taken: str) -> tuple[int, str]:
    """How many bytes of content came over the wire, and what they say where they are text."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": taken})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        body, coding = answer.read(), answer.headers.get("Content-Encoding")
    plain = {"gzip": gzip.decompress, "br": brotli.decompress}.get(coding, bytes)(body)
    return len(body), "" if path.endswith(("woff2", "/image/")) else plain.decode()


def weighed(port: int, page: str, taken: str) -> tuple[dict[str, int], str]:
    """The bytes of a page, and of all that it asks: its sheet, its two faces, its drawings."""
    weights = {}
    weights[page], told = sent(port, page, taken)
    for path in set(re.findall(r'<(?:link rel="(?:stylesheet|icon)" href|img [^>]*src)="([^"]+)"', told)):
        weights[path], text = sent(port, path, taken)
        faces = re.findall(r"url\((?:\./)?([^)]+)\)", text) if path.endswith("css") else []
        # The extended letters are fetched for a name that needs them: none is in these pages.
        for face in [face for face in faces if "-ext-" not in face]:
            there = f"{path.rpartition('/')[0]}/{face}"
            weights[there], _text = sent(port, there, taken)
    return weights, told


@pytest.mark.django_db(transaction=True)
def test_finding_ones_advisor_weighs_60_kilobytes_at_most_with_all_that_it_asks(serve):
    """A town with two of the same name elsewhere; a site with every kind of hours, and more workshops than it shows."""
    for code in ("25056", "70056", "39056"):
        factories.AnyCommune(code=code, department__code=code[:2], postal_codes=["25000"], population=120_000)
    site = factories.AnySite(commune_code="25056", name="CitésLab de Besançon et de ses quartiers d’ailleurs")
    for _advisor in range(3):
        every_day = {
            "site": site, "advisor": factories.AnyMandate(site=site).user, "weekdays": list(range(7)),
            "begins_on": date(2020, 1, 1), "until_time": clock(17),
        }  # fmt: skip
        factories.AnySurgery(**every_day, place="Maison de quartier de Planoise, premier étage", from_time=clock(9))
        factories.AnySurgery(**every_day, access="BOOKED", from_time=clock(9), slot_minutes=45)
    start = timezone.now() + timedelta(days=3)
    for number in range(8):
        workshop = factories.AnyWorkshop(
            site=site, title=f"Ateliers de Besançon, {number} : entreprendre au féminin, une idée à la fois",
            is_public=True, is_planned=True, commune_code="25056", held_on=timezone.localdate(start),
        )  # fmt: skip
        factories.AnySession(workshop=workshop, starts_at=start, ends_at=start + timedelta(hours=3))
    port = free_port()
    serve("--port", str(port), "--workers", "1", "--no-jobs")
    assert within_a_minute(lambda: answers(port))

    for path in ("/trouver/", "/trouver/?commune=25056", f"/trouver/{site.pk}/"):
        weights, page = weighed(port, path, "gzip")
        assert (site.name in page) is (path != "/trouver/")
        assert page.count("Ateliers de Besançon") == (3 if path != "/trouver/" else 0)
        assert len(weights) == 5
        assert sum(weights.values()) <= 60_000, weights


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", ["gzip", "br"])  # what a browser takes over plain HTTP, and over TLS
def test_the_public_figures_weigh_60_kilobytes_at_most_with_all_that_they_ask(serve, taken):
    """A hundred departments, 25 years of projects, every statement: the page, its sheet, its two faces, its icon."""
    cells = [["supported_by_region_and_sex", "persons_supported", {"territory": "*", "sex": "*"}, 6_612, False]]
    for place, code in enumerate(sorted(DEPARTMENTS)):
        factories.AnyDepartment(code=code, name=f"Département de {code} et d’ailleurs")
        by = {"department": code}
        cells.append(["supported_by_department_of_site", "persons_supported", by, 37 * place % 211, place % 9 == 0])
    for year in range(2002, 2027):
        cells.append(["projects_by_year", "projects_cumulative", {"begun": str(year)}, 2_000 + 61 * year % 997, False])
    for dimension, classes in (
        ("sex", ("WOMAN", "MAN", "UNKNOWN")),
        ("situation", ("creation_path", "emergence", "employment", "other")),
        ("residence", ("IN", "OUT", "TO_CHECK", "NOT_LOCATED")),
    ):
        table = "supported_by_residence" if dimension == "residence" else f"supported_by_region_and_{dimension}"
        cells += [[table, "persons_supported", {dimension: name}, 1_653, False] for name in classes]
    made = factories.AnyPublication.build(year=2026)
    summary = made.summary | {"statements": [{"id": one, "value": 0.463, "holds": True} for one in BY_STATEMENT]}
    factories.AnyPublication(year=2026, cells=cells, summary=summary)
    port = free_port()
    serve("--port", str(port), "--workers", "1", "--no-jobs")
    assert within_a_minute(lambda: answers(port))

    weights, page = weighed(port, "/reperes/", taken)
    assert page.count('<rect class="tile') > 100
    assert page.count("said-row") == len(BY_STATEMENT)
    assert len(weights) == 5
    assert sum(weights.values()) <= 60_000, weights
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", page.replace(settings.PUBLIC_URL, ""))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", ["gzip", "br"])
def test_the_public_site_weighs_60_kilobytes_at_most_with_all_that_it_asks(serve, taken):
    """Each of its pages full: three stories of a long title, one with a picture, actions, a published year."""
    made = redrawn(jpeg())
    stories = factories.AnyToldStory.create_batch(13, title="Le pain de ma mère, au marché du samedi " * 3)
    told = stories[0]
    type(told).objects.filter(pk=told.pk).update(words="Une vie entière, racontée en peu de mots. " * 140)
    factories.AnyPicture(story=told, content=made.content, width=made.width, height=made.height, is_agreed=True)
    factories.AnyPressAnnouncement.create_batch(20)
    summary = factories.AnyPublication.build().summary
    statements = [{"id": one, "value": 0.463, "holds": True} for one in BY_STATEMENT]
    factories.AnyPublication(year=2026, summary=summary | {"statements": statements})
    for _ in range(3):
        factories.AnyWorkshop(held_on=timezone.localdate() + timedelta(days=3), is_public=True)
    port = free_port()
    serve("--port", str(port), "--workers", "1", "--no-jobs")
    assert within_a_minute(lambda: answers(port))

    heavy = {}
    for name in ("home", *TEXTS, "plan", "stories", "press"):
        weights, _page = weighed(port, reverse(f"website:{name}"), taken)
        assert len(weights) == 5, name
        heavy[name] = sum(weights.values())
    weights, _page = weighed(port, reverse("website:story", args=[told.pk]), taken)
    assert len(weights) == 6  # with the picture
    heavy["story"] = sum(weights.values())
    assert {name: weight for name, weight in heavy.items() if weight > 60_000} == {}
