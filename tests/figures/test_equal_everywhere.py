"""One indicator, one perimeter, one day: one number, on every page and in every file, whatever was edited before.

Pages say of which figure each number is (`<data data-figure>`). What knows people by name must say the very number
that every other place says; what is protected must say that number, or that it is hidden.
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import parse_qsl

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pypdf import PdfReader

from citeslab.figures import exports, queries, services
from citeslab.figures.definitions.indicators import INDICATORS
from citeslab.figures.definitions.publications import TERRITORY
from citeslab.figures.values import Perimeter
from citeslab.network.enums import Role
from citeslab.people.models import Person
from citeslab.rights import services as rights
from citeslab.rights.enums import Cause
from tests import factories
from tests.figures.worlds import World

pytestmark = [pytest.mark.django_db, pytest.mark.long]
EDITS, YEARS, PEOPLE = 1000, (2016, 2021, 2024, 2025), 45
TABLE = re.compile(r'<table class="table">(.*?)</table>', re.DOTALL)
NUMBER = re.compile(r'<data value="([^"]*)" data-figure="([^"]*)"(?: data-at="([^"]*)")?>(.*?)</data>')
HIDDEN = "hidden"


class Walk:
    """What each place says of each number."""

    def __init__(self, client, year: int):
        self.client, self.year = client, year
        self.said: dict[tuple, dict[str, float | str | None]] = defaultdict(dict)

    def say(self, whose: str, indicator: str, value, where: str, *, year: int = 0, by=()) -> None:
        key = (whose, year or self.year, indicator, frozenset(by))
        known = self.said[key].setdefault(where, value)
        if known == HIDDEN:  # in one table of that place, shown in another
            self.said[key][where] = value
        else:
            assert value in (known, HIDDEN), (where, key)

    def page(self, user, address: str, whose: str, **query) -> str:
        """Every number of a page, and what the page is."""
        self.client.force_login(user)
        return self.read(self.client.get(address, query), whose, f"page {address}")

    def read(self, answer, whose: str, where: str) -> str:
        assert answer.status_code == 200, where
        text = answer.content.decode()
        for (indicator, at), value in numbers(text):
            year = int(at.pop("year", 0))
            self.say(whose, indicator, value, where, year=year, by=at.items())
        return text

    def faults(self) -> list:
        return [
            (key, places)
            for key, places in self.said.items()
            if len({value for value in places.values() if value != HIDDEN}) > 1
        ]


def numbers(text: str) -> Iterator[tuple[tuple[str, dict[str, str]], float | str | None]]:
    for value, indicator, at, words in NUMBER.findall(text):
        hidden = words in ("masqué", "hidden")
        yield (indicator, dict(parse_qsl(unescape(at)))), HIDDEN if hidden else float(value) if value else None


@pytest.fixture
def world():
    made = World(seed=20261126, people=PEOPLE)
    for release in made.releases.values():
        for number in range(1, 6):
            factories.AnyQPV(release=release, code=f"QN0250{number}M", department_code=made.sites[0].department_id)
    return made


def walked(client, world, pilot, advisors, year: int) -> Walk:
    walk = Walk(client, year)
    for site, advisor in advisors.items():
        whose = str(site.pk)
        of_site(walk, site, advisor, whose)
        explore(walk, advisor, whose, f"site:{site.pk}", turn=0)
        report(walk, advisor, whose, "SITE", Perimeter("site", whose))
    told(walk, "network", None)
    walk.page(pilot, reverse("desk:home"), "network", annee=year)
    explore(walk, pilot, "network", "", turn=1)
    report(walk, pilot, "network", "NETWORK", queries.NETWORK)
    opened(walk, pilot)
    department = world.sites[0].department_id
    explore(walk, pilot, f"department {department}", f"department:{department}", turn=1)
    return walk


def of_site(walk: Walk, site, advisor, whose: str) -> None:
    address = reverse("figures:year_of_site")
    walk.page(advisor, address, whose, annee=walk.year, site=site.code)
    answer = walk.client.get(address, {"annee": walk.year, "site": site.code, "format": "csv"})
    for row in csv.DictReader(io.StringIO(answer.content.decode())):
        walk.say(whose, row["indicator"], float(row["value"]) if row["value"] else None, "file of the year")
    told(walk, whose, site.code)


def told(walk: Walk, whose: str, code: str | None) -> None:
    """What the command says."""
    out = io.StringIO()
    call_command("figures", year=walk.year, site=code, format="json", stdout=out)
    for indicator, value in exports.flat(json.loads(out.getvalue())):
        walk.say(whose, indicator, None if value is None else float(value), "command")


def explore(walk: Walk, user, whose: str, perimeter: str, *, turn: int) -> None:
    """Each indicator by two breakdowns, others at another turn, as a page and as a file; and over some years."""
    address = reverse("figures:explorer")
    for place_, one in enumerate(INDICATORS):
        by = sorted(queries.breakdowns_of(one))
        if not by:
            continue
        first = by[(turn + place_) % len(by)]
        second = by[(turn * 7 + place_ * 3 + 1) % len(by)]
        asked = {"indicateur": one.id, "annee": walk.year, "perimetre": perimeter, "par": first.value}
        asked |= {"et": second.value} if second != first else {}
        walk.page(user, address, whose, **asked)
        file_of_explorer(walk, whose, asked)
        if place_ % 4 == turn % 4:
            asked = {**asked, "et": "", "depuis": walk.year - 2}
            walk.page(user, address, whose, **asked)
            file_of_explorer(walk, whose, asked)


def file_of_explorer(walk: Walk, whose: str, asked: dict) -> None:
    answer = walk.client.get(reverse("figures:explorer"), {**asked, "format": "csv"})
    rows = csv.reader(io.StringIO(answer.content.decode()))
    headings = next(rows)
    by = headings[4 : (len(headings) - 4 - 4) // 2 + 4]
    for row in rows:
        classes = dict(zip(by, row[4:], strict=False))
        year = int(classes.pop("year", "") or row[3])
        value = HIDDEN if row[-1] == "hidden" else float(row[-2]) if row[-2] else None
        classes = [(name, said) for name, said in classes.items() if said]
        walk.say(whose, row[0], value, "file of the explorer", year=year, by=classes)


def report(walk: Walk, user, whose: str, kind: str, perimeter: Perimeter) -> None:
    """The draft as a page, as a workbook and as a PDF: the same tables in the same order; a PDF draws its charts."""
    made = services.begin(kind=kind, perimeter=perimeter, year=walk.year, by=user, at=timezone.now())
    text = walk.page(user, reverse("figures:report", args=[made.pk]), whose)
    tables = [inside for inside in TABLE.findall(text) if NUMBER.search(inside)]

    book = openpyxl.load_workbook(io.BytesIO(draft(walk, made, "xlsx")))
    first, *others = (sheet for sheet in book if sheet.max_row > 1)
    figures = {}
    for row in (row for sheet in (first, *others) for row in sheet.iter_rows(values_only=True)):
        if len(row) >= 6 and row[4] in {one.id for one in INDICATORS} and isinstance(row[5], int):
            figures[row[4]] = HIDDEN if row[1] in ("masqué", "hidden") else row[1]
    for indicator, value in figures.items():
        walk.say(whose, indicator, value if value in (None, HIDDEN) else float(value), "workbook")
    assert figures, "no figure in the workbook"
    in_sheets = [cells for sheet in book if (cells := cells_of(sheet)) is not None]
    assert in_sheets == [[value for _key, value in numbers(inside)] for inside in tables]

    pages = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(draft(walk, made, "pdf"))).pages)
    printed = "".join(pages.split())
    for inside in re.findall(r'<div class="card"><div class="table-scroll"[^>]*><table(.*?)</table>', text, re.DOTALL):
        for row in re.findall(r"<tr.*?</tr>", inside, re.DOTALL)[1:]:
            words = "".join(unescape(strip_tags(row)).split())
            assert words in printed, words


def draft(walk: Walk, made, format: str) -> bytes:
    answer = walk.client.get(reverse("figures:draft_file", args=[made.pk, format]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def cells_of(sheet) -> list | None:
    """The numbers of a sheet that is a table; `None` of another."""
    rows = list(sheet.iter_rows(values_only=True))
    if len(rows) < 4 or not re.search(r", v\d+$", str(rows[1][0] or "")):
        return None
    width = sum(words is not None for words in rows[3])
    found = [cell for row in rows[4:] for cell in row[1:width]]
    return [HIDDEN if cell in ("masqué", "hidden") else None if cell is None else float(cell) for cell in found]


def opened(walk: Walk, by) -> None:
    """The open data of the year as published, and the page of it: of the network, by what the explorer has too."""
    prepared = services.prepare(year=walk.year, on=date(walk.year + 1, 2, 1))
    services.publish(prepared=prepared, by=by, at=timezone.now())
    walk.client.logout()
    answer = walk.client.get(reverse("figures:published", args=[walk.year]))
    walk.read(answer, "network", "public page")
    for row in csv.DictReader(io.StringIO(exports.cells_csv(prepared.year.cells, prepared.hidden))):
        of = {name: value for name, value in row.items() if name not in ("table", "indicator", "value", "status")}
        if of.pop(TERRITORY, "*") != "*":
            continue
        value = HIDDEN if row["status"] == "hidden" else float(row["value"])
        classes = [(name, said) for name, said in of.items() if said != "*"]
        walk.say("network", row["indicator"], value, f"open data, {row['table']}", by=classes)


def test_every_number_is_the_same_everywhere(client, world):
    """A thousand edits, and a walk over everything after each two hundred and fifty."""
    pilot = factories.AnyMandate(role=Role.PILOT, site=None).user
    advisors = {site: factories.AnyMandate(site=site).user for site in world.sites}
    places, compared, shown = set(), 0, 0
    years = list(YEARS)  # each is published once: what a second publication may not say is another test
    for edit in range(1, EDITS + 1):
        world.edit()
        if edit % 100 == 50:
            someone = world.chance.choice([*Person.objects.named().order_by("pk")])
            rights.anonymise(people=[someone.pk], cause=Cause.REQUEST, by=world.by, at=timezone.now())
        if edit % (EDITS // len(YEARS)) == 0:
            walk = walked(client, world, pilot, advisors, year=years.pop())
            assert walk.faults() == []
            places |= {re.sub(r"\d+", "N", where) for said in walk.said.values() for where in said}
            compared += sum(len(said) > 1 for said in walk.said.values())
            shown += sum(value not in (HIDDEN, None, 0) for said in walk.said.values() for value in said.values())
    assert {
        "command",
        "file of the year",
        "file of the explorer",
        "workbook",
        "open data, met",
        "public page",
    } <= places
    assert {f"page {reverse(name)}" for name in ("figures:year_of_site", "figures:explorer", "desk:home")} <= places
    assert compared > 1000
    assert shown > 3000
