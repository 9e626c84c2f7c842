"""`citeslab intake`: exit codes, words on standard error, results alone on standard output."""

import json

import pytest
from django.core.management import CommandError, call_command

from citeslab.accounts.models import User
from citeslab.intake.readers import process
from citeslab.intake.values import PEOPLE
from citeslab.network.models import Site
from citeslab.people.models import Person
from tests.intake.conftest import RIGHT

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    """Run the command; gives its exit code, standard output and standard error."""

    def ran(*arguments):
        try:
            call_command("intake", *map(str, arguments), "--language", "en")
            code, said = 0, ""
        except CommandError as refusal:
            code, said = refusal.returncode, str(refusal)
        streams = capsys.readouterr()
        return code, streams.out, streams.err + said

    return ran


def test_a_right_workbook_is_taken_in_with_nothing_on_standard_output(rows, write, site, run):
    code, out, _err = run(write(rows), "--site", site.code)

    assert (code, out) == (0, "")
    assert Person.objects.count() == 1


def test_the_report_in_json_is_all_there_is_on_standard_output(rows, write, site, run):
    code, out, _err = run(write(rows), "--site", site.code, "--format", "json")

    assert code == 0
    report = json.loads(out)
    assert report["written"] is True
    assert report["sheets"][PEOPLE] == {"created": 1, "updated": 0, "unchanged": 0, "absent": 0, "refused": 0}
    assert report["faults"] == []


def test_bad_rows_give_1_and_are_named(rows, write, site, run):
    rows[PEOPLE][0][3] = "X?"

    code, out, err = run(write(rows), "--site", site.code, "--format", "json")

    assert code == 1
    report = json.loads(out)
    assert report["written"] is False
    (fault,) = report["faults"]
    assert (fault["sheet"], fault["row"], fault["column"], fault["value"]) == (PEOPLE, 2, "Sexe", "X?")
    assert fault["right"] == "One of: F, Femme, Mme, H, Homme, M., NC."
    assert len(report["consequences"]) == 4
    assert "nothing was written" in err
    assert not Person.objects.exists()


def test_the_rows_to_correct_are_handed_back(rows, write, site, run, tmp_path):
    rows[PEOPLE].append(["P2", "Zoé", "", *RIGHT[PEOPLE][3:]])
    out = tmp_path / "back.xlsx"

    code, _out, err = run(write(rows), "--site", site.code, "--skip-bad-rows", "--corrections", out)

    assert code == 0
    assert Person.objects.count() == 1
    assert [row[:2] for _number, row in process.read(out)[PEOPLE].rows] == [("P2", "Zoé")]
    assert out.name in err


@pytest.mark.parametrize(
    "arguments", [("--site", "NOWHERE"), ("--site", "NOWHERE", "--dry-run"), ("--site", "NOWHERE", "--skip-bad-rows")]
)
def test_an_unknown_site_gives_2(rows, write, run, arguments):
    code, _out, err = run(write(rows), *arguments)

    assert code == 2
    assert "NOWHERE" in err


def test_a_new_site_is_opened_by_its_name(rows, write, run):
    assert run(write(rows), "--site", "NEW", "--new-site", "Nouveau")[0] == 0
    assert Person.objects.get().site.name == "Nouveau"


def test_a_new_site_keeps_the_hours_of_its_commune(rows, write, run):
    assert run(write(rows), "--site", "NEW", "--new-site", "Nouveau", "--commune", "97411")[0] == 0

    assert str(Site.objects.get(code="NEW").zone) == "Indian/Reunion"


def test_an_unusable_file_gives_2_in_words(tmp_path, site, run):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"not a workbook")

    code, out, err = run(path, "--site", site.code)

    assert (code, out) == (2, "")
    assert "x.xlsx is not a workbook" in err
    assert run(tmp_path / "nothing.xlsx", "--site", site.code)[0] == 2
    assert run(path, "--site", site.code, "--corrections", tmp_path / "x.txt")[0] == 2


def test_a_dry_run_writes_nothing_and_tells_the_figures(rows, write, site, run):
    code, out, err = run(write(rows), "--site", site.code, "--dry-run", "--format", "json")

    assert code == 0
    report = json.loads(out)
    assert report["written"] is False
    assert report["sheets"][PEOPLE]["created"] == 1
    assert {"year": 2024, "figure": "persons_supported", "before": 0, "after": 1} in report["figures"]
    assert "What would be written" in err
    assert not Person.objects.exists()
    assert not User.objects.exists()  # not even the account that stands for the command line


def test_a_refused_workbook_leaves_not_even_an_account(rows, write, site, run):
    rows[PEOPLE][0][2] = ""

    assert run(write(rows), "--site", site.code)[0] == 1
    assert not User.objects.exists()


def test_a_dry_run_of_a_workbook_with_bad_rows_gives_1_unless_they_are_skipped(rows, write, site, run):
    rows[PEOPLE].append(["P2", "Zoé", "", *RIGHT[PEOPLE][3:]])
    path = write(rows)

    assert run(path, "--site", site.code, "--dry-run")[0] == 1
    assert run(path, "--site", site.code, "--dry-run", "--skip-bad-rows")[0] == 0
    assert not Person.objects.exists()


def test_a_value_with_brackets_is_printed_as_it_is(rows, write, site, run):
    rows[PEOPLE][0][3] = "[bold]X[/bold]"

    assert "[bold]X[/bold]" in run(write(rows), "--site", site.code)[2]


@pytest.mark.shared_data
def test_the_fourteen_faults_are_reported(with_errors, site, run):
    code, out, _err = run(with_errors, "--site", site.code, "--format", "json")

    assert code == 1
    assert len(json.loads(out)["faults"]) == 14
