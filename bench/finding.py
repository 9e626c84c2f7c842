"""Find my advisor on the shipped server, at demonstration size: bytes, time of one answer, answers a second.

With an address service beside it (of this machine) that answers at once, and with one that is down.
"""

import http.client
import re
import statistics
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from bench import Measure
from bench.agenda import ask
from bench.home import in_process
from bench.rush import Browser, Rush, ms, shipped

TIMES, WARM = 60, 12
MOST_BYTES, MOST_MS, LEAST_A_SECOND = 60_000, 50, 300
CLIENTS, SECONDS, RAMP = 16, 15, 5
LINKED = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script type="module")[^>]*(?:href|src)="([^"]+)"')
FACE = re.compile(r"url\((?:\./)?([^)]+)\)")


class Visitor(Browser):
    """Opens the field, then the answer of a commune, then the page of its site."""

    pages: tuple[str, ...] = ()

    def visit(self) -> str:
        for path in self.pages:
            self.once("GET", path, kind="page", headers={"Accept-Encoding": "gzip, br"})
            if self.status != 200:
                return f"{path} gave {self.status}"
        return ""


def measures() -> Iterator[Measure]:
    in_process()
    from citeslab.network.models import Site
    from citeslab.territories.models import Commune
    from tests.territories.address_service import Service

    site = Site.objects.filter(code__isnull=False).exclude(commune_code="").order_by("pk").first()
    town = Commune.objects.get(pk=site.commune_code)
    house = f"14 rue des Arts, {town.postal_codes[0]} {town.name}"
    pages = {
        "the field": "/trouver/",
        "a commune": f"/trouver/?commune={town.pk}",
        "a site": f"/trouver/{site.pk}/",
        "its free times": f"/trouver/{site.pk}/rendez-vous/",
        "be called back": "/contact/",
    }
    with Service() as service, shipped(CITESLAB_ADDRESS_URL=service.url) as port:
        for name, path in pages.items():
            yield time_of(name, port, "GET", path)
        yield time_of("an address, the service at hand", port, "POST", "/trouver/ici/", {"ou": house})
        point = {"longitude": str(town.longitude), "latitude": str(town.latitude)}
        yield time_of("near me", port, "POST", "/trouver/ici/", point)
        towns = Commune.objects.filter(pk__in=Site.objects.values("commune_code")).exclude(longitude=None)
        elsewhere = [{"longitude": str(one.longitude), "latitude": str(one.latitude)} for one in towns.order_by("pk")]
        yield time_of("near me, each from another town", port, "POST", "/trouver/ici/", *elsewhere)
        for name in ("the field", "a commune", "a site"):
            yield weight_of(name, port, pages[name])
        yield rate(port, tuple(pages[name] for name in ("the field", "a commune", "a site")))
    with shipped(CITESLAB_ADDRESS_URL="http://127.0.0.1:9/") as port:
        yield time_of("an address, the service down", port, "POST", "/trouver/ici/", {"ou": house})


def time_of(name: str, port: int, method: str, path: str, *forms: dict[str, str]) -> Measure:
    """Of the same question again and again or, with several forms, of another one each time."""
    browser, bodies = Browser(port), [urlencode(form) for form in forms] or [None]
    for _warm in range(WARM):  # each worker has its templates, statements and outlines ready
        browser.once(method, path, bodies[0], kind="warm")
    spent = []
    for number in range(TIMES):
        start = time.perf_counter()
        browser.once(method, path, bodies[number % len(bodies)], kind="page")
        spent.append((time.perf_counter() - start) * 1000)
        assert browser.status == 200, (path, browser.status)
    middle, p95 = statistics.median(spent), sorted(spent)[int(TIMES * 0.95)]
    return Measure(f"{name}, time", f"median {middle:.0f} ms, p95 {p95:.0f} ms", f"{MOST_MS} ms", middle <= MOST_MS)


def weight_of(name: str, port: int, path: str) -> Measure:
    """The page with its sheet, its script, its two faces and its icon, as they come over the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    page = Browser(port).get(path)
    total = ask(connection, path)
    for linked in LINKED.findall(page):
        total += ask(connection, linked)
        if linked.endswith(".css"):
            sheet = Browser(port).get(linked)
            faces = [face for face in FACE.findall(sheet) if "-ext-" not in face]
            total += sum(ask(connection, f"{linked.rpartition('/')[0]}/{face}") for face in faces)
    return Measure(
        f"{name}, with all that it asks, over the wire",
        f"{total / 1000:.1f} kB",
        f"{MOST_BYTES / 1000:.0f} kB",
        total <= MOST_BYTES,
    )


def rate(port: int, pages: tuple[str, ...]) -> Measure:
    Visitor.pages = pages
    rush = Rush([Visitor(port) for _client in range(CLIENTS)])
    rush.last(SECONDS, ramp=RAMP)
    rush.tell()
    spent = rush.requests("page")
    return Measure(
        f"public pages, {CLIENTS} clients, p95 {ms(spent):.0f} ms",
        f"{len(spent) / SECONDS:.0f}/s, {len(rush.faults)} wrong",
        f"{LEAST_A_SECOND}/s, none wrong",
        len(spent) / SECONDS >= LEAST_A_SECOND and not rush.faults,
    )
