"""Two files made one, and parted again: nothing is lost, nobody is counted twice."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citeslab.audit.models import Entry
from citeslab.duplicates import queries, rules
from citeslab.duplicates.models import Difference, Join, Likeness
from citeslab.duplicates.services import asking, joining
from citeslab.figures import queries as figures
from citeslab.followup.enums import Stage
from citeslab.followup.models import Meeting, Transition
from citeslab.notifications import services as notifications
from citeslab.people.models import Person, Residence
from citeslab.projects.models import ProjectHolder
from citeslab.workshops.models import Attendance
from tests import factories

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)
TOLD_APART = {"audit.entry", "duplicates.join", "figures.change", "figures.computed", "notifications.message"}


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
    message = notifications.post(key="any:1", to="a@exemple.fr", body="…", at=at, about=gone)

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
        st.sampled_from(["meeting", "step", "attendance", "holder", "home", "moved", "likeness", "apart"]),
        st.sampled_from(["kept", "gone", "both"]),
        st.booleans(),
    ),
    max_size=8,
)
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
                elif kind == "apart":
                    asking.say_apart(one=person, other=third, reason="Soeurs", by=by, at=at)
        before = books()

        made = joining.join(kept=kept, gone=gone, taken=taken, by=by, at=at)
        assert not Person.objects.filter(pk=gone.pk).exists()
        joining.undo(join=made, by=by, at=at)

        assert books() == before
