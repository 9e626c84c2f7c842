"""Files of structures, posts and coverage: what they would change, what keeps them out, all or nothing."""

import io
import json
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from citeslab.accounts.models import User
from citeslab.audit.models import Entry
from citeslab.network import readers, services
from citeslab.network.enums import Kind
from citeslab.network.errors import Unreadable
from citeslab.network.models import Coverage, HostOrganization, Import, Post, Site, Tenure
from citeslab.network.services import imports
from citeslab.territories import queries as territories
from tests import factories
from tests.network import worlds

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"
STRUCTURES = f"""Structure;SIRET;Forme juridique;Antenne;Code;Commune;Ouverte le;Téléphone;Courriel;Adresse
Boutique de projets;{SIRET};association;CitésLab de Besançon;BES;25056;01/01/2010;03 81 61 50 50;besancon@exemple.fr;Lac
Boutique de projets;{SIRET};;CitésLab de Montbéliard;MON;25388;2015-03-01;;;
"""
POSTS = """Code;Référence;Quotité (%);Du;Au;Titulaire;Titulaire du
BES;P1;100;01/01/2010;;ines@exemple.fr;04/09/2017
BES;P2;50;01/01/2020;31/12/2025;;
"""
COVERAGE = """Code;QPV;Commune;EPCI;Du;Au
BES;QN02501M;;;01/01/2024;
MON;;25388;;01/06/2024;31/12/2026
"""


@pytest.fixture(autouse=True)
def _outlines(db):
    worlds.outlines()
    yield
    territories.forget()


@pytest.fixture
def acts(pilot, at):
    return {"by": pilot, "at": at}


@pytest.fixture
def write(tmp_path):
    def written(text, name="fichier.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", **options)
        return path

    return written


@pytest.fixture
def network(acts, write):
    take(Kind.STRUCTURES, STRUCTURES, acts, write)
    factories.AnyUser(email="ines@exemple.fr", name="Inès Carvalho")


def take(kind, text, acts, write):
    return imports.take_in(kind=kind, sheet=imports.read(write(text), kind), **acts)


def rehearse(kind, text, acts, write):
    return imports.rehearse(kind=kind, sheet=imports.read(write(text), kind), **acts)


def faults(kind, text, acts, write) -> list[tuple]:
    with pytest.raises(services.BadRows) as refusal:
        take(kind, text, acts, write)
    return [(fault.row, fault.column, fault.value) for fault in refusal.value.outcome.faults]


def test_structures_come_in_and_nothing_comes_in_twice(acts, write):
    planned = rehearse(Kind.STRUCTURES, STRUCTURES, acts, write)
    assert (planned.rows, planned.changed, planned.faults, planned.is_written) == (2, 2, [], False)
    assert not Site.objects.exists()

    took = take(Kind.STRUCTURES, STRUCTURES, acts, write)
    assert took.changes == planned.changes
    organization = HostOrganization.objects.get()
    assert (organization.siret, organization.legal_form) == (SIRET, "ASSOCIATION")
    besancon = Site.objects.get(code="BES")
    assert (besancon.phone, besancon.email, besancon.opened_on) == (
        "+33381615050", "besancon@exemple.fr", date(2010, 1, 1),
    )  # fmt: skip
    again = take(Kind.STRUCTURES, STRUCTURES, acts, write)
    assert (again.changed, again.unchanged, again.changes) == (0, 2, [])
    assert Entry.objects.filter(action="network.file.taken_in").count() == 2


def test_a_dry_run_says_what_changes_from_what_to_what(acts, write, network):
    changed = STRUCTURES.replace("03 81 61 50 50", "03 81 61 50 51")
    planned = rehearse(Kind.STRUCTURES, changed, acts, write)

    assert planned.changes == [
        (2, "CitésLab de Besançon, téléphone\N{NO-BREAK SPACE}: +33381615050 devient +33381615051.")
    ]
    assert Site.objects.get(code="BES").phone == "+33381615050"


def test_an_empty_cell_leaves_what_is_known(acts, write, network):
    take(Kind.STRUCTURES, STRUCTURES.replace("03 81 61 50 50", "").replace(SIRET, ""), acts, write)
    assert Site.objects.get(code="BES").phone == "+33381615050"
    assert HostOrganization.objects.get().siret == SIRET


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (SIRET, "73282932000075", (2, "SIRET", "73282932000075")),
        ("association", "royaume", (2, "Forme juridique", "royaume")),
        ("25056", "25999", (2, "Commune", "25999")),
        ("01/01/2010", "31/02/2010", (2, "Ouverte le", "31/02/2010")),
        ("03 81 61 50 50", "12", (2, "Téléphone", "12")),
        ("besancon@exemple.fr", "besancon", (2, "Courriel", "besancon")),
        ("Boutique de projets", "", (2, "Structure", "")),
    ],
)
def test_a_bad_cell_says_where_it_is_and_nothing_is_written(acts, write, before, after, fault):
    found = faults(Kind.STRUCTURES, STRUCTURES.replace(before, after, 1), acts, write)
    assert found == [fault]
    assert not HostOrganization.objects.exists()
    assert not Site.objects.exists()


def test_each_fault_says_why_and_what_would_be_right(acts, write):
    planned = rehearse(Kind.STRUCTURES, STRUCTURES.replace("association", "royaume"), acts, write)
    [fault] = planned.faults
    assert fault.reason
    assert "SCIC" not in fault.reason
    assert "association" in fault.right


def test_a_name_that_differs_is_not_a_new_name(acts, write, network):
    renamed = STRUCTURES.replace("CitésLab de Besançon", "CitésLab Grand Besançon")
    assert faults(Kind.STRUCTURES, renamed, acts, write) == [(2, "Antenne", "CitésLab Grand Besançon")]
    other = STRUCTURES.replace("Boutique de projets", "Une autre")
    assert [fault[:2] for fault in faults(Kind.STRUCTURES, other, acts, write)] == [(2, "Structure"), (3, "Structure")]


def test_an_organization_that_merged_opens_nothing_any_more(acts, write, network):
    absorbed = HostOrganization.objects.get()
    between, into = (factories.AnyHostOrganization(name=name) for name in ("Comité", "Agglomération"))
    for one, other in ((absorbed, between), (between, into)):
        services.merge(absorbed=one, into=other, merged_on=date(2026, 1, 1), today=date(2026, 11, 20), **acts)
    head = "Structure;SIRET;Antenne;Code;Commune;Ouverte le\n"
    site = "CitésLab de Dole;DOL;25056;01/09/2026\n"
    rows = f"{head}Boutique de projets;{SIRET};{site}boutique de projets;;{site}"

    with pytest.raises(services.BadRows) as refusal:
        take(Kind.STRUCTURES, rows, acts, write)
    found = refusal.value.outcome.faults
    assert [(fault.row, fault.column) for fault in found] == [(2, "SIRET"), (3, "Structure")]
    assert {fault.reason for fault in found} == {"Boutique de projets a fusionné dans Agglomération."}
    assert all("Agglomération" in fault.right for fault in found)
    assert not Site.objects.filter(code="DOL").exists()
    standing = factories.AnyHostOrganization(name="Boutique de projets")  # another, of the same name
    take(Kind.STRUCTURES, f"{head}Boutique de projets;;{site}", acts, write)
    assert Site.objects.get(code="DOL").organization == standing


def test_posts_come_in_with_who_holds_them(acts, write, network):
    took = take(Kind.POSTS, POSTS, acts, write)
    assert (took.rows, took.changed) == (2, 2)
    tenure = Tenure.objects.get()
    assert (tenure.user.name, tenure.begins_on) == ("Inès Carvalho", date(2017, 9, 4))
    second = Post.objects.get(reference="P2")
    assert (second.full_time_percent, second.last_on) == (50, date(2025, 12, 31))
    assert take(Kind.POSTS, POSTS, acts, write).changed == 0
    ended = take(Kind.POSTS, POSTS.replace("31/12/2025", "30/06/2025").replace(";50;", ";80;"), acts, write)
    assert [row for row, _sentence in ended.changes] == [3, 3]
    assert Post.objects.get(reference="P2").last_on == date(2025, 6, 30)


def test_bad_rows_of_posts(acts, write, network):
    factories.AnyUser(email="paul@exemple.fr")
    take(Kind.POSTS, POSTS, acts, write)
    head = POSTS.splitlines()[0] + "\n"

    wrong = head + "\n".join(
        [
            "NULLE;P1;100;01/01/2010;;;",
            "BES;;100;01/01/2010;;;",
            "BES;P9;120;01/01/2010;;;",
            "BES;P9;0;01/01/2010;;;",
            "BES;P9;100;;;;",
            "BES;P9;100;01/01/2010;01/01/2009;;",
            "BES;P1;100;01/01/2011;;;",
            "BES;P1;100;01/01/2010;;paul@exemple.fr;01/01/2020",
            "BES;P1;100;01/01/2010;;personne@exemple.fr;",
            "BES;P8;100;01/01/2009;;;",
        ]
    )
    assert [fault[:2] for fault in faults(Kind.POSTS, wrong, acts, write)] == [
        (2, "Code"), (3, "Référence"), (4, "Quotité (%)"), (5, "Quotité (%)"), (6, "Du"), (7, "Au"), (8, "Du"),
        (9, "Titulaire"), (10, "Titulaire"), (11, "Du"),
    ]  # fmt: skip
    assert Post.objects.count() == 2


def test_coverage_comes_in_by_code_by_commune_and_by_epci(acts, write, network):
    take(Kind.COVERAGE, COVERAGE, acts, write)
    covered = Coverage.objects.order_by("pk").values_list("site__code", "qpv_code", "ends_on")
    assert list(covered) == [("BES", "QN02501M", None), ("MON", "QN02503I", date(2027, 1, 1))]

    epci = "Code;EPCI;Du\nBES;242500361;01/01/2025\n"
    took = take(Kind.COVERAGE, epci, acts, write)
    assert [sentence.split(" ")[4] for _row, sentence in took.changes] == ["QN02502M"]  # the first is covered already
    assert take(Kind.COVERAGE, epci, acts, write).changed == 0


def test_a_commune_gives_the_neighborhoods_of_the_edition_of_that_day(acts, write, network):
    take(Kind.COVERAGE, "Code;Commune;Du\nBES;25056;01/01/2015\n", acts, write)
    covered = Coverage.objects.order_by("qpv_code").values_list("qpv_code", "ends_on")
    assert list(covered) == [("QP025001", date(2024, 1, 1)), ("QP025002", date(2024, 1, 1))]


def test_a_coverage_past_the_end_of_its_edition_or_site_is_told_and_comes_in_once(acts, write, network):
    services.close_site(site=Site.objects.get(code="MON"), closed_on=date(2026, 7, 1), **acts)
    past = "Code;QPV;Du;Au\nBES;QP025001;01/01/2020;31/12/2026\nMON;QN02503I;01/01/2025;31/12/2026\n"

    took = take(Kind.COVERAGE, past, acts, write)
    covered = Coverage.objects.order_by("pk").values_list("qpv_code", "ends_on")
    assert list(covered) == [("QP025001", date(2024, 1, 1)), ("QN02503I", date(2026, 7, 1))]
    (_row, of_edition), (_row, of_site) = took.changes
    assert of_edition.endswith("Son dernier jour est le 31 décembre 2023\N{NO-BREAK SPACE}: l’édition s’arrête là.")
    assert of_site.endswith("Son dernier jour est le 30 juin 2026\N{NO-BREAK SPACE}: l’antenne ferme ensuite.")
    again = take(Kind.COVERAGE, past, acts, write)
    assert (again.changed, again.changes) == (0, [])


def test_what_ended_with_its_site_or_its_post_since_is_here_already(acts, write, network):
    held = POSTS.replace("Titulaire du\n", "Titulaire du;Titulaire au\n").replace(
        "31/12/2025;;", "31/12/2025;ines@exemple.fr;01/01/2020;30/06/2026"
    )
    took = take(Kind.POSTS, held, acts, write)
    sentence = took.changes[-1][1]
    assert sentence.endswith("Son dernier jour est le 31 décembre 2025\N{NO-BREAK SPACE}: le poste s’arrête ensuite.")
    assert take(Kind.POSTS, held, acts, write).changed == 0
    covered = COVERAGE.replace("01/01/2024;", "01/01/2024;31/12/2026")
    take(Kind.COVERAGE, covered, acts, write)

    services.close_site(site=Site.objects.get(code="BES"), closed_on=date(2025, 7, 1), **acts)

    assert take(Kind.POSTS, held, acts, write).changed == 0
    assert take(Kind.COVERAGE, covered, acts, write).changed == 0


def test_bad_rows_of_coverage(acts, write, network):
    wrong = COVERAGE.splitlines()[0] + "\n" + "\n".join(
        [
            "BES;QP025001;;;01/01/2024;",
            "BES;QN02599M;;;01/01/2024;",
            "BES;QN02501M;25056;;01/01/2024;",
            "BES;;;;01/01/2024;",
            "BES;;25462;;01/01/2024;",
            "BES;;99999;;01/01/2024;",
            "BES;;;999999999;01/01/2024;",
            "BES;QN02501M;;;;",
        ]
    )  # fmt: skip
    with pytest.raises(services.BadRows) as refusal:
        take(Kind.COVERAGE, wrong, acts, write)
    found = refusal.value.outcome.faults
    assert [(fault.row, fault.column) for fault in found] == [
        (2, "QPV"), (3, "QPV"), (4, "QPV"), (5, "QPV"), (6, "Commune"), (7, "Commune"), (8, "EPCI"), (9, "Du"),
    ]  # fmt: skip
    assert "QN02501M (Planoise)" in found[0].right
    assert "QN02501M" in found[1].right
    assert not Coverage.objects.exists()


def test_a_workbook_of_one_sheet_is_read_whatever_its_name(acts, tmp_path):
    path = tmp_path / "couverture.xlsx"
    factories.AnySite(code="BES")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Feuil1")
        sheet.write_row(0, 0, ["CODE", "qpv", "du", "Remarque"])
        sheet.write_row(1, 0, ["BES", "QN02501M", "01/01/2024", "à relire"])

    outcome = imports.take_in(kind=Kind.COVERAGE, sheet=imports.read(path, Kind.COVERAGE), **acts)
    assert (outcome.changed, outcome.ignored) == (1, ("Remarque",))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vide.csv", b"", "empty"),
        ("latin.csv", "Code;Du\nBES;é".encode("cp1252"), "not_utf8"),
        ("autre.csv", b"Nom;Age\nx;3\n", "column_missing"),
        ("image.png", b"\x89PNG....", "not_workbook"),
        ("deux.csv", b"Code;Code;Du\nA;B;C\n", "heading_twice"),
    ],
)
def test_a_file_that_is_not_a_table_is_refused_in_words(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Unreadable) as refusal:
        imports.read(path, Kind.COVERAGE)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_each_heading_of_a_kind_is_its_own():
    for kind, wanted in readers.WANTED.items():
        [headings] = wanted.sheets.values()
        assert len(set(headings)) == len(headings), kind
        assert set(wanted.optional) < set(headings)


# -- by command -------------------------------------------------------------------------------------------------------


def test_the_command_says_what_would_change_then_takes_it_in(write, capsys):
    path, accounts = write(STRUCTURES), User.objects.count()
    call_command("network", "import", "structures", str(path), "--dry-run", "--format", "json")
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["changed"], said["is_written"]) == (2, 2, False)
    assert not Site.objects.exists()
    assert User.objects.count() == accounts  # a rehearsal leaves not even one

    call_command("network", "import", "structures", str(path))
    assert Site.objects.count() == 2


def test_the_command_leaves_by_its_codes(write, tmp_path, capsys):
    with pytest.raises(CommandError) as refusal:
        call_command("network", "import", "structures", str(write(STRUCTURES.replace("25056", "25999"))))
    assert refusal.value.returncode == 1
    assert "25999" in capsys.readouterr().err
    for path in (tmp_path / "nulle-part.csv", write("", name="vide.csv")):
        with pytest.raises(CommandError) as refusal:
            call_command("network", "import", "coverage", str(path))
        assert refusal.value.returncode == 2
    assert not Site.objects.exists()


# -- by page ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, pilot):
    client.force_login(pilot)
    return client


def sent(desk, text, kind="STRUCTURES", name="structures.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return desk.post(reverse("network:imports"), {"kind": kind, "file": SimpleUploadedFile(name, content)})


def test_a_file_is_sent_read_then_taken_in(desk):
    page = desk.get(sent(desk, STRUCTURES)["Location"])
    assert page.context["found"]["changed"] == 2
    assert not Site.objects.exists()

    kept = Import.objects.get()
    assert desk.post(reverse("network:taking_in", args=[kept.pk])).status_code == 302
    assert Site.objects.count() == 2
    kept.refresh_from_db()
    assert (kept.content, kept.taken_in_by_id is not None) == (None, True)
    assert desk.post(reverse("network:taking_in", args=[kept.pk])).status_code == 422  # twice


def test_a_bad_row_keeps_the_file_out_and_its_page_says_why(desk):
    page = desk.get(sent(desk, STRUCTURES.replace("25056", "25999"))["Location"])
    assert page.context["bad_rows"] == 1
    assert "25999" in page.content.decode()
    assert desk.post(reverse("network:taking_in", args=[Import.objects.get().pk])).status_code == 422
    assert not Site.objects.exists()


def test_what_changed_meanwhile_is_read_again(desk):
    sent(desk, STRUCTURES)
    factories.AnyHostOrganization(name="Déjà là", siret=SIRET)

    refused = desk.post(reverse("network:taking_in", args=[Import.objects.get().pk]))
    assert refused.status_code == 422
    assert [fault["column"] for fault in refused.context["found"]["faults"]] == ["Structure", "Structure"]
    assert not Site.objects.exists()


def test_a_file_that_is_no_table_is_refused_on_the_page(desk):
    refused = sent(desk, b"\x89PNG", name="image.png")
    assert refused.status_code == 422
    assert "image.png" in refused.context["form"].errors["file"][0]
    assert not Import.objects.exists()


def test_a_workbook_comes_by_page_too(desk):
    file = io.BytesIO()
    factories.AnySite(code="BES")
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Couverture")
        sheet.write_row(0, 0, ["Code", "QPV", "Du"])
        sheet.write_row(1, 0, ["BES", "QN02501M", "01/01/2024"])
    page = desk.get(sent(desk, file.getvalue(), kind="COVERAGE", name="couverture.xlsx")["Location"])
    assert page.context["found"]["changed"] == 1
