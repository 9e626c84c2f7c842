"""One person at a time: her file opened and corrected, where she lives, what an advisor decides."""

import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection

from citeslab.audit.models import Entry
from citeslab.core.values import dialled
from citeslab.people import queries, services
from citeslab.people.enums import Grounds, Method, Precision
from citeslab.people.models import HouseholdTie, Person, Residence, ResidenceAnswer
from citeslab.people.values import Home, national
from citeslab.territories.enums import Answer, Edition
from tests import factories
from tests.people.conftest import INSIDE, JUST_OUTSIDE, ON_THE_EDGE, OUTSIDE

pytestmark = pytest.mark.django_db
KEY = UUID("6f9d0f8e-0000-4000-8000-000000000001")
EVERYONE = Person.objects.all


def at_place(place, precision=Precision.HOUSE, **more) -> Home:
    return Home(more.pop("address", "1 rue du Bac"), "25000", "Besancon", *place, precision)


def acts() -> list[tuple[str, dict]]:
    return list(Entry.objects.order_by("pk").values_list("action", "details"))


# -- a file -----------------------------------------------------------------------------------------------------------


def test_a_file_is_opened_with_a_name_alone(site, by, at):
    person = services.create_person(site=site, first_name="Zoé", preferred_name="D'Étienne", by=by, at=at)

    person.refresh_from_db()
    assert (person.name, person.sort_key, person.recorded_at, person.recorded_by) == (
        "Zoé D'Étienne",
        "d etienne zoe",
        at,
        by,
    )
    assert acts() == [("people.person.created", {"site": site.pk})]


def test_the_same_form_sent_twice_opens_one_file(site, by, at):
    first, second = (
        services.create_person(site=site, first_name="Zoé", preferred_name="Petit", by=by, at=at, key=KEY)
        for _ in range(2)
    )

    assert first == second
    assert Person.objects.count() == 1
    assert len(acts()) == 1


def test_the_key_of_one_user_says_nothing_to_another(site, by, at):
    services.create_person(site=site, first_name="Zoé", preferred_name="Petit", by=by, at=at, key=KEY)

    services.create_person(site=site, first_name="Ana", preferred_name="Lopes", by=factories.AnyUser(), at=at, key=KEY)

    assert Person.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_by_eight_threads_at_once_opens_one_file(at):
    site, by = factories.AnySite(), factories.AnyUser()
    start, opened = threading.Barrier(8), []

    def send():
        start.wait()
        try:
            opened.append(
                services.create_person(site=site, first_name="Zoé", preferred_name="Petit", by=by, at=at, key=KEY).pk
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(opened) == 8
    assert len(set(opened)) == 1
    assert Entry.objects.filter(action="people.person.created").count() == 1


NAMES = ["O'Brien-N’Diaye", "A", "é" * 200, "ﷺ" * 200, "👩🏽‍🌾 Lila", "مريم", "\u202eevil", "<b>x</b>", "=1+1", "名前"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_exactly(site, by, at, name):
    person = services.create_person(site=site, first_name=name, preferred_name=name, by=by, at=at)

    person.refresh_from_db()
    assert (person.first_name, person.preferred_name) == (name, name)
    assert len(person.sort_key) <= 420


# -- corrected by several hands ---------------------------------------------------------------------------------------


def test_a_correction_writes_what_differs_and_journals_names_of_fields_only(by, at):
    person = factories.AnyPerson(first_name="Zoe", phone="")
    seen = {"first_name": "Zoe", "phone": "", "email": ""}

    changed = services.correct_person(
        person=person, wrote={"first_name": "Zoé", "phone": "+33639980142", "email": ""}, seen=seen, by=by, at=at
    )

    person.refresh_from_db()
    assert changed == {"first_name", "phone"}
    assert (person.first_name, person.phone, person.changed_at, person.changed_by) == ("Zoé", "+33639980142", at, by)
    assert person.sort_key.endswith("zoe")
    assert acts() == [("people.person.corrected", {"fields": ["first_name", "phone"]})]


def test_nothing_changed_is_no_correction(by, at):
    person = factories.AnyPerson(first_name="Zoé")

    assert (
        services.correct_person(person=person, wrote={"first_name": "Zoé"}, seen={"first_name": "Zoé"}, by=by, at=at)
        == set()
    )
    assert acts() == []


@pytest.mark.parametrize("seen", [{"first_name": "Zoe"}, {}], ids=["someone saved since", "no memory of what was seen"])
def test_what_someone_saved_since_is_not_written_over(by, at, seen):
    person = factories.AnyPerson(first_name="Zoé")

    with pytest.raises(services.ChangedMeanwhile) as refusal:
        services.correct_person(person=person, wrote={"first_name": "Zora"}, seen=seen, by=by, at=at)

    assert refusal.value.now == {"first_name": "Zoé"}
    person.refresh_from_db()
    assert (person.first_name, acts()) == ("Zoé", [])


# -- a household ------------------------------------------------------------------------------------------------------


def test_a_household_is_said_once_whoever_says_it_and_taken_back(by, at):
    one, other = factories.AnyPerson.create_batch(2)

    tie = services.tie_household(person=other, other=one, by=by, at=at)
    assert services.tie_household(person=one, other=other, by=by, at=at) == tie
    assert [found for _tie, found in queries.household(one, visible=EVERYONE())] == [other]

    services.untie_household(tie=tie, by=by, at=at + timedelta(days=1))
    services.untie_household(tie=tie, by=by, at=at + timedelta(days=2))
    assert queries.household(one, visible=EVERYONE()) == []
    assert [action for action, _details in acts()] == ["people.household.tied", "people.household.untied"]


def test_a_shared_phone_is_found_at_ones_own_sites_only(site):
    mine, stranger = factories.AnyPerson(site=site, phone="+33639980142"), factories.AnyPerson(phone="+33639980142")
    visible = Person.objects.filter(site=site)

    assert queries.same_contact(visible, phone="+33639980142") == [mine]
    assert queries.same_contact(visible, phone="+33639980142", besides=mine) == []
    assert queries.same_contact(visible, phone="", email="") == []
    assert stranger not in queries.same_contact(visible, phone="+33639980142")


def test_a_shared_mailbox_is_found_whatever_its_case(site):
    mine = factories.AnyPerson(site=site, email="Famille@Example.org")

    assert queries.same_contact(EVERYONE(), email="famille@example.ORG") == [mine]


# -- where she lives --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "precision", "answer", "code", "has_border"),
    [
        (INSIDE, Precision.HOUSE, Answer.IN, "QN02501M", True),
        (OUTSIDE, Precision.HOUSE, Answer.OUT, "", True),
        (ON_THE_EDGE, Precision.HOUSE, Answer.TO_CHECK, "QN02501M", True),
        (JUST_OUTSIDE, Precision.HOUSE, Answer.OUT, "", True),
        (JUST_OUTSIDE, Precision.POINTED, Answer.TO_CHECK, "", True),
        (INSIDE, Precision.POINTED, Answer.IN, "QN02501M", True),
        (OUTSIDE, Precision.POINTED, Answer.OUT, "", True),
        (INSIDE, Precision.UNSURE, Answer.TO_CHECK, "QN02501M", False),
        (OUTSIDE, Precision.UNSURE, Answer.TO_CHECK, "", False),
    ],
)
def test_an_answer_is_as_sure_as_its_place(square, by, at, place, precision, answer, code, has_border):
    person = factories.AnyPerson()

    services.record_home(person=person, home=at_place(place, precision), by=by, at=at)

    said = ResidenceAnswer.objects.standing().get()
    assert (said.answer, said.qpv_code, said.border_m is not None) == (answer, code, has_border)
    assert acts() == [("people.residence.recorded", {"residence": said.residence_id})]


def test_a_commune_alone_is_not_located(square, by, at):
    person = factories.AnyPerson()

    services.record_home(person=person, home=Home(commune_name="Besançon"), by=by, at=at)

    assert not ResidenceAnswer.objects.exists()
    assert queries.home_of(person, visible=EVERYONE(), on=at.date()).answer is None


def test_a_correction_withdraws_the_home_before(square, by, at):
    person = factories.AnyPerson()
    services.record_home(person=person, home=at_place(INSIDE), by=by, at=at)
    later = at + timedelta(days=1)

    services.record_home(person=person, home=at_place(OUTSIDE), by=by, at=later)

    assert list(Residence.objects.order_by("pk").values_list("withdrawn_at", "begins_on", "ends_on")) == [
        (later, None, None),
        (None, None, None),
    ]
    assert ResidenceAnswer.objects.standing().get().answer == Answer.OUT


def test_a_move_ends_one_home_and_begins_another_and_the_books_keep_both(square, by, at):
    person = factories.AnyPerson()
    services.record_home(person=person, home=at_place(ON_THE_EDGE), by=by, at=at)
    waiting = ResidenceAnswer.objects.get()
    services.decide(answer=waiting, qpv_code="QN02501M", grounds=Grounds.PLACE, by=by, at=at)
    moved_on, later = date(2026, 12, 1), at + timedelta(days=30)

    services.record_home(person=person, home=at_place(OUTSIDE), moved_on=moved_on, by=by, at=later)

    standing = Residence.objects.standing().order_by("begins_on")
    assert [(home.begins_on, home.ends_on) for home in standing.order_by("pk")] == [(None, moved_on), (moved_on, None)]
    said = {answer.residence.ends_on: answer for answer in ResidenceAnswer.objects.standing()}
    assert (said[moved_on].answer, said[moved_on].method, said[moved_on].grounds) == ("IN", Method.MANUAL, "PLACE")
    assert said[None].answer == Answer.OUT
    # As the books stood before the move was learned: one home, without an end.
    assert [home.ends_on for home in Residence.objects.known_by(at + timedelta(days=1))] == [None]
    assert queries.home_of(person, visible=EVERYONE(), on=moved_on).answer.answer == Answer.OUT


def test_a_move_before_the_home_it_ends_is_refused_and_changes_nothing(by, at):
    home = factories.AnyResidence(begins_on=date(2026, 6, 1))

    with pytest.raises(services.MoveBeforeHome):
        services.record_home(person=home.person, home=at_place(OUTSIDE), moved_on=date(2026, 6, 1), by=by, at=at)

    assert Residence.objects.standing().get() == home


# -- decisions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(square, by, at):
    person = factories.AnyPerson()
    services.record_home(person=person, home=at_place(ON_THE_EDGE), by=by, at=at)
    return ResidenceAnswer.objects.get()


@pytest.mark.parametrize(("code", "answer"), [("QN02501M", Answer.IN), ("", Answer.OUT)])
def test_a_decision_withdraws_what_the_map_said_and_gives_its_reason(waiting, square, by, at, code, answer):
    later = at + timedelta(hours=1)

    decided = services.decide(
        answer=waiting, qpv_code=code, grounds=Grounds.OTHER, reason="Entrée par la rue du Bac", by=by, at=later
    )

    waiting.refresh_from_db()
    assert (waiting.withdrawn_at, waiting.withdrawn_by) == (later, by)
    assert ResidenceAnswer.objects.standing().get() == decided
    assert (decided.answer, decided.qpv_code, decided.method, decided.release) == (answer, code, "MANUAL", square)
    assert (decided.border_m, decided.reason) == (waiting.border_m, "Entrée par la rue du Bac")
    action, details = acts()[-1]
    assert (action, details) == (
        "people.answer.decided",
        {"answer": decided.pk, "said": answer, "edition": 2024, "qpv": code, "grounds": "OTHER"},
    )


def test_two_advisors_decide_once(waiting, by, at):
    services.decide(answer=waiting, qpv_code="", grounds=Grounds.PLACE, by=by, at=at)

    with pytest.raises(services.NothingToDecide):
        services.decide(answer=waiting, qpv_code="QN02501M", grounds=Grounds.PLACE, by=by, at=at)

    assert ResidenceAnswer.objects.standing().get().answer == Answer.OUT


def test_a_clear_answer_is_not_decided(square, by, at):
    services.record_home(person=factories.AnyPerson(), home=at_place(INSIDE), by=by, at=at)

    with pytest.raises(services.NothingToDecide):
        services.decide(answer=ResidenceAnswer.objects.get(), qpv_code="", grounds=Grounds.PLACE, by=by, at=at)


def test_a_decision_taken_back_waits_again_and_may_be_taken_again(waiting, by, at):
    decided = services.decide(answer=waiting, qpv_code="", grounds=Grounds.PLACE, by=by, at=at)

    again = services.undo_decision(answer=decided, by=by, at=at + timedelta(minutes=1))

    assert (again.answer, again.method, again.grounds, again.border_m) == ("TO_CHECK", "COMPUTED", "", waiting.border_m)
    with pytest.raises(services.NothingToDecide):
        services.undo_decision(answer=decided, by=by, at=at)
    services.decide(answer=again, qpv_code="QN02501M", grounds=Grounds.PROOF, by=by, at=at + timedelta(minutes=2))
    assert ResidenceAnswer.objects.standing().get().answer == Answer.IN
    assert ResidenceAnswer.objects.count() == 4  # nothing was rewritten


def test_the_list_to_check_is_of_one_s_own_people_the_nearest_border_first(square, by, at, site):
    for place, precision in [(OUTSIDE, Precision.UNSURE), (JUST_OUTSIDE, Precision.POINTED), (ON_THE_EDGE, "HOUSE")]:
        person = factories.AnyPerson(site=site)
        services.record_home(person=person, home=at_place(place, precision), by=by, at=at)
    services.record_home(person=factories.AnyPerson(), home=at_place(ON_THE_EDGE), by=by, at=at)

    found = queries.to_check(Person.objects.filter(site=site), on=at.date())

    assert [answer.residence.precision for answer in found] == ["HOUSE", "POINTED", "UNSURE"]


def test_the_candidates_and_the_map_of_an_address_to_check(waiting):
    codes, drawn = queries.candidates(waiting)

    assert codes == {"QN02501M": "Planoise"}
    assert [quarter.code for quarter in drawn.quarters] == ["QN02501M"]
    assert drawn.x == drawn.border_x == "240.0"
    assert drawn.scale_m == 50


# -- small values -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "said"),
    [
        ("06 39 98 01 42", "+33639980142", "06 39 98 01 42"),
        ("+33 (0)6.39.98.01.42", "+33639980142", "06 39 98 01 42"),
        ("0262 12 34 56", "+262262123456", "+262262123456"),
        ("+44 20 7946 0018", "+442079460018", "+442079460018"),
        ("12", "", ""),
        ("chez sa soeur", "", ""),
    ],
)
def test_a_number_is_kept_as_the_world_dials_it_and_said_as_one_says_it(typed, number, said):
    assert dialled(typed) == number
    assert national(dialled(typed)) == said
    assert not number or dialled(national(number)) == number


def test_an_edition_that_is_not_loaded_answers_nothing(by, at):
    services.record_home(person=factories.AnyPerson(), home=at_place(INSIDE), by=by, at=at)

    assert not ResidenceAnswer.objects.filter(edition=Edition.E2024).exists()
    assert not HouseholdTie.objects.exists()
