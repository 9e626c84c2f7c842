"""Every advisor at work at once, on the shipped server: pages read, notes written, at demonstration size."""

import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from bench import Measure
from bench.home import in_process, signed_in
from bench.rush import Browser, Rush, filled, ms, shipped

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


@dataclass
class Desk:
    """Whom an advisor finds when she sits down, once she has signed in."""

    cookies: dict[str, str]
    people: list[int]
    names: list[str]


class Advisor(Browser):
    """One act a visit, after which she takes her time."""

    def __init__(self, port: int, desk: Desk, seed: int, pace: Pace):
        super().__init__(port, cookies=desk.cookies)
        self.desk, self.pace, self.random = desk, pace, random.Random(seed)
        self.late = self.random.uniform(0, pace.reading)

    def visit(self) -> str:
        time.sleep(self.late)
        self.late = 0
        fault = self.write() if self.random.random() < NOTES else self.read()
        self.wait(self.pace.reading)
        return fault

    def wait(self, seconds: float) -> None:
        if seconds:
            time.sleep(self.random.expovariate(1 / seconds))

    def read(self) -> str:
        person, name = self.random.choice(self.desk.people), self.random.choice(self.desk.names)
        kind, path = self.random.choice(
            [
                ("home", "/"),
                ("list", "/personnes/"),
                ("search", f"/personnes/?{urlencode({'words': name})}"),
                ("person", f"/personnes/{person}/"),
                ("person", f"/personnes/{person}/"),
            ]
        )
        self.once("GET", path, kind=kind)
        return "" if self.status == 200 else f"{path} gave {self.status}"

    def write(self) -> str:
        """The form is fetched as filled in ahead, the text added, and sent."""
        path = f"/personnes/{self.random.choice(self.desk.people)}/note/"
        page, _moved = self.once("GET", path, kind="note, its form")
        if self.status != 200:
            return f"{path} gave {self.status}"
        self.wait(self.pace.writing)
        words = {"text": "Devis reçu, elle garde le nom. Prête pour la suite.", "key": str(uuid.uuid4())}
        self.once("POST", path, urlencode(filled(page) | words), kind="note")
        return "" if self.status == 302 else f"{path} gave {self.status}"


def desks() -> list[Desk]:
    """Of those in post today, each signed in, with some people of her site and their names."""
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
        cookies = cookies_of(tenure.user, settings.SESSION_COOKIE_NAME)
        found.append(Desk(cookies, [pk for pk, _name in people], [name for _pk, name in people]))
    return found


def cookies_of(user, session: str) -> dict[str, str]:
    """Of a browser that `user` has signed in with."""
    client = signed_in(user)
    client.get("/")
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else "0" * 32
    return {session: client.cookies[session].value, "csrftoken": token}


def measures() -> Iterator[Measure]:
    in_process()
    everyone = desks()
    with shipped() as port:
        for one in everyone[:20]:  # each worker has its templates and statements ready
            Browser(port, cookies=one.cookies).get("/")
        yield from at_pace(BUSY, everyone, port)
        yield from at_pace(RUSH, everyone, port)


def at_pace(pace: Pace, everyone: list[Desk], port: int) -> Iterator[Measure]:
    from citeslab.followup.models import Meeting

    before = Meeting.objects.count()
    rush = Rush([Advisor(port, one, SEED + rank, pace) for rank, one in enumerate(everyone)])
    rush.last(SECONDS)
    rush.tell()
    spent, notes = rush.requests(), len(rush.requests("note"))
    p95 = ms(spent)
    kept = Meeting.objects.count() - before
    yield Measure(
        f"{len(everyone)} advisors at once for {SECONDS} s {pace.name}, {len(spent)} answers "
        f"({len(spent) / SECONDS:.0f}/s)",
        f"p95 {p95:.0f} ms, {len(rush.faults)} wrong",
        "p95 200 ms, none wrong" if pace is BUSY else "none wrong",
        not rush.faults and (p95 <= 200 or pace is not BUSY),
    )
    yield Measure(f"{pace.name}, notes written and kept", f"{notes} and {kept}", "equal", notes == kept)
