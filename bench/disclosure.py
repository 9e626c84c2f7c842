"""A year's publication protected and attacked, drawn and not real: 700 quarters in one hierarchy, then the tables that
the product publishes.
"""

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush

import django
import numpy as np

from bench import Measure
from citeslab.figures import disclosure
from citeslab.figures.disclosure import DEFAULT, STRICT, TOTAL, Branch, Cell, Issue, Publication, Rule

QUARTERS, DEPARTMENTS, REGIONS = 700, 96, 13
PEOPLE = 9.4  # in a quarter and a year, on average; 6,600 people in all
SPREAD = 1.6  # of the negative binomial: some quarters have nobody, some have sixty
SEXES = [0.46, 0.50, 0.04]
BREAKDOWNS = {
    "sex": SEXES,
    "age": [0.02, 0.14, 0.20, 0.24, 0.22, 0.12, 0.06],
    "situation_at_entry": [0.42, 0.20, 0.14, 0.10, 0.08, 0.06],
    "diploma": [0.25, 0.20, 0.18, 0.15, 0.12, 0.10],
    "situation": [0.41, 0.28, 0.06, 0.25],
}
LEVELS = ("qpv", "commune", "department", "region", "network")
LONGEST = 30.0  # seconds
LONGEST_OF_OTHERS = 60.0  # a stricter rule, or beside an earlier issue

# The tables as published, at the size of the demonstration network. In some quarters nobody is: they are not written.
PUBLISHED_QUARTERS, PUBLISHED_DEPARTMENTS, PUBLISHED_REGIONS = 810, 61, 16
ELSEWHERE = 0.38  # of the people supported, those who live in no priority neighborhood
ANSWERS_ELSEWHERE = [0.80, 0.12, 0.08]
SECTORS = [1 / 13] * 13
YEARS = [1 / 15] * 15  # in which projects began
NUMBERS = {
    "persons_met": 7_700,
    "persons_supported": 6_600,
    "projects_cumulative": 60_000,
    "attendances_named": 2_200,
    "heads_counted": 5_300,
}


def territories(draw: np.random.Generator) -> tuple[list[Branch], list[list[str]]]:
    """The branches, and for each quarter the codes of itself and all that holds it."""
    branches = [Branch(code="FR", level="network")]
    regions = [f"R{number}" for number in range(REGIONS)]
    branches += [Branch(code=code, level="region", parent="FR") for code in regions]
    region_of = {f"D{number}": regions[number % REGIONS] for number in range(DEPARTMENTS)}
    branches += [Branch(code=code, level="department", parent=region) for code, region in region_of.items()]
    paths: list[list[str]] = []
    communes = 0
    while len(paths) < QUARTERS:
        commune, department = f"C{communes}", f"D{draw.integers(DEPARTMENTS)}"
        branches.append(Branch(code=commune, level="commune", parent=department))
        communes += 1
        for _ in range(min(int(draw.geometric(0.45)), QUARTERS - len(paths))):
            quarter = f"QP{len(paths):04}"
            branches.append(Branch(code=quarter, level="qpv", parent=commune))
            paths.append([quarter, commune, department, region_of[department], "FR"])
    return branches, paths


def year(seed: int = 2016) -> tuple[list[Cell], list[Branch]]:
    """The lines of the five tables."""
    draw = np.random.default_rng(seed)
    branches, paths = territories(draw)
    people = np.minimum(60, draw.negative_binomial(SPREAD, SPREAD / (SPREAD + PEOPLE), QUARTERS))
    cells = []
    for table, shares in BREAKDOWNS.items():
        counts: dict[str, np.ndarray] = {}
        for path, number in zip(paths, people, strict=True):
            parts = draw.multinomial(number, shares)
            for code in path:
                counts[code] = counts.get(code, 0) + parts
        for code, parts in counts.items():
            lines = [(TOTAL, parts.sum()), *((f"{table} {number}", count) for number, count in enumerate(parts))]
            for value, count in lines:
                by = {"territory": code, table: value}
                cells.append(Cell(table=table, indicator="supported", by=by, count=int(count)))
    return cells, branches


def as_published(seed: int = 2016) -> Publication:
    """The counts of the tables that the product publishes, made of them as it makes them; the people are drawn."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from citeslab.figures.definitions.publications import TABLES, TERRITORY
    from citeslab.figures.enums import UNKNOWN
    from citeslab.figures.queries.published import Territory, counts_of, lines
    from citeslab.people.enums import Sex
    from citeslab.territories.enums import Answer

    draw = np.random.default_rng(seed)
    regions = [f"REG{number}" for number in range(PUBLISHED_REGIONS)]
    # A few regions hold many departments, a few departments many quarters.
    region_of = {
        f"DEP{number}": regions[int(len(regions) * draw.random() ** 1.5)] for number in range(PUBLISHED_DEPARTMENTS)
    }
    department_of = {
        f"QP{number:03}": f"DEP{int(len(region_of) * draw.random() ** 1.5)}" for number in range(PUBLISHED_QUARTERS)
    }
    territories = [
        *[
            Territory(code, "region", TOTAL, "")
            for code in sorted({region_of[code] for code in department_of.values()})
        ],
        *[Territory(code, "department", region_of[code], "") for code in sorted(set(department_of.values()))],
        *[Territory(code, "qpv", department, "") for code, department in department_of.items()],
        Territory(UNKNOWN, "elsewhere", TOTAL, ""),
    ]

    def people(number: int) -> dict[str, Sequence[str]]:
        """For each dimension, the value of each."""
        codes = np.array([*department_of])
        popular = draw.gamma(SPREAD, size=len(codes))
        quarters = np.where(
            draw.random(number) < ELSEWHERE, UNKNOWN, draw.choice(codes, number, p=popular / popular.sum())
        ).tolist()
        departments = [department_of.get(code, UNKNOWN) for code in quarters]
        others = [Answer.OUT.value, Answer.NOT_LOCATED.value, Answer.TO_CHECK.value]
        answers = draw.choice(others, number, p=ANSWERS_ELSEWHERE).tolist()
        sites = draw.choice([*region_of], number).tolist()
        drawn = {
            name: draw.choice([f"{name} {value}" for value in range(len(shares))], number, p=shares).tolist()
            for name, shares in (BREAKDOWNS | {"sector": SECTORS, "begun": YEARS}).items()
        }
        return drawn | {
            "sex": draw.choice([sex.value for sex in (Sex.MAN, Sex.WOMAN, Sex.UNKNOWN)], number, p=SEXES).tolist(),
            "qpv": quarters,
            "region": [region_of.get(code, UNKNOWN) for code in departments],
            "residence": [
                answer if code == UNKNOWN else Answer.IN.value for code, answer in zip(quarters, answers, strict=True)
            ],
            "of residence": departments,
            "department": [site if code == UNKNOWN else code for code, site in zip(departments, sites, strict=True)],
        }

    of_indicator = {indicator: people(number) for indicator, number in NUMBERS.items()}
    of_indicator["heads_counted"]["age"] = [UNKNOWN] * NUMBERS["heads_counted"]
    levels = {"qpv": "qpv", "department": "of residence", "region": "region"}
    cells: list[Cell] = []
    for table in TABLES:
        if table.indicator in of_indicator:  # of the others nothing is hidden
            values = of_indicator[table.indicator]
            names = [levels[table.level] if name == TERRITORY else name for name in table.dimensions]
            keys = zip(*(values[name] for name in names), strict=True) if names else [()] * NUMBERS[table.indicator]
            cells += lines(table, Counter(keys))
    return counts_of(cells, territories)


def shares_by_level(publication: Publication, branches: list[Branch], hidden: np.ndarray) -> str:
    level = {branch.code: branch.level for branch in branches}
    of = np.array([LEVELS.index(level[dict(key.by).get("territory", "FR")]) for key in publication.keys])
    return ", ".join(f"{name} {hidden[of == number].mean():.0%}" for number, name in enumerate(LEVELS))


PRIME = (1 << 61) - 1


def by_elimination(issue: Issue) -> int:
    """How many hidden counts linear algebra gives away; an attack that shares nothing with the audit.

    Modulo a large prime, rows are eliminated, the counts left free are drawn, and the others follow: those that follow
    to the same value whatever was drawn are given away. A false one has one chance in 2^61. A rest that is never
    printed and not small may be: anybody subtracts it.
    """
    hidden = ~issue.shown
    rows: list[dict[int, int]] = []
    rows_with: dict[int, set[int]] = defaultdict(set)
    for total, parts in issue.publication.relations:
        row = {place: 1 for place in parts if hidden[place]} | ({total: PRIME - 1} if hidden[total] else {})
        for place in row:
            rows_with[place].add(len(rows))
        rows.append(row)
    waiting = [(len(row), number) for number, row in enumerate(rows) if row]
    heapify(waiting)
    solved: dict[int, dict[int, int]] = {}
    while waiting:
        length, number = heappop(waiting)
        row = rows[number]
        if not row or length != len(row):
            continue
        rows[number] = {}
        for place in row:
            rows_with[place].discard(number)
        lead = min(row, key=lambda place: (len(rows_with[place]), place))
        inverse = pow(row[lead], -1, PRIME)
        solved[lead] = {place: -value * inverse % PRIME for place, value in row.items() if place != lead}
        for other in list(rows_with[lead]):
            times = rows[other].pop(lead)
            rows_with[lead].discard(other)
            for place, value in solved[lead].items():
                value = (rows[other].pop(place, 0) + times * value) % PRIME
                rows_with[place].discard(other)
                if value:
                    rows[other][place] = value
                    rows_with[place].add(other)
            heappush(waiting, (len(rows[other]), other))
    draw = random.Random(0)
    moves = {int(place): draw.randrange(1, PRIME) for place in np.flatnonzero(hidden) if place not in solved}
    for lead in reversed(solved):
        moves[lead] = sum(value * moves[place] for place, value in solved[lead].items()) % PRIME
    asked = issue.publication.printed | DEFAULT.small(issue.publication.counts)
    return sum(not move for place, move in moves.items() if asked[place])


def timed(
    publication: Publication, *, rule: Rule = DEFAULT, earlier: Sequence[Issue] = ()
) -> tuple[disclosure.Protection, disclosure.Audit, float, float]:
    """Protected and audited, with the seconds that each took."""
    start = time.perf_counter()
    protection = disclosure.protect(publication, rule=rule, earlier=earlier)
    protected = time.perf_counter()
    found = disclosure.audit(protection.issue, rule=rule, earlier=earlier)
    return protection, found, protected - start, time.perf_counter() - protected


def measures_as_published() -> Iterator[Measure]:
    publication = as_published()
    size = f"{len(publication.keys):,} counts, {len(publication.relations):,} relations"
    protection, found, *seconds = timed(publication)
    told = disclosure.summary(protection, found)
    yield Measure(
        f"the tables of a year as published, protected and audited ({size})",
        f"{sum(seconds):.1f} s (protection {seconds[0]:.1f}, audit {seconds[1]:.1f})",
        f"{LONGEST:.0f} s",
        sum(seconds) <= LONGEST,
    )
    alone = by_elimination(protection.issue)
    yield Measure(
        "hidden of them beside the small ones; leaks; recovered by linear algebra alone",
        f"{told.protecting:,} beside {told.small:,}; {told.leaks}; {alone}",
        "leaks 0, recovered 0",
        not told.leaks and not alone,
    )
    for name, rule, earlier in (
        (f"with a threshold of {STRICT}", Rule(threshold=STRICT), []),
        ("beside the same, published before", DEFAULT, [protection.issue]),
    ):
        again, found, *seconds = timed(publication, rule=rule, earlier=earlier)
        yield Measure(
            f"the same {name}",
            f"{sum(seconds):.1f} s (protection {seconds[0]:.1f}, audit {seconds[1]:.1f}), "
            f"{int((again.hidden & publication.printed).sum()):,} hidden, {len(found.leaks)} leaks",
            f"{LONGEST_OF_OTHERS:.0f} s, 0 leaks",
            sum(seconds) <= LONGEST_OF_OTHERS and found.safe,
        )


def measures() -> Iterator[Measure]:
    cells, branches = year()
    clock = [time.perf_counter()]
    publication = disclosure.publication_of(cells, hierarchies={"territory": branches})
    clock.append(time.perf_counter())
    protection = disclosure.protect(publication)
    clock.append(time.perf_counter())
    found = disclosure.audit(protection.issue)
    clock.append(time.perf_counter())
    steps = ", ".join(
        f"{name} {end - begin:.1f}"
        for name, begin, end in zip(("relations", "protection", "audit"), clock, clock[1:], strict=False)
    )
    took = clock[-1] - clock[0]
    size = f"{len(publication.keys):,} counts, {len(publication.relations):,} relations"
    yield Measure(
        f"a year of 700 quarters protected and audited ({size})", f"{took:.1f} s ({steps})", "30 s", took <= LONGEST
    )

    told = disclosure.summary(protection, found)
    given_away = len(disclosure.recovered(protection.issue))
    yield Measure(
        "hidden counts recovered, or too nearly known, by the attack",
        f"{given_away} and {told.leaks}",
        "0 and 0",
        not given_away and not told.leaks,
    )

    alone = by_elimination(protection.issue)
    yield Measure("hidden counts recovered by linear algebra alone, without the audit", f"{alone}", "0", not alone)

    naive = disclosure.naive(publication)
    hidden = int(naive.hidden.sum())
    recovered = f"recovered {len(disclosure.recovered(naive))}, by algebra {by_elimination(naive)}"
    yield Measure(
        "counts hidden, beside the small ones",
        f"{told.protecting:,} and {told.small:,} small ({told.share_hidden:.0%} of all)",
        f"row by row hides {hidden - told.small:,}; {recovered}",
        told.hidden < hidden,
    )
    yield Measure("share hidden by level", shares_by_level(publication, branches, protection.hidden), "", True)
    yield from measures_as_published()
