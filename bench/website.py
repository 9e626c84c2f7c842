"""The public site on the shipped server: what each page weighs with all that it asks, and how many a second it gives.

`python -m bench.website http://127.0.0.1:8000` asks a server that is already there.
"""

import http.client
import re
import sys
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bench import Measure
from bench.home import in_process
from bench.rush import Browser, Rush, ms, shipped

PAGES = (
    "/bienvenue/", "/trouver/", "/decouvrir/", "/parcours/", "/questions/", "/facile/", "/recits/", "/presse/",
    "/vie-privee/", "/accessibilite/", "/mentions-legales/", "/plan/", "/ateliers/", "/reperes/", "/flux/recits.xml",
    "/sitemap.xml",
)  # fmt: skip
MOST_BYTES, LEAST_A_SECOND = 60_000, 300
READERS, SECONDS, RAMP = 8, 8, 3
ASKED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|(?:img|script)[^>]* src)="([^"]+)"')
FACE = re.compile(r"url\((?:\./)?([^)]+woff2)\)")
READ_IN_PASSING = {"/flux/recits.xml", "/sitemap.xml"}  # by programs, once an hour


class Reader(Browser):
    """Asks one page again and again, as a browser that has kept nothing."""

    def __init__(self, port: int, path: str):
        super().__init__(port)
        self.path = path

    def visit(self) -> str:
        self.once("GET", self.path, kind=self.path, headers={"Accept-Encoding": "gzip", "Accept-Language": "fr"})
        return "" if self.status == 200 else f"{self.path} gave {self.status}"


def fetched(port: int, path: str) -> tuple[int, str]:
    """The bytes of an answer as they come, its head left out, and its text where it is asked without packing."""
    sizes = []
    text = ""
    for coding in ("gzip", "identity"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": coding, "Accept-Language": "fr"})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise OSError(f"{path} gave {response.status}")
        sizes.append(len(body))
        text = body.decode(errors="replace")
        connection.close()
    return sizes[0], text


def weight(port: int, path: str) -> int:
    """The page, its sheet, the two faces that it needs, its drawings and pictures."""
    size, text = fetched(port, path)
    for asked in set(ASKED.findall(text)):
        there = urljoin(path, asked)
        bytes_, sheet = fetched(port, there)
        size += bytes_
        if there.endswith(".css"):
            size += sum(fetched(port, urljoin(there, face))[0] for face in FACE.findall(sheet) if "-ext-" not in face)
    return size


def measured(port: int) -> Iterator[Measure]:
    _size, stories = fetched(port, "/recits/")
    first = re.search(r'href="(/recits/\d+/)', stories)
    for path in [*PAGES, *([first[1]] if first else [])]:
        try:
            bytes_ = weight(port, path)
        except OSError as missing:
            yield Measure(path, str(missing), "is there", False)
            continue
        yield Measure(
            f"{path}, over the wire",
            f"{bytes_ / 1000:.1f} kB",
            f"{MOST_BYTES / 1000:.0f} kB" if path not in READ_IN_PASSING else "told",
            bytes_ <= MOST_BYTES or path in READ_IN_PASSING,
        )
        rush = Rush([Reader(port, path) for _reader in range(READERS)])
        rush.last(SECONDS, ramp=RAMP)
        rush.tell()
        yield Measure(
            f"{path}, {READERS} readers at once, none waiting",
            f"{rush.per_second:.0f} a second, p95 {ms(rush.visits()):.0f} ms, {len(rush.faults)} wrong",
            f"{LEAST_A_SECOND} a second" if path not in READ_IN_PASSING else "told",
            (rush.per_second >= LEAST_A_SECOND and not rush.faults) or path in READ_IN_PASSING,
        )


def measures() -> Iterator[Measure]:
    in_process()
    with shipped() as port:
        yield from measured(port)


if __name__ == "__main__":
    for one in measured(urlsplit(sys.argv[1]).port or 80):
        print(f"{one.work}: {one.reached} ({one.target}) {'met' if one.met else 'SHORT'}", flush=True)
