from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.utils import translation

from citeslab.ui import values

NARROW = "\N{NARROW NO-BREAK SPACE}"
WIDE = "\N{NO-BREAK SPACE}"


@pytest.fixture(params=["fr", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def french():
    with translation.override("fr"):
        yield


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (65412, 0, {"fr": f"65{NARROW}412", "en": "65,412"}),
        (612, 0, {"fr": "612", "en": "612"}),
        (1.5, 1, {"fr": "1,5", "en": "1.5"}),
        (2, 1, {"fr": "2,0", "en": "2.0"}),
        (-1234, 0, {"fr": f"-1{NARROW}234", "en": "-1,234"}),
        (0, 0, {"fr": "0", "en": "0"}),
        (None, 0, {"fr": "\N{EN DASH}", "en": "\N{EN DASH}"}),
    ],
)
def test_a_number_is_written_the_way_of_the_language(language, value, decimals, written):
    assert values.number(value, decimals) == written[language]


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0.41, 0, {"fr": f"41{NARROW}%", "en": "41%"}),
        (0.463, 1, {"fr": f"46,3{NARROW}%", "en": "46.3%"}),
        (Decimal("0.2799"), 2, {"fr": f"27,99{NARROW}%", "en": "27.99%"}),
        (1, 0, {"fr": f"100{NARROW}%", "en": "100%"}),
        (None, 0, {"fr": "\N{EN DASH}", "en": "\N{EN DASH}"}),
    ],
)
def test_a_share_is_a_percentage(language, value, decimals, written):
    assert values.share(value, decimals) == written[language]


def test_money_is_written_from_its_cents(language):
    assert (
        values.money(123450) == {"fr": f"1{NARROW}234,50{WIDE}\N{EURO SIGN}", "en": "\N{EURO SIGN}1,234.50"}[language]
    )


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("long", {"fr": "12 mars 2017", "en": "March 12, 2017"}),
        ("weekday", {"fr": "dimanche 12 mars 2017", "en": "Sunday, March 12, 2017"}),
        ("short", {"fr": "12 mars", "en": "March 12"}),
        ("month", {"fr": "mars 2017", "en": "March 2017"}),
    ],
)
def test_a_day_is_written_in_words(language, style, written):
    assert values.day(date(2017, 3, 12), style) == written[language]


@pytest.mark.parametrize(
    ("day", "style", "written"),
    [
        (date(2017, 3, 1), "long", "1er mars 2017"),
        (date(2017, 3, 1), "weekday", "mercredi 1er mars 2017"),
        (date(2017, 3, 1), "short", "1er mars"),
        (date(2017, 3, 21), "long", "21 mars 2017"),
        (date(2011, 3, 1), "month", "mars 2011"),
    ],
)
def test_only_the_first_of_a_month_is_an_ordinal_in_french(french, day, style, written):
    assert values.day(day, style) == written


def test_a_moment_is_dated_in_paris():
    with translation.override("en"):
        assert values.day(datetime(2017, 12, 31, 23, 30, tzinfo=UTC)) == "January 1, 2018"


def test_an_unknown_style_of_day_is_refused():
    with pytest.raises(ValueError, match='not "iso"'):
        values.day(date(2017, 3, 12), "iso")


def test_an_hour_is_written_the_way_of_the_language(language):
    at = datetime(2017, 3, 12, 9, 5, tzinfo=UTC)  # five past ten in Paris, in winter
    assert values.clock(at) == {"fr": f"10{WIDE}h{WIDE}05", "en": f"10:05{NARROW}AM"}[language]
    assert values.clock(time(14, 0)) == {"fr": f"14{WIDE}h{WIDE}00", "en": f"2:00{NARROW}PM"}[language]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2017, 10, 12), "today"),
        (date(2017, 10, 11), "yesterday"),
        (date(2017, 10, 13), "tomorrow"),
        (date(2017, 9, 28), "September 28"),
        (date(2016, 9, 28), "September 28, 2016"),
    ],
)
def test_a_near_day_is_said_as_one_speaks(day, written):
    with translation.override("en"):
        assert values.near_day(day, date(2017, 10, 12)) == written


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Samira Khelifi", "SK"),
        ("samira", "S"),
        ("Anne de la Tour", "AT"),
        ("Denis (parti) Roy", "DR"),
        ("", ""),
    ],
)
def test_initials_are_the_first_and_the_last(name, letters):
    assert values.initials(name) == letters
