"""A year as open data: the sums can be checked by anyone, no hidden count comes back, a register keeps what is out."""

import csv
import hashlib
import io
import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from citeslab.figures import disclosure, exports, queries, services
from citeslab.figures.definitions.publications import DIMENSIONS, TABLES, TERRITORY
from citeslab.figures.models import Publication
from citeslab.followup.models import Meeting
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.projects.models import Project
from citeslab.territories.enums import Answer
from tests import factories
from tests.figures.test_definitions import YEAR, lives, supported

pytestmark = pytest.mark.django_db
ON = date(YEAR + 1, 2, 1)
AT = datetime(YEAR + 1, 2, 1, 9, tzinfo=UTC)


def rows_of(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


def check_sums(cells: list[dict], territories: list[dict]) -> int:
    """What anyone can do with the two files; how many sums were checked."""
    parents = {row["code"]: row["parent"] for row in territories}
    levels = {row["code"]: row["level"] for row in territories}
    values = {}
    for row in cells:
        key = (row["indicator"], *[row[name] for name in DIMENSIONS])
        values.setdefault(key, row["value"])
        assert values[key] == row["value"], key  # the same count in each table
    checked = 0
    for place, name in enumerate(DIMENSIONS, start=1):
        sums, totals = defaultdict(list), {}
        for row in cells:
            key = (row["table"], row["indicator"], *[row[one] for one in DIMENSIONS if one != name])
            if row[name] == "*":
                totals[key] = row["value"]
            else:
                sums[key].append(row["value"])
        for key, parts in sums.items():
            if totals[key] and all(parts):
                assert sum(map(int, parts)) == int(totals[key]), (name, key)
                checked += 1
        if name != TERRITORY:
            continue
        below = defaultdict(list)
        for key, value in values.items():
            if key[place] in parents and levels[key[place]] != "elsewhere" and parents[key[place]] != "*":
                below[*key[:place], parents[key[place]], *key[place + 1 :]].append(value)
        for key, parts in below.items():
            if key in values and values[key] and all(parts):
                assert sum(map(int, parts)) == int(values[key]), key
                checked += 1
    return checked


def test_the_sums_of_the_whole_year_hold_and_the_tables_say_the_figures(world):
    year = queries.year_to_publish(YEAR)
    whole = rows_of(exports.cells_csv(year.cells, [False] * len(year.cells)))
    territories = rows_of(exports.territories_csv(year.territories))
    figures = queries.computed.computed(queries.computed.scope_of(YEAR))

    assert check_sums(whole, territories) > 100
    assert {row["table"] for row in whole} == {table.id for table in TABLES}
    for row in whole:
        if all(row[name] == "*" for name in DIMENSIONS):
            assert int(row["value"]) == figures[row["indicator"]], row


def test_no_hidden_count_comes_back_and_no_small_one_is_shown(world):
    prepared = services.prepare(year=YEAR, on=ON)
    rows = rows_of(exports.cells_csv(prepared.year.cells, prepared.hidden))
    check_sums(rows, rows_of(exports.territories_csv(prepared.year.territories)))

    for row, cell in zip(rows, prepared.year.cells, strict=True):
        assert (row["status"] == "hidden") == (row["value"] == "")
        if cell.indicator != "actions_held.total" and 0 < cell.count < 5:
            assert row["status"] == "hidden", row
    assert prepared.summary["leaks"] == 0
    assert prepared.summary["hidden"] == sum(row["status"] == "hidden" for row in rows)
    assert 0 < prepared.summary["protecting"] < prepared.summary["small"]


def test_a_later_publication_does_not_give_the_earlier_one_away(world, site, neighborhoods):
    by = factories.AnyUser()
    first = services.publish(prepared=services.prepare(year=YEAR, on=ON), by=by, at=AT)
    lives(supported(site, sex=Sex.WOMAN, diploma="3"), Answer.IN, code=neighborhoods[0])
    prepared = services.prepare(year=YEAR, on=ON)
    second = services.publish(prepared=prepared, by=by, at=AT)

    assert (first.number, second.number) == (1, 2)
    assert prepared.summary["earlier"] == 1
    assert prepared.summary["leaks"] == 0
    before = {(row[0], tuple(sorted(row[2].items()))): row for row in first.cells}
    now = {(row[0], tuple(sorted(row[2].items()))): row for row in second.cells}
    same = [key for key, row in before.items() if key in now and now[key][3] == row[3]]
    assert same
    assert all(now[key][4] for key in same if before[key][4])  # what was hidden stays hidden


def test_the_strict_rule_hides_more(world):
    usual = services.prepare(year=YEAR, on=ON)
    strict = services.prepare(year=YEAR, on=ON, rule=disclosure.Rule(threshold=disclosure.STRICT))
    assert strict.summary["hidden"] > usual.summary["hidden"]


def test_a_year_of_nobody_is_published_empty():
    prepared = services.prepare(year=2003, on=ON)
    assert prepared.summary["hidden"] == 0
    assert {cell.count for cell in prepared.year.cells} == {0}


@pytest.mark.parametrize("on", [date(YEAR, 12, 31), date(YEAR - 3, 1, 1)])
def test_a_year_that_is_not_over_is_not_published(on):
    with pytest.raises(services.NotYet, match=str(YEAR)):
        services.prepare(year=YEAR, on=on)


def test_what_leaks_is_refused_and_said(world, monkeypatch):
    """Were the protection ever wrong, the attack stands behind it."""
    real = disclosure.protect

    def careless(counts, **more):
        protection = real(counts, **more)
        hidden = protection.issue.hidden & (protection.reasons != disclosure.Reason.PROTECTS_ANOTHER)
        return disclosure.Protection(
            issue=disclosure.Issue(counts, hidden), reasons=protection.reasons, exposed=(), rounds=1
        )

    monkeypatch.setattr(disclosure, "protect", careless)
    with pytest.raises(services.Leaks) as refusal:
        services.prepare(year=YEAR, on=ON)
    assert refusal.value.leaks
    assert str(len(refusal.value.leaks)) in str(refusal.value)


@pytest.fixture
def folder(world, tmp_path):
    made = tmp_path / "ouvert" / str(YEAR)
    call_command("figures", "publish", year=YEAR, output=made)
    return made


def test_the_package_is_what_it_says_by_the_reference_tool(folder):
    import frictionless

    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "note"])
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["licenses"][0]["name"] == "etalab-2.0"


def test_files_say_the_same_and_weigh_what_is_said(folder):
    cells = rows_of((folder / "cells.csv").read_text())
    with duckdb.connect() as engine:
        typed = engine.execute(f"SELECT * FROM '{folder / 'cells.parquet'}'").fetchall()
    assert [["" if one is None else str(one) for one in row] for row in typed] == [list(row.values()) for row in cells]

    record = json.loads((folder / "dcat.jsonld").read_text())
    for one in record["dcat:distribution"]:
        data = (folder / one["dct:title"]).read_bytes()
        assert one["dcat:byteSize"] == len(data)
        assert one["spdx:checksum"]["spdx:checksumValue"] == hashlib.sha256(data).hexdigest()
    kept = Publication.objects.get()
    assert kept.digest == hashlib.sha256((folder / "cells.csv").read_bytes()).hexdigest()
    named = {(row["column"], row["value"]) for row in rows_of((folder / "dictionary.csv").read_text())}
    for row in cells:
        for name in DIMENSIONS:
            assert row[name] == "*" or name == TERRITORY or (name, row[name]) in named
    assert {path.name for path in folder.iterdir()} == {
        "cells.csv", "cells.parquet", "territories.csv", "dictionary.csv", "methode.md", "method.md",
        "datapackage.json", "dcat.jsonld",
    }  # fmt: skip
    assert "sont masqués" in (folder / "methode.md").read_text()


def test_nothing_is_written_over_and_a_dry_run_keeps_nothing(world, folder, tmp_path):
    with pytest.raises(CommandError, match="nothing is written over"):
        call_command("figures", "publish", year=YEAR, output=folder)
    call_command("figures", "publish", year=YEAR, dry_run=True)
    with pytest.raises(CommandError, match="--output"):
        call_command("figures", "publish", year=YEAR)
    with pytest.raises(CommandError, match="3000"):
        call_command("figures", "publish", year=3000, output=tmp_path / "later")
    assert Publication.objects.count() == 1
    assert not (tmp_path / "later").exists()


def test_who_publishes_while_another_does_is_told_so(world, tmp_path, monkeypatch):
    real, by = services.prepare, factories.AnyUser()

    def overtaken(**asked):
        prepared = real(**asked)
        services.publish(prepared=prepared, by=by, at=AT)
        return prepared

    monkeypatch.setattr(services, "prepare", overtaken)
    with pytest.raises(CommandError, match="entre-temps"):
        call_command("figures", "publish", year=YEAR, output=tmp_path / "late")
    assert Publication.objects.count() == 1
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_leaves_no_register_and_no_folder(world, tmp_path, monkeypatch):
    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "write_all", full)
    with pytest.raises(OSError, match="No space left"):
        call_command("figures", "publish", year=YEAR, output=tmp_path / "full")
    assert not Publication.objects.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def corrected(world):
    """Published three times and corrected after each: a fourth with all tables would give hidden counts away."""
    by = factories.AnyUser()
    people = list(Person.objects.order_by("pk"))

    def of_sex(person, sex):
        Person.objects.filter(pk=person.pk).update(sex=sex)

    def not_met(person):
        Meeting.objects.filter(person=person).delete()

    corrections = [
        (lambda: of_sex(people[35], Sex.UNKNOWN), lambda: not_met(people[3])),
        (lambda: of_sex(people[12], Sex.MAN),),
        (lambda: not_met(people[28]),),
    ]
    for rank, some in enumerate(corrections):
        services.publish(prepared=services.prepare(year=YEAR, on=ON), by=by, at=AT + timedelta(days=rank))
        for correct in some:
            correct()


def test_a_corrected_year_is_published_without_the_tables_that_would_tell(corrected):
    found = queries.year_to_publish(YEAR)
    of_people = [cell for cell, is_of in zip(found.cells, found.protectable, strict=True) if is_of]
    counts, earlier = queries.counts_of(of_people, found.territories), queries.issues_of(YEAR)
    whole = disclosure.protect(counts, earlier=earlier)
    assert not disclosure.audit(whole.issue, earlier=earlier).safe  # no way to hide enough

    prepared = services.prepare(year=YEAR, on=ON)
    assert [one.table for one in prepared.withheld] == ["supported_by_qpv_and_sex"]
    assert all(one.leaks for one in prepared.withheld)
    assert {cell.table for cell in prepared.year.cells} == {cell.table for cell in found.cells} - {
        "supported_by_qpv_and_sex"
    }
    made = services.publish(prepared=prepared, by=factories.AnyUser(), at=AT + timedelta(days=9))

    *before, last = queries.issues_of(YEAR)
    assert disclosure.audit(last, earlier=before).safe
    assert made.summary["withheld"] == ["supported_by_qpv_and_sex"]
    method = exports.files_of_publication(made.pk, made.digest)["method.md"].decode()
    assert "not in this publication: `supported_by_qpv_and_sex`" in method


def test_who_publishes_says_that_she_knows_what_is_withheld(corrected, tmp_path):
    out = io.StringIO()
    with pytest.raises(CommandError, match="--without supported_by_qpv_and_sex"):
        call_command("figures", "publish", year=YEAR, output=tmp_path / "made", stdout=out)
    assert "Withheld: supported_by_qpv_and_sex." in out.getvalue()
    assert not (tmp_path / "made").exists()
    assert Publication.objects.count() == 3

    call_command(
        "figures", "publish", year=YEAR, output=tmp_path / "made", without=["supported_by_qpv_and_sex"], stdout=out
    )
    assert Publication.objects.count() == 4
    rows = rows_of((tmp_path / "made" / "cells.csv").read_text())
    assert "supported_by_qpv_and_sex" not in {row["table"] for row in rows}


def test_the_public_page_does_not_call_what_is_withheld_nobody(client):
    made = factories.AnyPublication()
    assert queries.published(made.year).at("supported_by_region_and_age") is None
    assert client.get(reverse("figures:published", args=[made.year])).status_code == 200


def begun(site, year, **sectors):
    for sector, count in sectors.items():
        for _ in range(count):
            factories.AnyProject(site=site, started_on=date(year, 6, 1), sector=sector)


@pytest.mark.parametrize("first", [YEAR - 1, YEAR + 1])
def test_years_published_side_by_side_do_not_tell_who_was_added(site, first):
    """Two projects of a sector began in between: one of the two years must not say how many it has."""
    begun(site, YEAR - 1, G=30, I=20, F=15)
    begun(site, YEAR, G=12, I=2, F=20)
    begun(site, YEAR + 1, G=3, I=30, F=20)
    by = factories.AnyUser()
    later = date(YEAR + 2, 2, 1)
    services.publish(prepared=services.prepare(year=first, on=later), by=by, at=AT)
    made = services.publish(prepared=services.prepare(year=YEAR, on=later), by=by, at=AT + timedelta(days=1))

    hidden = {row[2]["sector"] for row in made.cells if row[0] == "projects_by_sector" and row[4]}
    assert ("I" if first < YEAR else "G") in hidden
    assert len(hidden) == 2
    alone = disclosure.protect(queries.counts_of(*told_of(made)))
    assert not {
        dict(key.by)["sector"] for key, gone in zip(alone.issue.publication.keys, alone.hidden, strict=True) if gone
    }


def told_of(published):
    year = queries.year_to_publish(published.year)
    return [cell for cell in year.cells if cell.table == "projects_by_sector"], year.territories


def test_a_count_that_a_correction_made_smaller_holds_nothing(site):
    begun(site, YEAR - 1, G=30, I=20)
    begun(site, YEAR, G=12, I=12)
    by, later = factories.AnyUser(), date(YEAR + 2, 2, 1)
    services.publish(prepared=services.prepare(year=YEAR - 1, on=later), by=by, at=AT)
    Project.objects.filter(sector="I", started_on__year=YEAR - 1).update(sector="G")
    found = queries.year_to_publish(YEAR)
    beside = queries.other_years(YEAR, found.cells)
    assert {cell.by["sector"] for cell in beside.cells} == {"G", "*"}
    assert services.prepare(year=YEAR, on=later).summary["leaks"] == 0
