"""The note after a meeting: one gesture, whatever happens on the way."""

from datetime import date, time, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection

from citeslab.audit.models import Entry
from citeslab.followup import queries, services
from citeslab.followup.enums import ExitReason, Kind, Moment, Nature, Outcome, Stage
from citeslab.followup.models import FSEAnswer, Gesture, Meeting, NextStep, NoNewsProposal, Note, Transition
from citeslab.followup.values import Attention, Planned, attention
from tests import factories

pytestmark = pytest.mark.django_db

KEY = UUID("5b0a3a52-0d6b-4c38-9df2-9f8a2a3f8a10")
TODAY = date(2026, 11, 20)
AGAIN = Planned(Kind.MEET, date(2026, 12, 4), time(10, 30))


def write(person, by, at, **said):
    return services.write_note(
        **{
            "person": person,
            "key": KEY,
            "project": None,
            "nature": Nature.FOLLOW_UP,
            "minutes": 45,
            "held_on": TODAY,
            "text": "Devis du triporteur reçu : 3 900 €.",
            "planned": AGAIN,
            "by": by,
            "at": at,
            **said,
        }
    )


def counts():
    return [model.objects.count() for model in (Meeting, Note, Transition, NextStep, Gesture)]


def test_one_save_writes_the_meeting_its_words_the_step_and_what_comes_next(advisor, site, at):
    person = factories.AnyPerson(site=site)
    before = factories.AnyTransition(person=person, stage=Stage.EMER, occurred_on=date(2026, 9, 4))
    phone = at - timedelta(days=2)

    gesture = write(person, advisor, at, stage=Stage.FORM, seen_step=before.pk, written_at_device=phone)

    meeting = Meeting.objects.get()
    assert (meeting.held_on, meeting.minutes, meeting.nature, meeting.site) == (TODAY, 45, Nature.FOLLOW_UP, site)
    assert Note.objects.get(meeting=meeting).text == "Devis du triporteur reçu : 3 900 €."
    assert (gesture.transition.stage, gesture.transition.occurred_on) == (Stage.FORM, TODAY)
    assert (gesture.next_step.kind, gesture.next_step.due_on, gesture.next_step.due_time) == (
        Kind.MEET,
        date(2026, 12, 4),
        time(10, 30),
    )
    assert (gesture.written_at_device, gesture.received_at, gesture.received_from) == (phone, at, advisor)
    line = Entry.objects.get(action="followup.note.written")
    assert (line.subject_id, line.details["meeting_id"], line.details["stage"]) == (person.pk, meeting.pk, "FORM")


def test_the_same_note_sent_twice_is_one_even_days_later(advisor, site, at):
    person = factories.AnyPerson(site=site)
    first = write(person, advisor, at, stage=Stage.ACCU)

    again = write(person, advisor, at + timedelta(days=3), stage=Stage.ACCU)

    assert again == first
    assert counts() == [1, 1, 1, 1, 1]
    assert Entry.objects.filter(action="followup.note.written").count() == 1


def test_a_key_opens_nothing_of_someone_else(advisor, site, at):
    write(factories.AnyPerson(site=site), advisor, at)

    with pytest.raises(services.KeyOfAnother):
        write(factories.AnyPerson(site=site), advisor, at)
    assert counts() == [1, 1, 0, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_write_one_note(advisor, site, at):
    person, made, barrier = factories.AnyPerson(site=site), [], Barrier(4)

    def tap():
        barrier.wait()
        made.append(write(person, advisor, at, stage=Stage.ACCU).pk)
        connection.close()

    taps = [Thread(target=tap) for _ in range(4)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()

    assert len(set(made)) == 1
    assert len(made) == 4
    assert counts() == [1, 1, 1, 1, 1]


def test_a_stage_that_does_not_change_writes_no_step(advisor, site, at):
    person = factories.AnyPerson(site=site)
    here = factories.AnyTransition(person=person, stage=Stage.EMER)

    assert write(person, advisor, at, stage=Stage.EMER, seen_step=here.pk).transition is None
    assert Transition.objects.get() == here


def test_the_second_advisor_sees_what_changed_and_nothing_is_written(advisor, site, at):
    person, colleague = factories.AnyPerson(site=site), factories.AnyUser(name="Paul Garrigue")
    seen = factories.AnyTransition(person=person, stage=Stage.EMER)
    moved = factories.AnyTransition(person=person, stage=Stage.FORM, occurred_on=TODAY, recorded_by=colleague)

    with pytest.raises(services.StageMovedMeanwhile, match="Paul Garrigue") as refusal:
        write(person, advisor, at, stage=Stage.PARC, seen_step=seen.pk)

    assert refusal.value.step == moved
    assert counts() == [0, 0, 2, 0, 0]
    assert write(person, advisor, at, stage=Stage.PARC, seen_step=moved.pk).transition.stage == Stage.PARC


def test_a_note_that_leaves_the_stage_alone_is_never_stopped(advisor, site, at):
    person = factories.AnyPerson(site=site)
    factories.AnyTransition(person=person, stage=Stage.FORM, occurred_on=TODAY)

    assert write(person, advisor, at, seen_step=None).transition is None


def test_the_meeting_of_last_week_does_not_step_back_before_yesterdays_step(advisor, site, at):
    person = factories.AnyPerson(site=site)
    yesterday = factories.AnyTransition(person=person, stage=Stage.EMER, occurred_on=date(2026, 11, 19))

    made = write(person, advisor, at, held_on=date(2026, 11, 13), stage=Stage.FORM, seen_step=yesterday.pk)

    assert made.transition.occurred_on == date(2026, 11, 19)
    assert queries.current_step(person, project=None, on=TODAY).stage == Stage.FORM


def test_a_meeting_of_tomorrow_is_refused(advisor, site, at):
    with pytest.raises(services.NotYetHappened):
        write(factories.AnyPerson(site=site), advisor, at, held_on=date(2026, 11, 21))
    assert counts() == [0, 0, 0, 0, 0]


def test_the_next_note_settles_what_was_planned(advisor, site, at):
    person = factories.AnyPerson(site=site)
    planned = factories.AnyNextStep(person=person)

    made = write(person, advisor, at, planned=None)

    planned.refresh_from_db()
    assert (planned.outcome, planned.settled_in, planned.settled_by) == (Outcome.DONE, made.meeting, advisor)
    assert queries.open_step(person) is None


def test_what_is_planned_can_be_kept(advisor, site, at):
    planned = factories.AnyNextStep(person__site=site)

    assert write(planned.person, advisor, at, planned=services.AS_PLANNED).next_step == planned
    assert queries.open_step(planned.person) == planned


def test_a_note_answers_the_no_news_proposal(advisor, site, at):
    proposal = factories.AnyNoNewsProposal(person__site=site)

    write(proposal.person, advisor, at)

    assert NoNewsProposal.objects.get().outcome == Outcome.STILL_HERE


def test_an_exit_says_why(advisor, site, at):
    made = write(
        factories.AnyPerson(site=site), advisor, at, stage=Stage.SORT, exit_reason=ExitReason.EMPLOYMENT, planned=None
    )

    assert made.transition.exit_reason == ExitReason.EMPLOYMENT


def test_fse_items_are_asked_only_where_an_agreement_is_live_that_day(site):
    person = factories.AnyPerson(site=site)
    factories.AnyFSEPlus(begins_on=date(2026, 1, 1))  # another site's
    assert queries.fse_asked(person, on=TODAY) == frozenset()

    factories.AnyFSEPlus(site=site, begins_on=date(2026, 1, 1), ends_on=TODAY)
    assert queries.fse_asked(person, on=date(2026, 11, 19)) == {Moment.ENTRY, Moment.EXIT}
    assert queries.fse_asked(person, on=TODAY) == frozenset()

    factories.AnyFSEAnswer(person=person)
    assert queries.fse_asked(person, on=date(2026, 11, 19)) == {Moment.EXIT}  # six months after is no note's business


def test_fse_items_answered_again_withdraw_those_before(advisor, site, at):
    person = factories.AnyPerson(site=site)
    write(person, advisor, at, fse={"labour": "LONG", "education": "UPPER"})

    services.answer_fse(person=person, answered_on=TODAY, labour="SHORT", by=advisor, at=at)

    assert FSEAnswer.objects.standing().get().labour == "SHORT"
    assert FSEAnswer.objects.count() == 2


def test_a_corrected_note_withdraws_the_words_before(advisor, site, at):
    meeting = write(factories.AnyPerson(site=site), advisor, at).meeting

    services.correct_note(meeting=meeting, text="Devis reçu.", by=advisor, at=at)
    services.correct_note(meeting=meeting, text="Devis reçu.", by=advisor, at=at)

    assert Note.objects.standing().get().text == "Devis reçu."
    assert Note.objects.count() == 2
    assert services.correct_note(meeting=meeting, text="", by=advisor, at=at) is None
    assert not Note.objects.standing().exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Elle garde le nom « Chez Samira ». Prête pour l’Adie.", []),
        ("Sort d’une dépression, reprend doucement", [Attention("health", "dépression")]),
        ("Née de parents algériens", [Attention("origin", "algériens")]),
        ("Ferme pendant le Ramadan", [Attention("religion", "Ramadan")]),
        ("A un casier judiciaire", [Attention("justice", "casier judiciaire")]),
        ("NIR 2 69 05 49 588 157 80", [Attention("social_security_number", "")]),
        ("NIR 269054958815780", [Attention("social_security_number", "")]),
        ("NIR 2 69 05 2A 588 157 49", []),  # the key does not fit
        ("SIRET 732 829 320 00074, tél. 06 39 98 01 42", []),
        ("She was in hospital", [Attention("health", "hospital")]),
    ],
)
def test_a_note_is_told_what_it_seems_to_speak_of(text, found):
    assert attention(text) == found
