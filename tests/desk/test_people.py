"""The list of people and a person's page: what is found, and who may see it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.followup.enums import ExitReason, Stage
from citeslab.network.enums import Role
from citeslab.territories.enums import Answer
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("desk:people")


def names(response) -> list[str]:
    return [person.preferred_name for person in response.context["page"]]


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


@pytest.mark.parametrize("words", ["élodie", "ELODIE", "n'diaye", "NDiaye Élo", "diaye elodie", "p00077"])
def test_search_forgives_accents_case_and_order(signed_in, site, words):
    factories.AnyPerson(site=site, preferred_name="N'Diaye", first_name="Élodie", reference="P00077")
    factories.AnyPerson(site=site, preferred_name="Martin", first_name="Paul", reference="")

    found = names(signed_in.get(LIST, {"words": words}))

    assert found == ["N'Diaye"]


def test_another_site_is_out_of_sight(signed_in):
    stranger = factories.AnyPerson()

    assert names(signed_in.get(LIST)) == []
    assert signed_in.get(reverse("desk:person", args=[stranger.pk])).status_code == 404
    assert not Entry.objects.filter(subject_id=stranger.pk).exists()


@pytest.mark.parametrize("role", [Role.PILOT, Role.FUNDER])
def test_the_pilot_and_the_funders_see_no_list_and_no_person(client, role):
    person = factories.AnyPerson()
    client.force_login(factories.AnyMandate(role=role, site=None).user)

    assert client.get(LIST).status_code == 404
    assert client.get(reverse("desk:person", args=[person.pk])).status_code == 404


def test_a_coordinator_sees_the_people_of_her_sites_only(client):
    ours, theirs = factories.AnySite(), factories.AnySite()
    factories.AnyPerson(site=ours, preferred_name="Nôtre")
    factories.AnyPerson(site=theirs, preferred_name="Autre")
    mandate = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=ours.organization)
    client.force_login(mandate.user)

    assert names(client.get(LIST)) == ["Nôtre"]


def test_a_mandate_that_ended_opens_nothing(client, site):
    over = factories.AnyMandate(site=site, ends_on=timezone.localdate())
    person = factories.AnyPerson(site=site)
    client.force_login(over.user)

    assert client.get(LIST).status_code == 404
    assert client.get(reverse("desk:person", args=[person.pk])).status_code == 404


def test_views_and_filters_narrow_the_list(signed_in, site):
    today = timezone.localdate()
    silent = factories.AnyPerson(site=site, preferred_name="Silence")
    factories.AnyMeeting(person=silent, held_on=today - timedelta(days=61))
    recent = factories.AnyPerson(site=site, preferred_name="Hier")
    factories.AnyMeeting(person=recent, held_on=today - timedelta(days=60))
    left = factories.AnyPerson(site=site, preferred_name="Partie")
    factories.AnyMeeting(person=left, held_on=today - timedelta(days=90))
    factories.AnyTransition(
        person=left, stage=Stage.SORT, exit_reason=ExitReason.EMPLOYMENT, occurred_on=today - timedelta(days=80)
    )
    doubtful = factories.AnyPerson(site=site, preferred_name="Limite")
    factories.AnyResidenceAnswer(residence__person=doubtful, answer=Answer.TO_CHECK, qpv_code="QN02501M")

    assert names(signed_in.get(LIST, {"view": "silent"})) == ["Silence"]
    assert names(signed_in.get(LIST, {"view": "left"})) == ["Partie"]
    assert names(signed_in.get(LIST, {"view": "to-check"})) == ["Limite"]
    assert names(signed_in.get(LIST, {"stage": "SORT"})) == ["Partie"]
    assert names(signed_in.get(LIST, {"answer": "TO_CHECK"})) == ["Limite"]
    assert names(signed_in.get(LIST, {"sort": "name"})) == ["Hier", "Limite", "Partie", "Silence"]
    old = factories.AnyPerson(site=site, preferred_name="Ancienne")
    factories.AnyMeeting(person=old, held_on=today - timedelta(days=800))

    assert names(signed_in.get(LIST)) == ["Hier", "Silence", "Partie", "Limite"]
    assert names(signed_in.get(LIST, {"view": "all"})) == ["Hier", "Silence", "Partie", "Ancienne", "Limite"]
    assert names(signed_in.get(LIST, {"words": "ancienne"})) == ["Ancienne"]
    chips = {chip["label"]: chip["count"] for chip in signed_in.get(LIST).context["views"]}
    assert list(chips.values()) == [4, 1, 1, 1, 5]


@pytest.mark.parametrize(
    "query", ["page=9999999999999999999", "page=-1", "sort=password", "view=%00", "stage=ZZZZ", "words=%00a%ED%A0%80"]
)
def test_a_strange_address_gets_a_page_not_an_error(signed_in, site, query):
    factories.AnyPerson(site=site)

    assert signed_in.get(f"{LIST}?{query}").status_code == 200


def test_the_list_costs_the_same_for_one_person_or_a_hundred(signed_in, site, django_assert_num_queries):
    def add(count):
        for _ in range(count):
            person = factories.AnyPerson(site=site)
            factories.AnyMeeting(person=person)
            factories.AnyTransition(person=person)
            factories.AnyResidenceAnswer(
                residence__person=person, answer=Answer.IN, qpv_code="QN02501M", release=release
            )

    release = factories.AnyRelease()
    add(1)
    signed_in.get(LIST)
    # session, user, mandates, sites, files opened, advisors, the chips, everyone, the keys of the page, its people,
    # saved filters, demonstration
    with django_assert_num_queries(12) as one:
        signed_in.get(LIST)
    add(99)
    with django_assert_num_queries(len(one)):
        signed_in.get(LIST)


def test_a_read_is_journaled_once(signed_in, site, advisor):
    person = factories.AnyPerson(site=site)

    signed_in.get(reverse("desk:person", args=[person.pk]))

    entry = Entry.objects.get(subject_kind="people.person", subject_id=person.pk)
    assert (entry.action, entry.actor_id, entry.details) == ("people.person.read", advisor.pk, {})


def test_her_story_is_told_in_order_without_what_was_withdrawn(signed_in, site, at):
    person = factories.AnyPerson(site=site)
    project = factories.AnyProject(site=site)
    factories.AnyMeeting(person=person, held_on=date(2024, 1, 10))
    factories.AnyMeeting(person=person, held_on=date(2024, 1, 11), withdrawn_at=at, withdrawn_by=factories.AnyUser())
    factories.AnyTransition(person=person, project=project, stage=Stage.ACCU, occurred_on=date(2024, 1, 10))
    factories.AnyTransition(person=person, project=project, stage=Stage.EMER, occurred_on=date(2024, 5, 2))
    factories.AnyAttendance(person=person, workshop__held_on=date(2024, 3, 1))

    story = signed_in.get(reverse("desk:person", args=[person.pk])).context["story"]

    assert [(line.on, line.kind, line.previous) for line in story] == [
        (date(2024, 5, 2), "step", "ACCU"),
        (date(2024, 3, 1), "workshop", ""),
        (date(2024, 1, 10), "step", ""),
        (date(2024, 1, 10), "meeting", ""),
    ]


def test_text_from_people_is_never_read_as_html(signed_in, site):
    person = factories.AnyPerson(site=site, first_name="<script>alert(1)</script>", preferred_name="=1+1")

    for address in (LIST, reverse("desk:person", args=[person.pk])):
        page = signed_in.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
