"""The directory of partners: who is near, who may write in it, what is refused."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from citeslab.audit.models import Entry
from citeslab.partners import queries, services
from citeslab.partners.models import Contact, Network, Office
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


def test_the_networks_that_everyone_knows_are_there():
    # Tests with real commits empty every table after them: the migration's own act is what is tried here.
    migration = import_module("citeslab.partners.migrations.0002_name_known_networks")
    with connection.schema_editor() as editor:
        migration.name(apps, editor)

    assert {"Adie", "BGE", "Initiative France", "France Active"} <= set(Network.objects.values_list("name", flat=True))


def test_offices_near_a_site_name_its_commune_or_work_in_its_whole_department():
    site = factories.AnySite(commune_code="25056")
    whole = factories.AnyContact(office__department=site.department)
    here = factories.AnyContact(office__department=site.department, office__commune_codes=["25056"])
    factories.AnyContact(office__department=site.department, office__commune_codes=["25388"])

    assert set(queries.contacts_near(site)) == {whole, here}


def test_a_contact_is_added_corrected_and_retired(signed_in, advisor):
    office = factories.AnyOffice()
    signed_in.post(
        reverse("partners:new_contact", args=[office.pk]), {"name": "Lila Roy", "email": "lila@adie.example"}
    )
    contact = Contact.objects.get()
    signed_in.post(reverse("partners:contact", args=[contact.pk]), {"name": "Lila Roy", "email": "l.roy@adie.example"})
    signed_in.post(reverse("partners:retirement", args=[contact.pk]))

    contact.refresh_from_db()
    assert (contact.email, contact.retired_by) == ("l.roy@adie.example", advisor)
    acts = Entry.objects.filter(action__startswith="partners.contact").values_list("action", "details")
    assert list(acts) == [
        ("partners.contact.added", {"office_id": office.pk}),
        ("partners.contact.corrected", {"fields": ["email"]}),
        ("partners.contact.retired", {}),
    ]


def test_an_address_is_given_once_in_an_office_whatever_its_case(signed_in):
    office = factories.AnyOffice()
    factories.AnyContact(office=office, email="lila@adie.example")
    address = reverse("partners:new_contact", args=[office.pk])

    assert signed_in.post(address, {"name": "X", "email": "LILA@adie.example"}).status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.AnyContact(office=office, email="Lila@adie.example")


def test_an_office_is_opened_once(signed_in, site):
    network = factories.AnyNetwork()
    factories.AnyCommune()
    form = {"network": network.pk, "name": "Adie Besançon", "department": "25", "communes": "25056", "city": "Besançon"}

    assert signed_in.post(reverse("partners:new_office"), form).status_code == 302
    assert signed_in.post(reverse("partners:new_office"), form).status_code == 422
    assert signed_in.post(reverse("partners:new_office"), {**form, "name": "Y", "communes": "99999"}).status_code == 422
    assert Office.objects.get().commune_codes == ["25056"]


@pytest.mark.parametrize(("words", "found"), [("adie besancon", 1), ("BESANÇON", 1), ("lyon", 0)])
def test_the_search_forgives_accents(signed_in, advisor, at, words, found):
    department = factories.AnyDepartment()
    network = factories.AnyNetwork(name="Adie")
    services.open_office(network=network, name="Antenne", department=department, city="Besançon", by=advisor, at=at)

    assert len(signed_in.get(reverse("partners:offices"), {"words": words}).context["page"]) == found


@pytest.mark.parametrize("query", ["department=zz", "words=%00", "purpose=X", "page=x"])
def test_a_strange_address_gets_a_page(signed_in, query):
    assert signed_in.get(f"{reverse('partners:offices')}?{query}").status_code == 200
