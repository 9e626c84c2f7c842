"""Two files made one, and parted again: nothing is lost, nobody is counted twice."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citeslab.audit import services as audit
from citeslab.audit.models import Entry
from citeslab.duplicates import queries, rules
from citeslab.duplicates.models import Difference, Join, Likeness
from citeslab.duplicates.services import asking, joining
from citeslab.figures import queries as figures
from citeslab.followup.enums import Stage
from citeslab.followup.models import FSEAnswer, Gesture, Meeting, NextStep, NoNewsProposal, Transition
from citeslab.notifications import services as notifications
from citeslab.notifications.models import Message
from citeslab.people.models import Assignment, HouseholdTie, Person, Residence
from citeslab.projects.models import ProjectHolder
from citeslab.rights import services as rights
from citeslab.rights.enums import Cause
from citeslab.rights.models import Closing
from citeslab.rights.queries import readings
from citeslab.workshops import queries as workshops
from citeslab.workshops.enums import THERE, State
from citeslab.workshops.models import Attendance, Registration, Workshop
from tests import factories

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)
TOLD_APART = {
    "audit.entry", "audit.waiting", "audit.link", "duplicates.join", "figures.change", "figures.computed",
    "notifications.message",
}  # fmt: skip


def books() -> dict[str, list]:
    """Every row of ours, table by table, but the journal, the joins and what figures keep."""
    rows = {}
    for table in apps.get_models(include_auto_created=True):
        label = table._meta.label_lower
        if table.__module__.startswith("citeslab.") and label not in TOLD_APART:
            rows[label] = list(table._base_manager.order_by("pk").values())
    return rows


@pytest.fixture
def pair(site):
    """The same woman twice at one site, with a story on each side and all that collides."""
    kept = factories.AnyPerson(site=site, first_name="Fatou", preferred_name="Diallo", phone="", email="f@exemple.fr")
    gone = factories.AnyPerson(
        site=site, first_name="Fatou", preferred_name="Dialo", phone="+33639980011", born_on=date(1990, 3, 4)
    )
    project, release = factories.AnyProject(site=site), factories.AnyRelease()
    for person in (kept, gone):
        factories.AnyMeeting(person=person, project=project)
        factories.AnyTransition(person=person, project=project, stage=Stage.AMOR)
        factories.AnyProjectHolder(person=person, project=project)
        factories.AnyResidenceAnswer(residence__person=person, release=release)
    factories.AnyProjectHolder(person=gone)
    workshop = factories.AnyWorkshop(site=site)
    factories.AnyAttendance(person=kept, workshop=workshop)
    factories.AnyAttendance(person=gone, workshop=workshop)
    factories.AnyAttendance(person=gone)
    return kept, gone


@pytest.fixture
def join(pair, advisor, at):
    kept, gone = pair
    return joining.join(kept=kept, gone=gone, taken=["phone", "born_on"], by=advisor, at=at)


def test_everything_moves_to_the_file_that_stays(pair, join):
    kept, gone = pair

    assert not Person.objects.filter(pk=gone.pk).exists()
    kept.refresh_from_db()
    assert (kept.preferred_name, kept.phone, kept.born_on) == ("Diallo", "+33639980011", date(1990, 3, 4))
    assert Meeting.objects.filter(person=kept).count() == 2
    assert Transition.objects.filter(person=kept).count() == 2
    assert ProjectHolder.objects.filter(person=kept).count() == 2
    assert Attendance.objects.standing().filter(person=kept).count() == 2
    assert Attendance.objects.filter(person=kept).count() == 3
    assert Residence.objects.standing().filter(person=kept, ends_on=None).count() == 1
    assert queries.leads_to(gone.pk) == kept.pk
    assert queries.earlier_keys(kept.pk) == [gone.pk]


@pytest.fixture
def pair_everywhere(pair, at):
    """Both files have, in each room, what may stand only once on a file."""
    kept, gone = pair
    third = factories.AnyPerson(site=kept.site)
    for person in pair:
        factories.AnyNextStep(person=person)
        factories.AnyNoNewsProposal(person=person)
        factories.AnyFSEAnswer(person=person)
        factories.AnyAssignment(person=person)
        factories.AnyHouseholdTie(one=person, other=third)
        factories.AnyClosing(person=person)
        factories.AnyAppointment(person=person)
        factories.AnyOpening(person=person)
    factories.AnyHouseholdTie(one=kept, other=gone)
    return kept, gone, third


def test_what_may_stand_once_stands_once(pair_everywhere, advisor, at):
    kept, gone, third = pair_everywhere
    before = books()

    made = joining.join(kept=kept, gone=gone, by=advisor, at=at)

    assert NextStep.objects.open().filter(person=kept).count() == 1
    assert NoNewsProposal.objects.open().filter(person=kept).count() == 1
    assert FSEAnswer.objects.standing().filter(person=kept).count() == 1
    assert Assignment.objects.standing().filter(person=kept).count() == 1
    assert Assignment.objects.filter(person=kept).count() == 2
    assert [(tie.one_id, tie.other_id) for tie in HouseholdTie.objects.standing()] == [(kept.pk, third.pk)]
    assert Closing.objects.filter(person=kept).count() == 1
    assert (kept.appointments.count(), kept.openings.count()) == (2, 2)
    joining.undo(join=made, by=advisor, at=at)
    assert books() == before


def test_a_tie_names_the_smaller_key_first_after_a_join_and_its_undoing(site, advisor, at):
    gone, between, kept = (factories.AnyPerson(site=site) for _ in range(3))
    factories.AnyHouseholdTie(one=gone, other=between)
    before = books()

    made = joining.join(kept=kept, gone=gone, by=advisor, at=at)
    tie = HouseholdTie.objects.get()
    assert (tie.one_id, tie.other_id) == (between.pk, kept.pk)
    joining.undo(join=made, by=advisor, at=at)
    assert books() == before


def test_an_advisor_of_another_site_follows_her_until_the_join(site, advisor, at):
    kept, gone = factories.AnyPerson(site=site), factories.AnyPerson()
    factories.AnyAssignment(person=gone, begins_on=date(2026, 1, 5))
    before = books()

    made = joining.join(kept=kept, gone=gone, by=advisor, at=at)
    assert Assignment.objects.get().ends_on == at.date()
    joining.undo(join=made, by=advisor, at=at)
    assert books() == before


def test_an_anonymised_file_is_not_joined(pair, advisor, at):
    kept, gone = pair
    rights.anonymise(people=[gone.pk], cause=Cause.REQUEST, by=advisor, at=at)

    with pytest.raises(joining.Forgotten):
        joining.join(kept=kept, gone=gone, by=advisor, at=at)


def test_files_joined_before_go_with_the_file_that_is_forgotten(pair, advisor, at):
    """A joined into B, B into C: erasing C leaves no value of A nor of B."""
    kept, gone = pair
    last = factories.AnyPerson(site=kept.site)
    joining.join(kept=kept, gone=gone, by=advisor, at=at)
    joining.join(kept=last, gone=kept, by=advisor, at=at)
    notifications.post(key="any:1", to=gone.phone, body="Bonjour", at=at)

    rights.anonymise(people=[last.pk], cause=Cause.REQUEST, by=advisor, at=at)

    assert not Join.objects.exists()
    assert not Message.objects.filter(recipient=gone.phone).exists()


def test_undoing_a_join_brings_nothing_back_about_someone_forgotten_since(pair, advisor, at):
    kept, gone = pair
    sister, cousin = factories.AnyPerson(site=kept.site), factories.AnyPerson(site=kept.site)
    for other in (sister, cousin):
        factories.AnyLikeness(first=gone, second=other)
    asking.say_apart(one=gone, other=sister, reason="Sa soeur Awa", by=advisor, at=at)
    made = joining.join(kept=kept, gone=gone, by=advisor, at=at)

    rights.anonymise(people=[sister.pk], cause=Cause.REQUEST, by=advisor, at=at)
    made.refresh_from_db()
    assert "Awa" not in str(made.steps)
    joining.undo(join=made, by=advisor, at=at)

    assert not Difference.objects.exists()
    assert Likeness.objects.get().second == cousin


def test_who_opened_the_file_that_went_is_told_to_her(pair, advisor, at):
    kept, gone = pair
    audit.record("people.person.read", gone, by=advisor, at=at)
    joining.join(kept=kept, gone=gone, by=advisor, at=at)

    with translation.override("en"):
        assert [reading.act for reading in readings(kept)] == ["joined two files of yours", "opened your file"]


def test_the_join_is_journaled_without_a_name(join, advisor):
    entry = Entry.objects.get(action="duplicates.files.joined")

    assert (entry.actor_id, entry.subject_id) == (advisor.pk, join.kept_key)
    assert entry.details == {"join": join.pk, "gone": join.gone_key}


def test_the_person_is_counted_once(pair, advisor, site, at):
    kept, gone = pair
    before = figures.figures_of_year(year=2016, site=site)

    joining.join(kept=kept, gone=gone, by=advisor, at=at)

    after = figures.figures_of_year(year=2016, site=site)
    assert (before["persons_met"], after["persons_met"]) == (2, 1)
    assert (before["persons_supported"], after["persons_supported"]) == (2, 1)
    assert (before["attendances_named"], after["attendances_named"]) == (2, 1)


def test_undo_gives_back_every_row(pair, advisor, at):
    kept, gone = pair
    third = factories.AnyPerson(site=kept.site)
    factories.AnyLikeness(first=kept, second=gone)
    factories.AnyLikeness(first=gone, second=third)
    factories.AnyLikeness(first=kept, second=third)
    asking.say_apart(one=gone, other=third, reason="Deux cousines", by=advisor, at=at)
    before = books()

    made = joining.join(kept=kept, gone=gone, taken=["phone", "residence", "preferred_name"], by=advisor, at=at)
    assert Difference.objects.standing().of(kept.pk, third.pk).exists()
    assert not Likeness.objects.exists()
    joining.undo(join=made, by=advisor, at=at)

    assert books() == before


def test_what_was_recorded_since_stays_with_the_file_kept(pair, join, advisor, at):
    kept, gone = pair
    since = factories.AnyMeeting(person=kept, held_on=date(2017, 1, 9))
    Person.objects.filter(pk=kept.pk).update(phone="+33639980099")

    joining.undo(join=join, by=advisor, at=at + LATER)

    since.refresh_from_db()
    kept.refresh_from_db()
    gone = Person.objects.get(pk=gone.pk)
    assert (since.person_id, kept.phone, kept.born_on) == (kept.pk, "+33639980099", None)
    assert (gone.phone, gone.meetings.count(), kept.meetings.count()) == ("+33639980011", 1, 2)


@pytest.mark.parametrize(
    ("hers", "others", "state"),
    [
        (None, State.PRESENT, State.PRESENT),
        (State.PRESENT, State.PRESENT, State.PRESENT),
        (State.ABSENT, State.PRESENT, State.PRESENT),
        (State.PART, State.ABSENT, State.PART),
    ],
)
def test_who_was_on_a_list_twice_keeps_what_was_marked_and_signed_and_her_hours_count_once(
    pair, advisor, at, hers, others, state
):
    workshop = factories.AnyWorkshop(site=pair[0].site)
    half = factories.AnySession(workshop=workshop)
    for person, marked in zip(pair, (hers, others), strict=True):
        registration = factories.AnyRegistration(workshop=workshop, person=person)
        if marked:
            factories.AnyPresence(registration=registration, session=half, state=marked)
            factories.AnySignature(registration=registration, session=half)
        if marked in THERE:
            factories.AnyAttendance(workshop=workshop, person=person)
    before = books()

    made = joining.join(kept=pair[0], gone=pair[1], by=advisor, at=at)

    (line,) = workshops.attested(workshop, [half], None)
    assert (line.halves[0].state, bool(line.halves[0].strokes)) == (state, True)
    balance = workshops.balances(Workshop.objects.filter(pk=workshop.pk))[workshop.pk]
    assert (balance.came, balance.minutes) == (1, 180 if state == State.PRESENT else 90)
    joining.undo(join=made, by=advisor, at=at)
    assert books() == before


def test_the_note_that_wrote_a_next_step_still_names_it_once_it_no_longer_stands(pair, advisor, at):
    _hers, others = (factories.AnyNextStep(person=person) for person in pair)
    gesture = Gesture.objects.create(
        key=uuid4(), meeting=pair[1].meetings.get(), next_step=others, received_at=at, received_from=advisor
    )

    joining.join(kept=pair[0], gone=pair[1], by=advisor, at=at)

    gesture.refresh_from_db()
    assert gesture.next_step == others


def test_undo_twice_changes_nothing_the_second_time(join, advisor, at):
    first = joining.undo(join=join, by=advisor, at=at)
    before = books()

    assert joining.undo(join=join, by=advisor, at=at + LATER) == first
    assert books() == before
    assert Join.objects.get().undone_at == at


def test_joins_are_undone_the_last_first(pair, join, advisor, at):
    kept, _gone = pair
    third = factories.AnyPerson(site=kept.site)
    later = joining.join(kept=third, gone=kept, by=advisor, at=at + LATER)

    assert queries.leads_to(join.gone_key) == third.pk
    assert queries.earlier_keys(third.pk) == [kept.pk, join.gone_key]
    with pytest.raises(joining.JoinedOnceMore):
        joining.undo(join=join, by=advisor, at=at)
    joining.undo(join=later, by=advisor, at=at)
    joining.undo(join=join, by=advisor, at=at)
    assert Person.objects.filter(pk__in=[join.gone_key, join.kept_key]).count() == 2


def test_a_file_that_went_cannot_be_joined_again(pair, join, advisor, at):
    kept, gone = pair

    with pytest.raises(joining.AlreadyJoined):
        joining.join(kept=gone, gone=kept, by=advisor, at=at)


def test_a_file_changed_since_the_preview_is_not_joined(pair, advisor, at):
    kept, gone = pair
    seen = rules.fingerprint(kept, gone)
    Person.objects.filter(pk=gone.pk).update(phone="+33639980042")

    with pytest.raises(joining.ChangedSince):
        joining.join(kept=kept, gone=gone, by=advisor, at=at, seen=seen)
    assert Person.objects.filter(pk=gone.pk).exists()


def test_messages_about_her_follow(pair, advisor, at):
    kept, gone = pair
    notifications.post(key="any:1", to="a@exemple.fr", body="…", at=at, about=gone)
    message = Message.objects.get(key="any:1")

    made = joining.join(kept=kept, gone=gone, by=advisor, at=at)
    message.refresh_from_db()
    assert message.about_id == kept.pk
    joining.undo(join=made, by=advisor, at=at)
    message.refresh_from_db()
    assert message.about_id == gone.pk


def test_no_table_of_ours_is_forgotten(pair, join):
    """Every foreign key of the database to a person, and none names the file that went."""
    _kept, gone = pair
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute"
            " ON attrelid = conrelid AND attnum = conkey[1]"
            " WHERE contype = 'f' AND confrelid = 'people_person'::regclass"
        )
        keys = cursor.fetchall()
        assert len(keys) >= 10
        for table, column in keys:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [gone.pk])
            assert cursor.fetchone() == (0,), table


STORY = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "meeting", "step", "attendance", "holder", "home", "moved", "likeness", "apart", "next", "no news",
                "fse", "followed", "roof", "opened", "appointment", "closing", "consent", "hold", "note", "listed",
            ]
        ),
        st.sampled_from(["kept", "gone", "both"]),
        st.booleans(),
    ),
    max_size=10,
)  # fmt: skip
FIELDS = st.sets(st.sampled_from(["first_name", "phone", "born_on", "sex", "reference", "residence", "email"]))


class Identity(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(story=STORY, taken=FIELDS, phones=st.tuples(st.sampled_from(["", "+33639980001"]), st.just("+33639980002")))
    def test_join_then_undo_leaves_every_row_as_it_was(self, story, taken, phones):
        from django.utils import timezone

        site = factories.AnySite()
        by, at = factories.AnyUser(), timezone.now()
        kept = factories.AnyPerson(site=site, phone=phones[0])
        gone = factories.AnyPerson(site=site, phone=phones[1], first_name="Aïcha", born_on=date(1990, 1, 2))
        third = factories.AnyPerson(site=site)
        project, workshop = factories.AnyProject(site=site), factories.AnyWorkshop(site=site)
        half = factories.AnySession(workshop=workshop)
        homes, holders, release = set(), set(), factories.AnyRelease()
        for kind, side, is_withdrawn in story:
            withdrawn = {"withdrawn_at": at, "withdrawn_by": by} if is_withdrawn else {}
            for person in {"kept": [kept], "gone": [gone], "both": [kept, gone]}[side]:
                if kind == "meeting":
                    factories.AnyMeeting(person=person, **withdrawn)
                elif kind == "step":
                    factories.AnyTransition(person=person, project=project, **withdrawn)
                elif kind == "attendance" and (
                    is_withdrawn or not Attendance.objects.standing().filter(person=person, workshop=workshop).exists()
                ):
                    factories.AnyAttendance(person=person, workshop=workshop, **withdrawn)
                elif kind == "listed" and (
                    is_withdrawn
                    or not Registration.objects.standing().filter(person=person, workshop=workshop).exists()
                ):
                    seat = factories.AnyRegistration(person=person, workshop=workshop, **withdrawn)
                    state = State.PRESENT if person == gone else State.ABSENT
                    factories.AnyPresence(registration=seat, session=half, state=state, **withdrawn)
                    factories.AnySignature(registration=seat, session=half, **withdrawn)
                elif kind == "holder" and person.pk not in holders:
                    holders.add(person.pk)
                    factories.AnyProjectHolder(person=person, project=project)
                elif kind == "home" and person.pk not in homes:
                    homes.add(person.pk)
                    factories.AnyResidenceAnswer(residence__person=person, release=release)
                elif kind == "moved":
                    factories.AnyResidence(person=person, ends_on=date(2015, 1, 1), **withdrawn)
                elif kind == "likeness" and not Likeness.objects.filter(first=person, second=third).exists():
                    factories.AnyLikeness(first=person, second=third)
                elif kind == "next" and (is_withdrawn or not NextStep.objects.open().filter(person=person).exists()):
                    factories.AnyNextStep(person=person, **withdrawn)
                elif kind == "no news" and (
                    is_withdrawn or not NoNewsProposal.objects.open().filter(person=person).exists()
                ):
                    factories.AnyNoNewsProposal(person=person, **withdrawn)
                elif kind == "fse" and (
                    is_withdrawn or not FSEAnswer.objects.standing().filter(person=person).exists()
                ):
                    factories.AnyFSEAnswer(person=person, **withdrawn)
                elif kind == "followed" and (
                    is_withdrawn or not Assignment.objects.standing().filter(person=person).exists()
                ):
                    factories.AnyAssignment(person=person, **withdrawn)
                elif kind == "roof":
                    for other in (third, gone if person == kept else kept):
                        one, other = sorted((person, other), key=lambda who: who.pk)
                        if is_withdrawn or not HouseholdTie.objects.standing().filter(one=one, other=other).exists():
                            factories.AnyHouseholdTie(one=one, other=other, **withdrawn)
                elif kind == "opened":
                    factories.AnyOpening(person=person)
                elif kind == "appointment":
                    factories.AnyAppointment(person=person)
                elif kind == "closing" and not Closing.objects.filter(person=person).exists():
                    factories.AnyClosing(person=person)
                elif kind == "consent":
                    factories.AnySaidConsent(person=person, **withdrawn)
                elif kind == "hold":
                    factories.AnyHold(person=person, **withdrawn)
                elif kind == "note":
                    factories.AnyNote(meeting__person=person, **withdrawn)
                elif kind == "apart":
                    asking.say_apart(one=person, other=third, reason="Soeurs", by=by, at=at)
        before = books()

        made = joining.join(kept=kept, gone=gone, taken=taken, by=by, at=at)
        assert not Person.objects.filter(pk=gone.pk).exists()
        joining.undo(join=made, by=by, at=at)

        assert books() == before
