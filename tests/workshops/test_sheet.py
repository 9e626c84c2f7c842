"""The attendance sheet: what it says, and that nobody changes a byte of it unseen."""

import io
import math
import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from citeslab.workshops import exports, services
from citeslab.workshops.enums import Damage, State
from citeslab.workshops.readers import sheets
from tests import factories

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def drawn(seed: int, points: int = 40) -> list:
    rng = random.Random(seed)
    return [[[100 + 800 * n // points, int(200 + 150 * math.sin(n / 3 + rng.random()))] for n in range(points)]]


def held(site, *, people=3, halves=2, points=40, **given):
    """An action of one day, where everyone came and signed."""
    workshop = factories.AnyWorkshop(
        site=site, held_on=date(2026, 11, 20), title="Oser son idée", place="Maison du projet", **given
    )
    sessions = [
        factories.AnySession(
            workshop=workshop,
            starts_at=datetime(2026, 11, 20 + half // 2, 9 + 5 * (half % 2), 0, tzinfo=PARIS),
            ends_at=datetime(2026, 11, 20 + half // 2, 12 + 5 * (half % 2), 0, tzinfo=PARIS),
        )
        for half in range(halves)
    ]
    for number in range(1, people + 1):
        person = factories.AnyPerson(site=site, first_name="Amina", preferred_name=f"Exemple{number}")
        registration = factories.AnyRegistration(workshop=workshop, person=person, number=number)
        for session in sessions:
            told_at = session.starts_at + timedelta(minutes=number)
            factories.AnyPresence(session=session, registration=registration, told_at=told_at, state=State.PRESENT)
            factories.AnySignature(
                session=session, registration=registration, told_at=told_at, strokes=drawn(number, points)
            )
    return workshop


@pytest.fixture
def by():
    return factories.AnyUser(name="Inès Carvalho")


def test_scratch(site, by, at):
    import time
    workshop = held(site, people=30)
    factories.AnyHeadCount(workshop=workshop, heads=4)
    services.make_sheet(workshop=workshop, visible=None, by=by, at=at)
    t = time.perf_counter()
    sheet, file = services.make_sheet(workshop=workshop, visible=None, by=by, at=at)
    print("MADE", time.perf_counter() - t, len(file))
    t = time.perf_counter()
    read = sheets.read(file)
    print("READ", time.perf_counter() - t, read.findings, read.is_intact, len(read.facts))
    open("/tmp/sheetp/30.pdf", "wb").write(file)
    workshop = held(site, people=3)
    sheet, file = services.make_sheet(workshop=workshop, visible=None, by=by, at=at)
    open("/tmp/sheetp/3.pdf", "wb").write(file)
    open("/tmp/sheetp/blank.pdf", "wb").write(services.print_sheet(workshop=workshop, visible=None, by=by, at=at))
    school = factories.AnyWorkshop(site=site, kind="SCHOOL", establishment="Lycée Exemple", class_level="UPPER")
    factories.AnyHeadCount(workshop=school, heads=4)
    sheet, file = services.make_sheet(workshop=school, visible=None, by=by, at=at)
    open("/tmp/sheetp/school.pdf", "wb").write(file)
    workshop = held(site, people=3, halves=4)
    sheet, file = services.make_sheet(workshop=workshop, visible=None, by=by, at=at)
    open("/tmp/sheetp/4.pdf", "wb").write(file)


def test_profile(site, by, at):
    import cProfile, pstats, time
    workshop = held(site, people=30)
    services.make_sheet(workshop=workshop, visible=None, by=by, at=at)
    t=[]
    for _ in range(5):
        a = time.perf_counter(); services.make_sheet(workshop=workshop, visible=None, by=by, at=at); t.append(time.perf_counter() - a)
    print("TIMES", t)
    p = cProfile.Profile(); p.enable()
    services.make_sheet(workshop=workshop, visible=None, by=by, at=at)
    p.disable(); pstats.Stats(p).sort_stats("cumtime").print_stats(35)
