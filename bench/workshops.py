"""Registration on one action beside pretix, 50 clients at once, and check-in in the room; on the shipped server.

What is compared with what:

    through pages   ours: the action's page, its form sent, her own page with her number and its QR code
                    pretix: the shop's page, the cart, the checkout's steps, the page of the order
    one request     ours: the form alone, sent again and again
                    pretix: an order by its programming interface

Both ask for an e-mail address and write to it, both keep their journal, and give no seat twice.
"""

import json
import random
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from bench import Measure, pretix
from bench.home import in_process
from bench.load import cookies_of
from bench.rush import Browser, Rush, filled, ms, shipped

CLIENTS = 50
SECONDS, RAMP = 20, 5
PEER_SECONDS = 40  # its orders take many seconds: a longer look
SEATS_OF_RUSH = 100  # of the action that is sold out within the run
TIMES = 10  # the peer's orders per second, at least

PARTICIPANTS = 50  # of one room
ROOMS, TICKED = 10, 30  # other rooms at that hour, and the people that each one's advisor ticks
MINUTE, DOOR = 60, 5  # seconds within which all come: calmly, or pressed at the door
SIGNING = 4.0  # seconds that she takes from the page to its sending
DRAWN = json.dumps([[[100 + 13 * n, 200 + 7 * (n % 9)] for n in range(60)]])


class Visitor(Browser):
    """Someone who opens the action's page, fills in the three fields, and sees her number."""

    def __init__(self, port: int, action: int):
        super().__init__(port)
        self.address = f"/ateliers/{action}/"

    def visit(self) -> str:
        self.cookies.clear()
        form = filled(self.get(self.address))
        if "key" not in form:
            return f"no form: {self.status}"
        self.post(self.address, form | someone())
        return "" if "/ateliers/inscription/" in self.at and self.status == 200 else f"{self.status} at {self.at}"


class Poster(Visitor):
    """The same form sent again and again, as a machine would: what one registration costs, without its pages."""

    token = ""

    def visit(self) -> str:
        self.token = self.token or filled(self.get(self.address))["csrfmiddlewaretoken"]
        form = {"csrfmiddlewaretoken": self.token, "key": str(uuid.uuid4())} | someone()
        _text, there = self.once("POST", self.address, urlencode(form), kind="form")
        return "" if there.startswith("/ateliers/inscription/") else f"{self.status}"


def someone() -> dict[str, str]:
    name = uuid.uuid4().hex[:12]
    return {"first_name": f"Nour {name}", "preferred_name": "Exemple", "contact": f"{name}@example.org"}


class Participant(Browser):
    """She scans the code that the room shows, says her number, signs, and is asked what she thought of it."""

    def __init__(self, port: int, session, number: int, *, after: float, signing: float):
        super().__init__(port)
        self.session, self.number, self.after, self.signing = session, number, after, signing

    def visit(self) -> str:
        from citeslab.workshops import rules

        time.sleep(self.after)
        address = f"/ateliers/salle/{self.session.pk}/{rules.code_of(self.session, datetime.now(UTC))}/"
        form = filled(self.get(address, "the code's page"))
        if "ticket" not in form:
            return f"no page of the code: {self.status}"
        time.sleep(self.signing)
        said = {"key": form["key"], "ticket": form["ticket"], "who": str(self.number), "strokes": DRAWN}
        self.post(address, said, "check-in")
        return "" if "note=1" in self.at and self.status == 200 else f"{self.status} at {self.at}"


class Advisor(Browser):
    """She opens the list of her room and ticks one after the other; her phone tells each act at once."""

    def __init__(self, port: int, action: int, session, registrations: list[int], cookies: dict[str, str]):
        super().__init__(port, cookies=cookies)
        self.action, self.session, self.registrations = action, session, registrations
        self.device = str(uuid.uuid4())

    def visit(self) -> str:
        pause = MINUTE / (len(self.registrations) + 1)
        time.sleep(random.uniform(0, pause))
        self.get(f"/actions/{self.action}/liste/", "list opened")
        if self.status != 200:
            return f"{self.status} for the list"
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.cookies["csrftoken"]}
        last = self.registrations[-1]
        for registration in self.registrations:
            now = datetime.now(UTC).isoformat()
            act = {
                "key": str(uuid.uuid4()), "kind": "mark", "told_at": now, "session": self.session.pk,
                "registration": registration, "state": "PRESENT", "how": "LIST",
            }  # fmt: skip
            batch = {
                "format": "citeslab.acts.1", "workshop": self.action, "device": self.device, "sent_at": now,
                "acts": [act],
            }  # fmt: skip
            path = f"/actions/{self.action}/actes/?apres={last}"
            said, _moved = self.once("POST", path, json.dumps(batch), kind="tick", headers=headers)
            if self.status != 200 or json.loads(said)["results"][0]["end"] != "accepted":
                return f"{self.status}: {said[:200]}"
            time.sleep(random.uniform(0, 2 * pause))
        return ""


def tenures():
    from django.utils import timezone

    from citeslab.network.models import Tenure

    return Tenure.objects.on(timezone.localdate()).select_related("user", "post__site").order_by("pk")


def action_of(tenure, seats: int | None, *, starts_in: timedelta):
    from django.utils import timezone

    from citeslab.workshops import services
    from citeslab.workshops.enums import Kind
    from citeslab.workshops.models import Workshop

    at = timezone.now()
    start = at + starts_in
    workshop = Workshop(
        site=tenure.post.site, kind=Kind.GENERAL, title=f"Mesure {uuid.uuid4()}", capacity=seats, is_public=True
    )
    programme = services.Programme([(start, start + timedelta(hours=3))], [tenure.user])
    return services.plan(workshop=workshop, programme=programme, by=tenure.user, at=at)


def room_of(tenure, people: int):
    """A room whose half-day has begun, and the numbers of who is registered: every other one has a file."""
    from django.utils import timezone

    from citeslab.people.models import Person
    from citeslab.workshops import services
    from citeslab.workshops.values import Guest

    at = timezone.now()
    workshop = action_of(tenure, None, starts_in=-timedelta(minutes=5))
    on_file = iter(Person.objects.named().filter(site=tenure.post.site).order_by("-pk")[: people // 2])
    registered = [
        services.register(
            workshop=workshop,
            who=(next(on_file, None) if place % 2 else None) or Guest(f"Nour {uuid.uuid4().hex[:8]}", "Exemple"),
            by=tenure.user,
            at=at,
        )
        for place in range(people)
    ]
    return workshop, workshop.sessions.get(), registered


def registered(port: int, seats: int, kind: type[Visitor] = Visitor) -> tuple[Rush, int, int]:
    """The rush, how many have a seat, and how many registrations there are."""
    workshop = action_of(tenures()[0], seats, starts_in=timedelta(days=30))
    rush = Rush([kind(port, workshop.pk) for _client in range(CLIENTS)])
    rush.last(SECONDS, ramp=RAMP)
    rush.tell()
    standing = workshop.registrations.standing()
    return rush, standing.filter(is_waiting=False).count(), standing.count()


def checked_in(port: int, *, within: float) -> tuple[Rush, int]:
    """The rush of one room while the others are ticked, and how many of the room are noted as there."""
    from django.conf import settings

    from citeslab.workshops import queries

    ours, *others = tenures()[: ROOMS + 1]
    _workshop, session, registrations = room_of(ours, PARTICIPANTS)
    everyone: list[Browser] = [
        Participant(port, session, one.number, after=random.uniform(0, within), signing=random.uniform(1, 2 * SIGNING))
        for one in registrations
    ]
    for tenure in others:
        workshop, half, listed = room_of(tenure, TICKED)
        cookies = cookies_of(tenure.user, settings.SESSION_COOKIE_NAME)
        everyone.append(Advisor(port, workshop.pk, half, [one.pk for one in listed], cookies))
    rush = Rush(everyone)
    rush.once()
    rush.tell()
    return rush, queries.present(session)


def measures() -> Iterator[Measure]:
    in_process()
    with shipped(CITESLAB_REGISTRATIONS_AN_HOUR="100000") as port:
        whole, _seated, _all = registered(port, 30_000)
        alone, _seated, _all = registered(port, 30_000, Poster)
        full, seated, asked = registered(port, SEATS_OF_RUSH)
        rooms = [(within, *checked_in(port, within=within)) for within in (MINUTE, DOOR)]
    p95 = ms(whole.requests())
    yield Measure(
        f"registrations on one action, {CLIENTS} clients, page to number ({whole.done} in {SECONDS} s)",
        f"{whole.per_second:.0f}/s, a request p95 {p95:.0f} ms, {len(whole.faults)} wrong",
        "p95 500 ms, none wrong",
        p95 <= 500 and not whole.faults,
    )
    yield Measure(
        f"{SEATS_OF_RUSH} seats, {asked} who register",
        f"{seated} seats given, {asked - seated} in line",
        "100, none oversold",
        seated == SEATS_OF_RUSH and not full.faults,
    )
    for within, rush, there in rooms:
        scans, ticks = rush.requests("the code's page", "check-in", "page after a form"), rush.requests("tick")
        yield Measure(
            f"check-in: {PARTICIPANTS} of one room scan and sign within {within} s, {ROOMS} advisors tick "
            f"{TICKED} each in a minute",
            f"p95 {ms(scans):.0f} ms, of a tick {ms(ticks):.0f} ms, {there} there, {len(rush.faults)} wrong",
            f"p95 100 ms, {PARTICIPANTS} there",
            max(ms(scans), ms(ticks)) <= 100 and there == PARTICIPANTS and not rush.faults,
        )
    yield from beside_the_peer(whole, alone)


def beside_the_peer(whole: Rush, alone: Rush) -> Iterator[Measure]:
    try:
        peer = pretix.orders(seconds=PEER_SECONDS, clients=CLIENTS)
    except pretix.NotHere as reason:
        yield Measure("the same on pretix", f"not measured here: {reason}", f"{TIMES} times less", False)
        return
    roads = [
        ("page to number, against the shop's page to the order", whole, peer.pages),
        ("one request: our form, against an order by its API", alone, peer.interface),
    ]
    for road, we, they in roads:
        if not they.done:
            yield Measure(road, f"not measured: none of theirs ended in {PEER_SECONDS} s", f"{TIMES} times", False)
            continue
        times = we.per_second / they.per_second
        yield Measure(
            f"{road} (pretix {pretix.VERSION}, {pretix.WORKERS} workers, PostgreSQL, Redis; {they.done} orders in "
            f"{PEER_SECONDS} s)",
            f"{we.per_second:.0f}/s, theirs {they.per_second:.1f}/s, {len(they.faults)} wrong: {times:.1f} times",
            f"{TIMES} times",
            times >= TIMES,
        )
    yield Measure(
        f"pretix, {pretix.SEATS_OF_RUSH} seats, {peer.asked} asked",
        f"{peer.given} seats given",
        f"{pretix.SEATS_OF_RUSH}, none oversold",
        peer.given == pretix.SEATS_OF_RUSH,
    )
