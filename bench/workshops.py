"""Registration on one action, check-in, side by side with pretix: 50 clients at once on the shipped server."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta

from bench import Measure, pretix
from bench.home import CHECKOUT, environment, in_process
from bench.rush import Browser, Rush, free_port

CLIENTS = 50
SECONDS = 20
SEATS_OF_RUSH = 100  # of the action that is sold out within the run
TIMES = 10  # the peer's orders per second, at least
KEY = re.compile(r'name="key" value="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor(Browser):
    """Someone who opens the action's page, fills in the three fields, and sees her number."""

    def __init__(self, port: int, action: int, place: int):
        super().__init__(port)
        self.address, self.place, self.count = f"/ateliers/{action}/", place, 0

    def visit(self) -> str:
        self.cookies.clear()
        self.count += 1
        page = self.get(self.address)
        key, token = KEY.search(page), TOKEN.search(page)
        if key is None or token is None:
            return f"no form: {self.status}"
        form = {"csrfmiddlewaretoken": token.group(1), "key": key.group(1), "preferred_name": "Exemple"}
        self.post(self.address, form | {"first_name": f"Nour{self.place}x{self.count}", "contact": ""})
        return "" if "/ateliers/inscription/" in self.at and self.status == 200 else f"{self.status} at {self.at}"


class Poster(Visitor):
    """The same form sent again and again, as a machine would: what one registration costs, without its pages."""

    token = ""

    def visit(self) -> str:
        self.count += 1
        if not self.token:
            self.token = TOKEN.search(self.get(self.address)).group(1)  # type: ignore[union-attr]
        name = f"Nour{self.place}x{self.count}"
        form = {"csrfmiddlewaretoken": self.token, "key": str(uuid.uuid4()), "contact": ""}
        answer = self.once("POST", self.address, form | {"first_name": name, "preferred_name": "Exemple"})
        return "" if answer.startswith("/ateliers/inscription/") else f"{self.status}"


def action_of(seats: int | None):
    from django.utils import timezone

    from citeslab.network.models import Tenure
    from citeslab.workshops import services
    from citeslab.workshops.enums import Kind
    from citeslab.workshops.models import Workshop

    at = timezone.now()
    tenure = Tenure.objects.on(timezone.localdate(at)).select_related("user", "post__site").order_by("pk")[0]
    start = (at + timedelta(days=30)).replace(minute=0)
    workshop = Workshop(
        site=tenure.post.site, kind=Kind.GENERAL, title=f"Mesure {uuid.uuid4()}", capacity=seats, is_public=True
    )
    programme = services.Programme([(start, start + timedelta(hours=3))], [tenure.user])
    return services.plan(workshop=workshop, programme=programme, by=tenure.user, at=at)


def ours(port: int, seats: int, kind: type[Visitor] = Visitor) -> tuple[Rush, int, int]:
    """The rush, how many have a seat, and how many registrations there are."""
    workshop = action_of(seats)
    rush = Rush([kind(port, workshop.pk, place) for place in range(CLIENTS)])
    rush.last(SECONDS)
    for fault in rush.faults[:3]:
        print(fault, file=sys.stderr)
    standing = workshop.registrations.standing()
    return rush, standing.filter(is_waiting=False).count(), standing.count()


def measures() -> Iterator[Measure]:
    in_process()
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "serve", "--port", str(port)],
        cwd=CHECKOUT,
        env=environment() | {"CITESLAB_MODE": "demo", "CITESLAB_REGISTRATIONS_AN_HOUR": "10000000"},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        warm = Browser(port)
        for _attempt in range(120):
            time.sleep(0.5)
            try:
                if warm.get("/connexion/") and warm.status == 200:
                    break
            except OSError:
                continue
        many, _seated, _all = ours(port, 30_000)
        bare, _seated, _all = ours(port, 30_000, Poster)
        full, seated, registered = ours(port, SEATS_OF_RUSH)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    yield Measure(
        f"registrations on one action, {CLIENTS} clients, page to number ({many.done} in {SECONDS} s)",
        f"{many.per_second:.0f}/s, a request p95 {many.slowest(0.95) * 1000:.0f} ms, {len(many.faults)} wrong",
        "p95 500 ms, none wrong",
        many.slowest(0.95) <= 0.5 and not many.faults,
    )
    yield Measure(
        f"{SEATS_OF_RUSH} seats, {registered} who register",
        f"{seated} seats given, {registered - seated} in line",
        "100, none oversold",
        seated == SEATS_OF_RUSH and not full.faults,
    )
    try:
        pages, machine = pretix.orders(seconds=SECONDS, clients=CLIENTS)
    except pretix.NotHere as reason:
        yield Measure("the same on pretix", f"not measured here: {reason}", f"{TIMES} times less", False)
        return
    for road, we, peer in (("through its pages", many, pages), ("by its API, against our form alone", bare, machine)):
        times = we.per_second / peer.per_second if peer.orders else 0
        yield Measure(
            f"pretix {pretix.VERSION} {road}, {pretix.WORKERS} workers, PostgreSQL ({peer.orders} orders)",
            f"{peer.per_second:.1f}/s, p95 {peer.p95 * 1000:.0f} ms; ours {we.per_second:.0f}/s, {times:.0f} times",
            f"{TIMES} times",
            times >= TIMES,
        )
