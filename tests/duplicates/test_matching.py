"""Who is found, and who must never be taken for another."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from bench.crowd import crowd
from citeslab.audit.models import Entry
from citeslab.duplicates import queries
from citeslab.duplicates.enums import Band, Level, Trait
from citeslab.duplicates.matching import model, network
from citeslab.duplicates.models import JoinRequest, Likeness, NameShare
from citeslab.duplicates.services import asking, finding
from citeslab.people.models import Person
from tests import factories

BORN = date(1988, 4, 21)
NAMED = {"first_name": "Fatoumata", "preferred_name": "Diallo"}
SHE = NAMED | {"born_on": BORN, "phone": "+33639980001", "place": "25000"}


def compared(**other):
    one, two = model.traits(**SHE), model.traits(**(SHE | other))
    found = model.levels(one, two)
    shares = {trait: model.softened(trait, 1, 0) for trait in model.UNSEEN}
    return model.band(found, model.bits(found, shares))


@pytest.mark.parametrize(
    ("other", "band"),
    [
        ({}, Band.SAME),
        ({"phone": "+33639980002", "place": "31000"}, Band.SAME),  # moved, another phone
        ({"first_name": "FATOUMATA", "preferred_name": "diallo "}, Band.SAME),
        ({"preferred_name": "Dialo"}, Band.SAME),
        ({"preferred_name": "Diallo-Ba"}, Band.SAME),
        ({"preferred_name": "Ba née Diallo"}, Band.SAME),
        ({"first_name": "Diallo", "preferred_name": "Fatoumata"}, Band.SAME),  # turned round
        ({"born_on": None}, Band.SAME),
        ({"born_on": date(1988, 4, 22)}, Band.POSSIBLE),
        ({"first_name": "Fatoumatta"}, Band.POSSIBLE),  # a slip, or a sister: a person looks
        ({"preferred_name": "Traoré"}, Band.POSSIBLE),  # married
        ({"preferred_name": "Traoré", "phone": "", "place": "31000"}, None),
        ({"born_on": None, "phone": "+33639980002", "place": "31000"}, None),  # a namesake
        ({"born_on": date(1961, 1, 2)}, Band.POSSIBLE),  # her mother, of the same name, on the same phone
        ({"first_name": "Aminata"}, None),  # her twin
        ({"first_name": "Mamadou", "born_on": date(1986, 1, 2)}, None),  # her husband
        ({"first_name": ""}, None),
    ],
)
def test_bands_of_what_advisors_meet(other, band):
    assert compared(**other) == band


def test_day_and_month_turned_round_are_seen():
    one, other = (model.traits(**(SHE | {"born_on": day})) for day in (date(1990, 3, 4), date(1990, 4, 3)))

    assert model.levels(one, other)[Trait.BORN] == Level.TURNED


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("ca", "abc", 2), ("diallo", "dialo", 1)],
)
def test_slips_are_counted_as_duckdb_counts_them(one, other, distance):
    import duckdb

    assert model.slips(one, other) == distance
    assert duckdb.sql(f"SELECT damerau_levenshtein('{one}', '{other}')").fetchall() == [(distance,)]


@pytest.fixture(scope="module")
def planted():
    made = crowd(6_000, seed=7)
    people = [
        model.traits(
            key=place,
            first_name=one.first_name,
            preferred_name=one.preferred_name,
            born_on=one.born_on,
            phone=one.phone,
            email=one.email,
            place=one.place,
            sex=one.sex,
        )
        for place, one in enumerate(made.files)
    ]
    return made, people, {(pair.first, pair.second): pair for pair in network.compared(people)}


def test_planted_duplicates_are_found_and_few_others(planted):
    made, _people, found = planted
    truth = made.true_pairs
    right = len(truth & found.keys())
    precision, recall = right / len(found), right / len(truth)

    assert 2 * precision * recall / (precision + recall) >= 0.95
    sure = {pair for pair, one in found.items() if one.band == Band.SAME}
    assert len(sure & truth) / len(sure) >= 0.99


def test_no_household_is_taken_for_one_person(planted):
    made, _people, found = planted
    sure = {pair for pair, one in found.items() if one.band == Band.SAME}

    assert all([made.couples, made.siblings, made.twins, made.alike, made.namesakes])
    assert (made.couples | made.siblings | made.twins) & found.keys() == set()
    assert (made.alike | made.namesakes) & sure == set()


def test_one_pair_weighs_the_same_in_both_ways_through_the_model(planted):
    _made, people, found = planted
    shares = model.shares(people)
    for pair, one in found.items():
        a, b = (people[place] for place in pair)
        levels = model.levels(a, b)
        its = {Trait.FIRST: a.first, Trait.FAMILY: a.family, Trait.PLACE: a.place}
        weight = model.bits(levels, {trait: shares[trait].get(text, 1) for trait, text in its.items()})
        assert (round(weight, 6), model.evidence(levels)) == (round(one.bits, 6), one.evidence)


# -- in the database


@pytest.fixture
def by(db):
    return factories.AnyUser()


@pytest.fixture
def twice(db):
    """The same woman at two sites."""
    return [
        factories.AnyPerson(first_name="Fatou", preferred_name=name, born_on=BORN, phone="+33639980001")
        for name in ("Diallo", "DIALLO")
    ]


def test_find_keeps_pairs_and_a_second_run_changes_nothing(twice, by, at):
    found = finding.find(by=by, at=at)
    first = list(Likeness.objects.values())
    again = finding.find(by=by, at=at + timedelta(days=1))

    assert (found.files, found.likenesses, found.new) == (2, 1, 1)
    assert (again.new, again.gone, list(Likeness.objects.values())) == (0, 0, first)
    assert [entry.details for entry in Entry.objects.filter(action="duplicates.likenesses.found")] == [
        {"files": 2, "likenesses": 1, "new": 1},
        {"files": 2, "likenesses": 1, "new": 0},
    ]


def test_what_is_said_to_be_two_people_never_comes_back(twice, by, at):
    finding.find(by=by, at=at)
    said = asking.say_apart(one=twice[1], other=twice[0], reason="Deux cousines", by=by, at=at)

    finding.find(by=by, at=at)
    assert not Likeness.objects.exists()
    assert finding.find_for(person=twice[0], at=at) == []
    assert queries.likenesses_of(twice[0]) == []

    asking.take_back(difference=said, by=by, at=at)
    finding.find(by=by, at=at)
    assert Likeness.objects.count() == 1


def test_a_likeness_that_no_longer_holds_goes(twice, by, at):
    finding.find(by=by, at=at)
    Person.objects.filter(pk=twice[1].pk).update(first_name="Moussa", sort_key="diallo moussa")

    assert finding.find(by=by, at=at).gone == 1
    assert not Likeness.objects.exists()


def test_one_file_is_compared_by_the_rules_of_the_night(db, by, at):
    made = crowd(400, again=0.3, seed=11)
    site = factories.AnySite()
    Person.objects.bulk_create(
        Person(
            site=site,
            first_name=one.first_name,
            preferred_name=one.preferred_name,
            sort_key=queries.sort_key(one.preferred_name, one.first_name),
            born_on=one.born_on,
            phone=one.phone,
            email=one.email,
            sex=one.sex or "UNKNOWN",
            recorded_at=at,
            recorded_by=by,
        )
        for one in made.files
    )
    finding.find(by=by, at=at)
    night = {
        (pair.first_id, pair.second_id): (round(pair.bits, 6), pair.band, pair.evidence)
        for pair in Likeness.objects.all()
    }
    alone = {}
    for person in Person.objects.order_by("pk"):
        for one in queries.likenesses_of(person):
            if one.band:
                pair = tuple(sorted((person.pk, one.person)))
                alone[pair] = (round(one.bits, 6), one.band, one.evidence)

    assert len(night) > 60
    both = night.keys() & alone.keys()
    # The blocks differ a little at their edges.
    assert len(both) >= 0.97 * len(night | alone)


def test_a_name_is_kept_by_its_digest_alone(twice, by, at):
    finding.find(by=by, at=at)

    kept = " ".join(str(value) for row in NameShare.objects.values_list() for value in row).lower()
    assert NameShare.objects.count() > 2
    assert "diallo" not in kept
    assert "fatou" not in kept


def test_a_hostel_phone_says_nothing(db, by, at):
    site = factories.AnySite()
    for number in range(model.MANY + 2):
        factories.AnyPerson(
            site=site, first_name="Jean", preferred_name=f"Nom{chr(97 + number)}{number}", phone="+33639980007"
        )

    assert finding.find(by=by, at=at).likenesses == 0
    assert queries.likenesses_of(Person.objects.order_by("pk").first()) == []


def test_a_question_asked_while_typing_receives_the_file_once_saved(twice, by, at):
    here, there = twice
    request = factories.AnyJoinRequest(
        ours=None, theirs=there, asking_site=here.site, asked_site=there.site, asked_by=by
    )

    finding.find_for(person=here, at=at)

    assert JoinRequest.objects.get(pk=request.pk).ours == here


def test_files_just_saved_are_compared_and_a_whole_workbook_waits(twice, at, monkeypatch):
    Person.objects.filter(pk=twice[0].pk).update(recorded_at=at - timedelta(minutes=5))

    assert finding.find_fresh(at=at - timedelta(hours=1)) == 0
    assert finding.find_fresh(at=at) == 1
    assert finding.find_fresh(at=at) == 1
    assert Likeness.objects.count() == 1
    monkeypatch.setattr(finding, "MOST_FRESH", 0)
    assert finding.find_fresh(at=at) == 0


def test_the_command_says_what_it_found_and_that_nothing_is_joined(twice, capsys):
    call_command("duplicates", "find")

    assert capsys.readouterr().out == (
        "2 files compared: 1 likenesses, 1 of them new, 0 no longer there. Nothing was joined.\n"
    )
    assert Person.objects.count() == 2
