"""Reports: what a draft says, what an outline holds, who reaches which."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from citeslab.audit.models import Entry
from citeslab.figures import exports, queries, services
from citeslab.figures.definitions.indicators import INDICATORS
from citeslab.figures.definitions.outlines import blocks_of
from citeslab.figures.enums import BlockKind, Breakdown, ReportKind
from citeslab.figures.models import Outline, OutlineBlock, Report
from citeslab.figures.values import Block, Perimeter
from citeslab.followup.enums import Stage
from citeslab.network.enums import Role
from citeslab.people.enums import Sex
from tests import factories
from tests.figures.test_definitions import YEAR, step, supported
from tests.papers import tags_of

pytestmark = pytest.mark.django_db
REPORTS, NEW = reverse("figures:reports"), reverse("figures:new_report")


def of_site(site) -> Perimeter:
    return Perimeter("site", str(site.pk))


def as_role(role, **perimeter):
    return factories.AnyMandate(**{"role": role, "site": None, **perimeter}).user


@pytest.fixture
def coordinator(site):
    return as_role(Role.COORDINATOR, organization=site.organization)


@pytest.fixture
def report(site, advisor, at):
    return services.begin(kind="SITE", perimeter=of_site(site), year=YEAR, by=advisor, at=at)


def drawn(report, at, **more):
    answered = queries.answers(queries.blocks_for(report), perimeter=report.perimeter, year=report.year)
    definitions = queries.definitions_of(queries.numbers_of(answered))
    return exports.document(report, answered, definitions=definitions, known_by=at, year_runs=False, **more)


def pieces(document, kind):
    return [piece for section in document["sections"] for piece in section["pieces"] if piece["kind"] == kind]


# -- the numbers


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(
        st.tuples(st.sampled_from(list(Sex)), st.sampled_from([Stage.EMER, Stage.PARC, Stage.ACCU]), st.integers(0, 2)),
        max_size=6,
    ),
    kind=st.sampled_from(list(ReportKind)),
)
def test_each_number_of_a_draft_is_the_one_that_is_explored_or_hidden(people, kind):
    with transaction.atomic():
        site = factories.AnySite()
        for sex, stage, years in people:
            someone = supported(site, stage, sex=sex)
            factories.AnyMeeting(person=someone, held_on=date(YEAR - years, 5, 1))
            step(someone, Stage.AMOR, on=date(YEAR - years, 5, 1))
        perimeters = {"SITE": of_site(site), "NETWORK": queries.NETWORK}
        perimeter = perimeters.get(kind, Perimeter("department", site.department_id))
        blocks = [block for block in blocks_of(kind) if queries.can_be_asked(block, perimeter)]
        for one in queries.answers(blocks, perimeter=perimeter, year=YEAR):
            if one.found:
                exact = queries.explored(one.found.asked)
                shown = {key: number.value for key, number in one.found.numbers.items() if not number.is_hidden}
                assert shown == {key: exact.at(*key).value for key in shown}
                assert kind != "SITE" or len(shown) >= len(exact.numbers)
        transaction.set_rollback(True)


def test_the_figures_of_a_draft_are_those_of_the_year(site, report):
    for sex in (Sex.WOMAN, Sex.WOMAN, Sex.MAN, Sex.UNKNOWN):
        supported(site, Stage.PARC, sex=sex)
    every = [Block(BlockKind.FIGURE, one.id) for one in INDICATORS if one.of_a_year]
    answered = queries.answers(every, perimeter=report.perimeter, year=YEAR)

    flat = dict(exports.flat(queries.figures_of_year(year=YEAR, site=site)))
    assert {one.block.indicator: one.found.total.value for one in answered} == flat
    assert [one.unknowns.total.count for one in answered if one.unknowns] == [1]


@pytest.mark.parametrize("figures", [1, 10])
def test_ten_figures_of_people_supported_ask_what_one_asks(site, figures, django_assert_num_queries):
    counted = [one.id for one in INDICATORS if one.base == "supported"][:figures]
    blocks = [Block(BlockKind.FIGURE, id) for id in counted]

    with django_assert_num_queries(1):
        answered = queries.answers(blocks, perimeter=of_site(site), year=YEAR)
    assert len(answered) == figures


def test_the_same_table_is_asked_once(site, django_assert_num_queries):
    blocks = [
        Block(kind, "persons_supported", ("sex",)) for kind in (BlockKind.CHART, BlockKind.TABLE, BlockKind.TABLE)
    ]

    with django_assert_num_queries(1):
        queries.answers(blocks, perimeter=of_site(site), year=YEAR)


def test_a_place_with_nobody_has_zeros_and_no_share(report, at):
    document = drawn(report, at)

    shown = {one["id"]: one["value"] for piece in pieces(document, "figures") for one in piece["figures"]}
    assert shown["persons_met"] == 0
    assert shown["share_women"] is None
    for format in ("pdf", "xlsx"):
        assert exports.file_of(document, format, at=at)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_what_every_report_begins_with_can_be_asked(kind):
    for block in blocks_of(kind):
        assert queries.can_be_asked(block, queries.NETWORK)
        assert set(block.words) in (set(), {"fr", "en"})


def test_a_place_leaves_out_what_it_cannot_be_asked(at, pilot):
    perimeter = Perimeter("agreement", "2024-17")
    made = services.begin(kind="FUNDER", perimeter=perimeter, year=YEAR, by=pilot, at=at)

    asked = {block.indicator for block in queries.blocks_for(made) if block.indicator}
    assert asked == {"actions_held.total"}


# -- pages


def test_a_report_is_begun_once(client, coordinator, site):
    client.force_login(coordinator)
    said = {"perimetre": of_site(site).said, "annee": YEAR}
    first, again = client.post(NEW, said), client.post(NEW, said)

    made = Report.objects.get()
    assert first["Location"] == again["Location"] == made.get_absolute_url()
    assert (made.kind, made.perimeter, made.year) == ("SITE", of_site(site), YEAR)
    assert Entry.objects.filter(action="figures.report.begun").count() == 1
    assert client.get(REPORTS).context["reports"][0]["report"] == made


@pytest.mark.parametrize(("years", "word"), [(1, "n’a pas commencé"), (-100, "a commencé en")])
def test_a_year_that_cannot_be_told_is_refused_in_words(client, advisor, site, years, word):
    client.force_login(advisor)
    page = client.post(NEW, {"perimetre": of_site(site).said, "annee": date.today().year + years})

    assert page.status_code == 422
    assert word in page.content.decode()
    assert not Report.objects.exists()


def test_another_perimeter_by_its_address_does_not_exist(client, advisor, site, report, at):
    theirs = factories.AnySite()
    other = services.begin(kind="SITE", perimeter=of_site(theirs), year=YEAR, by=advisor, at=at)
    client.force_login(advisor)

    assert client.get(report.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.post(NEW, {"perimetre": of_site(theirs).said, "annee": YEAR}).status_code == 422
    assert client.post(NEW, {"perimetre": "network", "annee": YEAR}).status_code == 422


def test_the_pilot_has_the_network_and_no_report_of_a_site(client, pilot, report, at):
    client.force_login(pilot)
    made = client.post(NEW, {"perimetre": "network", "annee": YEAR})

    assert client.get(made["Location"]).status_code == 200
    assert client.get(report.get_absolute_url()).status_code == 404
    assert [row["report"].reference for row in client.get(REPORTS).context["reports"]] == [f"network-{YEAR}"]
    assert client.post(NEW, {"perimetre": report.perimeter.said, "annee": YEAR}).status_code == 422


@pytest.fixture
def network(pilot, at):
    return services.begin(kind="NETWORK", perimeter=queries.NETWORK, year=YEAR, by=pilot, at=at)


def test_what_leaves_the_site_hides_small_numbers_in_all_of_its_tables(site, network, at):
    """Two women among nine: neither the table by sex, nor the share, nor the figure gives them away."""
    for place in range(9):
        supported(site, sex=Sex.WOMAN if place < 2 else Sex.MAN)
    blocks = [
        Block("FIGURE", "women"), Block("FIGURE", "share_women"), Block("FIGURE", "persons_supported"),
        Block("TABLE", "persons_supported", ("sex",)),
    ]  # fmt: skip
    told = queries.answers(blocks, perimeter=queries.NETWORK, year=YEAR)
    exact = queries.answers(blocks, perimeter=of_site(site), year=YEAR)

    assert [one.found.total.count for one in told[:3]] == [None, None, 9]
    assert (told[3].found.at("WOMAN", "").count, told[3].found.at("MAN", "").count) == (None, None)
    assert [one.found.total.count for one in exact] == [2, 2, 9, 9]
    assert {row["status"] for row in queries.numbers_of(told) if row["by"]} == {"hidden"}


def test_a_funder_reads_the_network_once_it_is_sealed(client, site, network, pilot, at):
    for place in range(9):
        supported(site, sex=Sex.WOMAN if place < 2 else Sex.MAN)
    version = services.seal(report=network, by=pilot, at=at)
    client.force_login(as_role(Role.FUNDER))

    assert version.is_protected
    row = client.get(REPORTS).context["reports"][0]
    assert row["url"] == version.get_absolute_url()
    page = client.get(row["url"])
    assert (page.status_code, page.context["has_draft"]) == (200, False)
    assert client.get(reverse("figures:sealed_file", args=[network.pk, 1, "xlsx"])).status_code == 200
    assert client.get(network.get_absolute_url()).status_code == 404
    assert client.get(reverse("figures:sealing", args=[network.pk])).status_code == 404


def test_a_site_s_sealed_report_is_not_a_funder_s(client, report, coordinator, at):
    version = services.seal(report=report, by=coordinator, at=at)
    client.force_login(as_role(Role.FUNDER))

    assert not version.is_protected
    assert client.get(REPORTS).context["reports"] == []
    assert client.get(version.get_absolute_url()).status_code == 404


def test_a_funder_reads_no_draft(client, pilot, at):
    made = services.begin(kind="NETWORK", perimeter=queries.NETWORK, year=YEAR, by=pilot, at=at)
    client.force_login(as_role(Role.FUNDER))

    page = client.get(REPORTS)
    assert (page.status_code, page.context["reports"]) == (200, [])
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(NEW).status_code == 404


def test_an_advisor_reads_and_her_coordinator_seals(client, advisor, coordinator, report):
    sealing = reverse("figures:sealing", args=[report.pk])
    client.force_login(advisor)
    assert client.get(sealing).status_code == 404
    client.force_login(coordinator)
    assert client.get(sealing).status_code == 200


def test_the_page_follows_the_language(client, advisor, site, report):
    supported(site)
    client.force_login(advisor)
    french = client.get(report.get_absolute_url()).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(report.get_absolute_url()).content.decode()

    assert "Qui nous avons rencontré et accompagné" in french
    assert "Who we met and supported" in english


# -- the outline


@pytest.fixture
def edit(client, advisor, report):
    client.force_login(advisor)
    outline = reverse("figures:outline", args=[report.pk])

    def edited(name=None, *args, **said):
        path = reverse(f"figures:{name}", args=[report.pk, *args]) if name else outline
        return client.post(path, {"seen": client.get(outline).context["seen"], **said})

    return edited


def test_the_first_change_copies_the_outline_and_moves_one_block(edit, report):
    usual = blocks_of("SITE")
    edit("block_move", 1, way="up")

    outline = Outline.objects.get()
    assert [one.said for one in outline.blocks.all()] == [usual[1], usual[0], *usual[2:]]
    edit("block_move", 0, way="up")
    edit("block_move", len(usual) - 1, way="down")
    assert queries.blocks_for(report) == [usual[1], usual[0], *usual[2:]]


def test_a_block_is_taken_away_and_another_put_at_its_place(edit, report):
    usual = blocks_of("SITE")
    edit("block_removal", 2)
    edit(kind="TABLE", indicator="persons_met", by="sex", and_by="age", after=1)

    table = Block("TABLE", "persons_met", ("sex", "age"))
    assert queries.blocks_for(report) == [*usual[:1], table, usual[1], *usual[3:]]
    assert [one.place for one in OutlineBlock.objects.all()] == list(range(len(usual)))


def test_own_sentences_are_read_in_both_languages(edit, client, report):
    edit(kind="SENTENCE", fr="Une année pleine.", en="A full year.", after=0)
    page = client.get(report.get_absolute_url()).content.decode()
    edit("block_words", 0, fr="Une année très pleine.", en="A very full year.")

    assert "Une année pleine." in page
    assert "A full year." not in page
    assert queries.blocks_for(report)[0].words == {"fr": "Une année très pleine.", "en": "A very full year."}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "SENTENCE", "fr": "Seule"}, "en"),
        ({"kind": "TABLE"}, "indicator"),
        ({"kind": "FIGURE", "indicator": "persons_met", "by": "sex"}, "kind"),
        ({"kind": "TABLE", "indicator": "persons_met", "by": "sex", "and_by": "sex"}, "and_by"),
        ({"kind": "TABLE", "indicator": "persons_met", "by": "sex", "and_by": "age", "years": 3}, "and_by"),
        ({"kind": "TABLE", "indicator": "actions_held.total", "by": "sex"}, "by"),
        ({"kind": "CHART", "indicator": "projects_cumulative", "by": "sector", "years": 3}, "indicator"),
    ],
)
def test_a_block_that_cannot_be_is_refused_at_its_field(edit, said, field):
    page = edit(**said, after=0)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not Outline.objects.exists()


def test_two_people_who_change_an_outline_are_told(edit, client, report, advisor):
    opened = services.outline_digest(report)
    edit("block_removal", 0)
    answer = client.post(reverse("figures:block_removal", args=[report.pk, 0]), {"seen": opened}, follow=True)

    assert "Quelqu’un a changé ce plan" in answer.content.decode()
    assert len(queries.blocks_for(report)) == len(blocks_of("SITE")) - 1


def test_the_usual_outline_comes_back(edit, report):
    edit("block_removal", 0)
    edit("outline_restoration")

    assert queries.blocks_for(report) == blocks_of("SITE")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "HEADING", "words_fr": "Seul"},
        {"kind": "TABLE"},
        {"kind": "METHOD", "indicator": "persons_met"},
        {"kind": "FIGURE", "indicator": "persons_met", "by": "sex"},
        {"kind": "TABLE", "indicator": "persons_met", "and_by": "sex"},
        {"kind": "TABLE", "indicator": "persons_met", "by": "sex", "and_by": "age", "years": 2},
    ],
)
def test_the_database_refuses_a_block_that_is_of_no_kind(wrong, advisor, at):
    outline = Outline.objects.create(kind="NETWORK", changed_at=at, changed_by=advisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutlineBlock.objects.create(outline=outline, place=0, **wrong)


@pytest.mark.parametrize(
    ("kind", "level", "code"), [("NETWORK", "site", "1"), ("SITE", "", ""), ("FUNDER", "site", "1")]
)
def test_the_database_refuses_a_perimeter_of_another_kind(kind, level, code, advisor, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(
            kind=kind, level=level, code=code, year=YEAR, reference="x", begun_at=at, begun_by=advisor
        )


# -- files


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pdf_is_tagged_and_its_drawings_are_said(site, report, at, language):
    for sex in (Sex.WOMAN, Sex.MAN, Sex.WOMAN):
        supported(site, Stage.PARC, sex=sex)
    with override(language):
        document = drawn(report, at)
    pdf = PdfReader(io.BytesIO(exports.file_of(document, "pdf", at=at)))

    tags, said = tags_of(pdf)
    assert pdf.trailer["/Root"]["/Lang"] == language
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure"} <= set(tags)
    assert len(said) == len(pieces(document, "chart"))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert document["title"] in text
    assert document["words"]["draft"] in text


def test_the_workbook_has_a_sheet_a_table_and_numbers_that_are_numbers(site, report, at):
    for sex in (Sex.WOMAN, Sex.MAN, Sex.WOMAN):
        supported(site, Stage.PARC, sex=sex, born_on=date(1990, 1, 1))
    document = drawn(report, at)
    book = openpyxl.load_workbook(io.BytesIO(exports.file_of(document, "xlsx", at=at)))

    tables = len(pieces(document, "table")) + len(pieces(document, "chart"))
    assert len(book.sheetnames) == tables + 3  # the report, its figures, its definitions
    assert book.sheetnames[-1] == "Définitions"
    figures = {row[4]: row[1:4] for row in book["Chiffres"].iter_rows(min_row=2, values_only=True)}
    assert figures["persons_supported"] == (3, None, None)
    assert figures["share_women"] == (0.6667, 2, 3)
    ages = next(page for page in book if "âge" in str(page["A1"].value))
    assert [cell.value for cell in ages[5]] == ["30 à 44 ans", 2, 1, 3]


def test_what_is_hidden_is_text_everywhere(site, report, at):
    supported(site, sex=Sex.WOMAN)
    answered = queries.answers([Block("TABLE", "persons_supported", ("sex",))], perimeter=report.perimeter, year=YEAR)
    found = answered[0].found
    found.numbers["WOMAN", ""] = queries.Number(None)
    document = exports.document(report, answered, definitions=[], known_by=at, year_runs=False)

    book = openpyxl.load_workbook(io.BytesIO(exports.file_of(document, "xlsx", at=at)))
    assert [cell.value for cell in book.worksheets[1][5]] == ["Femme", "masqué"]
    text = PdfReader(io.BytesIO(exports.file_of(document, "pdf", at=at))).pages[0].extract_text()
    assert "masqué" in text
    row = next(row for row in queries.numbers_of(answered) if row["by"])
    assert (row["count"], row["of"], row["value"], row["status"]) == (None, None, None, "hidden")


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_a_draft_is_taken_and_journaled(client, advisor, report, format):
    client.force_login(advisor)
    answer = client.get(reverse("figures:draft_file", args=[report.pk, format]))

    assert answer.content[:4] in (b"%PDF", b"PK\x03\x04")
    assert f"draft-fr.{format}" in answer["Content-Disposition"]
    assert Entry.objects.get(action="figures.report.taken").details == {"format": format}


def test_the_same_document_makes_the_same_bytes(site, report, at):
    supported(site)
    document = drawn(report, at)

    for format in ("pdf", "xlsx"):
        assert exports.file_of(document, format, at=at) == exports.file_of(document, format, at=at)


def test_breakdowns_of_the_network_are_drawn(site, at, pilot):
    supported(site, Stage.PARC)
    made = services.begin(kind="NETWORK", perimeter=queries.NETWORK, year=YEAR, by=pilot, at=at)
    document = drawn(made, at)

    assert {piece["form"] for piece in pieces(document, "chart")} == {"curve", "bars", "map"}
    assert len(pieces(document, "statements")[0]["rows"]) > 10
    assert exports.file_of(document, "pdf", at=at).startswith(b"%PDF")
    assert Breakdown.DEPARTMENT.value in {name for one in queries.blocks_for(made) for name in one.by}
