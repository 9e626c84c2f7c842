"""A coordinator's winter: a report begun, reordered, sealed and taken away; a forgotten meeting, a new version."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from citeslab.figures import services
from citeslab.figures.models import Report
from citeslab.figures.values import Perimeter
from citeslab.followup.enums import Stage
from citeslab.network.enums import Role
from citeslab.people.enums import Sex
from tests import factories
from tests.browser.conftest import faults, picture, sideways
from tests.figures.test_definitions import YEAR, supported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def site(transactional_db):
    site = factories.AnySite(name="CitésLab Grand Mirail")
    for place in range(14):
        supported(
            site, [Stage.EMER, Stage.PARC, Stage.FORM][place % 3],
            sex=Sex.WOMAN if place % 2 else Sex.MAN, born_on=date(1960 + 3 * place, 1, 1), diploma=str(3 + place % 4),
        )  # fmt: skip
    return site


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user


def check(page, name):
    assert faults(page) == [], name
    assert sideways(page) <= 0, name
    assert page.errors == [], name


def test_from_a_new_report_to_a_corrected_version(open_page, coordinator, site):
    page = open_page(reverse("figures:reports"), user=coordinator, language="en")
    page.get_by_role("link", name="Begin a report").first.click()
    page.get_by_label("Whose").select_option(label=site.name)
    page.get_by_label("Year").fill(str(YEAR))
    page.get_by_role("button", name="Open the draft").click()
    page.get_by_role("heading", name=f"{site.name} in {YEAR}", level=1).wait_for()
    expect(page.get_by_text("Exact counts, for who works with these people.")).to_be_visible()

    # Reordered: the second block goes up, the first own sentence is written.
    page.get_by_role("link", name="Change what it holds").click()
    page.get_by_role("button", name="Move block 2 up: People met").click()
    page.get_by_role("button", name="Move block 1 down: People met").wait_for()
    page.get_by_label("What to add").select_option(label="Your own sentences")
    page.get_by_label("In French").fill("Une année pleine.")
    page.get_by_label("In English").fill("A full year.")
    page.get_by_label("Where").select_option(label="At the top")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="Take block 1 away: A full year.").wait_for()
    page.get_by_role("link", name="Draft", exact=True).click()
    expect(page.get_by_text("A full year.")).to_be_visible()

    # Sealed after the dry run.
    page.get_by_role("link", name="Seal this report").click()
    page.get_by_role("heading", name="What will be frozen").wait_for()
    page.get_by_role("button", name="Seal version 1").click()
    page.get_by_role("heading", name="The seal").wait_for()
    version = Report.objects.get().versions.get()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download as PDF").click()
    pdf = PdfReader(taken.value.path())
    assert version.sha256[:8] in pdf.pages[-1].extract_text()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download as a workbook").click()
    with open(taken.value.path(), "rb") as file:
        assert "Definitions" in openpyxl.load_workbook(io.BytesIO(file.read())).sheetnames

    # A meeting that was forgotten: the correction says which numbers moved.
    late = supported(site, sex=Sex.WOMAN)
    for row in [*late.meetings.all(), *late.transitions.all()]:
        type(row).objects.filter(pk=row.pk).update(recorded_at=timezone.now())
    page.get_by_role("link", name="See today's draft").click()
    page.get_by_role("link", name="Seal a correction").click()
    page.get_by_role("row", name="People met, 2024 14 15").wait_for()
    expect(page.get_by_role("cell", name="1 meeting recorded", exact=True)).to_be_visible()
    page.get_by_role("button", name="Seal version 2").click()
    page.get_by_label("What this version corrects, and why").fill("A forgotten meeting.")
    page.get_by_role("button", name="Seal version 2").click()
    page.get_by_role("heading", name="What this version corrects").wait_for()
    page.goto(page.url.replace("versions/2", "versions/1"))
    expect(page.get_by_role("link", name="read version 2")).to_be_visible()
    assert page.errors == []


@pytest.mark.parametrize(("width", "scheme", "language"), SCREENS)
def test_each_page_of_reports_is_clean(open_page, coordinator, site, width, scheme, language):
    perimeter = Perimeter("site", str(site.pk))
    now = timezone.now()
    report = services.begin(kind="SITE", perimeter=perimeter, year=YEAR, by=coordinator, at=now)
    services.seal(report=report, by=coordinator, at=now)
    for name, args in {
        "reports": [], "new_report": [], "report": [report.pk], "outline": [report.pk], "block_words": [report.pk, 0],
        "sealing": [report.pk], "sealed_version": [report.pk, 1],
    }.items():  # fmt: skip
        page = open_page(
            reverse(f"figures:{name}", args=args), user=coordinator, width=width, scheme=scheme, language=language
        )
        picture(page, f"reports-{name}-{width}-{scheme}-{language}")
        check(page, name)
        assert page.get_attribute("html", "lang") == language


def test_an_outline_changes_without_script(open_page, coordinator, site):
    perimeter = Perimeter("site", str(site.pk))
    report = services.begin(kind="SITE", perimeter=perimeter, year=YEAR, by=coordinator, at=timezone.now())
    page = open_page(reverse("figures:outline", args=[report.pk]), user=coordinator, language="en", script=False)
    page.get_by_role("button", name="Take block 2 away: People met").click()
    page.get_by_role("button", name="Take block 2 away: People supported").wait_for()
    page.get_by_role("button", name="Go back to the usual one").click()
    page.get_by_role("button", name="Take block 2 away: People met").wait_for()
