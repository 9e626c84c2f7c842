"""Between two sites: what is said, what is never said, and the two keys."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.duplicates.enums import Band
from citeslab.duplicates.models import Agreement, Inquiry, Join, JoinRequest, Likeness
from citeslab.duplicates.services import asking, joining
from citeslab.network.enums import Role
from citeslab.notifications.models import Message
from citeslab.people.models import Person
from tests import factories

pytestmark = pytest.mark.django_db
TYPING = reverse("duplicates:while_typing")
LIST = reverse("duplicates:likenesses")
BORN = date(1988, 4, 21)
SHE = {"first_name": "Fatoumata", "preferred_name": "Diallo", "born_on": "1988-04-21"}


@pytest.fixture
def there(db):
    """Her file at another site, and its advisor."""
    person = factories.AnyPerson(
        first_name="Fatoumata",
        preferred_name="Diallo",
        born_on=BORN,
        phone="+33639980001",
        email="fatou@exemple.fr",
        reference="SECRET-7",
        site__name="CitésLab de Dole",
    )
    person.advisor = factories.AnyMandate(site=person.site).user
    return person


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


def test_a_likely_file_of_her_own_site_is_shown(signed_in, site):
    known = factories.AnyPerson(site=site, first_name="Fatoumata", preferred_name="Dialo", born_on=BORN)
    factories.AnyMeeting(person=known, held_on=timezone.localdate())

    page = signed_in.post(TYPING, SHE)

    (one,) = page.context["nearby"]
    assert (one["person"], one["last_contact"]) == (known, timezone.localdate())
    assert reverse("desk:person", args=[known.pk]) in page.content.decode()


def test_of_another_site_nothing_is_said_but_that_a_file_may_exist(signed_in, there):
    page = signed_in.post(TYPING, SHE)

    said = page.content.decode()
    assert "CitésLab de Dole" in said
    for secret in ("SECRET-7", "Diallo", "Fatoumata", "1988", "fatou@", "39980001", f"/personnes/{there.pk}/"):
        assert secret not in said
    assert page.context["nearby"] == []


@pytest.mark.parametrize(
    "typed",
    [
        {"first_name": "Fatoumata", "preferred_name": "Diallo"},  # no date, no phone
        {"first_name": "Fatoumata", "preferred_name": "Diallo", "born_on": "1988-04-22"},
        {"first_name": "Fatoumata", "preferred_name": "Diallo", "phone": "06 39 98 00 02"},
        {"first_name": "Aminata", "preferred_name": "Diallo", "born_on": "1988-04-21", "phone": "06 39 98 00 01"},
        {"first_name": "", "preferred_name": "Diallo", "born_on": "1988-04-21"},
        {"first_name": "Fatoumata", "preferred_name": "Martin", "born_on": "1988-04-21"},
        {"first_name": "\x00", "preferred_name": "", "born_on": "tomorrow", "phone": "x" * 500, "site": "zzz"},
    ],
)
def test_who_does_not_know_her_learns_nothing(signed_in, there, typed):
    page = signed_in.post(TYPING, typed)

    assert (page.status_code, page.context["elsewhere"]) == (200, None)
    assert "Dole" not in page.content.decode()


def test_a_phone_is_read_in_any_form(signed_in, there):
    page = signed_in.post(TYPING, SHE | {"born_on": "", "phone": "06 39 98 00 01"})

    assert page.context["elsewhere"] == there.site


def test_an_inquiry_is_journaled_once_and_keeps_no_name(signed_in, advisor, there):
    for _ in range(3):
        signed_in.post(TYPING, SHE)

    (entry,) = Entry.objects.filter(action="duplicates.likeness.hinted")
    assert (entry.actor_id, entry.subject_id, entry.details) == (advisor.pk, there.pk, {})
    (inquiry,) = Inquiry.objects.values_list("asked_by", "digest", "found")
    assert "iallo" not in str(inquiry)


def test_asking_about_many_people_is_stopped_and_her_own_site_still_answers(signed_in, there, site, monkeypatch):
    monkeypatch.setattr(asking, "MOST_IN_AN_HOUR", 3)
    factories.AnyPerson(site=site, first_name="Fatoumata", preferred_name="Diallo", born_on=BORN)
    for name in ("Aa", "Bb", "Cc"):
        signed_in.post(TYPING, SHE | {"preferred_name": name})

    page = signed_in.post(TYPING, SHE)

    assert page.context["elsewhere"] is None
    assert page.context["refusal"]
    assert len(page.context["nearby"]) == 1


@pytest.mark.parametrize("role", [Role.PILOT, Role.FUNDER])
def test_the_pilot_and_the_funders_are_told_nothing(client, there, role):
    client.force_login(factories.AnyMandate(role=role, site=None).user)
    likeness = factories.AnyLikeness(first=there)

    assert client.post(TYPING, SHE).status_code == 404
    assert client.get(LIST).status_code == 404
    assert client.get(reverse("duplicates:pair", args=[likeness.pk])).status_code == 404


def test_asking_while_typing_opens_a_request_that_both_sides_get(signed_in, advisor, there, site):
    inquiry = signed_in.post(TYPING, SHE).context["inquiry"]
    address = reverse("duplicates:asked_while_typing", args=[inquiry.pk])

    signed_in.post(address, SHE)
    signed_in.post(address, SHE)  # the phone sends again

    request = JoinRequest.objects.get()
    assert (request.asking_site, request.asked_site, request.ours, request.theirs) == (site, there.site, None, there)
    messages = list(Message.objects.order_by("recipient"))
    assert {message.recipient for message in messages} == {advisor.email, there.advisor.email}
    for message in messages:
        assert "Diallo" not in message.subject + message.body
        assert reverse("duplicates:request", args=[request.pk]) in message.body


def test_someone_elses_inquiry_cannot_be_used(client, signed_in, there):
    inquiry = signed_in.post(TYPING, SHE).context["inquiry"]
    client.force_login(factories.AnyMandate().user)

    assert client.post(reverse("duplicates:asked_while_typing", args=[inquiry.pk])).status_code == 404
    assert not JoinRequest.objects.exists()


@pytest.fixture
def far(there, site):
    """A strong likeness between two sites."""
    ours = factories.AnyPerson(
        site=site, first_name="Fatou", preferred_name="Dialo", born_on=BORN, phone="+33639980009"
    )
    first, second = sorted((ours, there), key=lambda person: person.pk)
    return factories.AnyLikeness(first=first, second=second), ours, there


def test_each_side_of_a_pair_sees_its_own_file_alone(client, far, advisor):
    likeness, ours, there = far
    page = reverse("duplicates:pair", args=[likeness.pk])
    for user, seen, hidden in ((advisor, "Dialo", "Diallo"), (there.advisor, "Diallo", "Dialo")):
        client.force_login(user)
        for address in (LIST, page):
            said = client.get(address).content.decode()
            assert seen in said
            assert hidden not in said
        assert client.post(reverse("duplicates:join_creation", args=[likeness.pk])).status_code == 404
        assert client.post(reverse("duplicates:difference", args=[likeness.pk]), {"reason": "x"}).status_code == 404
    assert Person.objects.filter(pk__in=[ours.pk, there.pk]).count() == 2


def test_a_weak_likeness_with_another_site_is_not_shown(client, far, advisor):
    likeness, _ours, _there = far
    Likeness.objects.update(band=Band.POSSIBLE)
    client.force_login(advisor)

    assert client.get(LIST).context["pairs"] == []
    assert client.get(reverse("duplicates:pair", args=[likeness.pk])).status_code == 404


def test_across_sites_a_join_needs_the_yes_of_both(client, far, advisor, at):
    likeness, ours, there = far
    factories.AnyMeeting(person=ours, held_on=date(2020, 1, 6))
    factories.AnyMeeting(person=there, held_on=date(2019, 1, 6))
    client.force_login(advisor)
    client.post(reverse("duplicates:question", args=[likeness.pk]))
    request = JoinRequest.objects.get()
    address = reverse("duplicates:request", args=[request.pk])
    yes = reverse("duplicates:agreement", args=[request.pk])

    client.post(yes)
    client.post(yes)
    assert Agreement.objects.count() == 1
    assert not Join.objects.exists()
    assert "Diallo" not in client.get(address).content.decode()

    client.force_login(there.advisor)
    assert "Dialo" not in client.get(address).content.decode()
    client.post(yes)

    join = Join.objects.get()
    assert (join.kept_key, join.gone_key, join.joined_by, join.agreed_by) == (
        ours.pk, there.pk, there.advisor, advisor,
    )  # fmt: skip
    ours.refresh_from_db()
    assert (ours.meetings.count(), ours.email, ours.phone, ours.site) == (
        2, "fatou@exemple.fr", "+33639980009", advisor.mandates.get().site,
    )  # fmt: skip
    assert Message.objects.filter(key__contains="joined").count() == 2
    # She who no longer holds the file can still have it back.
    said = client.get(reverse("duplicates:join", args=[join.pk])).content.decode()
    assert "Dialo" not in said
    client.post(reverse("duplicates:join_undoing", args=[join.pk]))
    assert Person.objects.get(pk=there.pk).meetings.count() == 1


def test_a_stranger_sees_no_request_and_no_join(client, far, at):
    _likeness, ours, there = far
    request = factories.AnyJoinRequest(ours=ours, theirs=there)
    join = joining.join(kept=factories.AnyPerson(), gone=factories.AnyPerson(), by=factories.AnyUser(), at=at)
    client.force_login(factories.AnyMandate().user)

    for name, key in [("request", request.pk), ("join", join.pk)]:
        assert client.get(reverse(f"duplicates:{name}", args=[key])).status_code == 404
    for name, key in [
        ("agreement", request.pk),
        ("request_difference", request.pk),
        ("request_closure", request.pk),
        ("join_undoing", join.pk),
    ]:
        assert client.post(reverse(f"duplicates:{name}", args=[key]), {"reason": "x"}).status_code == 404
    with pytest.raises(asking.NotYourFile):
        asking.agree(request=request, by=factories.AnyUser(), at=at)


def test_saying_no_closes_the_question_and_the_pair_never_comes_back(client, far, advisor):
    _likeness, ours, there = far
    request = factories.AnyJoinRequest(ours=ours, theirs=there)
    client.force_login(there.advisor)
    address = reverse("duplicates:request_difference", args=[request.pk])

    assert client.post(address, {"reason": " "}).status_code == 422
    client.post(address, {"reason": "Deux cousines"})

    request.refresh_from_db()
    assert request.closed_by == there.advisor
    assert not Likeness.objects.exists()


def test_join_by_the_page_takes_the_chosen_values_and_undo_gives_them_back(signed_in, site):
    kept = factories.AnyPerson(site=site, first_name="Fatou", preferred_name="Diallo", phone="+33639980001")
    gone = factories.AnyPerson(
        site=site, first_name="Fatou", preferred_name="Dialo", phone="+33639980002", email="f@exemple.fr", reference=""
    )
    likeness = factories.AnyLikeness(first=kept, second=gone)
    page = signed_in.get(reverse("duplicates:pair", args=[likeness.pk]))
    seen = page.context["form"]["seen"].value()
    chosen = {"seen": seen, "preferred_name": "kept", "phone": "gone"}

    assert signed_in.post(reverse("duplicates:join_creation", args=[likeness.pk]), {"seen": seen}).status_code == 422
    answer = signed_in.post(reverse("duplicates:join_creation", args=[likeness.pk]), chosen)

    join = Join.objects.get()
    assert answer.url == reverse("duplicates:join", args=[join.pk])
    kept.refresh_from_db()
    assert (kept.preferred_name, kept.phone, kept.email) == ("Diallo", "+33639980002", "f@exemple.fr")
    gone_page = reverse("desk:person", args=[gone.pk])
    assert signed_in.get(gone_page).url == reverse("desk:person", args=[kept.pk])

    signed_in.post(reverse("duplicates:join_undoing", args=[join.pk]))
    kept.refresh_from_db()
    assert (kept.phone, kept.email) == ("+33639980001", "")
    assert signed_in.get(gone_page).status_code == 200


def test_a_file_changed_between_preview_and_join_is_shown_again(signed_in, site):
    kept, gone = factories.AnyPerson(site=site), factories.AnyPerson(site=site)
    likeness = factories.AnyLikeness(first=kept, second=gone)
    form = signed_in.get(reverse("duplicates:pair", args=[likeness.pk])).context["form"]
    chosen = dict.fromkeys(form.fields, "kept") | {"seen": form["seen"].value()}
    Person.objects.filter(pk=gone.pk).update(phone="+33639980077")

    answer = signed_in.post(reverse("duplicates:join_creation", args=[likeness.pk]), chosen)

    assert answer.status_code == 422
    assert not Join.objects.exists()


@pytest.mark.parametrize("name", ["=1+1", "<b>x</b>", "O'Neil", "Z", "n" * 200, "\u202eabc", "😀"])
def test_strange_names_are_shown_as_text(signed_in, site, name):
    one, other = (factories.AnyPerson(site=site, preferred_name=name) for _ in range(2))
    likeness = factories.AnyLikeness(first=one, second=other)

    for page in (LIST, reverse("duplicates:pair", args=[likeness.pk])):
        said = signed_in.get(page)
        assert said.status_code == 200
        assert "<b>x</b>" not in said.content.decode()
    assert signed_in.post(TYPING, {"first_name": "Élodie", "preferred_name": name}).status_code == 200


def test_the_list_costs_the_same_for_one_pair_or_twenty(signed_in, site, django_assert_num_queries):
    def add(count):
        for _ in range(count):
            factories.AnyLikeness(first=factories.AnyPerson(site=site), second=factories.AnyPerson(site=site))
            theirs = factories.AnyPerson()
            factories.AnyJoinRequest(ours=factories.AnyPerson(site=site), theirs=theirs)

    add(1)
    signed_in.get(LIST)
    # session, user; her mandates and sites, once; the lists, the count of pairs; demonstration
    with django_assert_num_queries(10) as one:
        signed_in.get(LIST)
    add(15)
    with django_assert_num_queries(len(one)):
        signed_in.get(LIST)


def test_her_page_says_that_she_may_be_known_twice(signed_in, site):
    one, other = (factories.AnyPerson(site=site) for _ in range(2))
    likeness = factories.AnyLikeness(first=one, second=other)

    said = signed_in.get(reverse("desk:person", args=[one.pk])).content.decode()

    assert reverse("duplicates:pair", args=[likeness.pk]) in said


def test_inquiries_of_yesterday_are_asked_again(there, advisor, at):
    from citeslab.duplicates.matching import model

    typed = model.traits(first_name="Fatoumata", preferred_name="Diallo", born_on=BORN)
    first = asking.inquire(typed=typed, by=advisor, at=at)
    again = asking.inquire(typed=typed, by=advisor, at=at + timedelta(days=2))

    assert first == again
    assert Entry.objects.filter(action="duplicates.likeness.hinted").count() == 2
