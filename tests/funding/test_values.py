"""No cent is lost: amounts read, split and shared out, whatever they are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeslab.funding.values import (
    MOST_CENTS,
    NotANumber,
    by_year,
    days_by_year,
    hundredths,
    reports_of,
    spaced,
    split,
)

AMOUNTS = st.integers(0, MOST_CENTS)
WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(any)
DAYS = st.dates(date(2002, 1, 1), date(2040, 12, 31))


@given(AMOUNTS, WEIGHTS)
def test_parts_sum_to_the_whole_and_none_is_a_cent_from_its_due(total, weights):
    parts = split(total, weights)

    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < whole  # less than one cent
        assert part == 0 or weight > 0


@given(AMOUNTS, WEIGHTS)
def test_the_same_amount_is_split_the_same_way_twice(total, weights):
    assert split(total, weights) == split(total, weights)


@given(AMOUNTS, st.integers(1, 40))
def test_even_parts_differ_by_a_cent_at_most_the_first_the_larger(total, number):
    parts = split(total, [1] * number)

    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


@pytest.mark.parametrize(("total", "weights"), [(100, []), (100, [0, 0]), (100, [2, -1]), (-1, [1])])
def test_nothing_is_split_by_nothing(total, weights):
    with pytest.raises(ValueError, match="split|min"):
        split(total, weights)


@given(AMOUNTS, DAYS, st.integers(1, 1_096))
def test_a_promise_is_shared_out_among_its_years_whole(cents, begins_on, length):
    ends_on = begins_on + timedelta(days=length)

    assert sum(days_by_year(begins_on, ends_on).values()) == length
    assert sum(by_year(cents, begins_on, ends_on).values()) == cents


def test_a_promise_over_three_years_weighs_by_their_days():
    assert by_year(109_600, date(2015, 7, 1), date(2018, 7, 1)) == {
        2015: 18_400,
        2016: 36_600,
        2017: 36_500,
        2018: 18_100,
    }


@given(st.integers(0, MOST_CENTS))
def test_an_amount_is_read_as_it_is_written(cents):
    euros, rest = divmod(cents, 100)

    assert hundredths(f"{euros}.{rest:02}") == cents
    assert hundredths(f"{euros:,}".replace(",", "\u202f") + f",{rest:02}\u00a0€") == cents


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12,345", "decimals"),
        ("1.234.5", "shape"),
        ("-1", "sign"),
        ("-0,01", "sign"),
        ("", "shape"),
        ("1e3", "shape"),
        ("٣", "shape"),
        ("12 euros", "shape"),
    ],
)
def test_what_is_no_amount_says_why(text, why):
    with pytest.raises(NotANumber) as refusal:
        hundredths(text)
    assert refusal.value.why == why


@given(DAYS, st.integers(1, 1_096), st.integers(1, 36))
def test_instalments_are_due_inside_the_agreement(first, length, number):
    last = first + timedelta(days=length)
    days = spaced(first, last, number)

    assert len(days) == number
    assert days[0] == first
    assert days == sorted(days)
    assert all(first <= day < last for day in days)


def test_reports_are_due_after_each_year_and_after_the_end():
    assert reports_of(date(2024, 1, 1), date(2025, 1, 1)) == [date(2025, 6, 30)]
    assert reports_of(date(2024, 7, 1), date(2026, 7, 1)) == [date(2025, 3, 31), date(2026, 3, 31), date(2027, 6, 30)]
