"""A resident books a free time herself: once, without an account, and her advisor finds whose file it is."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from citeslab.agenda import queries, services, tasks
from citeslab.agenda.enums import ContactOutcome
from citeslab.agenda.models import Appointment, ContactAnswer, FirstContact
from citeslab.audit.models import Entry
from citeslab.notifications.models import Message
from citeslab.people.models import Person
from citeslab.website.views.booking import address_of
from tests import factories

pytestmark = pytest.mark.django_db
EN = {"headers": {"accept-language": "en"}}


@pytest.fixture
def slots(site):
    return queries.bookable(site, at=timezone.now())


def send(client, site, slot, **said):
    form = {"name": "Nour Bensaïd", "contact": "06 39 98 01 42", "words": "Un triporteur", "key": str(uuid4())} | said
    page = f"{reverse('website:booking', args=[site.pk])}?creneau={slot if isinstance(slot, str) else address_of(slot)}"
    return client.post(page, form, **EN)


@pytest.fixture
def booked(site, advisor, slots):
    def made(slot=None, at=None, **said):
        slot = slot or slots[0]
        wanted = {"name": "Nour Bensaïd", "phone": "+33639980142", "key": uuid4(), **said}
        return services.book_online(
            site=site, advisor=advisor, starts_at=slot.starts_at, at=at or timezone.now(), **wanted
        )[0]

    return made


# -- on the page ------------------------------------------------------------------------------------------------------


def test_a_tap_on_an_hour_three_fields_and_it_is_hers(client, site, advisor, slots):
    page = client.get(reverse("website:booking", args=[site.pk]), **EN).content.decode()
    assert page.count(' href="?creneau=') == len(slots)
    answer = send(client, site, slots[0])

    made = Appointment.objects.get()
    assert (made.advisor, made.starts_at, made.place) == (advisor, slots[0].starts_at, slots[0].place)
    assert (made.person, made.contact.name, made.contact.phone) == (None, "Nour Bensaïd", "+33639980142")
    assert (made.channel, made.told_by, made.contact.words) == ("ONLINE", "SMS", "Un triporteur")
    hers = client.get(answer["Location"], **EN).content.decode()
    assert "Your appointment with an advisor" in hers
    assert "Carvalho" not in hers
    assert not Person.objects.exists()


def test_the_message_and_the_page_say_the_name_that_the_advisor_agreed_to(client, site, advisor, slots):
    services.show_name(advisor=advisor, first_name="Inès", by=advisor, at=timezone.now())
    answer = send(client, site, slots[0], contact="nour@example.org")

    assert "Your appointment with Inès" in client.get(answer["Location"], **EN).content.decode()
    told = Message.objects.get(key__startswith="agenda.appointment.booked:")
    assert told.recipient == "nour@example.org"
    assert "Inès" in told.body
    assert "Carvalho" not in told.body + told.calendar


def test_without_phone_or_e_mail_the_page_is_enough_and_cancels_in_one_tap(client, site, slots):
    hers = send(client, site, slots[0], contact="", words="")["Location"]
    assert "Keep the address of this page" in client.get(hers, **EN).content.decode()
    assert not Message.objects.exists()

    assert "is cancelled" in client.post(hers, {"act": "cancel"}, **EN).content.decode()
    assert Appointment.objects.standing().count() == 0
    assert queries.bookable(site, at=timezone.now())[0] == slots[0]
    assert not FirstContact.objects.waiting().exists()


def test_sent_twice_it_is_one_and_both_pages_are_hers(client, site, slots):
    key = str(uuid4())
    first, second = send(client, site, slots[0], key=key), send(client, site, slots[0], key=key)

    assert Appointment.objects.count() == FirstContact.objects.count() == 1
    assert client.get(first["Location"]).status_code == client.get(second["Location"]).status_code == 200


def test_a_time_that_was_taken_shows_the_others_and_nothing_of_who_took_it(client, site, slots, booked):
    booked()
    answer = send(client, site, slots[0], name="Zoé")
    said = answer.content.decode()

    assert answer.status_code == 422
    assert "has just been taken" in said
    assert said.count(' formaction="?creneau=') == len(slots) - 1
    assert "Nour" not in said
    assert Appointment.objects.count() == 1


def test_what_was_typed_books_another_time_in_one_tap(client, site, slots, booked):
    booked()
    answer = send(client, site, slots[0], name="Zoé", contact="zoe@example.org")
    form = answer.context["form"]
    assert [form[name].value() for name in ("name", "contact", "words")] == ["Zoé", "zoe@example.org", "Un triporteur"]

    other = re.search(r'<button class="button" form="booking" formaction="([^"]+)"', answer.content.decode())[1]
    sent = {bound.html_name: bound.value() for bound in form if bound.value()}
    answer = client.post(reverse("website:booking", args=[site.pk]) + unescape(other), sent, **EN)
    assert answer.status_code == 302
    assert Appointment.objects.get(contact__name="Zoé").starts_at == slots[1].starts_at


def test_with_no_other_time_what_was_typed_asks_to_be_called(client, site, slots, advisor):
    for slot in slots:
        day = timezone.localdate(slot.starts_at)
        services.close_day(advisor=advisor, day=day, by=advisor, at=timezone.now())
    answer = send(client, site, slots[0], name="Zoé")
    message = reverse("website:message", args=[site.pk])
    assert f' formaction="{message}"' in answer.content.decode()

    form = answer.context["form"]
    client.post(message, {bound.html_name: bound.value() for bound in form if bound.value()}, **EN)
    assert FirstContact.objects.get().name == "Zoé"


@pytest.mark.parametrize("asked", ["", "?langue=en", "?langue=fr"])
def test_a_language_that_was_asked_stays_until_her_own_page(client, site, slots, asked):
    page = reverse("website:booking", args=[site.pk])
    slot = f"{asked}{'&' if asked else '?'}creneau={address_of(slots[0])}"
    other = {"headers": {"accept-language": "fr" if asked.endswith("en") else "en"}}  # the address has the last word
    answer = client.post(page + slot, {"name": "Nour", "key": str(uuid4())}, **other)
    hers = client.get(answer["Location"], **other).content.decode()

    assert answer["Location"].endswith(f"/{asked}")
    assert ("Cancel my appointment" in hers) is (asked != "?langue=fr")
    switched = re.search(r'<a class="public-link" href="([^"]+)" lang="(..)"', hers)
    assert f'<html lang="{switched[2]}">' in client.get(switched[1], **other).content.decode()
    assert f'<html lang="{switched[2]}">' not in hers


@pytest.mark.parametrize(
    "slot", ["", "1", "x-y", "999999-1764150000", "1-99999999999999", "0-0", "١-١", "1-1764150000-1", "<b>"]
)
def test_a_strange_time_books_nothing(client, site, slot):
    assert send(client, site, slot).status_code == 422
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("field", "said"), [("name", ""), ("name", "a\u0000b"), ("contact", "12"), ("contact", "a@b"), ("key", "x")]
)
def test_a_field_that_cannot_be_read_is_said_and_nothing_is_booked(client, site, slots, field, said):
    answer = send(client, site, slots[0], **{field: said})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert not FirstContact.objects.exists()


def test_a_machine_is_thanked_and_nothing_is_kept(client, site, slots):
    assert send(client, site, slots[0], site_web="https://spam.example")["Location"] == reverse("website:received")
    assert not Appointment.objects.exists()


def test_one_origin_books_so_often_and_one_phone_holds_two(client, site, slots, settings):
    settings.CONTACTS_AN_HOUR = 4
    statuses = [send(client, site, slot).status_code for slot in slots[:6]]

    assert statuses == [302, 302, 422, 422, 429, 429]
    assert Appointment.objects.count() == 2


def test_a_field_typed_wrong_counts_for_nothing(client, site, slots, settings):
    settings.CONTACTS_AN_HOUR = 1
    for _time in range(3):
        assert send(client, site, slots[0], contact="06 39").status_code == 422

    assert [send(client, site, slot).status_code for slot in slots[:2]] == [302, 429]


def test_hours_open_to_all_closed_days_and_the_next_hours_are_not_offered(site, advisor, slots):
    at = timezone.now()
    assert all(slot.place.startswith("Au bureau") for slot in slots)
    assert min(slot.starts_at for slot in slots) > at + queries.LEAST_NOTICE
    day = timezone.localdate(slots[-1].starts_at)
    services.close_day(advisor=advisor, day=day, by=advisor, at=at)
    assert day not in {timezone.localdate(slot.starts_at) for slot in queries.bookable(site, at=at)}


def test_who_leaves_is_offered_until_her_last_day_and_who_comes_from_her_first(site, advisor, slots):
    """The day is that of the site; nothing is left to be booked afterwards."""
    at = timezone.now()
    leaves_on = timezone.localdate(at) + timedelta(days=7)
    comes_on = leaves_on + timedelta(days=7)
    after = next(slot for slot in slots if timezone.localdate(slot.starts_at, site.zone) == leaves_on)
    site.mandates.update(ends_on=leaves_on)
    factories.AnyMandate(site=site, user=advisor, begins_on=comes_on)

    kept = {timezone.localdate(slot.starts_at, site.zone) for slot in queries.bookable(site, at=at)}
    every = {timezone.localdate(slot.starts_at, site.zone) for slot in slots}
    assert kept == {day for day in every if day < leaves_on or day >= comes_on}
    assert leaves_on - timedelta(days=1) in kept
    assert comes_on in kept
    with pytest.raises(services.SlotTaken):
        services.book_online(
            site=site, advisor=advisor, starts_at=after.starts_at, name="Nour Bensaïd", key=uuid4(), at=at
        )


def test_an_account_that_is_closed_is_offered_no_more(site, advisor, slots):
    advisor.is_active = False
    advisor.save()

    assert slots
    assert queries.bookable(site, at=timezone.now()) == []


# -- at once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_on_one_time_and_one_has_it(site, advisor, slots):
    at = timezone.now()

    def book(number):
        try:
            services.book_online(
                site=site, advisor=advisor, starts_at=slots[0].starts_at, name=f"Habitante {number}", key=uuid4(), at=at
            )
        except services.SlotTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(16) as threads:  # as many as the test server lets in at once
        given = list(threads.map(book, range(200)))

    assert given.count(True) == 1
    assert Appointment.objects.count() == FirstContact.objects.count() == 1
    assert Entry.objects.filter(action="agenda.appointment.booked").count() == 1


# -- what becomes of it -----------------------------------------------------------------------------------------------


def test_it_is_in_the_advisors_day_and_joined_to_a_file_it_is_the_persons(client, site, advisor, booked):
    known = factories.AnyPerson(site=site, first_name="Nour", preferred_name="Bensaïd", phone="", email="n@example.org")
    made = booked()
    at = timezone.now()
    day = timezone.localdate(made.starts_at)
    assert [one.who.name for one in queries.appointments_of_day(advisor, day)] == ["Nour Bensaïd"]

    assert queries.candidates(made.contact, Person.objects.all()) == [known]
    services.join(contact=made.contact, person=known, by=advisor, at=at)
    services.join(contact=made.contact, person=factories.AnyPerson(site=site), by=advisor, at=at)

    known.refresh_from_db()
    assert queries.next_appointment(known, at=at) == made
    assert (known.phone, known.email) == ("+33639980142", "n@example.org")
    assert Person.objects.count() == 2
    assert not FirstContact.objects.waiting().exists()
    assert Entry.objects.filter(action="agenda.contact.joined").count() == 1


def test_nobody_is_joined_or_made_without_a_human(booked, site):
    factories.AnyPerson(site=site, first_name="Nour", preferred_name="Bensaïd", phone="+33639980142")
    made = booked()

    assert made.person is None
    assert Person.objects.count() == 1


def test_a_file_opened_by_a_slip_is_taken_back_and_a_used_one_stays(site, advisor, booked):
    at, contact = timezone.now(), booked().contact
    opened = {"first_name": "Nour", "preferred_name": "Bensaïd", "by": advisor, "at": at}
    person = services.open_file(contact=contact, **opened)
    assert services.open_file(contact=contact, **opened) == person
    assert (person.phone, person.contact_source) == ("+33639980142", "le site public")
    services.part(contact=contact, by=advisor, at=at)
    assert not Person.objects.exists()
    assert FirstContact.objects.waiting().count() == 1

    person = services.open_file(contact=contact, **opened)
    factories.AnyMeeting(person=person)
    services.part(contact=contact, by=advisor, at=at)
    assert Person.objects.get() == person
    assert Appointment.objects.get().person is None
    assert ContactAnswer.objects.standing().count() == 0


def test_a_cancelled_time_waits_for_nobody_until_it_is_restored(advisor, booked):
    made, at = booked(), timezone.now()
    services.cancel(appointment=made, reason="ADVISOR", by=advisor, at=at)
    assert ContactAnswer.objects.standing().get().outcome == ContactOutcome.GAVE_BACK

    services.restore(appointment=made, by=advisor, at=at)
    assert FirstContact.objects.waiting().get() == made.contact


def test_it_moves_is_held_and_passes_to_a_colleague_like_another(site, advisor, booked, slots):
    at = timezone.now()
    made = booked(phone="", email="nour@example.org")
    services.move(appointment=made, starts_at=slots[2].starts_at, advisor=advisor, by=advisor, at=at)
    colleague = factories.AnyMandate(site=site).user
    count = services.hand_over(
        advisor=advisor, to=colleague, since=timezone.localdate(at), site=site, by=advisor, at=at
    )
    made.refresh_from_db()

    assert (count, made.advisor) == (1, colleague)
    assert {one.recipient for one in Message.objects.all()} == {"nour@example.org"}
    services.note_outcome(appointment=made, outcome="HELD", by=colleague, at=made.ends_at)


def test_three_months_later_it_is_a_count(site, advisor, booked):
    at = timezone.now()
    made = booked(words="Un triporteur")
    kept = booked(slot=queries.bookable(site, at=at)[5], phone="", name="Kept")
    joined = booked(slot=queries.bookable(site, at=at)[6], phone="", name="Joined")
    services.join(contact=joined.contact, person=factories.AnyPerson(site=site), by=advisor, at=at)
    later = at + timedelta(days=200)
    kept.starts_at, kept.ends_at = later, later + timedelta(minutes=45)
    kept.save()

    assert services.forget_contacts(before=later - tasks.CONTACTS_KEPT, at=later) == 2
    assert services.forget_contacts(before=later - tasks.CONTACTS_KEPT, at=later) == 0

    rows = {one.pk: one for one in FirstContact.objects.all()}
    assert [rows[one.contact_id].name for one in (made, kept, joined)] == ["", "Kept", ""]
    assert rows[made.contact_id].words == rows[made.contact_id].phone == ""
    assert Message.objects.filter(about_id=made.pk).exclude(body="").count() == 0
    assert Appointment.objects.visible_to(advisor, on=timezone.localdate()).count() == 2
