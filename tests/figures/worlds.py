"""Random worlds with random edits, and every question that figures may be asked: what engines are held together by."""

import functools
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from ibis.expr.types import Expr

from citeslab.figures.definitions.dimensions import BREAKDOWNS, broken_down, inside
from citeslab.figures.definitions.facts import Scope, Shape
from citeslab.figures.definitions.indicators import BASES, INDICATORS
from citeslab.figures.enums import Breakdown
from citeslab.figures.queries.tabulated import OF_A_YEAR
from citeslab.followup.enums import ExitReason, Stage
from citeslab.followup.models import Meeting, Transition
from citeslab.funding.enums import Use
from citeslab.funding.models import Payment
from citeslab.network.models import Site
from citeslab.people.enums import Sex
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.workshops.enums import Kind
from citeslab.workshops.models import HeadCount, Workshop
from tests import factories

FIRST, LAST = 2013, 2026
THEN = datetime(2025, 6, 30, 12, tzinfo=UTC)
WORDS = ["", "-", "Demandeur d'emploi", "Étudiante", "4", "bac +5", "Bouche à oreille", 'un "mot", virgule', "CAP"]


class World:
    """People, steps, homes, projects, actions, posts; then edits of them. The same seed makes the same world."""

    def __init__(self, seed: int, people: int):
        self.chance = random.Random(seed)
        self.by = factories.AnyUser()
        self.releases = {
            edition: factories.AnyRelease(edition=edition, released_on=date(2026, 1, place + 1))
            for place, edition in enumerate(Edition)
        }
        self.sites = [factories.AnySite(department=factories.AnyDepartment()) for _ in range(3)] + [factories.AnySite()]
        for _ in range(people):
            self.person()
        for site in self.sites:
            factories.AnyTenure(post__site=site, begins_on=self.day(), ends_on=None)
            factories.AnyCoverage(site=site, qpv_code=self.code(), begins_on=date(2015, 1, 1), ends_on=None)
        for _ in range(people // 3):
            self.action()
            self.payment()

    def day(self, first: int = FIRST, last: int = LAST) -> date:
        edges = [date(year, month, number) for year in range(first, last + 1) for month, number in ((1, 1), (12, 31))]
        if self.chance.random() < 0.2:
            return self.chance.choice(edges)
        return date(first, 1, 1) + timedelta(days=self.chance.randrange(365 * (last - first + 1)))

    def code(self) -> str:
        return f"QN0250{self.chance.randrange(1, 6)}M"

    def books(self) -> dict:
        """Recorded before or after what the books knew then; sometimes withdrawn, before or after too."""
        recorded = THEN + timedelta(seconds=self.chance.randrange(-(10**7), 10**6), microseconds=1)
        if self.chance.random() < 0.8:
            return {"recorded_at": recorded}
        later = recorded + timedelta(seconds=self.chance.randrange(10**7))
        return {"recorded_at": recorded, "withdrawn_at": later, "withdrawn_by": self.by}

    def person(self) -> Person:
        chance = self.chance
        site = chance.choice(self.sites)
        someone = factories.AnyPerson(
            site=site,
            sex=chance.choice([*Sex]),
            born_on=chance.choice([None, self.day(1950, 2010)]),
            situation_at_entry=chance.choice(WORDS),
            diploma=chance.choice(WORDS),
            contact_source=chance.choice(WORDS),
        )
        projects = [None]
        for _ in range(chance.randrange(3)):
            projects.append(
                factories.AnyProject(site=site, sector=chance.choice(["", "G", "I"]), started_on=self.day())
            )
            factories.AnyProjectHolder(project=projects[-1], person=someone)
        for _ in range(chance.randrange(5)):
            factories.AnyMeeting(
                person=someone, site=chance.choice([site, *self.sites]), held_on=self.day(), **self.books()
            )
        for _ in range(chance.randrange(7)):
            self.step(someone, chance.choice(projects), chance.choice([site, site, *self.sites]))
        self.home(someone)
        return someone

    def step(self, person: Person, project=None, site=None) -> None:
        stage = self.chance.choice([Stage.AMOR, *Stage])
        reason = self.chance.choice([*ExitReason]) if stage == Stage.SORT else ""
        factories.AnyTransition(
            person=person, project=project, site=site or person.site, stage=stage, exit_reason=reason,
            occurred_on=self.day(), **self.books(),
        )  # fmt: skip

    def home(self, person: Person) -> None:
        """One that lasts, or two of which the second begins when the first ends."""
        moved = self.chance.choice([None, self.day()])
        overseas = self.chance.random() < 0.3
        place = {"territory": Territory.REUNION, "longitude": 55.5, "latitude": -20.9} if overseas else {}
        for begins_on, ends_on in [(None, moved), (moved, None)][: 2 if moved else 1]:
            home = factories.AnyResidence(person=person, begins_on=begins_on, ends_on=ends_on, **place)
            self.answer(home)

    def answer(self, home: Residence) -> None:
        for edition in Edition:
            if self.chance.random() < 0.8:
                answer = self.chance.choice([Answer.IN, *Answer])
                factories.AnyResidenceAnswer(
                    residence=home, edition=edition, answer=answer, release=self.releases[edition],
                    qpv_code=self.code() if answer in (Answer.IN, Answer.TO_CHECK) else "",
                )  # fmt: skip

    def action(self) -> Workshop:
        held = factories.AnyWorkshop(
            site=self.chance.choice(self.sites),
            held_on=self.day(),
            kind=self.chance.choice([*Kind]),
            agreement=self.chance.choice(["", "C-1"]),
        )
        for person in self.chance.sample([*Person.objects.order_by("pk")], 2):
            factories.AnyAttendance(workshop=held, person=person, **self.books())
        for sex in Sex:
            factories.AnyHeadCount(workshop=held, heads=self.chance.randrange(1, 9), sex=sex, age_band="FROM_18")
        return held

    def payment(self) -> None:
        """Of the pilot or another funder, for the network or one site."""
        site = self.chance.choice([None, *self.sites])
        place = {"level": "site", "code": str(site.pk)} if site else {}
        kind = self.chance.choice(["PILOT", "STATE"])
        instalment = factories.AnyInstalment(agreement=factories.AnyAgreement(funder__kind=kind, **place))
        factories.AnyPayment(
            instalment=instalment, use=self.chance.choice([*Use]), paid_on=self.day(first=2017), **self.books()
        )

    def edit(self) -> None:
        """One thing that people do: a new fact, a withdrawal, a correction, a move, a call off, a site elsewhere."""
        chance, at = self.chance, THEN + timedelta(days=self.chance.randrange(1, 300))
        someone = chance.choice([*Person.objects.order_by("pk")])
        facts = [*(Meeting, Transition)[chance.randrange(2)].objects.filter(withdrawn_at=None).order_by("pk")]
        match chance.randrange(10):
            case 0:
                self.person()
            case 1:
                factories.AnyMeeting(person=someone, held_on=self.day(), recorded_at=at)
            case 2:
                self.step(someone)
            case 3 if facts:  # withdrawn
                one = chance.choice(facts)
                type(one).objects.filter(pk=one.pk).update(withdrawn_at=at, withdrawn_by=self.by)
            case 4 if facts:  # deleted, or put on another day: figures must see what no service does
                one = chance.choice(facts)
                if chance.random() < 0.5:
                    one.delete()
                else:
                    day = "held_on" if isinstance(one, Meeting) else "occurred_on"
                    type(one).objects.filter(pk=one.pk).update(**{day: self.day()})
            case 5:
                Person.objects.filter(pk=someone.pk).update(
                    sex=chance.choice([*Sex]), diploma=chance.choice(WORDS), born_on=None
                )
            case 6:  # she moved, or was somewhere else all along
                ResidenceAnswer.objects.filter(residence__person=someone).delete()
                Residence.objects.filter(person=someone).delete()
                self.home(someone)
            case 7:
                action = self.action()
                if chance.random() < 0.5:
                    Workshop.objects.filter(pk=action.pk).update(cancelled_at=at, cancelled_by=self.by)
                    HeadCount.objects.filter(workshop=action).update(withdrawn_at=at, withdrawn_by=self.by)
            case 9:
                self.payment()
                Payment.objects.filter(pk=chance.choice([*Payment.objects.order_by("pk")]).pk).update(
                    paid_on=self.day(first=2017)
                )
            case 8:
                Site.objects.filter(pk=chance.choice(self.sites).pk).update(department=factories.AnyDepartment())


def scopes(sites) -> list[Scope]:
    department = sites[0].department_id
    return [
        Scope(year=2024),
        Scope(year=2023, site_id=sites[0].pk),
        Scope(year=2025, known_by=THEN),
        Scope(year=2024, day=date(2024, 6, 30), at=(("department", department),)),
        Scope(year=LAST, since=FIRST),
        Scope(year=LAST, since=FIRST, site_id=sites[1].pk, known_by=THEN),
        Scope(year=2025, since=2014, at=(("department", department),)),
    ]


def asked(sites) -> Iterator[tuple[str, tuple[Breakdown, ...], Scope]]:
    """Each base by nothing, by each breakdown and by some pairs: a base, its breakdowns, the scope.

    Every scope meets every base; each breakdown is asked of one year and of many, and of the other scopes in turn.
    """
    turn = itertools.count()
    for place, scope in enumerate(scopes(sites)):
        for base, breakdowns in BREAKDOWNS.items():
            at = {Breakdown(name) for name, _value in scope.at}
            if not at <= breakdowns or (scope.shape.of_years and base not in OF_A_YEAR):
                continue
            each = [(one,) for one in sorted(breakdowns)]
            pairs = [pair for pair in itertools.combinations(sorted(breakdowns), 2) if next(turn) % 25 == 0]
            others = [one for one in each if next(turn) % 5 == 0]
            for by in [(), *(each if place in (0, 4) else others), *(pairs if place < 5 else [])]:
                yield base, by, scope


@functools.lru_cache(maxsize=4)  # each engine is asked the same in turn
def question(base: str, by: tuple[Breakdown, ...], at: tuple[str, ...], shape: Shape) -> Expr:
    """Every indicator of a base by these breakdowns, in one statement."""
    rows = inside(broken_down(BASES[base](shape), {*by, *map(Breakdown, at)}, shape), at)
    keys = shape.keys(*[one.value for one in by])
    counts = {one.id: one.counted(rows) for one in INDICATORS if one.base == base}
    return (rows.group_by(keys) if keys else rows).aggregate(**counts)


def answer(engine, base: str, by: tuple[Breakdown, ...], scope: Scope) -> dict[tuple, tuple]:
    """What an engine says: the classes, and how many of each indicator."""
    asked = question(base, by, tuple(name for name, _value in scope.at), scope.shape)
    keys = scope.shape.keys(*[one.value for one in by])
    return {
        tuple(row.pop(key) for key in keys): tuple(int(value or 0) for value in row.values())
        for row in engine.rows(engine.sql(asked), scope.parameters)
    }
