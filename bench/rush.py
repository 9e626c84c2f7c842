"""Many browsers at one page at once, as far as the server sees it: kept connections, cookies, forms."""

import http.client
import socket
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlencode, urljoin, urlsplit


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """One visitor. `visit` does what she came for once, and gives what went wrong, or nothing."""

    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.at = ""
        self.spent: list[float] = []  # of each request
        self.status = 0

    def visit(self) -> str:
        raise NotImplementedError

    def get(self, path: str) -> str:
        return self.ask("GET", path)

    def post(self, path: str, form: dict[str, str]) -> str:
        return self.ask("POST", path, urlencode(form))

    def once(self, method: str, path: str, form: dict[str, str]) -> str:
        """One request; gives where it redirects to, or the page."""
        text, location = self.request(method, path, urlencode(form))
        return location or text

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        """The page at the end of the redirections; `at` says where that is."""
        for _hop in range(10):
            text, location = self.request(method, path, body)
            if not location:
                return text
            there = urlsplit(urljoin(path, location))
            path, method, body = there.path + (f"?{there.query}" if there.query else ""), "GET", None
        return text

    def request(self, method: str, path: str, body: str | None) -> tuple[str, str]:
        """The answer's text, and where it redirects to."""
        headers = {"Accept-Encoding": "identity", "Host": f"127.0.0.1:{self.connection.port}"}
        headers["Referer"] = f"http://127.0.0.1:{self.connection.port}{path}"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        self.spent.append(time.perf_counter() - start)
        self.status, self.at = answer.status, path
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key.strip()] = rest.partition(";")[0]
        moved = answer.status in {301, 302, 303}
        return text, (answer.getheader("Location") or "") if moved else ""


class Rush:
    """These browsers, each visiting again and again until the time is over."""

    def __init__(self, browsers: Sequence[Browser]):
        self.browsers = browsers
        self.visits: list[float] = []
        self.faults: list[str] = []
        self.lock = threading.Lock()
        self.seconds = 0.0

    def last(self, seconds: float) -> None:
        start = time.perf_counter()
        until = start + seconds
        threads = [threading.Thread(target=self.work, args=[one, until]) for one in self.browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.seconds = time.perf_counter() - start

    def work(self, browser: Browser, until: float) -> None:
        while time.perf_counter() < until:
            start = time.perf_counter()
            try:
                fault = browser.visit()
            except (OSError, http.client.HTTPException) as error:
                fault = repr(error)
            with self.lock:
                if fault:
                    self.faults.append(fault)
                else:
                    self.visits.append(time.perf_counter() - start)

    @property
    def done(self) -> int:
        return len(self.visits)

    @property
    def per_second(self) -> float:
        return self.done / self.seconds

    def quantile(self, share: float) -> float:
        """Seconds of a whole visit."""
        return at(sorted(self.visits), share)

    def slowest(self, share: float) -> float:
        """Seconds of one request."""
        return at(sorted(spent for one in self.browsers for spent in one.spent), share)


def at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")
