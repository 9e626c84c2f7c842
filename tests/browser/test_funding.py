"""A funder reads its account, and nobody else's; the pilot records an agreement, signs it and is paid."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.funding.models import Agreement, Payment
from citeslab.network.enums import Role
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def pilot(transactional_db):
    return factories.AnyMandate(role=Role.PILOT, site=None, user__name="Agnès Lorrain").user


@pytest.fixture
def agreement(pilot):
    """Of this year, half paid, a report late, documents; and a funder's reader."""
    today = timezone.localdate()
    site = factories.AnySite(name="CitésLab de Besançon", organization__name="Boutique de projets de Besançon")
    funder = factories.AnyFunder(name="Conseil régional de Bourgogne-Franche-Comté", kind="REGION")
    made = factories.AnyAgreement(
        funder=funder,
        organization=site.organization,
        reference=f"REG-{today.year}-0042",
        begins_on=date(today.year, 1, 1),
        ends_on=date(today.year + 1, 1, 1),
        signed_on=date(today.year, 1, 5),
        level="department",
        code="25",
        objectives="Accompagner quatre-vingts personnes, dont la moitié de femmes.",
    )
    paid = factories.AnyInstalment(agreement=made, due_on=date(today.year, 1, 10), amount_cents=1_500_050)
    factories.AnyPayment(instalment=paid, paid_on=date(today.year, 1, 12), amount_cents=1_000_000)
    factories.AnyPayment(instalment=paid, use="ACTION", paid_on=date(today.year, 1, 12), amount_cents=500_050)
    factories.AnyInstalment(agreement=made, due_on=today - timedelta(days=3), amount_cents=1_499_950)
    factories.AnyReportDue(agreement=made, due_on=today - timedelta(days=10))
    factories.AnyPostShare(agreement=made, post=factories.AnyPost(site=site), share=3_333)
    factories.AnyActionShare(workshop=factories.AnyWorkshop(site=site), agreement=made)
    factories.AnyStoredFile(owner_id=made.pk, name="Convention signée.pdf")
    return made


@pytest.fixture
def reader(agreement):
    user = factories.AnyMandate(role=Role.FUNDER, site=None, user__name="Claire Duval").user
    factories.AnyDelegate(funder=agreement.funder, user=user)
    return user


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_of_agreements(open_page, pilot, agreement, reader, screen):
    width, scheme, language = screen
    late = agreement.instalments.order_by("-due_on").first()
    factories.AnyAgreement(organization=agreement.organization, signed_on=None)
    addresses = {
        "list": reverse("funding:agreements"),
        "agreement": agreement.get_absolute_url(),
        "new": reverse("funding:new_agreement"),
        "instalment": reverse("funding:instalment", args=[late.pk]),
        "share": reverse("funding:new_share", args=[agreement.pk]),
        "posts": reverse("funding:posts"),
        "accounts": reverse("funding:accounts"),
        "funders": reverse("funding:funders"),
        "account": reverse("funding:account", args=[agreement.funder_id]),
        "costs": reverse("figures:costs"),
    }
    for name, address in addresses.items():
        page = open_page(address, user=pilot, width=width, scheme=scheme, language=language)
        picture(page, f"funding-{name}-{width}-{scheme}-{language}")
        assert (name, faults(page)) == (name, [])
        assert (name, sideways(page)) == (name, 0)
        assert page.errors == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_who_pays_for_an_action(open_page, agreement, screen):
    width, scheme, language = screen
    workshop = factories.AnyWorkshop(site__organization=agreement.organization, held_on=agreement.begins_on)
    advisor = factories.AnyMandate(site=workshop.site).user
    address = reverse("workshops:paying", args=[workshop.pk])
    page = open_page(address, user=advisor, width=width, scheme=scheme, language=language)
    picture(page, f"funding-action-{width}-{scheme}-{language}")
    assert faults(page) == []
    assert sideways(page) == 0


def test_a_funder_reads_its_account(open_page, agreement, reader):
    other = factories.AnyAgreement(reference="ETAT-1")
    page = open_page("/", user=reader, language="en")
    page.get_by_role("link", name="Account").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(agreement.funder.name)
    expect(page.get_by_text("€15,000.50").first).to_be_visible()
    expect(page.get_by_text(other.reference)).to_have_count(0)
    page.get_by_role("link", name=agreement.reference).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(agreement.reference)
    expect(page.get_by_role("button", name="Send the document")).to_have_count(0)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Convention signée.pdf").click()
    assert saved.value.suggested_filename == "Convention signée.pdf"
    page.goto(page.url.rsplit("/conventions/", 1)[0] + other.get_absolute_url())
    expect(page.get_by_text(other.reference)).to_have_count(0)


def test_the_pilot_records_an_agreement_and_is_paid(open_page, pilot, agreement):
    page = open_page(reverse("funding:agreements"), user=pilot, language="en")
    page.get_by_role("link", name="Record an agreement").click()
    page.get_by_label("Funder", exact=True).select_option(label=agreement.funder.name)
    page.get_by_label("Host organization").select_option(label=agreement.organization.name)
    page.get_by_label("Reference").fill("REG-2025")
    page.get_by_label("Annual", exact=True).check()
    page.get_by_label("First day").fill("2025-01-01")
    page.get_by_label("Last day").fill("2025-12-31")
    page.get_by_label("Amount promised, in euros").fill("10 000,01")
    page.get_by_label("Number of instalments").fill("3")
    page.get_by_role("button", name="Record the agreement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("REG-2025")
    expect(page.get_by_text("€3,333.33").first).to_be_visible()
    page.get_by_role("link", name="Record the payment").first.click()
    page.get_by_role("link", name="Record the signature").click()
    page.get_by_label("Signed on").fill("2025-01-05")
    page.get_by_role("button", name="Record the signature").click()
    page.get_by_role("link", name="Record the payment").first.click()
    page.get_by_label("Paid on").fill("2025-01-04")
    page.get_by_label("For posts, in euros").fill("3333,34")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_text("January 5, 2025").first).to_be_visible()
    page.get_by_label("Paid on").fill("2025-01-06")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_role("button", name="Record as justified")).to_be_visible()

    made = Agreement.objects.get(reference="REG-2025")
    assert Payment.objects.get(instalment__agreement=made).amount_cents == 333_334
