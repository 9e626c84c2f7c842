"""When surgeries are held: rhythms, changes, both changes of the clock; what is left free of them."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from citeslab.agenda import rules
from citeslab.agenda.enums import Rhythm
from citeslab.agenda.models import Surgery, SurgeryChange
from citeslab.core.values import instant
from citeslab.network.models import Site

PARIS = ZoneInfo("Europe/Paris")
THURSDAY = 3


def surgery(**rule):
    rule = {
        "pk": 1, "advisor_id": 1, "site": Site(pk=1), "place": "Maison de quartier", "rhythm": Rhythm.WEEKLY,
        "weekdays": [THURSDAY], "nth": None, "from_time": time(10), "until_time": time(12), "slot_minutes": 30,
        "begins_on": date(2026, 1, 1),
    } | rule  # fmt: skip
    return Surgery(**rule)


def held(rule, first, last, *changes):
    return rules.occurrences(rule, changes, first, last)


def local(one):
    return one.starts_at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")


def test_every_week_on_its_days_and_between_its_ends():
    rule = surgery(weekdays=[0, THURSDAY], begins_on=date(2026, 11, 5), ends_on=date(2026, 11, 16))

    assert list(rules.days(rule, date(2026, 1, 1), date(2026, 12, 31))) == [
        date(2026, 11, 5), date(2026, 11, 9), date(2026, 11, 12),
    ]  # fmt: skip


def test_every_second_week_is_counted_from_the_first_even_over_a_year_of_53_weeks():
    rule = surgery(rhythm=Rhythm.FORTNIGHTLY, begins_on=date(2026, 12, 3))

    found = list(rules.days(rule, date(2026, 12, 1), date(2027, 1, 31)))

    assert found == [date(2026, 12, 3), date(2026, 12, 17), date(2026, 12, 31), date(2027, 1, 14), date(2027, 1, 28)]


@pytest.mark.parametrize(
    ("nth", "days"),
    [
        (1, [date(2026, 1, 1), date(2026, 2, 5), date(2026, 3, 5)]),
        (3, [date(2026, 1, 15), date(2026, 2, 19), date(2026, 3, 19)]),
        (-1, [date(2026, 1, 29), date(2026, 2, 26), date(2026, 3, 26)]),
    ],
)
def test_once_a_month(nth, days):
    rule = surgery(rhythm=Rhythm.MONTHLY, nth=nth)

    assert list(rules.days(rule, date(2026, 1, 1), date(2026, 3, 31))) == days


@pytest.mark.parametrize(
    ("before", "after", "hours"),
    [
        (date(2026, 3, 26), date(2026, 4, 2), (9, 8)),  # summer time begins on March 29
        (date(2026, 10, 22), date(2026, 10, 29), (8, 9)),  # and ends on October 25
    ],
)
def test_a_surgery_at_ten_stays_at_ten_when_the_clock_changes(before, after, hours):
    found = held(surgery(), before, after)

    assert [local(one)[-5:] for one in found] == ["10:00", "10:00"]
    assert tuple(one.starts_at.astimezone(UTC).hour for one in found) == hours


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5)])
def test_a_surgery_over_the_change_itself_lasts_what_it_lasts(day, hours):
    """From one to five in the night of the change: three hours in spring, five in autumn."""
    rule = surgery(weekdays=[6], from_time=time(1), until_time=time(5), slot_minutes=60)

    (one,) = held(rule, day, day)

    assert one.ends_at - one.starts_at == timedelta(hours=hours)
    assert len(rules.slots([one], {}, since=one.starts_at - timedelta(days=1))) == hours


def test_a_cancelled_day_is_left_out_and_a_moved_one_is_held_elsewhere_in_the_week():
    changes = [
        SurgeryChange(day=date(2026, 11, 19)),
        SurgeryChange(day=date(2026, 11, 26), held_on=date(2026, 11, 27), from_time=time(14), until_time=time(15)),
    ]

    found = held(surgery(), date(2026, 11, 12), date(2026, 12, 3), *changes)

    assert [(local(one), one.is_moved) for one in found] == [
        ("2026-11-12 10:00", False), ("2026-11-27 14:00", True), ("2026-12-03 10:00", False),
    ]  # fmt: skip


def test_a_day_moved_into_the_period_is_there_and_one_moved_out_is_not():
    change = SurgeryChange(day=date(2026, 11, 26), held_on=date(2026, 12, 1), from_time=time(9), until_time=time(10))

    assert [local(one) for one in held(surgery(), date(2026, 11, 30), date(2026, 12, 2), change)] == [
        "2026-12-01 09:00"
    ]
    assert held(surgery(), date(2026, 11, 26), date(2026, 11, 30), change) == []


def test_the_next_five_dates():
    found = rules.next_days(surgery(), [], date(2026, 11, 20))

    assert [one.day.day for one in found] == [26, 3, 10, 17, 24]


def test_slots_leave_out_what_is_taken_and_what_has_begun():
    day = date(2026, 11, 26)
    times = held(surgery(until_time=time(12, 15)), day, day)
    taken = {1: [(instant(day, time(10, 45)), instant(day, time(11, 5)))]}  # touches two slots

    free = rules.slots(times, taken, since=instant(day, time(9)))
    assert [slot.starts_at.astimezone(PARIS).strftime("%H:%M") for slot in free] == ["10:00", "11:30"]

    later = rules.slots(times, {}, since=instant(day, time(11)))
    assert [slot.starts_at.astimezone(PARIS).strftime("%H:%M") for slot in later] == ["11:30"]


def test_two_surgeries_at_one_time_give_each_slot_once():
    day = date(2026, 11, 26)
    times = [*held(surgery(), day, day), *held(surgery(pk=2), day, day)]

    assert len(rules.slots(times, {}, since=instant(day, time(0)))) == 4


def test_the_reminder_leaves_the_day_before_at_ten_of_the_clock_on_the_wall():
    monday = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)

    assert rules.reminder_at(monday, PARIS) == datetime(2026, 3, 29, 8, 0, tzinfo=UTC)  # summer time since that night


@pytest.mark.parametrize(
    ("commune", "hours"),
    [
        ("97411", (6, 6)),  # Saint-Denis de La Reunion, four hours ahead of UTC
        ("97209", (14, 14)),  # Fort-de-France, four hours behind
        ("97502", (13, 12)),  # Saint-Pierre, the one overseas place with a summer time, changes three weeks before
        ("98735", (20, 20)),  # Uturoa
        ("98731", (19, 19)),  # Nuku Hiva, half an hour ahead of Tahiti
    ],
)
def test_overseas_ten_is_ten_there_whatever_the_clocks_of_paris_do(commune, hours):
    rule = surgery(site=Site(pk=1, commune_code=commune))

    found = held(rule, date(2026, 3, 5), date(2026, 4, 2))

    assert {one.starts_at.astimezone(rule.site.zone).strftime("%H:%M") for one in found} == {"10:00"}
    assert (found[0].starts_at.hour, found[-1].starts_at.hour) == hours


def test_the_reminder_leaves_at_ten_of_the_site():
    reunion = Site(department_id="974").zone

    # Half past midnight on Thursday there, still Wednesday in Paris.
    starts_at = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)
    assert rules.reminder_at(starts_at, reunion) == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phone", "email", "ways"),
    [
        ("+33639980142", "a@example.org", ["EMAIL", "SMS"]),
        ("06 39 98 01 42", "", ["SMS"]),
        ("+33145678901", "", []),  # a line at home
        ("son voisin", "", []),
        ("", "", []),
    ],
)
def test_how_a_message_can_reach_someone(phone, email, ways):
    assert rules.ways_to_tell(SimpleNamespace(phone=phone, email=email)) == ways
