"""Many browsers at one server at once, as far as it sees them: kept connections, cookies, forms, addresses.

The one client of every measurement over HTTP, ours and our peers'.
"""

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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from bench.home import CHECKOUT, environment

FIELD = re.compile(r"<input[^>]*>")
CHOICE = re.compile(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)"[^>]* selected')
PATIENCE = 60  # seconds that a browser waits for an answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def somewhere() -> str:
    """An address of this machine's own, so that a limit for one origin sees as many as there are browsers."""
    return ".".join(["127", *(str(random.randrange(1, 255)) for _part in range(3))])


class TimeIsOver(Exception):
    """The rush has ended: what this visit had left to ask is not asked."""


@dataclass(frozen=True)
class Spent:
    """A request or a whole visit that ended."""

    kind: str
    ended: float
    seconds: float


class Browser:
    """One visitor. `visit` does what she came for once, and gives what went wrong, or nothing."""

    def __init__(self, port: int, *, cookies: Mapping[str, str] | None = None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, PATIENCE, source_address=(somewhere(), 0))
        self.cookies = dict(cookies or {})
        self.at, self.status = "", 0
        self.spent: list[Spent] = []  # of each request
        self.until = float("inf")

    def visit(self) -> str:
        raise NotImplementedError

    def get(self, path: str, kind: str = "page") -> str:
        return self.ask("GET", path, kind=kind)

    def post(self, path: str, form: Mapping[str, str], kind: str = "form") -> str:
        return self.ask("POST", path, urlencode(form), kind=kind)

    def ask(self, method: str, path: str, body: str | None = None, *, kind: str) -> str:
        """The page at the end of the redirections; `at` says where that is."""
        for _hop in range(10):
            text, location = self.once(method, path, body, kind=kind)
            if not location:
                return text
            there = urlsplit(urljoin(path, location))
            path, method, body = there.path + (f"?{there.query}" if there.query else ""), "GET", None
            kind = "page after a form"
        return text

    def once(
        self,
        method: str,
        path: str,
        body: str | None = None,
        *,
        kind: str,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[str, str]:
        """One request: the answer's text, and where it redirects to."""
        if time.perf_counter() > self.until:
            raise TimeIsOver
        host = f"127.0.0.1:{self.connection.port}"
        said = {"Accept-Encoding": "identity", "Host": host, "Referer": f"http://{host}{path}"}
        if self.cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            said["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        try:
            answer = self.answer(method, path, body, said | dict(headers or {}))
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        end = time.perf_counter()
        self.spent.append(Spent(kind, end, end - start))
        self.status, self.at = answer.status, path
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key.strip()] = rest.partition(";")[0]
        moved = answer.status in {301, 302, 303}
        return text, (answer.getheader("Location") or "") if moved else ""

    def answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """On the kept connection or, as browsers do, on a new one when the server has closed it meanwhile."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()


def filled(page: str) -> dict[str, str]:
    """What the fields of a page say as it comes; nothing of boxes to tick."""
    form: dict[str, str] = {}
    for tag in FIELD.findall(page):
        told = {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        is_chosen = told.get("type") != "radio" or " checked" in tag
        if told.get("name") and is_chosen and told["name"] not in form and told.get("type") != "checkbox":
            form[told["name"]] = told.get("value", "")
    for name, options in CHOICE.findall(page):
        if chosen := CHOSEN.search(options):
            form[name] = html.unescape(chosen[1])
    return form


class Rush:
    """These browsers, each visiting again and again until the time is over, or once."""

    def __init__(self, browsers: Sequence[Browser]):
        self.browsers = browsers
        self.ended: list[Spent] = []
        self.faults: list[str] = []
        self.lock = threading.Lock()
        self.begin = self.seconds = 0.0

    def last(self, seconds: float, *, ramp: float = 0.0) -> None:
        """Visits that end within `seconds` count, once the `ramp` is over: every worker is warm, every client busy."""
        self.begin, self.seconds = time.perf_counter() + ramp, seconds
        for one in self.browsers:
            one.until = self.begin + seconds
        self.all_at(self.again)

    def once(self) -> None:
        """Each visits once; those who come later wait within their visit."""
        self.begin = time.perf_counter()
        self.all_at(self.visit)
        self.seconds = time.perf_counter() - self.begin

    def all_at(self, work) -> None:
        threads = [threading.Thread(target=work, args=[one]) for one in self.browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def again(self, browser: Browser) -> None:
        while time.perf_counter() < browser.until:
            self.visit(browser)

    def visit(self, browser: Browser) -> None:
        start = time.perf_counter()
        try:
            fault = browser.visit()
        except TimeIsOver:
            return
        except (OSError, http.client.HTTPException) as error:
            fault = repr(error)
        end = time.perf_counter()
        with self.lock:
            if fault:
                self.faults.append(fault)
            else:
                self.ended.append(Spent("visit", end, end - start))

    @property
    def done(self) -> int:
        """Whole visits that ended within the time."""
        return sum(self.begin <= one.ended <= self.begin + self.seconds for one in self.ended)

    @property
    def per_second(self) -> float:
        return self.done / self.seconds

    def visits(self) -> list[float]:
        """Seconds of each whole visit that ended after the ramp, the shortest first."""
        return sorted(one.seconds for one in self.ended if one.ended >= self.begin)

    def requests(self, *kinds: str) -> list[float]:
        """Seconds of each request (of these kinds) that ended after the ramp, the shortest first."""
        return sorted(
            spent.seconds
            for one in self.browsers
            for spent in one.spent
            if spent.ended >= self.begin and (not kinds or spent.kind in kinds)
        )

    def tell(self) -> None:
        """Each kind of request and the first faults, for who looks on."""
        for fault in self.faults[:3]:
            print(f"  wrong: {fault}", file=sys.stderr)
        for kind in sorted({spent.kind for one in self.browsers for spent in one.spent}):
            if rows := self.requests(kind):
                print(f"  {kind}: {len(rows)}, median {ms(rows, 0.5):.0f} ms, p95 {ms(rows):.0f} ms", file=sys.stderr)


def ms(ordered: Sequence[float], share: float = 0.95) -> float:
    """Milliseconds that this share of them did not exceed."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("inf")


@contextmanager
def ended_with(process: subprocess.Popen) -> Iterator[None]:
    """The process, begun in a session of its own, ends with what it started."""
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@contextmanager
def shipped(**settings: str) -> Iterator[int]:
    """The server as it is shipped, on the demonstration: its port, once it answers."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "serve", "--port", str(port)],
        cwd=CHECKOUT,
        env=environment() | {"CITESLAB_MODE": "demo"} | settings,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with ended_with(server):
        wait_for(port, "/connexion/")
        yield port


def wait_for(port: int, path: str, *, seconds: float = 60) -> None:
    """Until the page of that path comes, or raises `OSError`."""
    first, until = Browser(port), time.perf_counter() + seconds
    while time.perf_counter() < until:
        try:
            first.get(path)
        except (OSError, http.client.HTTPException):
            time.sleep(0.5)
            continue
        if first.status == 200:
            return
        time.sleep(0.5)
    raise OSError(f"{path} does not answer on port {port} after {seconds:.0f} s")
