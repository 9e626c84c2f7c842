"""The pages of agreements and money: who sees what, what they cost, what they refuse."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.files.models import StoredFile
from citeslab.funding import forms
from citeslab.funding.models import Agreement, Delegate, Funder, Instalment, Payment, PostShare
from citeslab.network.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db
LIST, NEW, ACCOUNTS = reverse("funding:agreements"), reverse("funding:new_agreement"), reverse("funding:accounts")


def page_of(name, row):
    return reverse(f"funding:{name}", args=[row.pk])


@pytest.fixture
def desk(client, pilot):
    client.force_login(pilot)
    return client


@pytest.fixture
def form(site):
    return {
        "funder": factories.AnyFunder(name="Région").pk,
        "organization": site.organization.pk,
        "reference": "R-26",
        "rhythm": "ANNUAL",
        "begins_on": "2026-01-01",
        "last_on": "2026-12-31",
        "amount": "12 345,67",
        "place": "department:25",
        "instalments": "2",
        "owes_reports": "on",
    }


# -- who


def test_a_coordinator_sees_and_writes_those_of_her_organization(client, coordinator, agreement):
    factories.AnyAgreement()
    client.force_login(coordinator)

    assert [one.reference for one in client.get(LIST).context["page"]] == ["CV-2016"]
    form = client.get(NEW).context["form"]
    assert [one.pk for one in form.fields["organization"].queryset] == [agreement.organization_id]


def test_a_funder_reads_its_own_account_and_no_other(client, reader, agreement):
    other = factories.AnyAgreement(organization=agreement.organization)
    client.force_login(reader)

    assert client.get(reverse("funding:own_account"))["Location"] == page_of("account", agreement.funder)
    account = client.get(page_of("account", agreement.funder))
    assert [one.pk for one in account.context["agreements"]] == [agreement.pk]
    assert client.get(agreement.get_absolute_url()).context["writes"] is False
    assert client.get(page_of("account", other.funder)).status_code == 404
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.post(page_of("signature", agreement), {"signed_on": "2016-01-01"}).status_code == 404
    Delegate.objects.update(ends_on=timezone.localdate())
    assert client.get(page_of("account", agreement.funder)).status_code == 404
    assert client.get(reverse("funding:own_account")).status_code == 200  # says whom to ask


def test_the_pilot_names_who_reads_an_account(desk, agreement):
    reads = factories.AnyMandate(role=Role.FUNDER, site=None).user
    advises = factories.AnyMandate().user
    address = page_of("reading", agreement.funder)

    assert desk.post(address, {"user": advises.pk}).status_code == 422
    assert desk.post(address, {"user": reads.pk}).status_code == 302
    assert desk.post(address, {"user": reads.pk}).status_code == 422
    delegate = Delegate.objects.get()
    assert (delegate.user, delegate.begins_on) == (reads, timezone.localdate())
    desk.post(page_of("end_of_reading", delegate))
    assert not Delegate.objects.exists()


# -- the list


def test_the_list_is_searched_filtered_and_ordered(desk, agreement):
    later = factories.AnyAgreement(
        reference="FSE-1", funder__kind="EUROPE", begins_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), signed_on=None
    )

    def found(**asked):
        return [one.reference for one in desk.get(LIST, asked).context["page"]]

    assert found() == ["FSE-1", "CV-2016"]
    assert found(sort="reference") == ["CV-2016", "FSE-1"]
    assert found(mots="préfecture cv") == ["CV-2016"]
    assert found(financeur="EUROPE") == ["FSE-1"]
    assert found(annee="2016") == ["CV-2016"]
    assert found(etat="OVER") == ["CV-2016"]
    assert found(etat=later.phase_on(timezone.localdate())) == ["FSE-1"]
    assert found(sort="x", annee="x", etat="x") == ["FSE-1", "CV-2016"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_agreement_or_three(desk, number, django_assert_num_queries):
    today = timezone.localdate()
    for _ in range(number):
        running = factories.AnyAgreement(
            begins_on=today - timedelta(days=300), ends_on=today + timedelta(days=30), signed_on=None
        )
        signed = factories.AnyAgreement()
        factories.AnyInstalment(agreement=signed)
        factories.AnyReportDue(agreement=signed)
        factories.AnyPostShare(agreement=running)
    with django_assert_num_queries(14):  # session, user, factor, mandates…; two of the list; six of what waits
        desk.get(LIST)


@pytest.mark.parametrize("number", [1, 3])
def test_an_agreement_costs_the_same_for_one_instalment_or_three(desk, agreement, number, django_assert_num_queries):
    for _ in range(number):
        factories.AnyPayment(instalment=factories.AnyInstalment(agreement=agreement), amount_cents=1_000)
        factories.AnyPostShare(agreement=agreement)
        factories.AnyStoredFile(owner_id=agreement.pk)
        workshop = factories.AnyWorkshop(site__organization=agreement.organization)
        factories.AnyActionShare(workshop=workshop, agreement=agreement)
    factories.AnyReportDue(agreement=agreement)
    with django_assert_num_queries(16):
        desk.get(agreement.get_absolute_url())


@pytest.mark.parametrize("number", [1, 3])
def test_an_account_costs_the_same_for_one_or_three(client, reader, agreement, number, django_assert_num_queries):
    for place in range(number):
        one = factories.AnyAgreement(funder=agreement.funder, reference=f"A-{place}")
        factories.AnyPayment(instalment=factories.AnyInstalment(agreement=one))
        factories.AnyPostShare(agreement=one)
    client.force_login(reader)
    address = page_of("account", agreement.funder)
    with django_assert_num_queries(22):
        client.get(address)


@pytest.mark.parametrize("number", [1, 3])
def test_posts_cost_the_same_for_one_or_three(desk, number, django_assert_num_queries):
    for _ in range(number):
        factories.AnyPostShare()
    with django_assert_num_queries(8):
        desk.get(reverse("funding:posts"))


def test_what_waits_is_said_with_its_verb(desk, site, agreement, instalment):
    today = timezone.localdate()
    factories.AnyReportDue(agreement=agreement)
    dates = {"begins_on": today - timedelta(days=300), "ends_on": today + timedelta(days=30)}
    ending = factories.AnyAgreement(organization=site.organization, signed_on=today, **dates)
    unsigned = factories.AnyAgreement(signed_on=None, **dates)
    factories.AnyAgreement(  # follows it
        funder=unsigned.funder,
        organization=unsigned.organization,
        begins_on=unsigned.ends_on,
        ends_on=unsigned.ends_on + timedelta(days=300),
    )
    post = factories.AnyPost(site=site)
    factories.AnyPostShare(agreement=ending, post=post, share=6_000)
    paid = factories.AnyInstalment(agreement=agreement)
    factories.AnyPayment(instalment=paid)
    waiting = desk.get(LIST).context["waiting"]

    assert [one.pk for one in waiting.late] == [instalment.pk]
    assert [one.agreement_id for one in waiting.reports] == [agreement.pk]
    assert [one.pk for one in waiting.unsigned] == [unsigned.pk]
    assert [one.pk for one in waiting.ending] == [ending.pk]
    assert [(one.post.pk, one.missing) for one in waiting.unfunded] == [(post.pk, 4_000)]
    assert waiting.number == 5


# -- an agreement


def test_an_agreement_is_recorded_as_it_is_written(desk, form, site):
    answer = desk.post(NEW, form)
    made = Agreement.objects.get()

    assert answer["Location"] == made.get_absolute_url()
    assert (made.committed_cents, made.level, made.code, made.region_id) == (1_234_567, "department", "25", "27")
    assert (made.ends_on, made.signed_on) == (date(2027, 1, 1), None)
    assert list(made.instalments.values_list("amount_cents", flat=True)) == [617_284, 617_283]
    assert made.reports.count() == 1
    following = desk.get(NEW, {"suite": made.pk}).context["form"].initial
    assert (following["begins_on"], following["last_on"]) == (date(2027, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "12,345"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "100000000,01"}, "amount"),
        ({"amount": "9" * 31}, "amount"),
        ({"amount": "beaucoup"}, "amount"),
        ({"place": "department:99"}, "place"),
        ({"place": "qpv:QP025001"}, "place"),
        ({"place": "x"}, "place"),
        ({"organization": "", "place": "department:25"}, "place"),
        ({"last_on": "2025-12-31"}, "last_on"),
        ({"last_on": "2027-06-30"}, "last_on"),
        ({"rhythm": "TRIENNIAL", "last_on": "2029-06-30"}, "last_on"),
        ({"begins_on": "0026-01-01"}, "begins_on"),
        ({"reference": " "}, "reference"),
        ({"funder": ""}, "funder"),
        ({"instalments": "0"}, "instalments"),
        ({"instalments": "37"}, "instalments"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk, form, given, field):
    answer = desk.post(NEW, form | given)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Agreement.objects.exists()


def test_a_reference_known_is_refused(desk, form, agreement):
    answer = desk.post(NEW, form | {"reference": agreement.reference})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reference"])


def test_what_it_says_changes_until_it_is_signed(desk, form, site):
    desk.post(NEW, form)
    made = Agreement.objects.get()
    assert desk.post(page_of("terms", made), form | {"amount": "100"}).status_code == 422  # less than its instalments
    assert desk.post(page_of("terms", made), form | {"amount": "20 000"}).status_code == 302
    desk.post(page_of("signature", made), {"signed_on": "2026-01-05"})

    made.refresh_from_db()
    assert (made.committed_cents, made.signed_on) == (2_000_000, date(2026, 1, 5))
    assert desk.get(page_of("terms", made)).status_code == 404


# -- money


def test_a_payment_before_the_signature_is_refused_in_words(desk, agreement, instalment):
    said = {"paid_on": "2016-01-03", "POST": "100"}
    answer = desk.post(page_of("payment", instalment), said)

    assert (answer.status_code, list(answer.context["payment"].errors)) == (422, ["paid_on"])
    assert "4 janvier 2016" in answer.context["payment"].errors["paid_on"][0]
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"POST": "1,234"}, "POST"),
        ({"POST": "-1"}, "POST"),
        ({"POST": "10 000,01"}, "__all__"),
        ({"POST": "5 000", "ACTION": "5 000,01"}, "__all__"),
        ({}, "POST"),
        ({"POST": "1", "paid_on": ""}, "paid_on"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(desk, instalment, given, field):
    answer = desk.post(page_of("payment", instalment), {"paid_on": "2016-03-01"} | given)
    assert (answer.status_code, list(answer.context["payment"].errors)) == (422, [field])


def test_an_instalment_is_agreed_paid_justified_and_taken_back(desk, instalment):
    step = {"reached_on": "2016-02-01", "amount": "10 000"}
    assert desk.post(page_of("approval", instalment), step).status_code == 302
    paid = {"paid_on": "2016-03-01", "POST": "8 000", "ANIMATION": "2 000"}
    assert desk.post(page_of("payment", instalment), paid).status_code == 302
    again = desk.post(page_of("payment", instalment), paid)
    assert again.status_code == 409
    who = Payment.objects.first().recorded_by.name
    assert f"{who} a déjà enregistré" in again.content.decode()
    assert desk.post(page_of("justification", instalment), step).status_code == 302
    page = desk.get(page_of("instalment", instalment))
    assert page.context["told"].state == "JUSTIFIED"
    desk.post(page_of("taking_back", instalment))
    assert desk.get(page_of("instalment", instalment)).context["told"].state == "PAID"


def test_an_instalment_above_the_promise_is_refused(desk, agreement, instalment):
    address = page_of("new_instalment", agreement)
    answer = desk.post(address, {"due_on": "2016-05-01", "amount": "20 000,01"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["amount"])
    assert desk.post(address, {"due_on": "2016-05-01", "amount": "20 000"}).status_code == 302
    desk.post(page_of("instalment_withdrawal", instalment))
    assert Instalment.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"share": "50,01"}, "share"),
        ({"share": "100,01"}, "share"),
        ({"share": "0"}, "share"),
        ({"share": "12,345"}, "share"),
        ({"last_on": "2017-01-01"}, "begins_on"),
        ({"begins_on": "2016-06-01", "last_on": "2016-05-01"}, "last_on"),
        ({"post": "0"}, "post"),
    ],
)
def test_a_share_that_cannot_be_is_refused(desk, agreement, post, given, field):
    factories.AnyPostShare(post=post)
    said = {"post": post.pk, "share": "50", "begins_on": "2016-01-01", "last_on": "2016-12-31"}
    answer = desk.post(page_of("new_share", agreement), said | given)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert desk.post(page_of("new_share", agreement), said).status_code == 302
    share = PostShare.objects.get(agreement=agreement)
    assert share.share == 5_000
    twice = desk.post(page_of("new_share", agreement), said)
    assert list(twice.context["form"].errors) == ["post"]
    desk.post(page_of("share_withdrawal", share))
    assert not agreement.post_shares.standing().exists()


# -- accounts


@pytest.fixture
def money(agreement):
    """Two funders, one of them the pilot itself: 30,000 promised by each, 5,000 and 7,000 paid, 4,000 justified."""
    own = factories.AnyAgreement(funder__kind="PILOT", funder__name="Caisse des Dépôts", organization=None)
    instalment = factories.AnyInstalment(agreement=agreement)
    factories.AnyPayment(instalment=instalment)
    factories.AnyProgress(instalment=instalment, state="JUSTIFIED", amount_cents=400_000, reached_on=date(2017, 2, 1))
    theirs = factories.AnyInstalment(agreement=own)
    factories.AnyPayment(instalment=theirs, use="ANIMATION", amount_cents=700_000, paid_on=date(2017, 1, 9))
    factories.AnyPayment(
        instalment=factories.AnyInstalment(agreement=own), withdrawn_at=timezone.now(), withdrawn_by=factories.AnyUser()
    )


def lines(page):
    return {
        line.label: (line.sums.committed, line.sums.paid, line.sums.justified)
        for line in page.context["accounts"].lines
    }


def test_accounts_are_summed_along_each_axis_and_own_funds_apart(desk, money):
    by_year = desk.get(ACCOUNTS)

    assert lines(by_year) == {"2017": (0, 700_000, 400_000), "2016": (6_000_000, 500_000, 0)}
    found = by_year.context["accounts"]
    assert (found.own.paid, found.others.paid, found.total.committed) == (700_000, 500_000, 6_000_000)
    assert lines(desk.get(ACCOUNTS, {"par": "funder"})) == {
        "Caisse des Dépôts": (3_000_000, 700_000, 0),
        "Préfecture": (3_000_000, 500_000, 400_000),
    }
    assert list(lines(desk.get(ACCOUNTS, {"par": "region"}))) == [""]
    assert [sums[1:] for sums in lines(desk.get(ACCOUNTS, {"par": "use"})).values()] == [
        (500_000, 400_000),
        (700_000, 0),
        (0, 0),
    ]
    assert lines(desk.get(ACCOUNTS, {"de": "2017", "a": "2017"})) == {"2017": (0, 700_000, 400_000)}


def test_accounts_and_the_list_leave_as_files(desk, money, agreement):
    Funder.objects.filter(pk=agreement.funder_id).update(name="=1+1")
    text = desk.get(ACCOUNTS, {"par": "funder", "sous": "csv"}).content.decode()

    assert "'=1+1;30000,00;5000,00;4000,00" in text
    book = openpyxl.load_workbook(io.BytesIO(desk.get(LIST, {"sous": "xlsx", "mots": "CV-2016"}).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert (rows[1][0], rows[1][1], rows[1][9:]) == ("CV-2016", "=1+1", (30_000, 5_000, 4_000))
    assert book.active["B2"].data_type == "s"
    assert set(Entry.objects.filter(action__endswith="exported").values_list("action", flat=True)) == {
        "funding.accounts.exported",
        "funding.agreements.exported",
    }


def test_what_was_paid_for_posts_is_shared_out_among_them_to_the_cent(desk, agreement, site):
    instalment = factories.AnyInstalment(agreement=agreement)
    factories.AnyPayment(instalment=instalment, amount_cents=100_001)
    for share in (3_333, 3_333, 3_334):
        factories.AnyPostShare(agreement=agreement, post=factories.AnyPost(site=site), share=share)
    posts = desk.get(agreement.get_absolute_url()).context["posts"]

    assert [cents for _share, cents in posts] == [33_330, 33_330, 33_341]


# -- documents

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF"


def sent(client, agreement, name, content):
    return client.post(page_of("new_document", agreement), {"file": upload(name, content)})


def upload(name, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def test_a_document_is_kept_and_saved_by_right_only(desk, client, agreement, reader):
    assert sent(desk, agreement, "Convention signée.pdf", PDF).status_code == 302
    stored = StoredFile.objects.get()
    address = page_of("document", stored)
    answer = desk.get(address)

    assert answer.content == PDF
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''Convention%20sign%C3%A9e.pdf"
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
    assert stored.kept_until == agreement.ends_on + timedelta(days=3_653)
    assert Entry.objects.filter(action="files.file.read").count() == 1
    client.force_login(reader)
    assert client.get(address).status_code == 200
    client.force_login(factories.AnyMandate(role=Role.FUNDER, site=None).user)
    assert client.get(address).status_code == 404
    client.force_login(
        factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=factories.AnyHostOrganization()).user
    )
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.pdf", b"MZ\x90\x00" + b"\x00" * 60),
        ("image.png", PDF),
        ("page.html", b"<html></html>"),
        ("rien.pdf", b""),
        ("grand.pdf", PDF + b" " * 10_485_760),
    ],
)
def test_a_document_that_is_not_what_it_says_is_refused(desk, agreement, name, content):
    answer = sent(desk, agreement, name, content)

    assert (answer.status_code, list(answer.context["document"].errors)) == (422, ["file"])
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("command", ["false", "nothing-of-that-name", "sh -c 'exit 7'"])
def test_what_a_scan_finds_or_cannot_read_is_served_to_nobody(desk, agreement, settings, command):
    settings.SCAN_COMMAND = command
    sent(desk, agreement, "convention.pdf", PDF)
    stored = StoredFile.objects.get()

    assert stored.verdict in {"INFECTED", "UNSCANNABLE"}
    assert desk.get(page_of("document", stored)).status_code == 404


def test_a_document_taken_away_is_there_no_more(desk, agreement):
    stored = factories.AnyStoredFile(owner_id=agreement.pk)
    desk.post(page_of("document_removal", stored))

    assert desk.get(page_of("document", stored)).status_code == 404
    assert list(desk.get(agreement.get_absolute_url()).context["documents"]) == []


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "last_on"),
    [
        (date(2027, 1, 1), date(2028, 1, 1), date(2028, 12, 31)),
        (date(2028, 1, 1), date(2029, 1, 1), date(2029, 12, 31)),
        (date(2025, 1, 1), date(2028, 1, 1), date(2030, 12, 31)),
        (date(2026, 3, 1), date(2026, 9, 1), date(2027, 3, 3)),
    ],
)
def test_what_follows_is_as_long_in_years(begins_on, ends_on, last_on):
    said = forms.following(factories.AnyAgreement(begins_on=begins_on, ends_on=ends_on, rhythm="TRIENNIAL"))
    assert (said["begins_on"], said["last_on"]) == (ends_on, last_on)


def test_a_mistyped_signature_is_refused_and_one_recorded_can_be_corrected(desk, agreement):
    late = desk.post(page_of("signature", agreement), {"signed_on": "2062-01-04"})
    assert (late.status_code, list(late.context["signature"].errors)) == (422, ["signed_on"])
    page = desk.get(page_of("agreement", agreement)).content.decode()
    assert page_of("signature", agreement) in page
    assert desk.post(page_of("signature", agreement), {"signed_on": "2016-01-05"}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.signed_on == date(2016, 1, 5)


def test_the_days_of_a_share_are_those_of_its_post_too(desk, agreement, post):
    post.ends_on = date(2016, 7, 1)
    post.save()
    address = page_of("new_share", agreement)
    form = desk.get(address, {"poste": post.pk}).context["form"]
    assert (form.initial["begins_on"], form.initial["last_on"]) == (date(2016, 1, 1), date(2016, 6, 30))
    said = {"post": post.pk, "share": "50", "begins_on": "2016-01-01", "last_on": "2016-12-31"}
    answer = desk.post(address, said)
    assert "30 juin 2016" in answer.context["form"].errors["begins_on"][0]


def test_an_account_that_pays_for_nothing_yet_says_so(client, reader, agreement):
    client.force_login(reader)
    page = client.get(page_of("account", agreement.funder)).content.decode()
    assert "Aucun poste aujourd’hui." in page
    assert "Aucune action collective depuis le début." in page
