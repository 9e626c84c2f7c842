"""Small publications protected and attacked; the attacker of these tests shares no code with the one that is tested."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from citeslab.figures import disclosure
from citeslab.figures.disclosure import TOTAL, Branch, Cell, Inconsistent, Issue, Reason, Rule

NAMES = {"sex": ("man", "unknown", "woman"), "age": ("15-24", "25-39", "40+", "unknown")}


def one_table(counts, *, name="sex", territory="QP1", indicator="supported"):
    """A total and its parts, as lines of the long form."""
    values = NAMES[name][: len(counts)]
    lines = [(TOTAL, sum(counts)), *zip(values, counts, strict=True)]
    return [
        Cell(table=name, indicator=indicator, by={"territory": territory, name: value}, count=count)
        for value, count in lines
    ]


def two_by_two(table, territories=("QP1", "QP2")):
    """Several quarters of one commune, each with its breakdown by sex; the commune is the whole."""
    cells = [cell for row, code in zip(table, territories, strict=True) for cell in one_table(row, territory=code)]
    return cells + one_table([sum(column) for column in zip(*table, strict=True)], territory=TOTAL)


def of_all_ages_and_sexes(ages, sexes):
    return one_table(sexes) + one_table(ages, name="age")


def shown_of(issue):
    return {key: int(value) for key, value in zip(issue.publication.keys, issue.values(), strict=True) if value >= 0}


def test_the_same_count_of_two_tables_is_one():
    publication = disclosure.publication_of(of_all_ages_and_sexes([6, 7], [8, 5]))

    assert len(publication.keys) == 5
    assert len(publication.relations) == 2
    assert publication.places.tolist() == [4, 2, 3, 4, 0, 1]


def test_the_order_of_the_lines_changes_nothing():
    cells = two_by_two([[3, 9], [8, 7]])

    one, other = disclosure.publication_of(cells), disclosure.publication_of(cells[::-1])

    assert (one.keys, one.counts.tolist(), one.relations) == (other.keys, other.counts.tolist(), other.relations)
    assert disclosure.protect(one).hidden.tolist() == disclosure.protect(other).hidden.tolist()


def test_what_parts_lack_of_a_total_is_a_count_too():
    """50 supported, 48 women and 0 unknown: two men are told without being printed."""
    cells = [cell for cell in one_table([2, 0, 48]) if cell.by["sex"] != "man"]

    publication = disclosure.publication_of(cells)
    protection = disclosure.protect(publication)

    assert publication.printed.tolist().count(False) == 1
    assert publication.counts[~publication.printed].tolist() == [2]
    assert disclosure.audit(protection.issue).safe
    assert len(shown_of(protection.issue)) < 3


def test_a_share_gives_its_rest_away():
    cells = [
        Cell(table="met", indicator="met", by={}, count=40),
        Cell(table="met", indicator="supported", by={}, count=37),
    ]

    apart = disclosure.publication_of(cells)
    tied = disclosure.publication_of(cells, sums=[("met", ["supported"])])

    assert disclosure.audit(disclosure.protect(apart).issue).safe
    assert len(shown_of(disclosure.protect(apart).issue)) == 2
    assert len(shown_of(disclosure.protect(tied).issue)) == 1


def test_a_share_is_printed_only_with_both_its_counts():
    publication = disclosure.publication_of(one_table([3, 9, 20]))
    issue = disclosure.protect(publication).issue
    man, unknown, woman, everyone = range(4)

    assert issue.share(woman, everyone) == Fraction(20, 32)
    assert issue.share(man, everyone) is None
    with pytest.raises(ValueError, match="is no part of"):
        issue.share(woman, unknown)


def test_a_missing_level_is_made_up_by_the_one_below():
    branches = [
        Branch(code="FR", level="network"),
        Branch(code="R1", level="region", parent="FR"),
        Branch(code="C1", level="commune", parent="R1"),
        Branch(code="C2", level="commune", parent="R1"),
        Branch(code="QP1", level="qpv", parent="C1"),
        Branch(code="QP2", level="qpv", parent="C1"),
    ]
    counts = {"FR": 30, "QP1": 12, "QP2": 8, "C2": 10}
    cells = [Cell(table="t", indicator="met", by={"territory": code}, count=count) for code, count in counts.items()]

    publication = disclosure.publication_of(cells, hierarchies={"territory": branches})

    places = [publication.place("met", territory=code) for code in ("C2", "QP1", "QP2")]
    assert publication.relations == ((publication.place("met"), tuple(places)),)


def test_two_ways_to_cut_a_territory_are_two_relations():
    branches = [
        Branch(code=code, level=level, parent=TOTAL)
        for code, level in [("S1", "site"), ("S2", "site"), ("C1", "commune"), ("C2", "commune")]
    ]
    counts = {TOTAL: 20, "S1": 12, "S2": 8, "C1": 9, "C2": 11}
    cells = [Cell(table="t", indicator="met", by={"territory": code}, count=count) for code, count in counts.items()]

    assert len(disclosure.publication_of(cells, hierarchies={"territory": branches}).relations) == 2


@pytest.mark.parametrize(
    "cells",
    [
        [Cell(table="a", indicator="met", by={}, count=5), Cell(table="b", indicator="met", by={}, count=6)],
        [Cell(table="a", indicator="met", by={}, count=-1)],
        [Cell(table="a", indicator="met", by={"sex": sex}, count=count) for sex, count in [("*", 5), ("woman", 6)]],
    ],
)
def test_counts_that_contradict_each_other_are_refused(cells):
    with pytest.raises(Inconsistent):
        disclosure.publication_of(cells)


def test_an_unknown_territory_is_refused():
    cell = Cell(table="a", indicator="met", by={"territory": "QP9"}, count=5)

    with pytest.raises(Inconsistent):
        disclosure.publication_of([cell], hierarchies={"territory": [Branch(code="QP1", level="qpv", parent=TOTAL)]})


def test_values_that_overlap_do_not_add_up():
    cells = [
        Cell(table="needs", indicator="met", by={"need": need}, count=count)
        for need, count in [("*", 10), ("money", 8), ("papers", 7)]
    ]

    assert disclosure.publication_of(cells, overlapping=[("met", "need")]).relations == ()


def test_one_small_count_takes_another_with_it():
    publication = disclosure.publication_of(one_table([3, 9, 20]))
    protection = disclosure.protect(publication)

    assert publication.counts[protection.hidden].tolist() == [3, 9]
    assert [Reason(reason).name for reason in protection.reasons] == ["SMALL", "PROTECTS_ANOTHER", "SHOWN", "SHOWN"]
    assert disclosure.explain(protection)[1].protects == (publication.keys[0],)


def test_a_zero_hides_nobody_who_is_alone():
    """One man and no unknown: hidden together, each would be 0 or 1."""
    publication = disclosure.publication_of(one_table([1, 0, 20]))
    protection = disclosure.protect(publication)
    found = disclosure.audit(protection.issue, exactly=True)

    assert publication.counts[protection.hidden].tolist() != [1, 0]
    assert (found.high - found.low)[publication.place("supported", territory="QP1", sex="man")] >= 2


def test_zeros_are_shown_unless_asked():
    publication = disclosure.publication_of(one_table([0, 12, 20]))

    assert not disclosure.protect(publication).hidden.any()
    assert publication.counts[disclosure.protect(publication, rule=Rule(zeros=True)).hidden].tolist() == [0, 12]


def test_the_strict_threshold_hides_more():
    publication = disclosure.publication_of(one_table([8, 15, 20]))

    assert not disclosure.protect(publication).hidden.any()
    strict = disclosure.protect(publication, rule=Rule(threshold=disclosure.STRICT))
    assert publication.counts[strict.hidden].tolist() == [8, 15]


def test_a_small_count_that_is_printed_is_refused():
    publication = disclosure.publication_of(one_table([3, 9, 20]))

    found = disclosure.audit(Issue(publication, np.zeros(4, dtype=bool)))

    assert [(leak.low, leak.high, leak.needed) for leak in found.leaks] == [(3, 3, 2)]


def test_a_small_count_hidden_alone_is_refused_with_the_sum_that_tells_it():
    publication = disclosure.publication_of(one_table([3, 9, 20]))
    hidden = publication.counts == 3

    (leak,) = disclosure.audit(Issue(publication, hidden)).leaks

    assert (leak.key, leak.low, leak.high) == (publication.keys[0], 3, 3)
    assert leak.relations == ((publication.keys[3], publication.keys[:3]),)


def test_a_bridge_between_two_squares_is_found_by_the_audit():
    """Two hidden counts in every row and column, and still one of them follows from the others."""
    table = [[2, 3, 20, 20, 20], [3, 2, 20, 20, 20], [20, 20, 9, 20, 20], [20, 20, 20, 2, 3], [20, 20, 20, 3, 2]]
    names = {"column": [f"c{number}" for number in range(5)], "row": [f"r{number}" for number in range(5)]}
    square = np.array(table)
    cells = [
        Cell(table="t", indicator="met", by={"row": row, "column": column}, count=int(square[r, c]))
        for (r, row), (c, column) in product(enumerate(names["row"]), enumerate(names["column"]))
    ]
    cells += [
        Cell(table="t", indicator="met", by={"row": row, "column": TOTAL}, count=int(square[r].sum()))
        for r, row in enumerate(names["row"])
    ]
    cells += [
        Cell(table="t", indicator="met", by={"row": TOTAL, "column": column}, count=int(square[:, c].sum()))
        for c, column in enumerate(names["column"])
    ]
    publication = disclosure.publication_of(cells)
    hidden = publication.counts < 5
    for row, column in [("r2", "c0"), ("r2", "c3"), ("r1", "c2"), ("r3", "c2")]:
        hidden[publication.place("met", row=row, column=column)] = True
    lonely = publication.counts < 5
    lonely[publication.place("met", row="r1", column="c3")] = True  # the bridge

    assert disclosure.audit(Issue(publication, hidden)).safe
    assert [leak.key for leak in disclosure.audit(Issue(publication, lonely)).leaks] == [
        publication.keys[publication.place("met", row="r1", column="c3")]
    ]


def test_what_was_shown_before_hides_nobody_now():
    publication = disclosure.publication_of(one_table([3, 9, 20]))
    earlier = disclosure.publication_of(
        [Cell(table="sex", indicator="supported", by={"territory": "QP1", "sex": "unknown"}, count=9)]
    )
    shown = Issue(earlier, np.zeros(1, dtype=bool))

    protection = disclosure.protect(publication, earlier=[shown])

    assert publication.counts[protection.hidden].tolist() == [3, 20]
    assert disclosure.audit(protection.issue, earlier=[shown]).safe
    assert not disclosure.audit(disclosure.protect(publication).issue, earlier=[shown]).safe


def test_what_was_hidden_before_stays_hidden():
    publication = disclosure.publication_of(one_table([3, 9, 20]))
    first = disclosure.protect(publication)
    second = disclosure.publication_of(of_all_ages_and_sexes([15, 17], [3, 9, 20]))

    protection = disclosure.protect(second, earlier=[first.issue])

    assert set(second.counts[protection.hidden].tolist()) == {3, 9}
    assert sorted(Reason(reason).name for reason in protection.reasons[protection.hidden]) == [
        "HIDDEN_EARLIER",
        "SMALL",
    ]


def test_what_earlier_issues_gave_away_is_named_and_refused():
    publication = disclosure.publication_of(one_table([3, 9, 20]))
    hidden = publication.counts == 3  # alone: the sum tells it
    careless = Issue(publication, hidden)

    protection = disclosure.protect(publication, earlier=[careless])

    assert protection.exposed == (publication.keys[0],)
    assert [leak.key for leak in disclosure.audit(protection.issue, earlier=[careless]).leaks] == [publication.keys[0]]


def test_a_corrected_count_is_another_count():
    before = disclosure.publication_of(one_table([3, 9, 20]))
    after = disclosure.publication_of(one_table([3, 9, 21]))

    protection = disclosure.protect(after, earlier=[disclosure.protect(before).issue])

    assert after.counts[protection.hidden].tolist() == [3, 9]
    assert disclosure.audit(protection.issue, earlier=[disclosure.protect(before).issue]).safe


def test_two_earlier_issues_of_a_corrected_count_are_read_together():
    """Each alone hides three men; one prints what the other hides."""
    after = disclosure.publication_of(one_table([6, 9, 21]))
    before = disclosure.publication_of(one_table([3, 9, 20]))
    man, unknown, woman = (before.place("supported", territory="QP1", sex=sex) for sex in NAMES["sex"][:3])
    issues = [Issue(before, np.isin(np.arange(4), [man, other])) for other in (unknown, woman)]

    found = disclosure.audit(Issue(after, np.zeros(4, dtype=bool)), earlier=issues)

    assert all(disclosure.audit(issue).safe for issue in issues)
    assert [(leak.low, leak.high) for leak in found.leaks] == [(3, 3)]


def test_someone_told_which_counts_are_small_knows_more():
    publication = disclosure.publication_of(one_table([4, 4, 4]))
    hidden = publication.counts == 4

    assert disclosure.audit(Issue(publication, hidden)).safe
    assert len(disclosure.audit(Issue(publication, hidden), marked=True).leaks) == 3


def test_rounding_prints_multiples_and_is_audited():
    publication = disclosure.publication_of(two_by_two([[3, 9, 11], [8, 7, 1]]))

    issue = disclosure.round_to(publication)

    assert set(issue.values() % 5) <= {0, 4}  # -1 where nothing is printed
    assert disclosure.audit(issue).safe
    with pytest.raises(ValueError, match="rounding to 2"):
        disclosure.round_to(publication, base=2)


def test_naive_suppression_leaves_a_bridge_that_the_audit_crosses():
    publication = disclosure.publication_of(two_by_two([[1, 9, 0], [9, 9, 9]]))

    naive = disclosure.naive(publication)
    ours = disclosure.protect(publication)

    assert disclosure.audit(ours.issue).safe
    assert naive.hidden.sum() >= 4


def test_the_summary_counts_each_reason():
    publication = disclosure.publication_of(one_table([3, 9, 20]))
    protection = disclosure.protect(publication)

    told = disclosure.summary(protection, disclosure.audit(protection.issue))

    assert (told.printed, told.small, told.protecting, told.hidden, told.leaks) == (4, 1, 1, 2, 0)
    assert told.share_hidden == 0.5


@pytest.mark.parametrize("rule", [{"threshold": 1}, {"width": 0}, {"other_width": 0}])
def test_a_rule_that_protects_nothing_is_refused(rule):
    with pytest.raises(ValueError, match="protect something"):
        Rule(**rule)


def test_nothing_to_publish_is_safe():
    publication = disclosure.publication_of([])

    assert disclosure.audit(disclosure.protect(publication).issue).safe
