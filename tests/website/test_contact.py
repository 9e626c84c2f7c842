"""A first contact in three fields: at the right site, once, on the advisors' page, and never drowning it."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts.services import TooOften
from citeslab.agenda import queries, services
from citeslab.agenda.models import ContactAnswer, FirstContact
from citeslab.audit.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
EN = {"headers": {"accept-language": "en"}}
SAID = {"name": "Nour Bensaïd", "contact": "06 39 98 01 42"}


def write(client, site=None, origin="192.0.2.1", **said):
    form = SAID | {"key": str(uuid4())} | ({"words": "Un triporteur"} if site else {"commune": "25000 Besançon"}) | said
    page = reverse("website:message", args=[site.pk]) if site else reverse("website:contact")
    return client.post(page, form, **EN, REMOTE_ADDR=origin)


@pytest.fixture
def received(site):
    def made(**said):
        wanted = {"site": site, "name": "Nour Bensaïd", "phone": "+33639980142", "key": uuid4(), "at": timezone.now()}
        return services.receive(**(wanted | said))

    return made


# -- on the page ------------------------------------------------------------------------------------------------------


def test_three_fields_reach_the_site_of_the_commune(client, site, opened):
    factories.AnyCommune(code="59350", name="Lille", sort_key="lille", longitude=3.057, latitude=50.629)
    opened("CitésLab de Lille", commune_code="59350")
    answer = write(client)

    assert answer["Location"] == reverse("website:received_by", args=[site.pk])
    made = FirstContact.objects.get()
    assert (made.site, made.name, made.phone, made.email) == (site, "Nour Bensaïd", "+33639980142", "")
    assert (made.wish, made.commune_name) == ("CALL", "Besançon (25)")
    assert Entry.objects.get(action="agenda.contact.received").details["site"] == site.pk
    assert "CitésLab de Besançon calls or writes" in client.get(answer["Location"], **EN).content.decode()


def test_to_a_site_that_she_has_found_the_third_field_is_a_sentence(client, site):
    write(client, site, contact="nour@example.org")

    made = FirstContact.objects.get()
    assert (made.site, made.email, made.words, made.commune_name) == (site, "nour@example.org", "Un triporteur", "")


def test_of_two_communes_of_one_name_she_says_which(client, site, opened):
    for department, code, number in (("974", "97411", "97400"), ("93", "93066", "93200")):
        factories.AnyCommune(
            code=code, name="Saint-Denis", sort_key="saint denis", postal_codes=[number],
            department=factories.AnyDepartment(code=department, name=department),
        )  # fmt: skip
    here = opened("CitésLab de Saint-Denis", commune_code="93066")
    refused = write(client, commune="Saint-Denis")
    answer = write(client, commune="Saint-Denis 93200")

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["commune"])
    assert "Saint-Denis (974)" in str(refused.context["form"].errors["commune"])
    assert refused.context["form"]["name"].value() == "Nour Bensaïd"
    assert answer["Location"] == reverse("website:received_by", args=[here.pk])


@pytest.mark.parametrize("asked", ["", "?langue=en"])
def test_a_language_that_was_asked_stays_when_it_has_arrived(client, site, asked):
    for page in (reverse("website:contact"), reverse("website:message", args=[site.pk])):
        said = SAID | {"commune": "25000", "key": str(uuid4())}
        answer = client.post(page + asked, said, headers={"accept-language": "fr"})
        machine = client.post(page + asked, said | {"site_web": "x"}, headers={"accept-language": "fr"})

        assert answer["Location"] == reverse("website:received_by", args=[site.pk]) + asked
        assert machine["Location"] == reverse("website:received") + asked
        thanks = client.get(answer["Location"], headers={"accept-language": "fr"}).content.decode()
        assert ("It has arrived" in thanks) is bool(asked)


@pytest.mark.parametrize("name", ["contact", "message", "booking"])
def test_a_form_is_read_in_the_other_language_by_an_address_and_keeps_what_it_is_about(client, site, name):
    page = reverse(f"website:{name}", args=[] if name == "contact" else [site.pk])
    answer = client.get(page, {"langue": "en", "creneau": "1-1"}, headers={"accept-language": "en"})
    said = answer.content.decode()

    assert f'href="{page}?creneau=1-1&amp;langue=fr" lang="fr"' in said
    assert reverse("set_language") not in said


def test_the_thanks_are_the_same_for_everyone_and_name_nobody(client, site):
    said = client.get(write(client, site)["Location"], **EN)

    assert said["Cache-Control"] == "public, max-age=60"
    assert "Nour" not in said.content.decode()


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", ""), ("name", "x" * 201), ("contact", ""), ("contact", "12"), ("contact", "a@b"), ("commune", ""),
        ("commune", "Bruxelles, Belgique"), ("commune", "75001 Dallas"), ("key", ""), ("name", "a\u0000b"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_stays_in_the_form(client, site, field, said):
    answer = write(client, **{field: said})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert not FirstContact.objects.exists()


def test_sent_twice_it_is_one_line(client, site):
    key = str(uuid4())
    assert [write(client, key=key).status_code for _time in range(2)] == [302, 302]
    assert FirstContact.objects.count() == 1
    assert FirstContact.objects.get().times == 1


def test_who_asks_again_by_the_same_phone_is_one_line_that_says_how_often(client, site, received):
    received(words="Un triporteur")
    write(client, site, name="Nour", words="C’est urgent")

    made = FirstContact.objects.get()
    assert (made.times, made.name, made.words) == (2, "Nour Bensaïd", "Un triporteur C’est urgent")
    services.answer(contact=made, outcome="SPOKEN", by=factories.AnyUser(), at=timezone.now())
    write(client, site)
    assert FirstContact.objects.count() == 2


@pytest.mark.parametrize("reached", [{"phone": "+33639980142"}, {"phone": "", "email": "maison@example.org"}])
def test_two_who_share_a_phone_or_an_address_are_two_lines_that_keep_all_they_said(received, reached):
    received(**reached, commune_name="Besançon")
    received(name="Zoé Bensaïd", **reached, commune_name="Dole")
    received(name="zoe bensaid", **reached, words="C’est urgent")

    rows = FirstContact.objects.order_by("pk").values_list("name", "commune_name", "times", "words")
    assert list(rows) == [("Nour Bensaïd", "Besançon", 1, ""), ("Zoé Bensaïd", "Dole", 2, "C’est urgent")]


def test_what_is_said_anew_completes_the_line(received):
    received(name="Nour")
    received(name="Bensaïd Nour", commune_name="Besançon")

    made = FirstContact.objects.get()
    assert (made.times, made.name, made.commune_name) == (2, "Bensaïd Nour", "Besançon")


def test_a_machine_is_thanked_and_nothing_is_kept(client, site):
    assert write(client, site_web="x")["Location"] == reverse("website:received")
    assert client.get(reverse("website:received")).status_code == 200
    assert not FirstContact.objects.exists()


def test_ten_thousand_forms_from_one_address_leave_a_handful_and_the_next_house_writes(client, site, settings):
    settings.CONTACTS_AN_HOUR = 5
    # Of ten thousand, the first hundred: what is counted at the sixth is what is counted at the last.
    statuses = [write(client, contact=f"06 39 98 {n:02} {n:02}").status_code for n in range(100)]

    assert statuses == [302] * 5 + [429] * 95
    assert FirstContact.objects.count() == 5
    assert write(client, contact="voisine@example.org", origin="198.51.100.7").status_code == 302
    refused = write(client)
    assert refused.context["form"].non_field_errors() == [str(TooOften())]
    assert refused.context["form"]["name"].value() == "Nour Bensaïd"


def test_a_field_typed_wrong_counts_for_nothing(client, site, settings):
    settings.CONTACTS_AN_HOUR = 1
    for _time in range(3):
        assert write(client, contact="06 39").status_code == 422

    assert [write(client).status_code for _time in range(2)] == [302, 429]


def test_without_anybody_at_work_the_form_says_so(client, besancon):
    answer = write(client)

    assert answer.status_code == 422
    assert "Nobody answers there yet" in answer.content.decode()


# -- for the advisors -------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


def test_today_shows_the_longest_wait_first_with_its_verb(signed_in, received):
    received(name="Première", phone="+33639980101")
    received(name="Seconde", phone="", email="seconde@example.org")
    said = signed_in.get(reverse("desk:home"), **EN).content.decode()

    assert said.index("Première") < said.index("Seconde")
    assert 'href="tel:+33639980101">Call back' in said
    assert 'href="mailto:seconde@example.org">Write back' in said


def test_a_flood_from_everywhere_does_not_drown_today(signed_in, site, advisor, django_assert_num_queries):
    at = timezone.now()
    factories.AnyFirstContact(site=site, name="Vraie", received_at=at)
    with django_assert_num_queries(2):  # her mandates, and those who wait
        queries.contacts_waiting(advisor, on=timezone.localdate(at), lines=5)
    FirstContact.objects.bulk_create(
        FirstContact(
            site=site, name=f"Robot {n}", phone=f"+336{n:08}", wish="CALL", received_at=at, last_at=at, words="x" * 500
        )
        for n in range(10_000)
    )
    page = signed_in.get(reverse("desk:home"), **EN)
    said = page.content.decode()

    assert page.context["contacts_count"] == 10_001
    assert said.count("Asked to be called") == 5
    assert "Vraie" in said
    assert "See all 10,001 who wait" in said
    assert signed_in.get(reverse("agenda:contacts"), **EN).content.decode().count("Asked to be called") == 30


def test_what_came_of_it_has_who_and_when_and_is_taken_back(signed_in, advisor, received):
    made = received()
    page = reverse("agenda:contact", args=[made.pk])
    act = reverse("agenda:contact_answer", args=[made.pk])
    for _tap in range(2):
        signed_in.post(act, {"outcome": "TRIED"})
    assert ContactAnswer.objects.get().recorded_by == advisor
    assert "Called 1 time without an answer" in signed_in.get(reverse("desk:home"), **EN).content.decode()

    signed_in.post(act, {"outcome": "SPOKEN"})
    signed_in.post(act, {"outcome": "EMPTY"})
    assert ContactAnswer.objects.standing().exclude(outcome="TRIED").get().outcome == "SPOKEN"
    assert "Nour" not in signed_in.get(reverse("desk:home"), **EN).content.decode()
    assert "Spoken to, nothing follows for now" in signed_in.get(page, **EN).content.decode()

    signed_in.post(act, {"outcome": ""})
    assert FirstContact.objects.waiting().get() == made
    assert signed_in.post(act, {"outcome": "JOINED"}).status_code == 302  # is no answer that one gives
    assert not made.answers.standing().filter(outcome="JOINED").exists()


def test_she_is_joined_to_a_file_or_has_one_opened(signed_in, site, received):
    known = factories.AnyPerson(site=site, first_name="Nour", preferred_name="Bensaïd", phone="+33639980142")
    other = factories.AnyPerson(site=site, first_name="Zoé", preferred_name="Autre")
    page, act = (reverse(f"agenda:{name}", args=[received().pk]) for name in ("contact", "contact_file"))
    assert signed_in.get(page).context["candidates"] == [known]
    assert signed_in.get(page, {"words": "autre"}).context["candidates"] == [other]

    signed_in.post(act, {"person": known.pk})
    assert FirstContact.objects.get().person == known
    signed_in.post(reverse("agenda:contact_parting", args=[FirstContact.objects.get().pk]))
    assert signed_in.post(act, {"first_name": "", "preferred_name": "x"}).status_code == 422
    signed_in.post(act, {"first_name": "Nour", "preferred_name": "Bensaïd"})
    made = FirstContact.objects.get().person
    assert made != known
    assert made.recorded_by == site.mandates.get().user


def test_a_file_of_another_site_cannot_be_joined(signed_in, received):
    elsewhere = factories.AnyPerson()
    act = reverse("agenda:contact_file", args=[received().pk])

    for asked in (elsewhere.pk, "x", 0):
        assert signed_in.post(act, {"person": asked}).status_code == 404
    assert FirstContact.objects.get().person is None


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, received, django_assert_num_queries):
    page = reverse("agenda:contacts")
    services.answer(contact=received(), outcome="SPOKEN", by=factories.AnyUser(), at=timezone.now())
    received(phone="+33639980100")
    signed_in.get(page)
    with django_assert_num_queries(10) as one:
        signed_in.get(page)
    for rank in range(2):
        services.answer(
            contact=received(phone=f"+3363998011{rank}"), outcome="SPOKEN", by=factories.AnyUser(), at=timezone.now()
        )
        received(phone=f"+3363998012{rank}")
    with django_assert_num_queries(len(one)):
        signed_in.get(page)


# -- her consent ------------------------------------------------------------------------------------------------------


def test_an_advisor_agrees_changes_her_words_and_takes_it_back(signed_in, advisor):
    page = reverse("agenda:public_name")
    assert signed_in.get(page).context["form"]["first_name"].initial == "Inès"
    signed_in.post(page, {"act": "show", "first_name": "Inès", "speaks": "français et portugais"})
    signed_in.post(page, {"act": "show", "first_name": "Inès", "speaks": "français et portugais"})
    signed_in.post(page, {"act": "show", "first_name": "Nina", "speaks": ""})
    assert signed_in.post(page, {"act": "show", "first_name": ""}).status_code == 422
    assert queries.public_names([advisor.pk])[advisor.pk].first_name == "Nina"

    signed_in.post(page, {"act": "hide"})
    assert queries.public_names([advisor.pk]) == {}
    acts = list(Entry.objects.filter(action__startswith="agenda.public_name").values_list("action", flat=True))
    assert acts == ["agenda.public_name.shown"] * 2 + ["agenda.public_name.hidden"]


# -- promises of the database -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factory", "given", "name"),
    [
        (factories.AnyFirstContact, {"name": ""}, "agenda_firstcontact_says_who"),
        (factories.AnyFirstContact, {"forgotten_at": factories.LONG_AGO}, "agenda_firstcontact_says_who"),
        (factories.AnyFirstContact, {"phone": ""}, "agenda_firstcontact_can_be_called"),
        (factories.AnyBookedOnline, {"contact": None, "site": None}, "agenda_appointment_of_someone"),
        (factories.AnyPublicName, {"first_name": ""}, "agenda_publicname_says_it"),
    ],
)
def test_the_database_refuses(site, factory, given, name):
    if "site" in given:
        given = {**given, "site": site}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factory(**given)


def test_the_database_keeps_one_settling_answer_and_one_public_name(site):
    contact, advisor = factories.AnyFirstContact(site=site), factories.AnyUser()
    for factory, given, name in (
        (factories.AnyContactAnswer, {"contact": contact, "outcome": "SPOKEN"}, "agenda_contactanswer_settled_once"),
        (factories.AnyPublicName, {"advisor": advisor}, "agenda_publicname_one_at_a_time"),
    ):
        factory(**given)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            factory(**given)
