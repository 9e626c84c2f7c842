"""Appointments booked, moved, cancelled, brought back; surgeries; a handover."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from citeslab.agenda import queries, services
from citeslab.agenda.enums import Kind, Outcome, Reason, Rhythm
from citeslab.agenda.models import Appointment, Surgery, SurgeryChange
from citeslab.audit.models import Entry
from citeslab.network.enums import Role
from tests import factories
from tests.agenda.conftest import paris

pytestmark = pytest.mark.django_db


def journal():
    return list(Entry.objects.values_list("action", flat=True))


def test_an_appointment_is_booked_with_its_journal_line(book, samira, advisor, at):
    found = book()

    assert (found.person, found.advisor, found.site, found.minutes) == (samira, advisor, samira.site, 45)
    assert (found.booked_by, found.booked_at, found.channel, found.sequence) == (advisor, at, "DESK", 0)
    assert journal() == ["agenda.appointment.booked"]
    assert queries.next_appointment(samira, at=at) == found


def test_a_time_is_given_once(book):
    book()

    for hour, minute in [(10, 0), (9, 30), (10, 44)]:
        with pytest.raises(services.SlotTaken):
            book(starts_at=paris(26, hour, minute))
    assert Appointment.objects.count() == 1


def test_appointments_may_touch_and_another_advisor_is_free(book, site):
    book()
    book(starts_at=paris(26, 10, 45))
    book(starts_at=paris(26, 9, 15))
    book(advisor=factories.AnyMandate(site=site).user)

    assert Appointment.objects.count() == 4


def test_the_database_refuses_what_the_service_would(book, advisor):
    first = book()

    with pytest.raises(IntegrityError, match="agenda_appointment_one_at_a_time"), transaction.atomic():
        factories.AnyAppointment(advisor=advisor, starts_at=first.starts_at + timedelta(minutes=5))


def test_the_same_sending_books_once(book):
    first = book(key="phone-1")

    assert book(key="phone-1", starts_at=paris(27, 9)) == first
    assert Appointment.objects.count() == 1


def test_what_cannot_be_booked(book, site, advisor, at):
    with pytest.raises(services.AlreadyPast):
        book(starts_at=at - timedelta(hours=2))
    with pytest.raises(services.NotAtHerSite):
        book(advisor=factories.AnyMandate().user)
    services.close_day(advisor=advisor, day=date(2026, 11, 26), by=advisor, at=at)
    with pytest.raises(services.AdvisorAway):
        book()
    services.open_day(advisor=advisor, day=date(2026, 11, 26), by=advisor, at=at)
    book()


def test_an_advisor_whose_mandate_ends_before_the_day_is_not_booked(book, site):
    leaving = factories.AnyMandate(site=site, ends_on=date(2026, 11, 26)).user

    with pytest.raises(services.NotAtHerSite):
        book(advisor=leaving)


def test_moving_keeps_the_identity_and_frees_the_old_time(book, advisor, later):
    found = book()
    moved = services.move(appointment=found, starts_at=paris(27, 14), by=advisor, at=later)

    assert (moved.pk, moved.uid, moved.sequence) == (found.pk, found.uid, 1)
    assert (moved.starts_at, moved.minutes) == (paris(27, 14), 45)
    book()
    with pytest.raises(services.SlotTaken):
        services.move(appointment=moved, starts_at=paris(26, 10, 15), by=advisor, at=later)


def test_an_appointment_can_move_over_its_own_time(book, advisor, later):
    moved = services.move(appointment=book(), starts_at=paris(26, 10, 15), minutes=60, by=advisor, at=later)

    assert (moved.starts_at, moved.minutes) == (paris(26, 10, 15), 60)


def test_the_second_of_two_who_move_it_is_told(book, advisor, later):
    found = book()
    services.move(appointment=found, starts_at=paris(27, 14), seen=0, by=advisor, at=later)

    with pytest.raises(services.ChangedMeanwhile):
        services.move(appointment=found, starts_at=paris(30, 9), seen=0, by=advisor, at=later)


def test_a_cancellation_gives_the_time_back_and_can_be_undone(book, advisor, later):
    found = book()
    for _twice in range(2):
        found = services.cancel(appointment=found, reason=Reason.PERSON, by=advisor, at=later)
    assert (found.cancelled_by, found.cancel_reason, found.sequence) == (advisor, "PERSON", 1)

    found = services.restore(appointment=found, by=advisor, at=later)
    assert (found.cancelled_at, found.cancelled_by, found.cancel_reason, found.sequence) == (None, None, "", 2)
    assert journal() == [
        "agenda.appointment.booked", "agenda.appointment.cancelled", "agenda.appointment.restored",
    ]  # fmt: skip


def test_an_undone_cancellation_does_not_take_the_time_of_another(book, advisor, later):
    found = services.cancel(appointment=book(), reason=Reason.MISTAKE, by=advisor, at=later)
    book()

    with pytest.raises(services.SlotTaken):
        services.restore(appointment=found, by=advisor, at=later)
    with pytest.raises(services.NoLongerStands):
        services.move(appointment=found, starts_at=paris(27, 9), by=advisor, at=later)


def test_what_came_of_it_is_noted_afterwards_and_can_be_taken_back(book, advisor, samira):
    found = book()
    with pytest.raises(services.NotYet):
        services.note_outcome(appointment=found, outcome=Outcome.NO_SHOW, by=advisor, at=paris(26, 9, 59))

    after = paris(26, 10, 20)
    for _twice in range(2):
        found = services.note_outcome(appointment=found, outcome=Outcome.NO_SHOW, by=advisor, at=after)
    assert (found.outcome, found.outcome_at, found.outcome_by) == ("NO_SHOW", after, advisor)
    assert queries.coming(samira, at=after).missed == 1
    with pytest.raises(services.NoLongerStands):
        services.cancel(appointment=found, reason=Reason.PERSON, by=advisor, at=after)

    found = services.forget_outcome(appointment=found, by=advisor, at=after)
    assert (found.outcome, found.outcome_at, found.outcome_by) == ("", None, None)
    assert journal()[1:] == ["agenda.appointment.outcome_noted", "agenda.appointment.outcome_taken_back"]


def test_free_slots_follow_the_surgeries_and_what_is_booked(book, site, advisor, at):
    factories.AnySurgery(site=site, advisor=advisor)  # Thursdays, ten to twelve, every half hour
    book(minutes=30)

    def hours(**asked):
        free = queries.free_slots(since=at, days=7, **asked)
        return [(slot.starts_at.day, f"{slot.starts_at.hour + 1}:{slot.starts_at.minute:02}") for slot in free]

    assert hours(advisor=advisor) == [(26, "10:30"), (26, "11:00"), (26, "11:30")]
    assert hours(site=site) == hours(advisor=advisor)
    services.close_day(advisor=advisor, day=date(2026, 11, 26), by=advisor, at=at)
    assert hours(advisor=advisor) == []


def test_free_slots_cost_the_same_for_one_surgery_or_ten(site, advisor, at, django_assert_num_queries):
    factories.AnySurgery(site=site, advisor=advisor)
    with django_assert_num_queries(4):  # surgeries, their changes, appointments, closures
        queries.free_slots(site=site, since=at)
    for _ in range(9):
        factories.AnySurgery(site=site)
    with django_assert_num_queries(4):
        queries.free_slots(site=site, since=at)


def test_what_a_note_starts_with(book, samira, advisor, later):
    day = date(2026, 11, 26)
    assert queries.to_prefill_note(samira, day) is None
    first = book()
    assert queries.to_prefill_note(samira, day) == queries.Prefill(first.pk, day, 45, "RECEPTION")
    factories.AnyMeeting(person=samira)
    assert queries.to_prefill_note(samira, day).nature == "FOLLOW_UP"
    call = book(starts_at=paris(26, 17, 15), minutes=15, kind=Kind.PHONE)
    assert queries.to_prefill_note(samira, day) == queries.Prefill(call.pk, day, 15, "PHONE")
    services.cancel(appointment=call, reason=Reason.PERSON, by=advisor, at=later)
    services.note_outcome(appointment=first, outcome=Outcome.NO_SHOW, by=advisor, at=paris(26, 11))
    assert queries.to_prefill_note(samira, day) is None


def test_the_day_of_an_advisor_says_what_is_next(book, advisor):
    first, second = book(), book(starts_at=paris(26, 14))
    book(starts_at=paris(27, 9))

    found = queries.today(advisor, on=date(2026, 11, 26), at=paris(26, 12, 40))

    assert [(line.appointment, line.is_over, line.is_next, line.minutes_left) for line in found.lines] == [
        (first, True, False, None),
        (second, False, True, 80),
    ]
    assert [one.starts_at for one in found.tomorrow] == [paris(27, 9)]
    assert found.to_come == 1


def test_appointments_of_a_neighbour_are_out_of_sight(book, advisor, at):
    book()
    stranger = factories.AnyMandate().user
    pilot = factories.AnyMandate(role=Role.PILOT, site=None).user

    for user in (stranger, pilot):
        assert not Appointment.objects.visible_to(user, on=at.date()).exists()
    assert Appointment.objects.visible_to(advisor, on=at.date()).count() == 1


# -- surgeries --------------------------------------------------------------------------------------------------------


def rule(site, advisor, **changed):
    given = {
        "site": site, "advisor": advisor, "place": "Maison de quartier", "weekdays": [3], "from_time": time(10),
        "until_time": time(12), "begins_on": date(2026, 11, 1),
    }  # fmt: skip
    return Surgery(**(given | changed))


def test_a_surgery_is_opened_changed_and_ended(site, advisor, at):
    found = services.open_surgery(surgery=rule(site, advisor), by=advisor, at=at)
    found.until_time = time(13)
    services.change_surgery(surgery=found, by=advisor, at=at)
    services.end_surgery(surgery=found, ends_on=date(2026, 12, 1), by=advisor, at=at)

    assert [one.day.day for one in queries.held(Surgery.objects.all(), date(2026, 11, 20), date(2026, 12, 31))] == [26]
    assert journal() == ["agenda.surgery.opened", "agenda.surgery.changed", "agenda.surgery.ended"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"until_time": time(9)},
        {"weekdays": []},
        {"weekdays": [7]},
        {"rhythm": Rhythm.MONTHLY},
        {"nth": 2},
        {"slot_minutes": 5},
        {"ends_on": date(2026, 10, 1)},
    ],
    ids=str,
)
def test_a_rule_that_says_nothing_is_refused_twice(site, advisor, at, wrong):
    with pytest.raises(ValidationError):
        services.open_surgery(surgery=rule(site, advisor, **wrong), by=advisor, at=at)
    with pytest.raises(IntegrityError, match="agenda_surgery_"), transaction.atomic():
        rule(site, advisor, changed_at=at, changed_by=advisor, **wrong).save()


def test_one_day_is_cancelled_then_moved_then_held_again(site, advisor, at):
    found = factories.AnySurgery(site=site, advisor=advisor)
    day = date(2026, 11, 26)
    said = {"surgery": found, "day": day, "by": advisor, "at": at}

    def hours():
        return [one.starts_at for one in queries.held(Surgery.objects.all(), day, day + timedelta(days=1))]

    services.change_day(**said)
    assert hours() == []
    services.change_day(**said, held_on=date(2026, 11, 27), from_time=time(9), until_time=time(11))
    assert hours() == [paris(27, 9)]
    assert SurgeryChange.objects.count() == 1
    services.restore_day(**said)
    assert hours() == [paris(26, 10)]
    with pytest.raises(services.NotHeldThatDay):
        services.change_day(**(said | {"day": date(2026, 11, 27)}))


def test_a_day_is_closed_once(advisor, at):
    day = date(2026, 10, 25)  # of twenty-five hours
    first = services.close_day(advisor=advisor, day=day, by=advisor, at=at)

    assert services.close_day(advisor=advisor, day=day, by=advisor, at=at) == first
    assert first.ends_at - first.starts_at == timedelta(hours=25)


# -- a handover -------------------------------------------------------------------------------------------------------


def test_a_handover_passes_the_future_and_lists_what_conflicts(book, site, advisor, at):
    colleague = factories.AnyMandate(site=site).user
    past = factories.AnyAppointment(person__site=site, advisor=advisor, starts_at=paris(3, 10))
    before, free, clash = book(starts_at=paris(25, 9)), book(starts_at=paris(27, 9)), book(starts_at=paris(30, 9))
    book(advisor=colleague, starts_at=paris(30, 9, 15))
    since = date(2026, 11, 26)

    assert queries.conflicts(advisor=advisor, to=colleague, since=since) == [clash]
    assert services.hand_over(advisor=advisor, to=colleague, since=since, by=advisor, at=at) == 1

    holders = dict(Appointment.objects.values_list("pk", "advisor"))
    assert [holders[one.pk] for one in (past, before, free, clash)] == [
        advisor.pk, advisor.pk, colleague.pk, advisor.pk,
    ]  # fmt: skip
    assert Entry.objects.get(action="agenda.handover.made").details["count"] == 1


def test_a_surgery_passes_at_its_rhythm_with_the_days_already_changed(site, advisor, at):
    colleague = factories.AnyMandate(site=site).user
    found = factories.AnySurgery(
        site=site, advisor=advisor, rhythm=Rhythm.FORTNIGHTLY, begins_on=date(2026, 11, 5), ends_on=date(2027, 1, 1)
    )
    services.change_day(surgery=found, day=date(2026, 12, 3), by=advisor, at=at)

    services.hand_over(advisor=advisor, to=colleague, since=date(2026, 11, 24), by=advisor, at=at)

    held = queries.held(Surgery.objects.all(), date(2026, 11, 1), date(2027, 2, 1))
    assert [(one.day, one.advisor_id) for one in held] == [
        (date(2026, 11, 5), advisor.pk), (date(2026, 11, 19), advisor.pk),
        (date(2026, 12, 17), colleague.pk), (date(2026, 12, 31), colleague.pk),
    ]  # fmt: skip


def test_nothing_passes_to_who_does_not_receive_the_people_of_the_site(book, advisor, at):
    book()

    stranger = factories.AnyMandate().user
    assert services.hand_over(advisor=advisor, to=stranger, since=date(2026, 11, 1), by=advisor, at=at) == 0
