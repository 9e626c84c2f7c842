"""People saved in bulk, their addresses, and the QPV answers that go with them."""

from datetime import date, timedelta

import pytest

from citeslab.people import services
from citeslab.people.enums import Method, Sex
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.territories import queries as territories
from citeslab.territories import signals
from citeslab.territories.enums import Answer, Edition, Territory
from tests import factories
from tests.people.conftest import INSIDE, ON_THE_EDGE, OUTSIDE, SQUARE

pytestmark = pytest.mark.django_db


def release(edition, *, released_on=date(2026, 1, 15), code="QN02501M"):
    made = factories.AnyRelease(edition=edition, released_on=released_on)
    factories.AnyQPV(release=made, code=code, outline=SQUARE)
    territories.forget()
    return made


def home(person, place=INSIDE, **more) -> Residence:
    longitude, latitude = place
    return Residence(person=person, longitude=longitude, latitude=latitude, **more)


def test_new_people_get_a_key_and_known_ones_their_new_identity(site, by, at):
    known = factories.AnyPerson(site=site, preferred_name="Martin")
    first_recorded = known.recorded_at
    known.preferred_name, known.sex = "D'Étienne", Sex.MAN
    new = Person(site=site, reference="N1", first_name="Zoé", preferred_name="Petit")

    services.save_people(people=[new, known], by=by, at=at)

    known.refresh_from_db()
    assert (known.preferred_name, known.sort_key, known.sex) == ("D'Étienne", "d etienne elodie", Sex.MAN)
    assert known.recorded_at == first_recorded
    new.refresh_from_db()
    assert (new.sort_key, new.recorded_at, new.recorded_by) == ("petit zoe", at, by)


def test_an_address_is_placed_and_answered_in_each_edition_loaded(by, at):
    releases = {edition: release(edition) for edition in Edition}
    person = factories.AnyPerson()

    services.record_residences(residences=[home(person, address="1 rue du Bac")], by=by, at=at)

    assert person.residences.get().territory == Territory.METROPOLE
    answers = ResidenceAnswer.objects.order_by("edition")
    assert [(one.edition, one.answer, one.qpv_code, one.release, one.method) for one in answers] == [
        (edition, Answer.IN, "QN02501M", releases[edition], Method.COMPUTED) for edition in Edition
    ]
    assert answers[0].border_m > 20


def test_each_place_gets_its_own_answer(by, at):
    release(Edition.E2024)
    people = factories.AnyPerson.create_batch(3)
    homes = [home(person, place) for person, place in zip(people, (INSIDE, OUTSIDE, ON_THE_EDGE), strict=True)]

    services.record_residences(residences=homes, by=by, at=at)

    said = {answer.residence.person_id: answer.answer for answer in ResidenceAnswer.objects.all()}
    assert [said[person.pk] for person in people] == [Answer.IN, Answer.OUT, Answer.TO_CHECK]


def test_an_address_without_a_position_or_outside_france_has_no_answer(by, at):
    release(Edition.E2024)
    nowhere, berlin = factories.AnyPerson.create_batch(2)

    services.record_residences(
        residences=[Residence(person=nowhere, commune_name="Besancon"), home(berlin, (13.4, 52.52))], by=by, at=at
    )

    assert not ResidenceAnswer.objects.exists()
    assert nowhere.residences.get().territory == ""
    assert berlin.residences.get().territory == Territory.ELSEWHERE


def test_a_new_address_withdraws_the_open_one_and_its_answers(by, at):
    release(Edition.E2024)
    person, other = factories.AnyPerson.create_batch(2)
    services.record_residences(residences=[home(person), home(other)], by=by, at=at)
    later = at + timedelta(days=1)

    services.record_residences(residences=[home(person, OUTSIDE)], by=by, at=later)

    assert list(person.residences.order_by("pk").values_list("withdrawn_at", flat=True)) == [later, None]
    standing = ResidenceAnswer.objects.standing()
    assert standing.get(residence__person=person).answer == Answer.OUT
    assert standing.get(residence__person=other).answer == Answer.IN


def test_an_address_that_has_ended_is_not_withdrawn_by_the_next(by, at):
    person = factories.AnyPerson()
    past = factories.AnyResidence(person=person, ends_on=date(2020, 1, 1))

    services.record_residences(residences=[home(person, begins_on=date(2020, 1, 1))], by=by, at=at)

    past.refresh_from_db()
    assert past.withdrawn_at is None


def test_answering_twice_stores_once(by, at):
    release(Edition.E2024)
    homes = factories.AnyResidence.create_batch(2, longitude=INSIDE[0], latitude=INSIDE[1])

    assert services.answer_residences(residences=homes, by=by, at=at) == 2
    assert services.answer_residences(residences=homes, by=by, at=at) == 0


def test_a_new_release_answers_those_who_had_none_and_rewrites_nobody(by, at):
    old = release(Edition.E2024)
    answered, decided, waiting = (factories.AnyResidence(longitude=INSIDE[0], latitude=INSIDE[1]) for _ in range(3))
    services.answer_residences(residences=[answered], by=by, at=at)
    factories.AnyResidenceAnswer(
        residence=decided, release=old, answer=Answer.OUT, method=Method.MANUAL, reason="the building across the street"
    )
    newer = release(Edition.E2024, released_on=date(2026, 6, 1), code="QN02502M")

    signals.release_loaded.send(type(newer), release=newer, by=by, at=at)

    said = {one.residence_id: (one.release, one.qpv_code, one.method) for one in ResidenceAnswer.objects.all()}
    assert said == {
        answered.pk: (old, "QN02501M", Method.COMPUTED),
        decided.pk: (old, "", Method.MANUAL),
        waiting.pk: (newer, "QN02502M", Method.COMPUTED),
    }


def test_a_release_of_one_edition_leaves_the_other_unanswered(by, at):
    factories.AnyResidence(longitude=INSIDE[0], latitude=INSIDE[1])
    made = release(Edition.E2015, code="QP025001")

    signals.release_loaded.send(type(made), release=made, by=by, at=at)

    assert [(one.edition, one.qpv_code) for one in ResidenceAnswer.objects.all()] == [(Edition.E2015, "QP025001")]


def test_everyone_who_waits_is_answered_whatever_the_size_of_a_batch(by, at, monkeypatch):
    release(Edition.E2024)
    factories.AnyResidence.create_batch(5, longitude=INSIDE[0], latitude=INSIDE[1])
    monkeypatch.setattr("citeslab.people.services.answers.BATCH", 2)

    assert services.answer_in_edition(edition=Edition.E2024, by=by, at=at) == 5


@pytest.mark.parametrize("people", [1, 30])
def test_answering_costs_the_same_for_one_address_or_thirty(by, at, people, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(territories, "LONGEST_STALE_SECONDS", 600)  # however slow the machine
    release(Edition.E2024)
    homes = factories.AnyResidence.create_batch(people, longitude=INSIDE[0], latitude=INSIDE[1])
    for edition in Edition:
        territories.index_of(edition)

    with django_assert_num_queries(4):  # a savepoint and its release, standing answers, one insertion
        services.answer_residences(residences=homes, by=by, at=at)
