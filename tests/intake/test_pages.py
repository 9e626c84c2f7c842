"""The journey by page: send, see, take in, correct. Who sees no name sees no workbook."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from citeslab.audit.models import Entry
from citeslab.intake.models import Workbook
from citeslab.intake.readers import process
from citeslab.intake.values import MEETINGS, PEOPLE
from citeslab.network.enums import Role
from citeslab.people.models import Person
from tests import factories
from tests.intake.conftest import RIGHT

pytestmark = pytest.mark.django_db
LIST = reverse("intake:workbooks")


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


def sent(client, path, **fields):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(LIST, {"file": file, **fields})


@pytest.fixture
def received(signed_in, rows, write):
    """A workbook with one bad row, sent and waiting."""
    rows[PEOPLE].append(["P2", "Zoé", "", *RIGHT[PEOPLE][3:]])
    sent(signed_in, write(rows))
    return Workbook.objects.get()


def act(workbook, name) -> str:
    return reverse(f"intake:{name}", args=[workbook.pk])


def test_a_right_workbook_is_seen_then_taken_in(signed_in, rows, write, site):
    response = sent(signed_in, write(rows))

    workbook = Workbook.objects.get()
    assert response.status_code == 302
    page = signed_in.get(response["Location"])
    assert page.context["told"].written == 5
    assert not Person.objects.exists()

    assert signed_in.post(act(workbook, "taking_in"), {"rows": "all"}).status_code == 302

    workbook.refresh_from_db()
    assert Person.objects.get().site == site
    assert (workbook.content, workbook.taken_in_by) == (None, workbook.sent_by)
    assert signed_in.get(act(workbook, "workbook")).status_code == 200


def test_the_preview_names_each_fault_and_what_would_be_right(signed_in, received):
    page = signed_in.get(act(received, "workbook"))

    (fault,) = page.context["page"]
    assert (fault["sheet"], fault["row"], fault["column"]) == (PEOPLE, 3, "Nom")
    assert fault["reason"] in page.content.decode()
    assert [count["refused"] for count in page.context["told"].counts] == [1, 0, 0, 0, 0]
    assert page.context["told"].moves


def test_a_workbook_with_bad_rows_is_not_taken_in_whole(signed_in, received):
    response = signed_in.post(act(received, "taking_in"), {"rows": "all"})

    assert response.status_code == 422
    assert not Person.objects.exists()


def test_the_rows_that_are_right_go_in_and_the_others_are_handed_back(signed_in, received, tmp_path):
    signed_in.post(act(received, "taking_in"), {"rows": "right"})

    assert Person.objects.get().reference == "P1"
    response = signed_in.get(act(received, "corrections"))
    path = tmp_path / "back.xlsx"
    path.write_bytes(response.content)
    assert [row[1] for _number, row in process.read(path)[PEOPLE].rows] == ["Zoé"]
    assert Entry.objects.filter(action="intake.corrections.read", subject_id=received.pk).exists()
    # Of what was sent, only the rows to correct are kept.
    received.refresh_from_db()
    assert bytes(received.content) == response.content


def test_corrections_can_be_had_before_anything_is_taken_in(signed_in, received, tmp_path):
    path = tmp_path / "back.xlsx"
    path.write_bytes(signed_in.get(act(received, "corrections")).content)

    assert [number for number, _row in process.read(path)[PEOPLE].rows] == [2]


def test_a_workbook_is_taken_in_once(signed_in, received):
    signed_in.post(act(received, "taking_in"), {"rows": "right"})

    assert signed_in.post(act(received, "taking_in"), {"rows": "right"}).status_code == 422


def test_a_workbook_can_be_removed(signed_in, received):
    assert signed_in.post(act(received, "removal")).status_code == 302
    assert not Workbook.objects.exists()


def test_a_file_that_is_no_workbook_is_refused_in_words(signed_in):
    response = signed_in.post(LIST, {"file": SimpleUploadedFile("notes.xlsx", b"bonjour")})

    assert response.status_code == 422
    assert "notes.xlsx" in response.context["form"].errors["file"][0]
    assert not Workbook.objects.exists()


def test_an_empty_file_is_refused_in_words(signed_in):
    response = signed_in.post(LIST, {"file": SimpleUploadedFile("vide.xlsx", b"")})

    assert response.status_code == 422
    assert "vide.xlsx" in response.context["form"].errors["file"][0]


def test_a_file_over_the_limit_is_refused_in_words(signed_in, settings):
    settings.INTAKE_MAX_BYTES = 1024 * 1024

    response = signed_in.post(LIST, {"file": SimpleUploadedFile("gros.xlsx", b"x" * (1024 * 1024 + 1))})

    assert response.status_code == 422
    assert "gros.xlsx" in response.context["form"].errors["file"][0]


def test_a_name_with_folders_is_kept_without_them(signed_in, rows, write):
    file = SimpleUploadedFile("../../x.php", write(rows).read_bytes())

    signed_in.post(LIST, {"file": file})

    assert Workbook.objects.get().name == "x.php"


def test_an_unreadable_character_can_be_shown(signed_in, rows, tmp_path):
    """The database keeps no NUL in JSON: the fault is told with a mark in its place."""
    import zipfile

    from citeslab.intake.values import COLUMNS

    rows[PEOPLE][0][2] = "N\0Diaye"
    path = tmp_path / "texts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for sheet, columns in COLUMNS.items():
            archive.writestr(f"{sheet}.csv", "\n".join(",".join(line) for line in [columns, *rows[sheet]]))

    assert sent(signed_in, path).status_code == 302
    assert Workbook.objects.get().findings["faults"][0]["value"] == "N\ufffdDiaye"


def test_a_site_of_others_cannot_be_chosen(client, rows, write):
    ours, also_ours, theirs = (factories.AnySite() for _ in range(3))
    user = factories.AnyMandate(site=ours).user
    factories.AnyMandate(site=also_ours, user=user)
    client.force_login(user)
    path = write(rows)

    assert sent(client, path, site=theirs.pk).status_code == 422
    assert sent(client, path, site=also_ours.pk).status_code == 302
    assert Workbook.objects.get().site == also_ours


def test_another_sites_advisor_sees_nothing_of_it(client, received):
    client.force_login(factories.AnyMandate(site=factories.AnySite()).user)

    assert list(client.get(LIST).context["page"]) == []
    for name in ("workbook", "corrections"):
        assert client.get(act(received, name)).status_code == 404
    for name in ("taking_in", "removal"):
        assert client.post(act(received, name), {"rows": "right"}).status_code == 404
    assert Workbook.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize("role", [Role.PILOT, Role.FUNDER])
def test_who_sees_no_name_sees_no_workbook(client, received, role):
    client.force_login(factories.AnyMandate(role=role, site=None).user)

    assert client.get(LIST).status_code == 404
    assert client.post(LIST, {"file": io.BytesIO(b"x")}).status_code == 404
    assert client.get(act(received, "workbook")).status_code == 404


def test_who_left_the_site_sees_it_no_more(client, received, advisor):
    advisor.mandates.update(ends_on="2020-01-01")

    assert client.get(LIST).status_code == 404
    assert client.get(act(received, "workbook")).status_code == 404


@pytest.mark.parametrize("sent_before", [1, 15])
def test_the_list_costs_the_same_for_one_workbook_and_for_many(
    signed_in, site, advisor, at, sent_before, django_assert_num_queries
):
    Workbook.objects.bulk_create(
        Workbook(site=site, name=f"{number}.xlsx", content=b"x", sent_at=at, sent_by=advisor)
        for number in range(sent_before)
    )

    with django_assert_num_queries(9):  # as below without the workbook; sites, count, page
        signed_in.get(LIST)


@pytest.mark.parametrize("meetings", [1, 60])
def test_the_preview_costs_the_same_for_one_fault_and_for_many(
    signed_in, rows, write, meetings, django_assert_num_queries
):
    rows[MEETINGS] = [["P1", "J1", "2024-02-01", "-1", "Suivi"]] * meetings
    sent(signed_in, write(rows))
    address = act(Workbook.objects.get(), "workbook")

    with django_assert_num_queries(7):  # session, user, savepoint twice, mandates, workbook, demonstration
        signed_in.get(address)
