"""The sheets together: faults at their cell, and rows that fall with another."""

import json
from datetime import date

import pytest

from citeslab.core.readers.wanted import Sheet
from citeslab.intake import errors
from citeslab.intake.readers import process
from citeslab.intake.rules.rows import examine
from citeslab.intake.values import ACTIONS, COLUMNS, MEETINGS, PEOPLE, PROJECTS, STAGES
from tests.intake.conftest import RIGHT

TODAY = date(2026, 11, 20)


def examined(rows, *, known_people=(), known_projects=(), known_actions=()):
    sheets = {
        name: Sheet(name, [(number, tuple(row)) for number, row in enumerate(rows.get(name, ()), start=2)])
        for name in COLUMNS
    }
    known = {"known_people": known_people, "known_projects": known_projects, "known_actions": known_actions}
    return examine(sheets, **known, today=TODAY)


def places(found) -> list[tuple]:
    return [(fault.sheet, fault.row, fault.column, fault.code) for fault in found.faults]


@pytest.mark.shared_data
def test_the_fourteen_planted_faults_are_named_and_no_other(with_errors):
    expected = json.loads(with_errors.with_name("with_errors.expected.json").read_text())["errors"]

    found = examine(process.read(with_errors), known_people=(), known_projects=(), known_actions=(), today=TODAY)

    assert len(expected) == 14
    assert sorted((fault.sheet, fault.row, fault.column.value, str(fault.value)) for fault in found.faults) == sorted(
        (error["sheet"], error["row"], error["column"], error["value"]) for error in expected
    )


@pytest.mark.shared_data
def test_each_consequence_has_one_of_the_faults_for_cause(with_errors):
    found = examine(process.read(with_errors), known_people=(), known_projects=(), known_actions=(), today=TODAY)
    bad = {(fault.sheet, fault.row) for fault in found.faults}

    assert {fallen.cause for fallen in found.consequences} <= bad
    assert not {(fallen.sheet, fallen.row) for fallen in found.consequences} & bad


def test_a_right_workbook_has_no_fault(rows):
    found = examined(rows)

    assert (found.faults, found.consequences, found.remarks) == ([], [], [])
    assert [len(found.rows[sheet]) for sheet in COLUMNS] == [1, 1, 1, 1, 1]


# Sheet, column, what is written there, the code of the fault.
FAULTS = [
    (PEOPLE, "Prénom", " ", "required"),
    (PEOPLE, "Nom", "\0", "unreadable_character"),
    (PEOPLE, "Sexe", "X", "unknown_word"),
    (PEOPLE, "Date de naissance", "2027-01-01", "future"),
    (PEOPLE, "Longitude", "181", "out_of_range"),
    (PEOPLE, "Longitude", "", "half_position"),
    (PEOPLE, "Latitude", "", "half_position"),
    (PEOPLE, "Adresse", "x" * 301, "too_long"),
    (PROJECTS, "Personnes", "", "required"),
    (PROJECTS, "Personnes", "P1; P404", "no_such_person"),
    (PROJECTS, "Intitulé", "", "required"),
    (PROJECTS, "Secteur", "Couture", "unknown_word"),
    (PROJECTS, "Date de début", "", "required"),
    (MEETINGS, "Personne", "", "required"),
    (MEETINGS, "Projet", "J404", "no_such_project"),
    (MEETINGS, "Nature", "Visite", "unknown_word"),
    (STAGES, "Étape", "", "required"),
    (STAGES, "Étape", "SORT", "reason_required"),
    (STAGES, "Motif", "abandon", "reason_without_exit"),
    (ACTIONS, "Femmes", "2,5", "not_a_whole_number"),
    (ACTIONS, "Statut", "Reportée", "unknown_word"),
    (ACTIONS, "Date", "2027-01-01", "future"),
]


@pytest.mark.parametrize(("sheet", "column", "value", "code"), FAULTS)
def test_each_fault_is_named_at_its_cell_in_words(rows, sheet, column, value, code):
    rows[sheet][0][COLUMNS[sheet].index(column)] = value
    at = "Motif" if code == "reason_required" else column

    found = examined(rows)

    assert places(found) == [(sheet, 2, at, code)]
    assert errors.reason(found.faults[0])
    assert "%" not in errors.reason(found.faults[0]) + errors.remedy(found.faults[0])


@pytest.mark.parametrize(("value", "code"), [("", "required"), ("P" * 65, "too_long")])
def test_a_row_needs_a_reference_that_fits(rows, value, code):
    rows[PEOPLE][0][0] = value

    assert places(examined({PEOPLE: rows[PEOPLE]})) == [(PEOPLE, 2, "Référence", code)]


def test_several_faults_of_a_row_are_all_named(rows):
    rows[PEOPLE][0][3], rows[PEOPLE][0][4] = "X", "hier"

    assert [place[2] for place in places(examined(rows))] == ["Sexe", "Date de naissance"]


def test_what_rests_on_a_refused_person_falls_under_her_row(rows):
    rows[PEOPLE][0][3] = "X"

    found = examined(rows)

    assert [(fallen.sheet, fallen.row, fallen.cause) for fallen in found.consequences] == [
        (sheet, 2, (PEOPLE, 2)) for sheet in (PROJECTS, MEETINGS, STAGES, ACTIONS)
    ]


def test_an_action_with_one_unknown_participant_is_at_fault_itself(rows):
    rows[ACTIONS][0][5] = "P1; P404"

    found = examined(rows)

    assert places(found) == [(ACTIONS, 2, "Participants", "no_such_person")]
    assert found.rows[ACTIONS] == []


def test_a_row_with_its_own_fault_is_not_also_a_consequence(rows):
    rows[PEOPLE][0][3] = "X"
    rows[MEETINGS][0][3] = "-1"

    found = examined(rows)

    assert (MEETINGS, 2, "Durée (min)", "negative") in places(found)
    assert MEETINGS not in {fallen.sheet for fallen in found.consequences}


def test_the_first_row_of_a_reference_stands_and_the_second_is_at_fault(rows):
    rows[PEOPLE].append(list(RIGHT[PEOPLE]))

    found = examined(rows)

    assert places(found) == [(PEOPLE, 3, "Référence", "reference_twice")]
    assert len(found.rows[MEETINGS]) == 1


def test_a_reference_typed_for_the_next_number_takes_along_the_rows_that_name_it(rows):
    rows[PEOPLE] = [[reference, *RIGHT[PEOPLE][1:]] for reference in ("P07", "P07", "P09")]
    rows[PROJECTS][0][1] = rows[MEETINGS][0][0] = "P08"
    rows[STAGES], rows[ACTIONS] = [], []

    found = examined(rows)

    assert places(found) == [(PEOPLE, 3, "Référence", "reference_twice_presumed")]
    assert found.faults[0].details == {"row": 2, "presumed": "P08"}
    assert [fallen.cause for fallen in found.consequences] == [(PEOPLE, 3), (PEOPLE, 3)]


def test_nothing_is_presumed_when_another_row_bears_that_reference(rows):
    rows[PEOPLE] = [[reference, *RIGHT[PEOPLE][1:]] for reference in ("P1", "P1", "P3", "P2")]

    assert [place[3] for place in places(examined(rows))] == ["reference_twice"]


def test_a_reference_may_be_to_what_the_site_already_has(rows):
    rows[PEOPLE], rows[PROJECTS] = [], []

    found = examined(rows, known_people=["P1"], known_projects=["J1"])

    assert found.faults == []
    assert found.rows[MEETINGS][0].person == "P1"


def test_references_are_compared_without_case_and_written_as_their_row_does(rows):
    rows[MEETINGS][0][:2] = ["p1", "j1"]

    found = examined(rows)

    assert (found.rows[MEETINGS][0].person, found.rows[MEETINGS][0].project) == ("P1", "J1")


def test_a_cancelled_action_may_be_of_a_day_to_come(rows):
    rows[ACTIONS][0][1], rows[ACTIONS][0][9] = "2027-01-01", "Annulée"

    assert examined(rows).faults == []


def test_zero_zero_is_refused_and_a_place_outside_france_is_said(rows):
    rows[PEOPLE].append(["P2", *RIGHT[PEOPLE][1:]])
    rows[PEOPLE][0][8:10] = ["0", "0"]
    rows[PEOPLE][1][8:10] = ["13.40", "52.52"]

    found = examined(rows)

    assert (PEOPLE, 2, "Longitude", "position_zero") in places(found)
    assert [(remark.row, remark.code) for remark in found.remarks] == [(3, "elsewhere")]


def test_contacts_that_are_not_understood_are_kept_and_said(rows):
    rows[PEOPLE][0][10:12] = ["chez sa mère", "elodie chez exemple"]

    found = examined(rows)

    assert [remark.code for remark in found.remarks] == ["phone_as_written", "email_as_written"]
    assert (found.rows[PEOPLE][0].phone, found.rows[PEOPLE][0].email) == ("chez sa mère", "elodie chez exemple")
