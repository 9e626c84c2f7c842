"""Random linked tables, protected, then attacked by methods that share nothing with the one that is tested."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeslab.figures import disclosure
from citeslab.figures.disclosure import TOTAL, Branch, Cell, Issue, Rule, attack

DIMENSIONS = {"sex": ("man", "woman"), "age": ("old", "unknown", "young")}


# -- random worlds: people in quarters of two communes, counted in tables that share their totals


@st.composite
def worlds(draw, quarters=3, most=6, dimensions=tuple(DIMENSIONS)):
    """For each quarter, the number of people of each combination; and the commune of each quarter."""
    combinations = list(product(*(DIMENSIONS[name] for name in dimensions)))
    people = [
        {combination: draw(st.integers(0, most)) for combination in combinations}
        for _ in range(draw(st.integers(1, quarters)))
    ]
    return people, [draw(st.sampled_from(["C1", "C2"])) for _ in people], dimensions


def cells_of(world, tables=None):
    people, communes, dimensions = world
    places = {TOTAL: range(len(people))}
    for number, commune in enumerate(communes):
        places.setdefault(commune, [])
        places[commune] = [*places[commune], number]
        places[f"Q{number}"] = [number]
    for place, numbers in places.items():
        for table in tables or dimensions:
            column = dimensions.index(table)
            for value in (TOTAL, *DIMENSIONS[table]):
                count = sum(
                    count
                    for number in numbers
                    for combination, count in people[number].items()
                    if value in (TOTAL, combination[column])
                )
                yield Cell(table=table, indicator="met", by={"territory": place, table: value}, count=count)


def published(world, tables=None):
    branches = [Branch(code=code, level="commune", parent=TOTAL) for code in ("C1", "C2")]
    branches += [Branch(code=f"Q{n}", level="qpv", parent=commune) for n, commune in enumerate(world[1])]
    return disclosure.publication_of(cells_of(world, tables), hierarchies={"territory": branches})


# -- attackers


def every_whole_table(issue, most):
    """Lists every table of whole numbers that prints the same, counts up to `most`; low and high of each count."""
    publication = issue.publication
    n = len(publication.counts)
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    values = [int(count) if shown else None for count, shown in zip(publication.counts, issue.shown, strict=True)]

    def consistent(values):
        """Fill in what follows from one relation at a time; nothing where a relation cannot hold."""
        values = list(values)
        moving = True
        while moving:
            moving = False
            for total, parts in publication.relations:
                unknown = [place for place in (total, *parts) if values[place] is None]
                told = sum(values[part] for part in parts if values[part] is not None)
                if not unknown and told != values[total]:
                    return None
                if values[total] is not None and told > values[total]:
                    return None
                if len(unknown) == 1:
                    moving = True
                    values[unknown[0]] = told if unknown[0] == total else values[total] - told
        return values

    def walk(values):
        values = consistent(values)
        if values is None:
            return
        if None not in values:
            np.minimum(low, values, out=low)
            np.maximum(high, values, out=high)
            return
        here = values.index(None)
        for value in range(most + 1):
            walk([*values[:here], value, *values[here + 1 :]])

    walk(values)
    return low, high


def determined(issue):
    """Places of the hidden counts that linear algebra alone gives away, in exact fractions."""
    publication = issue.publication
    hidden = [place for place in range(len(publication.counts)) if not issue.shown[place]]
    column = {place: number for number, place in enumerate(hidden)}
    rows = []
    for total, parts in publication.relations:
        row = {column[part]: Fraction(1) for part in parts if part in column}
        if total in column:
            row[column[total]] = Fraction(-1)
        if row:
            rows.append(row)
    reduced: dict[int, dict[int, Fraction]] = {}
    for row in rows:
        for lead, other in reduced.items():
            if lead in row:
                row = added(row, other, -row[lead])
        if row:
            lead = min(row)
            row = {at: value / row[lead] for at, value in row.items()}
            reduced = {at: added(other, row, -other.get(lead, 0)) for at, other in reduced.items()} | {lead: row}
    return {hidden[lead] for lead, row in reduced.items() if len(row) == 1}


def added(row, other, times):
    sums = {at: row.get(at, 0) + times * other.get(at, 0) for at in {*row, *other}}
    return {at: value for at, value in sums.items() if value}


def small_places(publication, rule):
    return [place for place, count in enumerate(publication.counts) if 0 < count < rule.threshold]


# -- what must hold


@settings(max_examples=60, deadline=None)
@given(world=worlds(quarters=2, most=3, dimensions=("sex",)), width=st.integers(1, 3))
def test_no_small_count_is_worked_out_by_trying_every_table(world, width):
    rule = Rule(width=width)
    publication = published(world)
    protection = disclosure.protect(publication, rule=rule)
    most = int(publication.counts.max(initial=0)) + 4

    low, high = every_whole_table(protection.issue, most)

    hidden = protection.hidden & publication.printed
    assert ((high - low)[hidden] >= 1).all()
    for place in small_places(publication, rule):
        assert high[place] - low[place] >= width
    assert protection.exposed == ()


@settings(max_examples=60, deadline=None)
@given(world=worlds(quarters=2, most=3, dimensions=("sex",)), data=st.data())
def test_the_audit_finds_the_intervals_that_trying_every_table_finds(world, data):
    """For any pattern, good or bad."""
    publication = published(world)
    n = len(publication.counts)
    pattern = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    issue = Issue(publication, pattern)
    most = int(publication.counts.max(initial=0)) + 4

    low, high = every_whole_table(issue, most)
    found = disclosure.audit(issue, exactly=True)

    assert found.exact.all()
    assert found.low.tolist() == low.tolist()
    # Whoever lists tables must stop somewhere; what has no end goes at least beyond the truth.
    endless = np.isinf(found.high)
    assert found.high[~endless].tolist() == high[~endless].tolist()
    assert (high[endless] > publication.counts[endless]).all()
    assert {leak.key for leak in found.leaks} == {
        publication.keys[place]
        for place in range(n)
        if found.high[place] - found.low[place]
        < (2 if 0 < publication.counts[place] < 5 else int(pattern[place] and publication.printed[place]))
    }


@settings(max_examples=60, deadline=None)
@given(world=worlds(quarters=4, most=3), data=st.data(), sizes=st.sampled_from([(1,), (2, 4), (3, 5, 8), (12,)]))
def test_what_is_proven_nearby_is_what_all_counts_prove(world, data, sizes):
    """Small worlds lie nearby as a whole; here a few counts are tried first, as in a large one."""
    publication = published(world)
    n = len(publication.counts)
    issue = Issue(publication, np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n))))
    rule = Rule(width=data.draw(st.integers(1, 3)))
    whole = disclosure.audit(issue, rule=rule, exactly=True)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(attack, "SIZES", sizes)
        patched.setattr(attack, "SWEEPS", 0)
        nearby = disclosure.audit(issue, rule=rule)
        protected = disclosure.protect(publication, rule=rule)

    assert {leak.key for leak in nearby.leaks} == {leak.key for leak in whole.leaks}
    assert (nearby.low >= whole.low).all()
    assert (nearby.high <= whole.high).all()
    assert disclosure.audit(protected.issue, rule=rule, exactly=True).safe


@settings(max_examples=40, deadline=None)
@given(world=worlds(quarters=6, most=5))
def test_linear_algebra_gives_no_hidden_count_away(world):
    publication = published(world)
    protection = disclosure.protect(publication)

    assert not determined(protection.issue) & set(np.flatnonzero(protection.hidden & publication.printed).tolist())
    assert disclosure.audit(protection.issue).safe


@settings(max_examples=40, deadline=None)
@given(world=worlds(quarters=5, most=5), data=st.data())
def test_what_linear_algebra_gives_away_is_refused(world, data):
    publication = published(world)
    n = len(publication.counts)
    pattern = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n))) & publication.printed
    issue = Issue(publication, pattern)

    refused = {leak.key for leak in disclosure.audit(issue).leaks}

    assert {publication.keys[place] for place in determined(issue) if pattern[place]} <= refused


@settings(max_examples=30, deadline=None)
@given(world=worlds(quarters=5, most=5), order=st.randoms())
def test_the_order_of_the_lines_changes_no_pattern(world, order):
    cells = list(cells_of(world))
    order.shuffle(cells)
    branches = [Branch(code=code, level="commune", parent=TOTAL) for code in ("C1", "C2")]
    branches += [Branch(code=f"Q{n}", level="qpv", parent=commune) for n, commune in enumerate(world[1])]
    order.shuffle(branches)
    shuffled = disclosure.publication_of(cells, hierarchies={"territory": branches})

    assert shuffled.keys == published(world).keys
    assert disclosure.protect(shuffled).hidden.tolist() == disclosure.protect(published(world)).hidden.tolist()


@settings(max_examples=40, deadline=None)
@given(world=worlds(quarters=4, most=5))
def test_a_second_publication_gives_nothing_of_the_first_away(world):
    first = disclosure.protect(published(world, tables=["sex"]))
    second = disclosure.protect(published(world), earlier=[first.issue])

    found = disclosure.audit(second.issue, earlier=[first.issue])

    assert second.exposed == ()
    assert found.safe
    earlier_hidden = np.array(first.issue.publication.keys, dtype=object)[
        first.hidden & first.issue.publication.printed
    ]
    place = {key: number for number, key in enumerate(second.issue.publication.keys)}
    assert all(second.hidden[place[tuple(key)]] for key in earlier_hidden)


@settings(max_examples=30, deadline=None)
@given(world=worlds(quarters=4, most=5))
def test_printed_counts_are_exact(world):
    publication = published(world)
    issue = disclosure.protect(publication).issue

    assert issue.values()[issue.shown].tolist() == publication.counts[issue.shown].tolist()
    assert set(issue.values()[~issue.shown].tolist()) <= {-1}


@settings(max_examples=30, deadline=None)
@given(world=worlds(quarters=4, most=5), base=st.sampled_from([5, 10]))
def test_rounded_publications_leak_nothing(world, base):
    issue = disclosure.round_to(published(world), base=base)

    assert disclosure.audit(issue).safe


@pytest.mark.parametrize("sizes", [attack.SIZES, (20, 60)])
@pytest.mark.parametrize("seed", range(3))
def test_a_program_for_each_count_agrees_with_the_witnesses(seed, sizes, monkeypatch):
    """At the size of a department: each end of each interval, asked for on its own."""
    monkeypatch.setattr(attack, "SIZES", sizes)
    import highspy

    draw = np.random.default_rng(seed)
    combinations = list(product(*DIMENSIONS.values()))
    people = [dict(zip(combinations, draw.poisson(1.6, 6).tolist(), strict=True)) for _ in range(14)]
    world = people, draw.choice(["C1", "C2"], 14).tolist(), tuple(DIMENSIONS)
    issue = disclosure.protect(published(world)).issue
    publication = issue.publication
    found = disclosure.audit(issue)

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    counts = [
        solver.addVariable(lb=float(count) if shown else 0.0, ub=float(count) if shown else 10_000.0)
        for count, shown in zip(publication.counts, issue.shown, strict=True)
    ]
    for total, parts in publication.relations:
        solver.addConstr(sum(counts[part] for part in parts) == counts[total])
    for place in np.flatnonzero(issue.hidden).tolist():
        solver.minimize(counts[place])
        low = solver.val(counts[place])
        solver.maximize(counts[place])
        high = solver.val(counts[place])
        assert low <= found.low[place] + 1e-6
        assert high >= found.high[place] - 1e-6
        assert high - low >= 1 - 1e-6
        if found.exact[place]:
            assert (low, min(high, 10_000)) == pytest.approx((found.low[place], min(found.high[place], 10_000)))
