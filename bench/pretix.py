"""pretix, the peer that registration is measured against: on the same machine, in the same run.

Installed once from PyPI in a folder of its own, on PostgreSQL (a private server like ours), with gunicorn and three
workers, as its documentation says; without a broker its tasks run within the request. It writes to each buyer: a mail
server of this machine takes the message at once.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from html import unescape

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from bench.home import CHECKOUT
from bench.rush import Browser, Rush, free_port

HOME = CHECKOUT / ".citeslab-peer"
VERSION = "2026.8.0"
WORKERS = 3
PYTHON = HOME / "venv" / "bin" / "python"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SHOP = "/citeslab/action/"

CONFIGURATION = """
[pretix]
instance_name=peer
url=http://127.0.0.1:{port}
datadir={home}/data
trust_x_forwarded_for=off
trust_x_forwarded_proto=off

[database]
backend=postgresql
name=citeslab
user=citeslab
host={host}
port=5432

[mail]
host=127.0.0.1
port={mail}
tls=off
ssl=off

[django]
debug=off
secret=for-a-measurement-on-this-machine
"""

# One event, one free item, and as many seats as asked.
EVENT = """
import datetime as dt, sys
from django.utils.timezone import now
from django_scopes import scopes_disabled
from pretix.base.models import Event, Organizer
with scopes_disabled():
    organizer, _new = Organizer.objects.get_or_create(slug="citeslab", defaults={"name": "Peer"})
    Event.objects.filter(organizer=organizer).update(live=False)
    slug = "action"
    event = Event.objects.filter(organizer=organizer, slug=slug).first()
    if event is None:
        event = Event.objects.create(
            organizer=organizer, name="Action", slug=slug, currency="EUR", date_from=now() + dt.timedelta(days=30),
            is_public=True, plugins="",
        )
        item = event.items.create(name="Place", default_price=0, admission=True)
        quota = event.quotas.create(name="Places", size=SEATS)
        quota.items.add(item)
        for name in ("attendee_names_asked", "attendee_emails_asked", "order_email_asked_twice", "order_phone_asked",
                     "invoice_address_asked", "mail_attach_ical"):
            event.settings.set(name, False)
    quota = event.quotas.get()
    quota.size = SEATS
    quota.save()
    event.live = True
    event.save()
    everything = {"all_events": True, "all_event_permissions": True}
    team, _new = organizer.teams.get_or_create(name="bench", defaults=everything)
    token = team.tokens.first() or team.tokens.create(name="bench")
    print("item", event.items.get().pk, "orders", event.orders.count(), "token", token.token)
"""


class NotHere(Exception):
    """The peer cannot be had on this machine; the reason."""


@dataclass(frozen=True)
class Peer:
    """What the peer reached. Seconds of a whole order, from its page to the last answer; and of one request."""

    orders: int
    per_second: float
    median: float
    p95: float
    slowest_p95: float
    faults: int


def run(*arguments: str, config: str, text: str = "") -> str:
    done = subprocess.run(
        [str(PYTHON), "-m", "pretix", *arguments],
        input=text,
        text=True,
        capture_output=True,
        env={**os.environ, "PRETIX_CONFIG_FILE": config, "DJANGO_SETTINGS_MODULE": "pretix.settings"},
        cwd=HOME,
    )
    if done.returncode:
        raise NotHere(f"pretix {arguments[0]}: {done.stderr[-800:]}")
    return done.stdout


def install() -> None:
    HOME.mkdir(exist_ok=True)
    if PYTHON.exists():
        return
    uv = CHECKOUT / ".venv" / "bin" / "uv"
    made = subprocess.run([str(uv), "venv", "--quiet", "--python", sys.executable, str(HOME / "venv")])
    wanted = [f"pretix=={VERSION}", "gunicorn", "psycopg2-binary"]
    got = subprocess.run([str(uv), "pip", "install", "--quiet", "--python", str(PYTHON), *wanted])
    if made.returncode or got.returncode:
        raise NotHere("pretix could not be installed: no registry answers")


class Buyer(Browser):
    """One ticket through the shop's own pages: into the cart, the questions, the confirmation."""

    def __init__(self, port: int, item: int):
        super().__init__(port)
        self.item = item

    def visit(self) -> str:
        self.cookies.clear()
        page = self.get(SHOP)
        answer = self.post(f"{SHOP}cart/add", self.form(page, **{f"item_{self.item}": "1"}))
        for _step in range(8):
            if "/order/" in self.at:
                return ""
            if "checkout" not in self.at:
                answer = self.get(f"{SHOP}checkout/start")
            if "/order/" in self.at:
                return ""
            said = {"email": "nour@example.org"} if "/questions" in self.at else {}  # it asks for an address
            answer = self.post(self.at, self.form(answer, **said))
        alert = re.search(r'class="alert[^>]*>(.*?)</div>', answer, re.S)
        return unescape(re.sub(r"<[^>]+>|\s+", " ", alert.group(1)))[:200] if alert else f"stopped at {self.at}"

    def form(self, page: str, **values: str) -> dict[str, str]:
        token = TOKEN.search(page)
        return {"csrfmiddlewaretoken": token.group(1) if token else "", **values}


class Machine(Browser):
    """One order by the peer's own programming interface: one request, and no page."""

    def __init__(self, port: int, item: int, token: str):
        super().__init__(port)
        self.item, self.token = item, token

    def visit(self) -> str:
        order = {
            "email": "nour@example.org",
            "locale": "en",
            "sales_channel": "web",
            "payment_provider": "free",
            "status": "p",
            "positions": [{"item": self.item, "variation": None, "answers": []}],
        }
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        start = time.perf_counter()
        path = "/api/v1/organizers/citeslab/events/action/orders/"
        self.connection.request("POST", path, json.dumps(order), headers)
        answer = self.connection.getresponse()
        said = answer.read().decode(errors="replace")
        self.spent.append(time.perf_counter() - start)
        return "" if answer.status == 201 else f"{answer.status}: {said[:200]}"


def orders(*, seconds: int, clients: int, seats: int = 100_000) -> tuple[Peer, Peer]:
    """Free tickets of one event: by the shop's own pages, and by its programming interface.

    Raises `NotHere` where it cannot be installed.
    """
    from config.embedded import ensure

    install()
    database = ensure(HOME / "db")
    port = free_port()
    (HOME / "data").mkdir(exist_ok=True)
    config = HOME / "pretix.cfg"
    mailbox = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    config.write_text(CONFIGURATION.format(port=port, home=HOME, host=database.host, mail=mailbox.port))
    if not (HOME / "migrated").exists():
        print("Making the peer's database first: some minutes.", file=sys.stderr)
        run("migrate", "--noinput", config=str(config))
        (HOME / "migrated").touch()
    said = run("shell", config=str(config), text=EVENT.replace("SEATS", str(seats)) + "\n")
    found = re.search(r"item (\d+) orders \d+ token (\w+)", said)
    if found is None:
        raise NotHere(f"pretix made no event: {said[-400:]}")
    item, token = int(found.group(1)), found.group(2)
    server = subprocess.Popen(
        [
            str(PYTHON),
            "-m",
            "gunicorn",
            "pretix.wsgi",
            "--workers",
            str(WORKERS),
            "--bind",
            f"127.0.0.1:{port}",
            "--max-requests",
            "100000",
            "--log-level",
            "error",
        ],  # fmt: skip
        cwd=HOME,
        env={**os.environ, "PRETIX_CONFIG_FILE": str(config), "DJANGO_SETTINGS_MODULE": "pretix.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    mailbox.start()
    try:
        for _attempt in range(40):
            time.sleep(0.5)
            if Buyer(port, item).visit() == "":
                break
        pages = Rush([Buyer(port, item) for _client in range(clients)])
        pages.last(seconds)
        bare = Rush([Machine(port, item, token) for _client in range(clients)])
        bare.last(seconds)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        mailbox.stop()
    for fault in (pages.faults + bare.faults)[:3]:
        print(fault, file=sys.stderr)
    return told(pages), told(bare)


def told(rush: Rush) -> Peer:
    return Peer(
        orders=rush.done,
        per_second=rush.per_second,
        median=rush.quantile(0.5),
        p95=rush.quantile(0.95),
        slowest_p95=rush.slowest(0.95),
        faults=len(rush.faults),
    )


if __name__ == "__main__":
    print(orders(seconds=20, clients=50))
