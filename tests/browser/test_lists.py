"""The list and its tools in a real browser: found in spite of a slip, kept, taken out, shared out, handed over."""

from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.desk.models import Export
from citeslab.desk.services import exporting
from citeslab.followup.enums import Stage
from citeslab.network.enums import Role
from citeslab.people.models import Assignment
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = reverse("desk:people")
PHONE = {"width": 320, "scheme": "dark"}


@pytest.fixture
def ines(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="Grand Mirail")


@pytest.fixture
def site(ines):
    return ines.site


@pytest.fixture
def karim(site):
    return factories.AnyMandate(site=site, user__name="Karim Haddad").user


@pytest.fixture
def people(ines, site, karim):
    today = timezone.localdate()
    names = ["Samira Khelifi", "Rachid Benali", "Leïla Mansouri", "Thomas Lefèvre", "Fatou Diallo", "Denis Oliveira"]
    names += [f"Julie Perrin-Lacombe{number}" for number in range(28)]
    made = []
    for number, name in enumerate(names):
        first, family = name.split(" ", 1)
        person = factories.AnyPerson(site=site, first_name=first, preferred_name=family, phone=f"+3363998{number:04d}")
        factories.AnyMeeting(person=person, held_on=today - timedelta(days=number * 3))
        factories.AnyTransition(person=person, stage=Stage.EMER, occurred_on=today - timedelta(days=number * 3))
        if number % 4:
            factories.AnyAssignment(person=person, advisor=ines.user, begins_on=today - timedelta(days=60))
        factories.AnyResidence(person=person, commune_name="Toulouse" if number % 3 else "Blagnac")
        made.append(person)
    return made


def looked_at(page, name, wide=False):
    picture(page, name)
    assert faults(page) == []
    assert sideways(page) <= 0
    assert page.errors == []


def test_a_name_typed_wrong_is_found(open_page, ines, people):
    page = open_page(LIST, user=ines.user)
    page.get_by_role("searchbox").fill("samria kelifi")
    page.keyboard.press("Enter")
    page.get_by_text("Julie").first.wait_for(state="detached")

    assert page.locator("tbody tr th a").all_inner_texts() == ["Samira Khelifi"]
    looked_at(page, "lists-typo")


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_the_list_its_filters_and_the_choice_look_calm(open_page, ines, people, screen):
    from citeslab.desk.services import filters
    from citeslab.desk.values import Question

    for name, question in [("À rappeler", Question(view="silent")), ("Les miennes", Question(advisor="me"))]:
        filters.save(name=name, question=question, site=ines.site, by=ines.user, at=timezone.now())
    width = screen.get("width", 1280)
    for name, path in {
        "list": LIST,
        "mine": f"{LIST}?advisor=me&stage=EMER",
        "choose": f"{LIST}?choose",
        "filters": reverse("desk:saved_filters"),
        "export": reverse("desk:exports"),
        "bulk": f"{reverse('desk:bulk')}?act=ASSIGN&everyone=1",
    }.items():
        looked_at(open_page(path, user=ines.user, **screen), f"lists-{name}-{width}")


def test_a_filter_is_saved_and_removed_and_brought_back(open_page, ines, people):
    page = open_page(f"{LIST}?advisor=me", user=ines.user)
    page.locator(".saved a").first.click()
    page.locator("#id_name").fill("Mes personnes")
    page.locator(".button-main").click()
    page.locator(".saved .chip", has_text="Mes personnes").click()
    expect(page.locator(".saved .chip[aria-current=true]")).to_have_text("Mes personnes")
    page.goto(page.url.split("/personnes/")[0] + reverse("desk:saved_filters"))
    page.locator("form[action$='/retrait/'] button").click()
    looked_at(page, "lists-removed")
    page.locator("button[name=back]").click()

    expect(page.get_by_role("link", name="Mes personnes")).to_have_count(1)


def test_a_workbook_is_taken_out_and_opens(open_page, ines, people, tmp_path):
    people[0].preferred_name = '=HYPERLINK("http://exemple.fr";"x")'
    people[0].save()
    page = open_page(f"{reverse('desk:exports')}?sort=name", user=ines.user)
    page.locator("input[name=purpose]").first.check(force=True)
    with page.expect_download() as taken:
        page.locator(".button-main").click()
    taken.value.save_as(tmp_path / "people.xlsx")

    rows = list(openpyxl.load_workbook(tmp_path / "people.xlsx").active.iter_rows())
    assert len(rows) == 1 + len(people)
    assert all(cell.data_type in {"s", "n", "d"} for row in rows for cell in row)
    assert any(cell.value == people[0].preferred_name for row in rows for cell in row)


def test_a_long_file_shows_how_far_it_is_then_waits_to_be_fetched(open_page, ines, people, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 10)
    page = open_page(reverse("desk:exports"), user=ines.user)
    page.locator("input[name=purpose]").first.check(force=True)
    page.locator(".button-main").click()
    page.locator("progress").wait_for()
    looked_at(page, "lists-progress")
    export = Export.objects.get()
    exporting.write_file(export_id=export.pk, on=timezone.localdate(), at=timezone.now())
    with page.expect_download() as taken:
        page.locator("a[download]").click()

    assert taken.value.suggested_filename.endswith(".xlsx")
    looked_at(page, "lists-ready")


@pytest.mark.parametrize("script", [True, False], ids=["script", "without"])
def test_people_are_given_to_a_colleague_then_back(open_page, ines, karim, people, script):
    page = open_page(f"{LIST}?words=perrin", user=ines.user, script=script)
    page.locator("a[href$=choose]").click()
    page.locator("input[name=everyone]").check()
    page.locator("button[value=ASSIGN]").click()
    page.locator("select[name=to]").select_option(label="Karim Haddad")
    if not script:
        page.locator("form[method=get] .button").click()
    page.locator(".button-main", has_text="Karim Haddad").wait_for()
    if script:
        looked_at(page, "lists-bulk-seen")
    page.locator(".button-main").click()
    page.wait_for_url("**/plusieurs/*/")
    assert Assignment.objects.standing().filter(advisor=karim).count() == 28
    if script:
        looked_at(page, "lists-bulk-done")
    page.locator("form[action$='/annulation/'] button").click()
    page.locator(".notice-good").first.wait_for()

    assert Assignment.objects.standing().filter(advisor=karim).count() == 0


def test_a_caseload_is_handed_over_and_its_advisor_locked_out(open_page, ines, site, karim, people):
    samuel = factories.AnyMandate(
        role=Role.COORDINATOR, site=None, organization=site.organization, user__name="Samuel Okafor"
    ).user
    lucie = factories.AnyMandate(site=site, user__name="Lucie Petit").user
    hers = open_page(reverse("desk:person", args=[people[1].pk]), user=ines.user)
    expect(hers.get_by_role("heading", level=1)).to_have_text("Rachid Benali")

    page = open_page(reverse("desk:handovers"), user=samuel)
    looked_at(page, "handovers")
    page.locator(f"a[href='{reverse('desk:handover', args=[ines.pk])}']").click()
    page.locator("input[name=reason][value=AWAY]").check(force=True)
    page.locator("#id_returns_on").fill((timezone.localdate() + timedelta(days=112)).isoformat())
    for colleague in (karim, lucie):
        page.locator(f"input[name=to][value='{colleague.pk}']").check(force=True)
    page.locator("input[name=rule][value=COMMUNE]").check(force=True)
    page.locator(".button-main").click()
    page.locator(".card .button-main").wait_for()
    looked_at(page, "handover-seen")
    page.locator(".card .button-main").click()
    page.wait_for_url("**/passation/")
    looked_at(page, "handovers-after")

    hers.reload()
    assert "/connexion/" in hers.url
    assert Assignment.objects.standing().on(timezone.localdate()).filter(advisor=ines.user).count() == 0
    assert Assignment.objects.standing().on(timezone.localdate()).count() == 25
    back = open_page(LIST, user=ines.user)
    assert "Rachid" not in back.content()
    page.locator("form[action$='/retour/'] button").click()
    page.wait_for_url("**/passation/")
    assert Assignment.objects.standing().on(timezone.localdate()).filter(advisor=ines.user).count() == 25


def test_the_handover_fits_a_phone(open_page, ines, site, karim, people):
    samuel = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user
    query = f"?reason=AWAY&since={timezone.localdate()}&to={karim.pk}"
    page = open_page(reverse("desk:handover", args=[ines.pk]) + query, user=samuel, **PHONE)
    looked_at(page, "handover-320")
