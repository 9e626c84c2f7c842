"""The map of every QPV, in a Chromium whose processor is four times slower, from the shipped server."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import Measure
from bench.home import SHARED, citeslab, signed_in
from bench.rush import shipped

FILE = SHARED / "qpv" / "qpv2024_2026-01.geojson.gz"
SLOWER, TIMES = 4, 5
PAGE = "/reseau/couverture/"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Once the page is loaded and drawn: two frames after its last script.
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"


def measures() -> Iterator[Measure]:
    from tests.run import find_chromium

    browser = find_chromium()
    if not FILE.exists() or not browser:
        yield Measure("the map of QPV", "the official file, or a Chromium, is not here", "", False)
        return
    with TemporaryDirectory() as folder:
        home = Path(folder)
        citeslab("migrate", home=home)
        citeslab("communes", "load", home=home)
        citeslab("qpv", "load", str(FILE), "--edition", "2024", "--release", "2026-01-15", home=home)
        cookie = half_covered(home)
        with shipped(CITESLAB_HOME=str(home)) as port:
            yield from drawn(browser, f"http://127.0.0.1:{port}", cookie)


def half_covered(home: Path) -> str:
    """A site in each department, that covers every second QPV of it; the cookie of a pilot."""
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {
        "CITESLAB_HOME": str(home), "CITESLAB_MODE": "demo", "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    import django

    django.setup()
    from django.utils import timezone

    from citeslab.accounts.services import command_line_user, create_user
    from citeslab.network import services
    from citeslab.network.enums import Role
    from citeslab.network.models import Coverage, Post, Tenure
    from citeslab.territories.models import QPV

    at = timezone.now()
    by = command_line_user(at=at)
    since = date(2024, 1, 1)
    pilot = create_user(email="pilot@exemple.fr", name="Agnès Lorrain", password=None, at=at)
    services.give_mandate(user=pilot, role=Role.PILOT, begins_on=since, by=by, at=at)
    sites = {}
    for place, (code, department) in enumerate(QPV.objects.order_by("code").values_list("code", "department_code")):
        if department not in sites:
            sites[department] = services.open_site(
                code=department, name=f"CitésLab {department}", opened_on=since, by=by, at=at
            )
            post = Post.objects.create(site=sites[department], begins_on=since)
            if len(sites) % 5:
                Tenure.objects.create(post=post, user=by, begins_on=since)
        if place % 2:
            Coverage.objects.create(site=sites[department], edition=2024, qpv_code=code, begins_on=since)
    return signed_in(pilot).cookies["sessionid"].value


def drawn(browser: str, address: str, cookie: str) -> Iterator[Measure]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=QUIET)
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + PAGE)  # the index of outlines is built once a process
        slow = context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        spent, clicked = [], []
        for _ in range(TIMES):
            page.goto(address + PAGE, wait_until="load")
            spent.append(page.evaluate(DRAWN))
            page.get_by_role("link", name="Seine-Saint-Denis").click()
            page.wait_for_url("**department=93*", wait_until="load")
            clicked.append(page.evaluate(DRAWN))
        page.goto(address + PAGE)
        dots = page.evaluate(
            "() => [...document.querySelectorAll('.dot-map .dots:not(.dots-hole)')]"
            ".reduce((n, path) => n + path.getAttribute('d').split('M').length - 1, 0)"
        )
        size = page.evaluate("() => performance.getEntriesByType('navigation')[0].encodedBodySize")
        elsewhere = [url for url in asked if not url.startswith(address)]
        chromium.close()
    middle, after = sorted(spent)[TIMES // 2], sorted(clicked)[TIMES // 2]
    yield Measure(f"{dots} QPV drawn, processor {SLOWER} times slower", f"{middle:.0f} ms", "2 s", middle <= 2_000)
    yield Measure("one department opened from it, likewise", f"{after:.0f} ms", "2 s", after <= 2_000)
    yield Measure("every QPV has its dot", str(dots), "1584", dots == 1_584)
    yield Measure("the page over the wire", f"{size / 1000:.0f} kB", "100 kB", size <= 100_000)
    yield Measure("calls to another host", str(len(elsewhere)), "0", not elsewhere)
