"""The list as a file: harmless to open, journaled without a name, kept a day for one user alone."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from citeslab.audit.models import Entry
from citeslab.desk import tasks
from citeslab.desk.enums import Format, Purpose
from citeslab.desk.models import Export
from citeslab.desk.services import exporting
from citeslab.desk.values import Question
from citeslab.network.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db
EXPORTS = reverse("desk:exports")
ALL = {"purpose": "CONTACT", "columns": ["first_name", "preferred_name", "phone", "born_on"]}


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


@pytest.fixture
def large(monkeypatch):
    """What is long is long from three rows on."""
    monkeypatch.setattr(exporting, "AT_ONCE", 2)


def sheet(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_a_workbook_holds_the_list_in_its_order(signed_in, site):
    for name in ["Zola", "Adler", "Martin"]:
        factories.AnyPerson(site=site, preferred_name=name, born_on=date(1990, 2, 3), phone="+33639980142")
    factories.AnyPerson(preferred_name="Ailleurs")

    response = signed_in.post(f"{EXPORTS}?sort=name", {**ALL, "format": "XLSX"})

    rows = list(sheet(response.content).iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["Adler", "Martin", "Zola"]
    assert rows[1][2] == "06 39 98 01 42"
    assert rows[1][3].date() == date(1990, 2, 3)
    assert response["Content-Disposition"].endswith('.xlsx"')
    assert Export.objects.get().content is None


def test_plain_text_opens_in_a_french_spreadsheet(signed_in, site):
    factories.AnyPerson(site=site, first_name="Élodie", preferred_name="N;Diaye", born_on=date(1899, 1, 2))

    content = signed_in.post(EXPORTS, {**ALL, "format": "CSV"}).content

    assert content.startswith(b"\xef\xbb\xbf")
    heading, row = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert row == ["Élodie", "N;Diaye", "", "02/01/1899"]


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_starts_a_formula(signed_in, site, text):
    factories.AnyPerson(site=site, first_name=text, preferred_name=text, phone=text[:32])

    content = signed_in.post(EXPORTS, {**ALL, "format": "CSV"}).content.decode("utf-8-sig")
    cells = next(iter(list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1:]))
    assert [cell[0] for cell in cells[:3]] == ["'"] * 3
    assert cells[0] == f"'{text}"

    page = sheet(signed_in.post(EXPORTS, {**ALL, "format": "XLSX"}).content)
    assert [cell.data_type for cell in page[2][:3]] == ["s", "s", "s"]
    assert all(cell.hyperlink is None for cell in page[2])


@pytest.mark.parametrize("name", ["🌱" * 60, "العلوي", "a" * 200, "\x0b\x01x", "<b>&amp;"])
@pytest.mark.parametrize("format", ["CSV", "XLSX"])
def test_any_name_can_be_written(signed_in, site, name, format):
    factories.AnyPerson(site=site, preferred_name=name, born_on=date(1899, 12, 31))

    response = signed_in.post(EXPORTS, {**ALL, "format": format})

    assert response.status_code == 200
    if format == "XLSX":
        assert sheet(response.content).max_row == 2


def test_the_journal_says_what_for_and_how_many_and_no_name(signed_in, site, advisor):
    factories.AnyPerson(site=site, preferred_name="Khelifi")

    signed_in.post(f"{EXPORTS}?words=khelifi&view=all", {**ALL, "format": "CSV"})

    entry = Entry.objects.get(action="desk.people.exported")
    assert entry.actor_id == advisor.pk
    assert entry.details == {
        "count": 1,
        "columns": ALL["columns"],
        "format": "CSV",
        "purpose": "CONTACT",
        "asked": {"view": "all", "words": "yes"},
    }
    assert Export.objects.get().query == ""


@pytest.mark.parametrize("missing", ["purpose", "columns", "format"])
def test_nothing_leaves_without_its_purpose_its_columns_and_its_format(signed_in, site, missing):
    factories.AnyPerson(site=site)
    said = {**ALL, "format": "CSV"}
    del said[missing]

    assert signed_in.post(EXPORTS, said).status_code == 422
    assert not Export.objects.exists()


def test_the_purpose_is_asked_once_then_proposed(signed_in, site):
    factories.AnyPerson(site=site)
    signed_in.post(EXPORTS, {**ALL, "format": "CSV"})

    form = signed_in.get(EXPORTS).context["form"]

    assert (form["purpose"].value(), form["columns"].value()) == ("CONTACT", ALL["columns"])


@pytest.mark.parametrize("role", [Role.PILOT, Role.FUNDER])
def test_the_pilot_and_the_funders_get_no_file(client, role):
    factories.AnyPerson()
    client.force_login(factories.AnyMandate(role=role, site=None).user)

    assert client.get(EXPORTS).status_code == 404
    assert client.post(EXPORTS, {**ALL, "format": "CSV"}).status_code == 404
    assert not Export.objects.exists()


# -- large ones


def asked(client, site, rows=3) -> Export:
    factories.AnyPerson.create_batch(rows, site=site)
    client.post(EXPORTS, {**ALL, "format": "XLSX"})
    return Export.objects.get()


def write(export, at=None):
    exporting.write_file(export_id=export.pk, on=timezone.localdate(), at=at or timezone.now())
    export.refresh_from_db()


def test_a_large_file_is_prepared_by_a_job_and_fetched_by_who_asked(signed_in, site, large):
    export = asked(signed_in, site)
    page, file = reverse("desk:export", args=[export.pk]), reverse("desk:export_file", args=[export.pk])

    assert ProcrastinateJob.objects.get(task_name="desk.write_file").args == {"export_id": export.pk}
    assert signed_in.get(file).status_code == 404
    assert 'max="3" value="0"' in signed_in.get(page).content.decode()
    tasks.write_file(export_id=export.pk)
    assert sheet(signed_in.get(file).content).max_row == 4
    assert Entry.objects.filter(action="desk.export.downloaded").count() == 1


def test_a_job_that_runs_twice_writes_the_file_once(signed_in, site, large):
    export = asked(signed_in, site)
    write(export)
    first = export.finished_at

    write(export, at=timezone.now() + timedelta(hours=1))

    assert export.finished_at == first


def test_a_job_killed_half_way_starts_again(signed_in, site, large):
    export = asked(signed_in, site)

    class Killed(BaseException):
        pass

    def die(done):
        raise Killed

    with pytest.raises(Killed):
        exporting.written(export, on=timezone.localdate(), tell=die)
    write(export)

    assert (export.rows_done, bool(export.content)) == (3, True)


def test_a_file_is_for_who_asked_alone(signed_in, client, site, large):
    export = asked(signed_in, site)
    write(export)
    client.force_login(factories.AnyMandate(site=site).user)

    for name in ("desk:export", "desk:export_file"):
        assert client.get(reverse(name, args=[export.pk])).status_code == 404


def test_a_file_is_closed_with_the_mandate(signed_in, site, advisor, large):
    export = asked(signed_in, site)
    write(export)
    advisor.mandates.update(ends_on=timezone.localdate())
    factories.AnyMandate(user=advisor)  # she works at another site now

    assert signed_in.get(reverse("desk:export_file", args=[export.pk])).status_code == 404


def test_who_lost_a_site_gets_nobody_of_it_in_a_file_asked_before(site, advisor, at):
    factories.AnyPerson.create_batch(2, site=site)
    export = exporting.ask(
        question=Question(),
        rows=2,
        sites=[site],
        columns=["first_name"],
        format=Format.XLSX,
        purpose=Purpose.CHECK,
        language="fr",
        by=advisor,
        at=timezone.now(),
    )
    advisor.mandates.update(ends_on=timezone.localdate())

    write(export)

    assert sheet(export.content).max_row == 1


def test_a_file_goes_after_a_day_with_the_words_of_its_question(signed_in, site, large):
    export = asked(signed_in, site)
    write(export)
    Export.objects.update(query="words=khelifi")

    exporting.forget(at=timezone.now() + timedelta(hours=23))
    export.refresh_from_db()
    assert export.content
    exporting.forget(at=timezone.now() + timedelta(hours=25))
    exporting.forget(at=timezone.now() + timedelta(hours=25))

    export.refresh_from_db()
    assert (export.content, export.query, export.rows) == (None, "", 3)
    assert signed_in.get(reverse("desk:export_file", args=[export.pk])).status_code == 404
