"""Taking a workbook in: whole or not at all, nothing twice, corrections as new facts."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from citeslab.audit.models import Entry
from citeslab.figures import queries as figures
from citeslab.followup import services as followup
from citeslab.followup.enums import Evidence
from citeslab.followup.models import Meeting, Transition
from citeslab.intake import exports, services
from citeslab.intake.readers import process
from citeslab.intake.values import ACTIONS, COLUMNS, MEETINGS, PEOPLE, PROJECTS, STAGES
from citeslab.network.models import Site
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.projects.models import Project, ProjectHolder
from citeslab.workshops.models import Attendance, HeadCount, Workshop
from tests import factories
from tests.intake.conftest import RIGHT

pytestmark = pytest.mark.django_db
KEPT = [
    Person,
    Residence,
    ResidenceAnswer,
    Project,
    ProjectHolder,
    Meeting,
    Transition,
    Workshop,
    Attendance,
    HeadCount,
]


@pytest.fixture
def take_in(write, site, at):
    """Take rows in at the site, one hour later each time."""
    by = factories.AnyUser()
    hours = iter(range(100))

    def taken(rows, *, headings=None, **options):
        sheets = process.read(write(rows, headings=headings))
        when = at + timedelta(hours=next(hours))
        return services.take_in(sheets=sheets, site_code=site.code, by=by, at=when, **options)

    return taken


def counts(outcome, sheet) -> tuple[int, int, int, int]:
    count = outcome.counts[sheet]
    return count.created, count.updated, count.unchanged, count.absent


def books() -> dict:
    return {model.__name__: sorted(model.objects.values_list("pk", flat=True)) for model in KEPT}


@pytest.mark.shared_data
def test_the_reference_workbook_gives_its_figures_and_twice_is_once(reference, shared_data, site, at):
    from citeslab.territories.enums import Edition
    from citeslab.territories.services import load_release

    by = factories.AnyUser()
    release = shared_data / "qpv" / "qpv2024_2026-01.geojson.gz"
    load_release(path=release, edition=Edition.E2024, released_on=date(2026, 1, 15), by=by, at=at)
    expected = json.loads(reference.with_name("reference.expected.json").read_text())
    sheets = process.read(reference)

    first = services.take_in(sheets=sheets, site_code=site.code, by=by, at=at)
    written = books()
    second = services.take_in(sheets=sheets, site_code=site.code, by=by, at=at + timedelta(days=1))

    assert {sheet: count.created for sheet, count in first.counts.items()} == expected["rows"]
    assert {sheet: count.unchanged for sheet, count in second.counts.items()} == expected["rows"]
    assert books() == written
    assert [figures.figures_of_year(year=told["year"], site=site) for told in expected["figures"]] == expected[
        "figures"
    ]


def test_what_a_row_says_is_in_the_books(rows, take_in, site):
    take_in(rows)

    person = Person.objects.get(site=site, reference="P1")
    assert (person.name, person.sex, person.born_on) == ("Élodie N'Diaye", "WOMAN", date(1990, 12, 31))
    assert (person.phone, person.sort_key) == ("+33612345678", "n diaye elodie")
    home = person.residences.get()
    assert (home.commune_name, home.longitude, home.territory) == ("Besançon", 6.02, "METROPOLE")
    project = person.projects.get()
    assert (project.title, project.sector, project.started_on) == ("Couture", "C", date(2024, 1, 15))
    meeting = person.meetings.get()
    assert (meeting.held_on, meeting.minutes, meeting.nature, meeting.project) == (
        date(2024, 2, 1), 45, "FOLLOW_UP", project,
    )  # fmt: skip
    assert person.transitions.get().stage == "AMOR"
    workshop = Workshop.objects.get(site=site)
    assert (workshop.kind, workshop.cancelled_at) == ("THEMATIC", None)
    assert workshop.attendances.get().person == person
    assert dict(workshop.head_counts.values_list("sex", "heads")) == {"MAN": 2, "WOMAN": 3}


def test_one_line_of_journal_tells_an_import(rows, take_in, site):
    take_in(rows)

    entry = Entry.objects.get()
    assert (entry.action, entry.subject_id) == ("intake.workbook.taken_in", site.pk)
    assert entry.details["counts"][PEOPLE]["created"] == 1
    assert "Diaye" not in json.dumps(entry.details)


def test_a_bad_row_keeps_the_whole_workbook_out(rows, take_in):
    rows[PEOPLE].append(["P2", "", *RIGHT[PEOPLE][2:]])

    with pytest.raises(services.BadRows) as refused:
        take_in(rows)

    assert [fault.row for fault in refused.value.examined.faults] == [3]
    assert not any(model.objects.exists() for model in KEPT)


def test_the_rows_that_are_right_go_in_when_asked(rows, take_in):
    rows[PEOPLE].append(["P2", "", *RIGHT[PEOPLE][2:]])
    rows[PROJECTS].append(["J2", "P2", "Traiteur", "", "2024-01-01"])

    outcome = take_in(rows, skip_bad_rows=True)

    assert list(Person.objects.values_list("reference", flat=True)) == ["P1"]
    assert (outcome.counts[PEOPLE].refused, outcome.counts[PROJECTS].refused) == (1, 1)


def test_a_failure_in_the_middle_leaves_nothing(rows, take_in, monkeypatch):
    def broken(**_):
        raise DatabaseError("disk full")

    monkeypatch.setattr(followup, "record_transitions", broken)

    with pytest.raises(DatabaseError):
        take_in(rows)

    assert not any(model.objects.exists() for model in KEPT)
    assert not Entry.objects.exists()


def test_an_unknown_site_is_refused_unless_named(rows, write, at):
    asked = {"sheets": process.read(write(rows)), "site_code": "NEW", "by": factories.AnyUser(), "at": at}

    with pytest.raises(services.UnknownSite):
        services.take_in(**asked)
    services.take_in(new_site="Nouveau site", **asked)

    site = Site.objects.get(code="NEW")
    assert (site.name, site.opened_on) == ("Nouveau site", date(2024, 1, 15))


def test_a_rehearsal_tells_everything_and_writes_nothing(rows, write, at):
    sheets = process.read(write(rows))
    before = books()

    outcome = services.rehearse(sheets=sheets, site_code="NEW", new_site="Nouveau", by=factories.AnyUser(), at=at)

    assert counts(outcome, PEOPLE) == (1, 0, 0, 0)
    moved = {(move.year, ".".join(move.figure)): (move.before, move.after) for move in outcome.figures}
    assert moved[2024, "persons_met"] == (None, 1)
    assert books() == before
    assert not Site.objects.filter(code="NEW").exists()
    assert not Entry.objects.exists()


def test_a_changed_person_is_updated_and_the_others_left(rows, take_in):
    rows[PEOPLE].append(["P2", *RIGHT[PEOPLE][1:]])
    take_in(rows)
    rows[PEOPLE][0][2], rows[PEOPLE][0][4] = "NDIAYE", ""

    outcome = take_in(rows)

    assert counts(outcome, PEOPLE) == (0, 1, 1, 0)
    person = Person.objects.get(reference="P1")
    assert (person.preferred_name, person.sort_key, person.born_on) == ("NDIAYE", "ndiaye elodie", None)
    assert Residence.objects.count() == 2


def test_a_corrected_address_withdraws_the_old_one_with_its_answers(rows, take_in):
    take_in(rows)
    old = Residence.objects.get()
    factories.AnyResidenceAnswer(residence=old)
    rows[PEOPLE][0][5] = "2 rue du Bac"

    outcome = take_in(rows)

    assert counts(outcome, PEOPLE) == (0, 1, 0, 0)
    old.refresh_from_db()
    assert old.withdrawn_at is not None
    assert old.answers.get().withdrawn_at == old.withdrawn_at
    assert Residence.objects.standing().get().address == "2 rue du Bac"


def test_an_emptied_address_is_withdrawn(rows, take_in):
    take_in(rows)
    rows[PEOPLE][0][5:10] = [""] * 5

    take_in(rows)

    assert not Residence.objects.standing().exists()


def test_a_project_changes_hands(rows, take_in):
    rows[PEOPLE].append(["P2", *RIGHT[PEOPLE][1:]])
    take_in(rows)
    rows[PROJECTS][0][1] = "P2"

    assert counts(take_in(rows), PROJECTS) == (0, 1, 0, 0)
    assert [holder.person.reference for holder in ProjectHolder.objects.all()] == ["P2"]


def test_corrected_minutes_withdraw_a_meeting_and_record_another(rows, take_in):
    take_in(rows)
    rows[MEETINGS][0][3] = "60"

    assert counts(take_in(rows), MEETINGS) == (0, 1, 0, 0)
    told = [(meeting.minutes, meeting.withdrawn_at is None) for meeting in Meeting.objects.order_by("pk")]
    assert told == [(45, False), (60, True)]


def test_two_meetings_alike_on_one_day_are_two(rows, take_in):
    rows[MEETINGS].append(list(RIGHT[MEETINGS]))

    assert counts(take_in(rows), MEETINGS) == (2, 0, 0, 0)
    assert counts(take_in(rows), MEETINGS) == (0, 0, 2, 0)

    rows[MEETINGS][0][3] = "20"
    assert counts(take_in(rows), MEETINGS) == (0, 1, 1, 0)
    assert sorted(Meeting.objects.standing().values_list("minutes", flat=True)) == [20, 45]


def test_what_a_newer_workbook_lacks_is_left_alone_and_counted(rows, take_in):
    take_in(rows)
    newer = {PEOPLE: [["P2", *RIGHT[PEOPLE][1:]]]}

    outcome = take_in(newer)

    assert [counts(outcome, sheet)[3] for sheet in COLUMNS] == [1, 1, 1, 1, 1]
    assert Meeting.objects.standing().count() == 1


def test_steps_of_one_day_keep_the_order_of_their_rows(rows, take_in):
    rows[STAGES] = [["P1", "J1", "2024-02-01", stage, ""] for stage in ("PARC", "AMOR", "EMER")]
    take_in(rows)

    assert list(Transition.objects.in_order().values_list("stage", flat=True)) == ["PARC", "AMOR", "EMER"]


def test_a_corrected_exit_keeps_its_place_in_the_day(rows, take_in):
    rows[STAGES] = [["P1", "J1", "2024-02-01", "SORT", "abandon"], ["P1", "J1", "2024-02-01", "PARC", ""]]
    take_in(rows)
    rows[STAGES][0][4] = "report"

    outcome = take_in(rows)

    assert counts(outcome, STAGES) == (0, 2, 0, 0)
    standing = Transition.objects.standing().in_order()
    assert list(standing.values_list("stage", "exit_reason")) == [("SORT", "POSTPONED"), ("PARC", "")]
    assert counts(take_in(rows), STAGES) == (0, 0, 2, 0)


def test_a_step_put_before_another_of_its_day_comes_before(rows, take_in):
    take_in(rows)
    rows[STAGES].insert(0, ["P1", "J1", "2024-02-01", "ACCU", ""])

    assert counts(take_in(rows), STAGES) == (1, 1, 0, 0)
    assert list(Transition.objects.standing().in_order().values_list("stage", flat=True)) == ["ACCU", "AMOR"]


def test_a_step_entered_again_keeps_its_evidence(rows, take_in):
    take_in(rows)
    Transition.objects.update(evidence=Evidence.PARTNER)
    rows[STAGES].insert(0, ["P1", "J1", "2024-02-01", "ACCU", ""])
    take_in(rows)

    assert Transition.objects.standing().get(stage="AMOR").evidence == Evidence.PARTNER


def test_a_reference_typed_in_another_case_is_that_of_the_same_row(rows, take_in):
    take_in(rows)
    rows[PEOPLE][0][0], rows[PROJECTS][0][0], rows[ACTIONS][0][0] = "p1", "j1", "a1"

    outcome = take_in(rows)

    assert {sheet: counts(outcome, sheet) for sheet in COLUMNS} == dict.fromkeys(COLUMNS, (0, 0, 1, 0))
    assert [row.reference for row in Workshop.objects.all()] == ["A1"]


def test_an_action_is_corrected_in_all_its_parts(rows, take_in):
    rows[PEOPLE].append(["P2", *RIGHT[PEOPLE][1:]])
    take_in(rows)
    rows[ACTIONS][0][5:] = ["P2", "2", "7", "1", "Annulée"]

    assert counts(take_in(rows), ACTIONS) == (0, 1, 0, 0)

    workshop = Workshop.objects.get()
    assert workshop.cancelled_at is not None
    assert [came.person.reference for came in Attendance.objects.standing()] == ["P2"]
    assert dict(HeadCount.objects.standing().values_list("sex", "heads")) == {"MAN": 2, "WOMAN": 7, "UNKNOWN": 1}
    assert HeadCount.objects.count() == 4
    assert counts(take_in(rows), ACTIONS) == (0, 0, 1, 0)


def test_the_rows_to_correct_come_back_corrected(rows, write, site, at, tmp_path):
    """Bad rows and those that wait for them are handed back; once corrected they go in, and only once."""
    rows[PEOPLE].append(["P2", "Zoé", "Petit", "X", *RIGHT[PEOPLE][4:]])
    rows[PROJECTS].append(["J2", "P2", "Traiteur", "", "2024-01-01"])
    rows[MEETINGS] += [["P2", "J2", "2024-03-01", "30", "Accueil"], ["P1", "J1", "2024-02-01", "-5", "Suivi"]]
    by = factories.AnyUser()
    sheets = process.read(write(rows))
    outcome = services.take_in(sheets=sheets, site_code=site.code, skip_bad_rows=True, by=by, at=at)
    handed_back = tmp_path / "back.xlsx"
    handed_back.write_bytes(exports.corrections(sheets, outcome.examined))

    again = process.read(handed_back)
    assert {name: len(sheet.rows) for name, sheet in again.items()} == {
        PEOPLE: 1, PROJECTS: 1, MEETINGS: 2, STAGES: 0, ACTIONS: 0,
    }  # fmt: skip
    assert all(sheet.is_correction for sheet in again.values())
    with pytest.raises(services.BadRows) as refused:
        services.take_in(sheets=again, site_code=site.code, by=by, at=at)
    assert [fault.column for fault in refused.value.examined.faults] == ["Sexe", "Durée (min)"]

    for sheet, column, value in ((PEOPLE, "Sexe", "F"), (MEETINGS, "Durée (min)", "50")):
        place = COLUMNS[sheet].index(column)
        bad = {"X", "-5"}
        again[sheet].rows[:] = [
            (number, (*row[:place], value, *row[place + 1 :]) if row[place] in bad else row)
            for number, row in again[sheet].rows
        ]
    services.take_in(sheets=again, site_code=site.code, by=by, at=at)
    twice = services.take_in(sheets=again, site_code=site.code, by=by, at=at)

    # The meeting of the same day and nature that was already in is not taken for the wrong one.
    assert sorted(Meeting.objects.standing().values_list("minutes", flat=True)) == [30, 45, 50]
    assert [counts(twice, sheet)[:2] for sheet in COLUMNS] == [(0, 0)] * 5


def test_a_value_that_looks_like_a_formula_comes_back_as_text(rows, write, at, tmp_path):
    rows[PEOPLE][0][1:4] = ["=HYPERLINK(1)", "+33", "@X"]
    sheets = process.read(write(rows))
    path = tmp_path / "back.xlsx"

    path.write_bytes(exports.corrections(sheets, services.examined_for(sheets=sheets, site=None, at=at)))

    assert process.read(path)[PEOPLE].rows[0][1][1:4] == ("=HYPERLINK(1)", "+33", "@X")


def test_an_unreadable_character_is_still_a_fault_once_handed_back(rows, write, at, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    rows[PEOPLE][0][2] = "N\x07Diaye"
    for sheet, columns in COLUMNS.items():
        lines = [columns, *rows[sheet]]
        (folder / f"{sheet}.csv").write_text("\n".join(",".join(line) for line in lines))
    sheets = process.read(folder)
    path = tmp_path / "back.xlsx"

    path.write_bytes(exports.corrections(sheets, services.examined_for(sheets=sheets, site=None, at=at)))
    again = services.examined_for(sheets=process.read(path), site=None, at=at)

    assert [(fault.column, fault.code) for fault in again.faults] == [("Nom", "unreadable_character")]


def test_two_sites_may_use_the_same_references(rows, write, at):
    sheets = process.read(write(rows))
    for code in ("A", "B"):
        services.take_in(sheets=sheets, site_code=code, new_site=code, by=factories.AnyUser(), at=at)

    assert sorted(Person.objects.values_list("site__code", "reference")) == [("A", "P1"), ("B", "P1")]
    assert Meeting.objects.filter(person__site__code="A").get().site.code == "A"
