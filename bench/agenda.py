"""The public agenda with 500 actions announced, asked of the shipped server as a browser does: bytes, and time."""

import http.client
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from bench import Measure
from bench.home import CHECKOUT, environment, in_process
from bench.rush import free_port

ACTIONS = 500
TIMES = 60
MOST_BYTES, MOST_MS = 50_000, 100
PAGES = {
    "the public agenda": "/ateliers/",
    "around a commune": "/ateliers/?commune=Toulouse&km=50",
    "the block of a town": "/ateliers/bloc/?commune=Toulouse",
    "the calendar": "/ateliers/agenda.ics",
}


def measures() -> Iterator[Measure]:
    in_process()
    made = announce()
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "serve", "--port", str(port), "--no-jobs"],
        cwd=CHECKOUT,
        env=environment(),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        for name, address in PAGES.items():
            yield from measured(name, address, port)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        made.delete()


def announce():
    """As many actions as the page must hold, beside those of the demonstration, all over its towns."""
    from django.utils import timezone

    from citeslab.accounts.models import User
    from citeslab.demo.services.geography import towns
    from citeslab.network.models import Site
    from citeslab.territories.values import territory_of
    from citeslab.workshops.models import Session, Workshop

    at, everywhere = timezone.now(), towns()
    missing = max(0, ACTIONS - Workshop.objects.announced(on=timezone.localdate(at)).count())
    site, user = Site.objects.order_by("pk").first(), User.objects.order_by("pk").first()
    workshops, sessions = [], []
    for rank in range(missing):
        town = everywhere[rank % len(everywhere)]
        far = 0.3 * (rank // len(everywhere)) / 6
        longitude, latitude = round(town.longitude + far, 4), round(town.latitude + far / 2, 4)
        day = timezone.localdate(at) + timedelta(days=1 + rank % 60)
        begins = datetime.combine(day, datetime.min.time().replace(hour=9), tzinfo=timezone.get_current_timezone())
        workshop = Workshop(
            site=site,
            held_on=day,
            kind="THEMATIC",
            title=f"Oser son idée, premier atelier numéro {rank}",
            place="Maison de quartier des Tilleuls",
            commune_name=town.name,
            commune_code=town.code,
            longitude=longitude,
            latitude=latitude,
            territory=territory_of(longitude, latitude),
            capacity=12,
            is_public=True,
            is_planned=True,
            recorded_at=at,
            recorded_by=user,
        )
        workshops.append(workshop)
        sessions.append(Session(workshop=workshop, starts_at=begins, ends_at=begins + timedelta(hours=3)))
    Workshop.objects.bulk_create(workshops)
    Session.objects.bulk_create(sessions)
    return Workshop.objects.filter(pk__in=[workshop.pk for workshop in workshops])


def wait_for(port: int) -> None:
    for _attempt in range(120):
        try:
            ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30), "/ateliers/")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(port)


def ask(connection: http.client.HTTPConnection, address: str) -> int:
    """The bytes of an answer as they come over the wire, its head left out."""
    connection.request("GET", address, headers={"Accept-Encoding": "gzip, br", "Accept-Language": "fr"})
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, (address, response.status)
    return len(body)


def measured(name: str, address: str, port: int) -> Iterator[Measure]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _warm in range(8):  # each worker has its templates and statements ready
        ask(connection, address)
    spent = []
    for _time in range(TIMES):
        start = time.perf_counter()
        size = ask(connection, address)
        spent.append((time.perf_counter() - start) * 1000)
    middle, p95 = statistics.median(spent), sorted(spent)[int(TIMES * 0.95)]
    is_page = not address.endswith(".ics")  # a program reads it once an hour
    yield Measure(
        f"{name}, {ACTIONS} actions announced, time",
        f"median {middle:.0f} ms, p95 {p95:.0f} ms",
        f"{MOST_MS} ms" if is_page else "told",
        middle <= MOST_MS or not is_page,
    )
    yield Measure(
        f"{name}, over the wire",
        f"{size / 1000:.1f} kB",
        f"{MOST_BYTES / 1000:.0f} kB" if is_page else "told",
        size <= MOST_BYTES or not is_page,
    )
