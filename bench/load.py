"""Every advisor at work at once, on the shipped server: pages read, notes written, at demonstration size."""

import html
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench import Measure
from bench.home import CHECKOUT, environment, in_process, signed_in

ADVISORS = 82
SECONDS = 60
NOTES = 0.3  # of the acts; the others read


@dataclass(frozen=True)
class Pace:
    """Seconds that an advisor takes on average, all 82 without a break for the whole minute."""

    name: str
    reading: float  # from a page to the next act
    writing: float  # from a note's form to its sending


# A note is meant to take 45 seconds, and between two of them there is a meeting: a real morning is far calmer.
BUSY = Pace("at a busy pace", reading=6, writing=12)
# Nobody reads or writes so fast: what is left when everything goes wrong at once.
RUSH = Pace("rushing, without reading or writing", reading=3, writing=0)
SEED = 82
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FIELD = re.compile(r"<input[^>]*>")
CHOICE = re.compile(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)"[^>]* selected')


@dataclass
class Advisor:
    cookie: str
    people: list[int]
    names: list[str]


@dataclass
class Tally:
    """Seconds of each act by kind, and what went wrong."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float, fault: str = "") -> None:
        with self.lock:
            self.spent.setdefault(kind, []).append(seconds)
            if fault:
                self.wrong.append(f"{kind}: {fault}")


class Visit:
    """One advisor's browser, as far as the server sees it: a kept connection, her cookies, her forms."""

    def __init__(self, port: int, advisor: Advisor, tally: Tally, seed: int, pace: Pace = BUSY):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.advisor, self.tally, self.random, self.pace = advisor, tally, random.Random(seed), pace

    def ask(self, kind: str, path: str, form: dict[str, str] | None = None, expected: int = 200) -> str:
        headers = {"Cookie": self.advisor.cookie, "Accept-Encoding": "br"}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        start = time.perf_counter()
        try:
            response = self.answer("POST" if form is not None else "GET", path, body, headers)
            text = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.tally.add(kind, time.perf_counter() - start, repr(error))
            return ""
        seconds = time.perf_counter() - start
        self.tally.add(kind, seconds, "" if response.status == expected else f"{path} gave {response.status}")
        return text if response.status == expected else ""

    def answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """As browsers do, on the kept connection, or on a new one when the server has closed it meanwhile."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def read(self) -> None:
        person, name = self.random.choice(self.advisor.people), self.random.choice(self.advisor.names)
        kind, path = self.random.choice(
            [
                ("home", "/"),
                ("list", "/personnes/"),
                ("search", f"/personnes/?{urlencode({'words': name})}"),
                ("person", f"/personnes/{person}/"),
                ("person", f"/personnes/{person}/"),
            ]
        )
        self.ask(kind, path)

    def wait(self, seconds: float) -> None:
        if seconds:
            time.sleep(self.random.expovariate(1 / seconds))

    def write(self) -> None:
        """The form is fetched as filled in ahead, the text added, and sent."""
        path = f"/personnes/{self.random.choice(self.advisor.people)}/note/"
        page = self.ask("note, its form", path)
        if not page:
            return
        form = {"text": "Devis reçu, elle garde le nom. Prête pour la suite.", "key": str(uuid.uuid4())}
        for tag in FIELD.findall(page):
            told = {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
            is_chosen = told.get("type") != "radio" or " checked" in tag
            if told.get("name") and is_chosen and told["name"] not in form and told.get("type") != "checkbox":
                form[told["name"]] = told.get("value", "")
        for name, options in CHOICE.findall(page):
            if chosen := CHOSEN.search(options):
                form[name] = html.unescape(chosen[1])
        self.wait(self.pace.writing)
        self.ask("note", path, form, expected=302)

    def work(self, until: float) -> None:
        time.sleep(self.random.uniform(0, self.pace.reading))
        while time.monotonic() < until:
            self.write() if self.random.random() < NOTES else self.read()
            self.wait(self.pace.reading)


def advisors() -> list[Advisor]:
    """Those in post today, each signed in, with some people of her site and their names."""
    from django.conf import settings
    from django.utils import timezone

    from citeslab.network.models import Tenure
    from citeslab.people.models import Person

    on = timezone.localdate()
    found = []
    for tenure in Tenure.objects.on(on).select_related("user", "post").order_by("pk")[:ADVISORS]:
        people = list(
            Person.objects.visible_to(tenure.user, on=on).order_by("-pk").values_list("pk", "preferred_name")[:200]
        )
        client = signed_in(tenure.user)
        client.get("/")
        cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            "csrftoken": client.cookies["csrftoken"].value if "csrftoken" in client.cookies else "0" * 32,
        }
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        found.append(Advisor(cookie, [pk for pk, _name in people], [name for _pk, name in people]))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def measures() -> Iterator[Measure]:
    in_process()
    everyone = advisors()
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "serve", "--port", str(port)],
        cwd=CHECKOUT,
        env=environment() | {"CITESLAB_MODE": "demo"},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _attempt in range(120):
            time.sleep(0.5)
            if Visit(port, everyone[0], Tally(), 0).ask("warm", "/"):
                break
        for one in everyone[:20]:  # each worker has its templates and statements ready
            Visit(port, one, Tally(), 0).ask("warm", "/")
        yield from at_pace(BUSY, everyone, port)
        yield from at_pace(RUSH, everyone, port)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def at_pace(pace: Pace, everyone: list[Advisor], port: int) -> Iterator[Measure]:
    from citeslab.followup.models import Meeting

    before = Meeting.objects.count()
    tally = Tally()
    until = time.monotonic() + SECONDS
    visits = [Visit(port, one, tally, SEED + rank, pace) for rank, one in enumerate(everyone)]
    threads = [threading.Thread(target=visit.work, args=[until]) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = sorted(seconds for rows in tally.spent.values() for seconds in rows)
    p95 = spent[int(len(spent) * 0.95)] * 1000
    rate, notes = len(spent) / SECONDS, len(tally.spent.get("note", []))
    for fault in tally.wrong[:5]:
        print(fault, file=sys.stderr)
    for kind, rows in sorted(tally.spent.items()):
        middle = sorted(rows)
        print(
            f"  {kind}: {len(rows)}, median {middle[len(rows) // 2] * 1000:.0f} ms, "
            f"p95 {middle[int(len(rows) * 0.95)] * 1000:.0f} ms",
            file=sys.stderr,
        )
    kept = Meeting.objects.count() - before
    yield Measure(
        f"{len(everyone)} advisors at once for {SECONDS} s {pace.name}, {len(spent)} answers ({rate:.0f}/s)",
        f"p95 {p95:.0f} ms, {len(tally.wrong)} wrong",
        "p95 200 ms, none wrong" if pace is BUSY else "none wrong",
        not tally.wrong and (p95 <= 200 or pace is not BUSY),
    )
    yield Measure(f"{pace.name}, notes written and kept", f"{notes} and {kept}", "equal", notes == kept)
