"""The search of the list: what is right first, then what is nearly right; nobody of another site."""

import pytest
from django.urls import reverse

from citeslab.desk import queries
from citeslab.people.models import Person
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("desk:people")


@pytest.fixture
def anyone(site):
    def add(first_name, preferred_name, **more):
        return factories.AnyPerson(site=site, first_name=first_name, preferred_name=preferred_name, **more)

    return add


def found(words, limit=20) -> list[str]:
    return [person.name for person in queries.search(Person.objects.all(), words, limit)]


@pytest.mark.parametrize(
    "typed",
    [
        "kelifi",  # a letter missing
        "khellifi",  # one too many
        "khelify",  # one for another
        "khleifi",  # two the other way round
        "KHÉLIFI",
        "khelifi samria",
        "samra kelifi",
    ],
)
def test_a_slip_of_the_hand_still_finds_her(anyone, typed):
    anyone("Samira", "Khelifi")
    anyone("Paul", "Martin")
    anyone("Amandine", "Chevalier")

    assert found(typed) == ["Samira Khelifi"]


def test_two_neighboring_letters_swapped_at_the_beginning_are_forgiven(anyone):
    anyone("Paul", "Martin")

    assert found("amrtin") == ["Paul Martin"]


def test_what_is_right_comes_before_what_is_nearly_right(anyone):
    anyone("Luc", "Dupont")
    anyone("Anne", "Dupond")
    anyone("Dupond", "Zacharie")

    assert found("dupond") == ["Anne Dupond", "Dupond Zacharie", "Luc Dupont"]


def test_nothing_nearly_right_is_offered_when_enough_is_right(anyone):
    for number in range(25):
        anyone(f"Anne{number}", "Dupond")
    anyone("Luc", "Dupont")

    assert "Luc Dupont" not in found("dupond", limit=100)


@pytest.mark.parametrize("typed", ["06 39 98 01 42", "0639980142", "+33 6 39 98 01 42", "06.39.98.01.42", "980142"])
def test_a_phone_number_is_found_however_it_is_typed(anyone, typed):
    anyone("Samira", "Khelifi", phone="+33639980142")
    anyone("Paul", "Martin", phone="+33639980143")

    assert found(typed) == ["Samira Khelifi"]


def test_two_people_on_one_phone_are_both_found(anyone):
    anyone("Samira", "Khelifi", phone="+33639980142")
    anyone("Karim", "Khelifi", phone="+33639980142")

    assert len(found("06 39 98 01 42")) == 2


def test_an_address_and_a_reference_are_found_in_any_case(anyone):
    anyone("Samira", "Khelifi", email="Sam.K@exemple.fr", reference="Ref-12")

    assert found("sam.k@EXEMPLE.fr") == ["Samira Khelifi"]
    assert found("REF-12") == ["Samira Khelifi"]


@pytest.mark.parametrize(
    ("first_name", "preferred_name", "typed"),
    [
        ("A", "B", "b a"),
        ("Ă" * 200, "O'" + "x" * 150, "o xxxx"),
        ("Zoé 🌱", "L’Hermite", "hermite 🌱"),
        ("مريم", "العلوي", "العلوي"),
        ("%", "_", "%"),
        ("=1+1", "<b>Gras</b>", "<b>gras</b>"),
    ],
)
def test_strange_names_are_found_and_strange_words_break_nothing(anyone, first_name, preferred_name, typed):
    person = anyone(first_name, preferred_name)
    anyone("Paul", "Martin")

    assert [one.pk for one in queries.search(Person.objects.all(), typed, 5)] == [person.pk]


@pytest.mark.parametrize(
    "typed", ["", "   ", "\0", "'", "-", "+", "'''; DROP TABLE", "a" * 5000, "x " * 500, "é\u0301"]
)
def test_no_words_or_odd_ones_find_nobody_and_raise_nothing(anyone, typed):
    anyone("Paul", "Martin")

    assert found(typed) == []


def test_a_search_sees_only_who_is_visible(client, advisor, anyone):
    anyone("Samira", "Khelifi")
    factories.AnyPerson(first_name="Sofia", preferred_name="Khelifi")
    client.force_login(advisor)

    page = client.get(LIST, {"words": "kelifi"})

    assert [person.name for person in page.context["page"]] == ["Samira Khelifi"]
    assert "Sofia" not in page.content.decode()


def test_the_list_says_who_is_nearly_the_one_searched(client, advisor, anyone):
    anyone("Samira", "Khelifi")
    client.force_login(advisor)

    assert "people-near" in client.get(LIST, {"words": "kelifi"}).content.decode()
    assert "people-near" not in client.get(LIST, {"words": "khelifi"}).content.decode()


def test_a_search_costs_the_same_for_one_person_or_many(client, advisor, anyone, django_assert_num_queries):
    anyone("Samira", "Khelifi")
    client.force_login(advisor)
    with django_assert_num_queries(15) as one:  # those of the list, the threshold, the nearly right, twice
        client.get(LIST, {"words": "khelifi"})
    for number in range(60):
        anyone(f"Anne{number}", "Khelifi")
    with django_assert_num_queries(len(one)):
        client.get(LIST, {"words": "khelifi"})
