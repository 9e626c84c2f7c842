"""What partners offer: dated, searched by need, place and amount; how they answer."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from citeslab.partners import queries, services
from citeslab.partners.enums import Purpose
from citeslab.partners.forms import Euros
from citeslab.partners.models import Offer
from citeslab.referrals import queries as referrals
from citeslab.referrals.enums import Kind
from tests import factories

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
FORM = {
    "purpose": "FINANCE",
    "title": "Microcrédit",
    "amount_from_cents": "500",
    "amount_to_cents": "12 000",
    "begins_on": "2026-01-01",
}


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


@pytest.fixture
def office():
    return factories.AnyOffice(network__name="Adie", name="Adie Besançon")


def test_who_finances_8000_euros_in_the_doubs(signed_in, office):
    factories.AnyOffer(network=office.network, amount_from_cents=50_000, amount_to_cents=1_200_000)
    small = factories.AnyOffice(network__name="Petit prêt")
    factories.AnyOffer(network=small.network, amount_to_cents=500_000)
    elsewhere = factories.AnyOffice(network=office.network, department=factories.AnyDepartment(code="62", name="Nord"))
    factories.AnyOffice(network__name="Sans montant")
    asked = {"purpose": "FINANCE", "department": "25", "amount": "8 000 €"}

    assert list(signed_in.get(reverse("partners:offices"), asked).context["page"]) == [office]
    assert list(signed_in.get(reverse("partners:offices"), {"amount": "8000"}).context["page"]) == [office, elsewhere]


@pytest.mark.parametrize(
    ("amount", "found"),
    [(49_999, 0), (50_000, 1), (1_200_000, 1), (1_200_001, 0)],
    ids=["under", "least", "most", "over"],
)
def test_an_amount_is_between_its_bounds_both_included(office, amount, found):
    factories.AnyOffer(network=office.network, amount_from_cents=50_000, amount_to_cents=1_200_000)

    assert queries.directory(amount_cents=amount, on=ON).count() == found


def test_an_offer_that_ended_or_is_of_another_office_is_not_found(office):
    other = factories.AnyOffice(network=office.network)
    factories.AnyOffer(network=office.network, ends_on=ON)
    factories.AnyOffer(network=office.network, office=other)

    assert list(queries.directory(amount_cents=100_000, on=ON)) == [other]
    assert set(queries.directory(amount_cents=100_000, on=ON - timedelta(days=1))) == {office, other}


def test_an_offer_says_what_its_network_does_not(office):
    factories.AnyOffer(network=office.network, office=office, purpose=Purpose.TRAINING)

    assert list(queries.directory(purpose=Purpose.TRAINING, on=ON)) == [office]


def test_a_commune_finds_the_offices_that_cover_it_who_name_it_first(signed_in, office):
    factories.AnyCommune()
    named = factories.AnyOffice(network__name="Zèbre", commune_codes=["25056"])
    factories.AnyOffice(network=office.network, commune_codes=["25388"])
    page = signed_in.get(reverse("partners:offices"), {"commune": "besancon"})

    assert list(page.context["page"]) == [named, office]


@pytest.mark.parametrize("asked", [{"commune": "Nulleville"}, {"amount": "beaucoup"}, {"amount": "-5"}])
def test_what_is_not_understood_is_said_and_answers_nothing(signed_in, office, asked):
    factories.AnyOffer(network=office.network)
    page = signed_in.get(reverse("partners:offices"), asked)

    assert (page.status_code, len(page.context["page"])) == (200, 0)
    assert list(page.context["form"].errors) == list(asked)


@pytest.mark.parametrize(
    ("written", "cents"), [("8 000", 800_000), ("8000,5", 800_050), ("8\u202f000 €", 800_000), ("0.05", 5), ("", None)]
)
def test_amounts_are_read_as_people_write_them(written, cents):
    assert Euros(required=False).clean(written) == cents


def test_conditions_that_change_leave_the_former_ones_to_be_read(signed_in, office):
    former = factories.AnyOffer(network=office.network, office=office, amount_to_cents=600_000)
    address = f"{reverse('partners:new_offer', args=[office.pk])}?remplace={former.pk}"
    form = signed_in.get(address).context["form"]
    signed_in.post(address, FORM)
    former.refresh_from_db()
    page = signed_in.get(reverse("desk:office", args=[office.pk])).context

    assert form.initial["amount_to_cents"] == 600_000
    assert former.ends_on == date(2026, 1, 1)
    assert [offer.amount_to_cents for offer in page["offers"]] == [1_200_000]
    assert page["past"] == [former]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"amount_to_cents": "100"}, "amount_to_cents"),
        ({"purpose": "COACHING"}, "amount_from_cents"),
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"begins_on": ""}, "begins_on"),
    ],
)
def test_an_offer_that_cannot_be_is_refused(signed_in, office, said, where):
    answer = signed_in.post(reverse("partners:new_offer", args=[office.pk]), {**FORM, **said})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [where])
    assert not Offer.objects.exists()


def test_the_service_and_the_database_refuse_amounts_in_disorder(office, advisor, at):
    with pytest.raises(services.NotAmounts):
        services.make_offer(
            network=office.network, purpose="JOB", title="x", amount_to_cents=1, begins_on=ON, by=advisor, at=at
        )
    with pytest.raises(IntegrityError, match="amounts_in_order"), transaction.atomic():
        factories.AnyOffer(amount_from_cents=2, amount_to_cents=1)
    with pytest.raises(IntegrityError, match="amounts_of_financing"), transaction.atomic():
        factories.AnyOffer(purpose=Purpose.JOB, amount_to_cents=1)


def test_an_offer_that_ends_today_is_past(signed_in, office):
    offer = factories.AnyOffer(network=office.network)
    for _twice in range(2):
        signed_in.post(reverse("partners:end_of_offer", args=[offer.pk]))
    offer.refresh_from_db()

    assert offer.ends_on == timezone.localdate()
    assert signed_in.get(reverse("desk:partner_network", args=[office.network_id])).context["past"] == [offer]


def test_communes_are_written_by_name_or_code_and_exist(signed_in, office):
    factories.AnyCommune()
    factories.AnyCommune(code="25388", name="Montbéliard", sort_key="montbeliard", postal_codes=["25200"])
    address = reverse("partners:office", args=[office.pk])
    form = {"name": office.name, "department": "25"}
    refused = signed_in.post(address, {**form, "communes": "Besançon\nNulleville"})
    signed_in.post(address, {**form, "communes": "Besançon\n25388"})
    office.refresh_from_db()

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["communes"])
    assert office.commune_codes == ["25056", "25388"]
    assert signed_in.get(reverse("desk:office", args=[office.pk])).context["area"] == ["Besançon", "Montbéliard"]


def test_an_office_does_not_take_the_name_of_another(signed_in, office):
    factories.AnyOffice(network=office.network, name="Adie Lens")
    form = {"name": "adie lens", "department": "25"}

    assert signed_in.post(reverse("partners:office", args=[office.pk]), form).status_code == 422


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_office_or_three(signed_in, many, django_assert_num_queries):
    for _ in range(many):
        contact = factories.AnyContact()
        factories.AnyOffer(network=contact.office.network)

    with django_assert_num_queries(12):
        page = signed_in.get(reverse("partners:offices"), {"amount": "500", "purpose": "FINANCE"})
    assert len(page.context["page"]) == many


@pytest.mark.parametrize("many", [1, 3])
def test_an_office_costs_the_same_for_one_offer_or_three(signed_in, office, many, django_assert_num_queries):
    factories.AnyOffer.create_batch(many, network=office.network, office=office)
    factories.AnyOffer.create_batch(many, network=office.network, office=office, ends_on=ON)
    factories.AnyContact.create_batch(many, office=office)

    with django_assert_num_queries(12):
        signed_in.get(reverse("desk:office", args=[office.pk]))


# -- how they answer


def sent(office, count, *, site, answered=0, days=60, took=2):
    contact = office.contacts.first() or factories.AnyContact(office=office)
    at = timezone.now() - timedelta(days=days)
    for number in range(count):
        referral = factories.AnyReferral(contact=contact, person__site=site, sent_at=at)
        if number < answered:
            when = at + timedelta(days=took)
            factories.AnyAnswer(referral=referral, kind=Kind.ACCEPTED, contact=contact, recorded_at=when)


def answers(*offices, exact=()):
    found = type(offices[0]).objects.filter(pk__in=[office.pk for office in offices])
    return referrals.answers_of(found, exact=exact, on=timezone.localdate())


def test_her_own_referrals_are_told_as_they_are(office, site):
    sent(office, 2, site=site, answered=1, took=3)
    here, elsewhere = answers(office, exact=[site.pk])

    assert (here.sent, here.answered, here.median_days) == (2, 1, 3.0)
    assert (elsewhere.sent, elsewhere.answered, elsewhere.median_days) == (None, None, None)


@pytest.mark.parametrize(
    ("count", "answered", "told"),
    [(4, 4, (None, None)), (5, 5, (5, 5)), (12, 4, (12, None)), (12, 8, (12, None)), (12, 7, (12, 7))],
)
def test_of_the_others_few_are_not_counted_out_loud(office, count, answered, told):
    sent(office, count, site=factories.AnySite(), answered=answered)
    _here, elsewhere = answers(office)

    assert (elsewhere.sent, elsewhere.answered) == told
    assert elsewhere.median_days == (2.0 if told[1] else None)


def test_a_network_tells_the_sum_of_the_offices_that_are_told(office):
    small = factories.AnyOffice(network=office.network)
    sent(office, 6, site=factories.AnySite(), answered=6)
    sent(small, 3, site=factories.AnySite(), answered=3)
    _here, elsewhere = answers(office, small)

    assert (elsewhere.sent, elsewhere.answered) == (6, 6)


@pytest.mark.parametrize(
    ("replied", "told"),
    [((7, 4), None), ((7, 7, 4, 3), None), ((2, 3), None), ((7, 10), None), ((7, 7), 14), ((7, 13), 20)],
)
def test_what_a_network_tells_leaves_no_office_to_be_worked_out(office, replied, told):
    """Of thirteen sent to each: where one is not told, neither is the sum."""
    offices = [office, *factories.AnyOffice.create_batch(len(replied) - 1, network=office.network)]
    for one, number in zip(offices, replied, strict=True):
        sent(one, 13, site=factories.AnySite(), answered=number)
    _here, elsewhere = answers(*offices)

    assert (elsewhere.sent, elsewhere.answered) == (13 * len(replied), told)


def test_of_the_others_this_month_is_not_told_yet(office):
    sent(office, 9, site=factories.AnySite(), days=0)
    _here, elsewhere = answers(office)

    assert elsewhere.sent is None


def test_the_pilot_reads_the_directory_and_protected_answers(client, pilot, office, site):
    sent(office, 3, site=site)
    client.force_login(pilot)
    page = client.get(reverse("desk:office", args=[office.pk]))

    assert (page.context["here"].sent, page.context["elsewhere"].sent) == (0, None)
    listed = client.get(reverse("partners:offices"))
    assert list(listed.context["page"]) == [office]
    assert "Paul Garrigue" not in listed.content.decode() + page.content.decode()
    assert client.get(reverse("partners:new_contact", args=[office.pk])).status_code == 404
