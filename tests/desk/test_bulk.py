"""One act for many: announced exactly, done once, undone within a day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.desk.models import BulkAct
from citeslab.desk.services import bulk
from citeslab.duplicates.services import joining
from citeslab.followup.enums import Stage
from citeslab.followup.models import Transition
from citeslab.people.models import Assignment
from tests import factories

pytestmark = pytest.mark.django_db
BULK = reverse("desk:bulk")


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


@pytest.fixture
def colleague(site):
    return factories.AnyMandate(site=site, user__name="Karim Haddad").user


def followed(advisor) -> set[int]:
    return set(Assignment.objects.standing().filter(advisor=advisor, ends_on=None).values_list("person", flat=True))


def give(client, people, colleague, **more):
    said = {"act": "ASSIGN", "person": [one.pk for one in people], "to": colleague.pk, "seen": len(people), **more}
    return client.post(BULK, said)


def last_act() -> BulkAct:
    return BulkAct.objects.order_by("pk").last()


def test_the_page_before_says_exactly_who_changes_and_who_is_left_as_she_is(signed_in, site, colleague):
    one, two = factories.AnyPerson.create_batch(2, site=site)
    factories.AnyAssignment(person=two, advisor=colleague)

    page = signed_in.get(BULK, {"act": "ASSIGN", "person": [one.pk, two.pk], "to": colleague.pk})

    assert (page.context["plan"].changed, page.context["plan"].left_out["already"]) == ([one.pk], [two.pk])
    assert not BulkAct.objects.exists()


def test_people_chosen_are_given_to_an_advisor_in_one_line_of_the_journal(signed_in, site, colleague):
    people = factories.AnyPerson.create_batch(3, site=site)

    response = give(signed_in, people[:2], colleague)

    act = last_act()
    assert response["Location"] == reverse("desk:bulk_act", args=[act.pk])
    assert followed(colleague) == {people[0].pk, people[1].pk}
    entry = Entry.objects.get(action="desk.people.assigned")
    assert entry.details == {"count": 2, "advisor_id": colleague.pk, "asked": {}}


def test_all_of_the_list_means_every_page_of_it_and_nobody_else(signed_in, site, colleague):
    martins = factories.AnyPerson.create_batch(40, site=site, preferred_name="Martin")
    factories.AnyPerson(site=site, preferred_name="Okafor")

    signed_in.post(BULK, {"act": "ASSIGN", "everyone": "1", "words": "martin", "to": colleague.pk, "seen": 40})

    assert followed(colleague) == {one.pk for one in martins}
    assert Entry.objects.get(action="desk.people.assigned").details["asked"] == {"words": "yes"}


def test_a_list_that_changed_since_it_was_seen_changes_nobody(signed_in, site, colleague):
    people = factories.AnyPerson.create_batch(2, site=site)

    assert give(signed_in, people, colleague, seen=1).status_code == 422
    assert followed(colleague) == set()


def test_the_same_form_sent_twice_acts_once(signed_in, site, colleague):
    people = factories.AnyPerson.create_batch(2, site=site)

    give(signed_in, people, colleague)

    assert give(signed_in, people, colleague).status_code == 422
    assert BulkAct.objects.count() == 1


def test_people_of_another_site_are_out_of_reach(signed_in, site, colleague):
    stranger, ours = factories.AnyPerson(), factories.AnyPerson(site=site)

    give(signed_in, [stranger, ours], colleague, seen=1)

    assert followed(colleague) == {ours.pk}


def test_an_advisor_of_another_site_cannot_be_chosen(signed_in, site):
    person = factories.AnyPerson(site=site)

    assert give(signed_in, [person], factories.AnyMandate().user).status_code == 422
    assert not Assignment.objects.exists()


def test_an_assignment_is_undone_and_who_changed_since_is_said(signed_in, site, advisor, colleague):
    one, two = factories.AnyPerson.create_batch(2, site=site)
    factories.AnyAssignment(person=one, advisor=advisor)
    give(signed_in, [one, two], colleague)
    act = last_act()
    give(signed_in, [two], advisor)

    signed_in.post(reverse("desk:bulk_undoing", args=[act.pk]))

    assert followed(advisor) == {one.pk, two.pk}
    page = signed_in.get(reverse("desk:bulk_act", args=[act.pk]))
    assert [person.pk for person in page.context["left"]] == [two.pk]
    assert page.context["act"].undone_count == 1


def test_an_undo_happens_once_and_within_a_day(signed_in, site, advisor, colleague):
    (person,) = people = factories.AnyPerson.create_batch(1, site=site)
    give(signed_in, people, colleague)
    act, late = last_act(), timezone.now() + timedelta(hours=25)

    with pytest.raises(bulk.TooLateToUndo):
        bulk.undo(act=act, on=timezone.localdate(), by=advisor, at=late)
    assert followed(colleague) == {person.pk}
    bulk.undo(act=act, on=timezone.localdate(), by=advisor, at=timezone.now())
    with pytest.raises(bulk.TooLateToUndo):
        bulk.undo(act=act, on=timezone.localdate(), by=advisor, at=timezone.now())


def test_another_user_sees_and_undoes_nothing_of_it(signed_in, client, site, colleague):
    give(signed_in, factories.AnyPerson.create_batch(1, site=site), colleague)
    act = last_act()
    client.force_login(colleague)

    assert client.get(reverse("desk:bulk_act", args=[act.pk])).status_code == 404
    assert client.post(reverse("desk:bulk_undoing", args=[act.pk])).status_code == 404


def test_closing_ends_each_open_pathway_and_is_undone(signed_in, site):
    person, gone, new = factories.AnyPerson.create_batch(3, site=site)
    project = factories.AnyProject(site=site)
    factories.AnyTransition(person=person, stage=Stage.AMOR)
    factories.AnyTransition(person=person, stage=Stage.EMER, project=project)
    factories.AnyTransition(person=gone, stage=Stage.SORT)
    said = {"act": "CLOSE", "person": [person.pk, gone.pk, new.pk]}

    page = signed_in.get(BULK, said)
    assert (page.context["plan"].changed, page.context["plan"].left_out["already"]) == ([person.pk, new.pk], [gone.pk])
    signed_in.post(BULK, {**said, "seen": 2})

    exits = Transition.objects.standing().filter(stage=Stage.SORT, exit_reason="NO_NEWS").exclude(person=gone)
    today = timezone.localdate()
    assert set(exits.values_list("person", "project", "occurred_on")) == {
        (person.pk, None, today),
        (person.pk, project.pk, today),
        (new.pk, None, today),
    }
    signed_in.post(reverse("desk:bulk_undoing", args=[last_act().pk]))
    assert not exits.exists()


def test_closing_is_not_undone_for_who_was_met_since(signed_in, site):
    person, other = factories.AnyPerson.create_batch(2, site=site)
    signed_in.post(BULK, {"act": "CLOSE", "person": [person.pk, other.pk], "seen": 2})
    factories.AnyMeeting(person=person, recorded_at=timezone.now())

    signed_in.post(reverse("desk:bulk_undoing", args=[last_act().pk]))

    still = Transition.objects.standing().filter(stage=Stage.SORT).values_list("person", flat=True)
    assert list(still) == [person.pk]


def test_a_closing_is_undone_in_the_file_that_hers_was_joined_into(signed_in, site, advisor):
    kept, gone, other = factories.AnyPerson.create_batch(3, site=site)
    signed_in.post(BULK, {"act": "CLOSE", "person": [gone.pk, other.pk], "seen": 2})
    gone_key = gone.pk
    joining.join(kept=kept, gone=gone, by=advisor, at=timezone.now())
    left = Transition.objects.standing().filter(stage=Stage.SORT)
    assert set(left.values_list("person", flat=True)) == {kept.pk, other.pk}

    undone = bulk.undo(act=last_act(), on=timezone.localdate(), by=advisor, at=timezone.now())

    assert (set(undone.back), undone.changed_since) == ({kept.pk, other.pk}, [])
    assert gone_key not in undone.back
    assert not left.exists()


def test_a_closing_stands_when_the_file_that_hers_was_joined_into_moved_since(signed_in, site, advisor):
    kept, between, gone = factories.AnyPerson.create_batch(3, site=site)
    signed_in.post(BULK, {"act": "CLOSE", "person": [gone.pk], "seen": 1})
    joining.join(kept=between, gone=gone, by=advisor, at=timezone.now())
    joining.join(kept=kept, gone=between, by=advisor, at=timezone.now())
    factories.AnyMeeting(person=kept, recorded_at=timezone.now())

    signed_in.post(reverse("desk:bulk_undoing", args=[last_act().pk]))

    assert list(Transition.objects.standing().values_list("person", "stage")) == [(kept.pk, Stage.SORT)]
    page = signed_in.get(reverse("desk:bulk_act", args=[last_act().pk]))
    assert [person.pk for person in page.context["left"]] == [kept.pk]


def test_an_assignment_is_undone_in_the_file_that_hers_was_joined_into(signed_in, site, advisor, colleague):
    kept, gone = factories.AnyPerson.create_batch(2, site=site)
    give(signed_in, [gone], colleague)
    joining.join(kept=kept, gone=gone, by=advisor, at=timezone.now())
    assert followed(colleague) == {kept.pk}

    undone = bulk.undo(act=last_act(), on=timezone.localdate(), by=advisor, at=timezone.now())

    assert (undone.back, followed(colleague)) == ([kept.pk], set())


@pytest.mark.parametrize("act", ["", "DELETE", "assign"])
def test_an_act_that_does_not_exist_has_no_page(signed_in, act):
    assert signed_in.get(BULK, {"act": act}).status_code == 404


def test_who_it_was_is_forgotten_after_a_day(signed_in, site, colleague):
    give(signed_in, factories.AnyPerson.create_batch(2, site=site), colleague)

    bulk.forget(at=timezone.now() + timedelta(hours=25))
    bulk.forget(at=timezone.now() + timedelta(hours=25))

    assert (last_act().done, last_act().count) == ([], 2)
