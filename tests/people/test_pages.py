"""The forms on a person, as a browser sends them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from citeslab.audit.models import Entry
from citeslab.network.enums import Role
from citeslab.people import services
from citeslab.people.enums import Grounds, Precision
from citeslab.people.models import HouseholdTie, Person, ResidenceAnswer
from citeslab.people.values import Home
from citeslab.territories.enums import Answer
from tests import factories
from tests.people.conftest import INSIDE, ON_THE_EDGE
from tests.territories.address_service import Service

pytestmark = pytest.mark.django_db
NEW = reverse("people:new")
TO_CHECK = reverse("people:to_check")
THREE = {"first_name": "Zoé", "preferred_name": "N’Diaye", "contact": "06 39 98 01 42"}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def service(settings):
    settings.ADDRESS_SECONDS = 1.0
    with Service() as running:
        settings.ADDRESS_URL = running.url
        yield running


def errors(response) -> dict:
    assert response.status_code == 422
    return {name: " ".join(said) for name, said in response.context["form"].errors.items()}


# -- a new file -------------------------------------------------------------------------------------------------------


def test_three_fields_open_a_file_and_lead_to_it(signed_in, site, advisor):
    page = signed_in.get(NEW)
    assert "site" not in page.context["form"].fields  # an advisor of one site is not asked

    response = signed_in.post(NEW, THREE)

    person = Person.objects.get()
    assert response["Location"] == reverse("desk:person", args=[person.pk])
    assert (person.site, person.name, person.phone, person.email, person.sex, person.recorded_by) == (
        site,
        "Zoé N’Diaye",
        "+33639980142",
        "",
        "UNKNOWN",
        advisor,
    )


def test_a_name_alone_is_enough(signed_in):
    signed_in.post(NEW, THREE | {"contact": ""})

    assert (Person.objects.get().phone, Person.objects.get().email) == ("", "")


def test_the_form_sent_twice_opens_one_file(signed_in):
    key = signed_in.get(NEW).context["form"]["key"].value()

    for _ in range(2):
        signed_in.post(NEW, THREE | {"key": str(key)})

    assert Person.objects.count() == 1


def test_everything_folded_may_be_said_too(signed_in):
    signed_in.post(
        NEW,
        THREE
        | {
            "sex": "WOMAN",
            "born_on": "1990-02-28",
            "other_contact": "zoe@example.org",
            "situation_at_entry": "salariée",
            "diploma": "CAP",
            "contact_source": "voisine",
        },
    )

    person = Person.objects.get()
    assert (person.sex, str(person.born_on), person.email, person.situation_at_entry, person.diploma) == (
        "WOMAN",
        "1990-02-28",
        "zoe@example.org",
        "salariée",
        "CAP",
    )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("first_name", "", "This field is required."),
        ("first_name", "x" * 201, "Ensure this value has at most 200 characters"),
        ("first_name", "Zo\u0007e", "nobody can read"),
        ("contact", "12", "not a phone number"),
        ("contact", "zoe@", "looks like name@example.org"),
        ("born_on", "1899-12-31", "Nobody we accompany was born before January 1, 1900"),
        ("born_on", (timezone.localdate() + timedelta(days=1)).isoformat(), "This day has not come yet"),
        ("born_on", "1990-02-30", "valid date"),
        ("other_contact", "06 39 98 01 43", "One phone number and one e-mail address are kept"),
        ("same_household", "999999", "Select a valid choice"),
        ("sex", "CAT", "Select a valid choice"),
    ],
)
def test_what_is_not_right_is_told_kindly_and_nothing_is_written(signed_in, field, value, said):
    found = errors(signed_in.post(NEW, THREE | {field: value}))

    assert said in found[field]
    assert Person.objects.count() == 0


@pytest.mark.parametrize("born_on", ["1900-01-01", timezone.localdate().isoformat(), ""])
def test_the_first_and_the_last_day_of_birth_are_taken(signed_in, born_on):
    assert signed_in.post(NEW, THREE | {"born_on": born_on}).status_code == 302


@pytest.mark.parametrize(
    "name", ["O'Brien", "A", "é" * 200, "👩🏽‍🌾", "مريم", "\u202eevil", "<script>alert(1)</script>", "=1+1"]
)
def test_a_name_comes_back_exactly_and_safely(signed_in, name):
    signed_in.post(NEW, THREE | {"first_name": name})

    person = Person.objects.get()
    assert person.first_name == name
    for address in (reverse("people:edit", args=[person.pk]), reverse("desk:person", args=[person.pk])):
        assert "<script>alert" not in signed_in.get(address).content.decode()
    assert signed_in.get(reverse("people:edit", args=[person.pk])).context["form"]["first_name"].value() == name


def test_an_advisor_of_two_sites_is_asked_which_and_no_other(signed_in, advisor, site):
    second, theirs = factories.AnySite(), factories.AnySite()
    factories.AnyMandate(user=advisor, site=second)

    assert "site" in errors(signed_in.post(NEW, THREE))
    assert "site" in errors(signed_in.post(NEW, THREE | {"site": theirs.code}))
    signed_in.post(NEW, THREE | {"site": second.code})
    assert Person.objects.get().site == second


@pytest.mark.parametrize("role", [Role.PILOT, Role.FUNDER])
def test_who_sees_no_name_opens_no_file(client, role):
    client.force_login(factories.AnyMandate(role=role, site=None).user)

    assert client.get(NEW).status_code == 404
    assert client.post(NEW, THREE).status_code == 404
    assert client.get(TO_CHECK).status_code == 404
    assert not Person.objects.exists()


def test_a_known_number_is_told_and_the_household_said_in_the_same_gesture(signed_in, site):
    karim = factories.AnyPerson(site=site, first_name="Karim", preferred_name="Diallo", phone="+33639980142")
    stranger = factories.AnyPerson(phone="+33639980142", first_name="Ailleurs")

    told = signed_in.post(reverse("people:same_contact"), {"contact": "0639980142"}).content.decode()
    assert "Karim Diallo" in told
    assert "Ailleurs" not in told
    assert "Karim" not in signed_in.post(reverse("people:same_contact"), {"contact": "0639980143"}).content.decode()

    signed_in.post(NEW, THREE | {"same_household": karim.pk})

    zoe = Person.objects.get(first_name="Zoé")
    tie = HouseholdTie.objects.get()
    assert (tie.one, tie.other) == (karim, zoe)
    assert errors(signed_in.post(NEW, THREE | {"same_household": stranger.pk}))


def test_a_shared_number_never_blocks_and_the_household_is_said_later(signed_in, site):
    karim = factories.AnyPerson(site=site, first_name="Karim", phone="+33639980142")
    signed_in.post(NEW, THREE)
    zoe = Person.objects.get(first_name="Zoé")
    page = signed_in.get(reverse("desk:person", args=[zoe.pk]))
    assert page.context["home"].shared_contact == [karim]

    signed_in.post(reverse("people:household", args=[zoe.pk]), {"other": karim.pk})

    home = signed_in.get(reverse("desk:person", args=[zoe.pk])).context["home"]
    assert ([other for _tie, other in home.ties], home.shared_contact) == ([karim], [])
    signed_in.post(reverse("people:household_end", args=[zoe.pk, HouseholdTie.objects.get().pk]))
    assert not HouseholdTie.objects.standing().exists()


# -- corrected by several hands ---------------------------------------------------------------------------------------


def form_of(response) -> dict:
    form = response.context["form"]
    return {field.name: str(field.value() or "") for field in form}


def test_a_correction_is_written_and_the_number_is_said_as_one_says_it(signed_in, site):
    person = factories.AnyPerson(site=site, phone="+33639980142")
    address = reverse("people:edit", args=[person.pk])
    sent = form_of(signed_in.get(address))
    assert sent["phone"] == "06 39 98 01 42"

    assert signed_in.post(address, sent | {"first_name": "Zora"}).status_code == 302

    person.refresh_from_db()
    assert (person.first_name, person.phone) == ("Zora", "+33639980142")
    lines = Entry.objects.filter(action="people.person.corrected").values_list("details", flat=True)
    assert list(lines) == [{"fields": ["first_name"]}]


def test_what_a_workbook_brought_unread_is_kept_until_someone_corrects_it(signed_in, site):
    person = factories.AnyPerson(site=site, phone="chez sa soeur", email="pas de mail")
    address = reverse("people:edit", args=[person.pk])

    assert signed_in.post(address, form_of(signed_in.get(address)) | {"first_name": "Zora"}).status_code == 302

    person.refresh_from_db()
    assert (person.first_name, person.phone, person.email) == ("Zora", "chez sa soeur", "pas de mail")


def test_the_second_advisor_sees_what_changed_and_loses_nothing(signed_in, site, advisor):
    person = factories.AnyPerson(site=site, first_name="Zoe", phone="", email="")
    address = reverse("people:edit", args=[person.pk])
    first, second = form_of(signed_in.get(address)), form_of(signed_in.get(address))
    signed_in.post(address, first | {"first_name": "Zoé", "phone": "06 39 98 01 42"})

    typed = second | {"first_name": "Zora", "email": "zora@example.org"}
    refused = signed_in.post(address, typed)

    assert refused.status_code == 422
    told = {change.label: (change.before, change.now, change.wrote) for change in refused.context["form"].changes}
    assert told == {"First name": ("Zoe", "Zoé", "Zora"), "Phone": ("", "06 39 98 01 42", "")}
    again = form_of(refused)
    assert (again["first_name"], again["email"], again["phone"]) == ("Zora", "zora@example.org", "+33639980142")
    assert advisor.name in refused.content.decode()
    person.refresh_from_db()
    assert (person.first_name, person.email) == ("Zoé", "")

    assert signed_in.post(address, again).status_code == 302
    person.refresh_from_db()
    assert (person.first_name, person.phone, person.email) == ("Zora", "+33639980142", "zora@example.org")


def test_a_memory_of_the_form_that_was_tampered_with_writes_nothing_over(signed_in, site):
    person = factories.AnyPerson(site=site, first_name="Zoe")
    address = reverse("people:edit", args=[person.pk])
    sent = form_of(signed_in.get(address)) | {"first_name": "Zora", "seen": "x"}

    assert signed_in.post(address, sent).status_code == 422
    person.refresh_from_db()
    assert person.first_name == "Zoe"


# -- where she lives --------------------------------------------------------------------------------------------------


@pytest.fixture
def person(site):
    return factories.AnyPerson(site=site)


def home_of(person):
    return person.residences.standing().get(ends_on=None)


def test_a_suggestion_chosen_gives_a_sure_answer(signed_in, person, square, service):
    options = signed_in.post(reverse("people:addresses"), {"address": "14 rue des ar"}).content.decode()
    packed = re.search(r'data-fill-chosen="([^"]+)"', options)[1]
    text = re.search(r'data-text="([^"]+)"', options)[1]

    response = signed_in.post(reverse("people:residence", args=[person.pk]), {"address": text, "chosen": packed})

    assert response["Location"] == reverse("desk:person", args=[person.pk]) + "#residence"
    home = home_of(person)
    assert (home.address, home.postal_code, home.commune_name) == ("14 Rue des Arts", "25000", "Besançon")
    assert (home.precision, home.longitude, home.latitude) == (Precision.HOUSE, *INSIDE)
    page = signed_in.get(response["Location"]).content.decode()
    for told in (
        "Planoise",
        "QN02501M",
        "2024 edition",
        "January 15, 2026",
        "The house was found",
        "inside the border",
        "house number found",
    ):
        assert told in page, told


def test_a_suggestion_written_over_is_not_the_one_chosen(signed_in, person, square, service):
    options = signed_in.post(reverse("people:addresses"), {"address": "14 rue des arts"}).content.decode()
    packed = re.search(r'data-fill-chosen="([^"]+)"', options)[1]

    signed_in.post(
        reverse("people:residence", args=[person.pk]), {"address": "16 rue des Arts 25000 Besançon", "chosen": packed}
    )

    home = home_of(person)
    assert (home.address, home.precision) == ("16 rue des Arts 25000 Besançon", Precision.UNSURE)
    assert ResidenceAnswer.objects.get().answer == Answer.TO_CHECK


def test_a_whole_address_that_nobody_chose_is_sure_when_it_agrees(signed_in, person, square, service):
    signed_in.post(reverse("people:residence", args=[person.pk]), {"address": "14 rue des arts 25000 besancon"})

    assert (home_of(person).precision, ResidenceAnswer.objects.get().answer) == (Precision.HOUSE, Answer.IN)


def test_a_position_comes_from_the_service_and_nowhere_else(signed_in, person, square, service):
    signed_in.post(reverse("people:residence", args=[person.pk]), {"address": "nulle part", "chosen": "forged"})

    assert home_of(person).longitude is None


def test_without_script_a_button_searches_and_one_is_chosen(signed_in, person, square, service):
    address = reverse("people:residence", args=[person.pk])

    asked = signed_in.post(address, {"address": "14 rue des arts", "search": "1"})

    assert asked.status_code == 200
    assert not person.residences.exists()
    packed = re.search(r'type="radio" name="chosen" value="([^"]+)"', asked.content.decode())[1]
    signed_in.post(address, {"address": "14 rue des arts", "chosen": packed})
    assert home_of(person).precision == Precision.HOUSE


def test_the_form_works_when_the_service_is_down(signed_in, person, square, settings):
    factories.AnyCommune()
    settings.ADDRESS_SECONDS = 0.2
    with Service(wait=2) as down:
        settings.ADDRESS_URL = down.url
        told = signed_in.post(reverse("people:addresses"), {"address": "14 rue des arts"}).content.decode()
        signed_in.post(reverse("people:residence", args=[person.pk]), {"address": "14 rue X", "commune": "besancon"})

    assert "does not answer" in told
    home = home_of(person)
    assert (home.address, home.postal_code, home.commune_name, home.longitude) == (
        "14 rue X",
        "25000",
        "Besançon",
        None,
    )


def test_without_a_service_a_point_on_the_map_gives_the_place(signed_in, person, square):
    factories.AnyCommune()
    drawn = signed_in.post(reverse("people:commune_map"), {"commune": "Besançon (25)"})
    assert [quarter.name for quarter in drawn.context["map"].quarters] == ["Planoise"]

    signed_in.post(
        reverse("people:residence", args=[person.pk]),
        {"address": "", "commune": "Besançon (25)", "longitude": INSIDE[0], "latitude": INSIDE[1]},
    )

    assert (home_of(person).precision, ResidenceAnswer.objects.get().answer) == (Precision.POINTED, Answer.IN)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "address"),
        ({"commune": "Nulle-Part"}, "commune"),
        ({"commune": "Saint"}, "commune"),
        ({"address": "1", "longitude": "999", "latitude": "1"}, "longitude"),
        ({"address": "1", "longitude": "nan", "latitude": "1"}, "longitude"),
        ({"address": "x" * 301}, "address"),
    ],
)
def test_an_address_that_says_too_little_is_asked_again(signed_in, person, sent, field):
    for number, department in enumerate(("25", "39")):
        factories.AnyCommune(
            code=f"{department}00{number}",
            name="Saint",
            sort_key="saint",
            department=factories.AnyDepartment(code=department),
        )

    assert field in errors(signed_in.post(reverse("people:residence", args=[person.pk]), sent))
    assert not person.residences.exists()


def test_a_move_and_a_correction_are_told_apart(signed_in, person, square):
    factories.AnyCommune()
    address, today = reverse("people:residence", args=[person.pk]), timezone.localdate()
    signed_in.post(address, {"commune": "25000"})

    assert "why" in errors(signed_in.post(address, {"commune": "25000"}))
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert "moved_on" in errors(signed_in.post(address, {"commune": "25000", "why": "MOVED", "moved_on": tomorrow}))
    signed_in.post(address, {"commune": "25000", "why": "MOVED", "address": "2 rue Neuve"})
    assert list(person.residences.standing().order_by("pk").values_list("begins_on", "ends_on")) == [
        (None, today),
        (today, None),
    ]
    signed_in.post(address, {"commune": "25000", "why": "MISTAKE", "address": "3 rue Neuve"})
    assert home_of(person).address == "3 rue Neuve"
    assert person.residences.standing().count() == 2
    assert "moved_on" in errors(signed_in.post(address, {"commune": "25000", "why": "MOVED"}))  # the same day


# -- decisions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(person, square, by):
    home = Home("1 rue du Bac", "25000", "Besançon", *ON_THE_EDGE, Precision.HOUSE)
    services.record_home(person=person, home=home, by=by, at=timezone.now())
    return ResidenceAnswer.objects.get()


def test_an_address_is_decided_with_a_reason_and_taken_back(signed_in, person, waiting, advisor):
    page = signed_in.get(TO_CHECK).content.decode()
    for told in (person.name, "1 rue du Bac", "0 m", "Planoise"):
        assert told in page
    address = reverse("people:decision", args=[waiting.pk])
    assert "place-map-drawing" in signed_in.get(address).content.decode()

    signed_in.post(address, {"lives_in": "QN02501M", "grounds": "PLACE", "reason": "Entrée rue du Bac"})

    decided = ResidenceAnswer.objects.standing().get()
    assert (decided.answer, decided.grounds, decided.reason) == ("IN", "PLACE", "Entrée rue du Bac")
    page = signed_in.get(reverse("desk:person", args=[person.pk])).content.decode()
    assert "I know the building" in page
    assert advisor.name in page
    back = signed_in.post(reverse("people:decision_undoing", args=[decided.pk]))
    assert back["Location"] == reverse("people:decision", args=[ResidenceAnswer.objects.standing().get().pk])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"lives_in": "none"}, "grounds"),
        ({"lives_in": "none", "grounds": "OTHER"}, "reason"),
        ({"lives_in": "QN99999M", "grounds": "PLACE"}, "lives_in"),
        ({"grounds": "PLACE"}, "lives_in"),
    ],
)
def test_a_decision_without_its_reason_is_asked_again(signed_in, waiting, sent, field):
    assert field in errors(signed_in.post(reverse("people:decision", args=[waiting.pk]), sent))
    assert ResidenceAnswer.objects.standing().get() == waiting


def test_the_second_who_decides_is_told(signed_in, waiting, by):
    services.decide(answer=waiting, qpv_code="", grounds=Grounds.PLACE, by=by, at=timezone.now())

    response = signed_in.post(
        reverse("people:decision", args=[waiting.pk]), {"lives_in": "QN02501M", "grounds": "PLACE"}, follow=True
    )

    assert "someone decided" in response.content.decode()
    assert ResidenceAnswer.objects.standing().get().answer == Answer.OUT


def test_the_list_to_check_costs_the_same_for_one_address_or_twenty(signed_in, site, square, django_assert_num_queries):
    def add(count):
        for _ in range(count):
            factories.AnyResidenceAnswer(
                residence__person=factories.AnyPerson(site=site),
                release=square,
                answer=Answer.TO_CHECK,
                qpv_code="QN02501M",
                border_m="3.2",
            )

    add(1)
    signed_in.get(TO_CHECK)
    # session, user, her sites, who may see names, count, page, decided, QPV names, the frame
    with django_assert_num_queries(12) as one:
        signed_in.get(TO_CHECK)
    add(19)
    with django_assert_num_queries(len(one)):
        signed_in.get(TO_CHECK)


# -- who may ----------------------------------------------------------------------------------------------------------


def test_another_site_is_out_of_reach_by_every_address(signed_in, square, by, site):
    theirs, mine = factories.AnyPerson(), factories.AnyPerson(site=site)
    home = Home("1 rue du Bac", "", "", *ON_THE_EDGE, Precision.HOUSE)
    services.record_home(person=theirs, home=home, by=by, at=timezone.now())
    waiting = ResidenceAnswer.objects.get()
    tie = services.tie_household(person=theirs, other=factories.AnyPerson(site=theirs.site), by=by, at=timezone.now())
    before = list(Entry.objects.values_list("pk", flat=True))

    for name, arguments, sent in [
        ("edit", [theirs.pk], {"first_name": "x"}),
        ("residence", [theirs.pk], {"address": "x"}),
        ("household", [theirs.pk], {"other": mine.pk}),
        ("household", [mine.pk], {"other": theirs.pk}),
        ("household", [mine.pk], {"other": "x"}),
        ("household_end", [theirs.pk, tie.pk], {}),
        ("household_end", [mine.pk, tie.pk], {}),
        ("decision", [waiting.pk], {"lives_in": "none", "grounds": "PLACE"}),
        ("decision_undoing", [waiting.pk], {}),
    ]:
        address = reverse(f"people:{name}", args=arguments)
        assert signed_in.post(address, sent).status_code == 404, name
        assert signed_in.get(address).status_code in (404, 405), name
    assert list(Entry.objects.values_list("pk", flat=True)) == before
    assert theirs.name not in signed_in.get(TO_CHECK).content.decode()


def test_each_read_of_a_file_is_journaled(signed_in, person, waiting):
    for address in (
        reverse("people:edit", args=[person.pk]),
        reverse("people:residence", args=[person.pk]),
        reverse("people:decision", args=[waiting.pk]),
    ):
        signed_in.get(address)

    assert Entry.objects.filter(action="people.person.read", subject_id=person.pk).count() == 3


def test_a_key_that_is_no_key_is_refused_kindly(signed_in):
    assert "key" in errors(signed_in.post(NEW, THREE | {"key": "x"}))
    assert signed_in.post(NEW, THREE | {"key": str(uuid4())}).status_code == 302
