"""The advisor's pages: refer someone, follow, take back; and who may not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.network.enums import Role
from citeslab.notifications.models import Message
from citeslab.referrals import queries, services
from citeslab.referrals.enums import Kind, Reason
from citeslab.referrals.models import Referral
from tests import factories
from tests.referrals.conftest import secret_of

pytestmark = pytest.mark.django_db
LIST = reverse("referrals:referrals")


@pytest.fixture
def at():
    return timezone.now() - timedelta(days=30)


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


def filled(response, **changes):
    """What the form of a page would send."""
    form = response.context["form"]
    fields = {"purpose": "FINANCE", "form_key": form["form_key"].value(), "message": "Un triporteur."}
    fields |= {"contact": form.fields["contact"].queryset[0].pk, "project": form["project"].value() or ""}
    if hasattr(fields["project"], "pk"):
        fields["project"] = fields["project"].pk
    return {**fields, "fields_agreed": ["NAME", "PHONE"], **changes}


def test_she_is_referred_in_three_steps(signed_in, samira, contact, advisor):
    url = reverse("referrals:sending", args=[samira.pk])
    assert "contact" not in signed_in.get(url).content.decode()
    form = filled(signed_in.get(url, {"pour": "FINANCE"}))

    preview = signed_in.post(url, {**form, "act": "preview"})
    assert preview.context["sheet"] == {"NAME": "Samira Khelifi", "PHONE": "+33639980142"}
    assert not Referral.objects.exists()

    agreed = {**form, "act": "send", "seen": preview.context["seen"], "manner": "IN_PERSON"}
    today = timezone.localdate().isoformat()
    sent = [signed_in.post(url, {**agreed, "agreed_on": today}) for _press in range(2)]

    referral = Referral.objects.get()
    assert [response["Location"] for response in sent] == [reverse("referrals:referral", args=[referral.pk])] * 2
    assert referral.sheet == preview.context["sheet"]
    assert (referral.consent.manner, referral.consent.recorded_by) == ("IN_PERSON", advisor)
    assert Message.objects.get().recipient == contact.email


@pytest.mark.parametrize(
    "changes",
    [
        {"fields_agreed": ["PHONE"]},
        {"fields_agreed": []},
        {"fields_agreed": ["NAME", "BORN_ON"]},  # not known: not offered
        {"contact": "999999"},
        {"contact": "x"},
        {"project": "999999"},
        {"message": "x" * 2_001},
    ],
)
def test_a_form_that_cannot_be_sent_says_why(signed_in, samira, contact, changes):
    url = reverse("referrals:sending", args=[samira.pk])
    form = filled(signed_in.get(url, {"pour": "FINANCE"}), **changes)

    assert signed_in.post(url, {**form, "act": "preview"}).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [{"manner": ""}, {"manner": "TELEPATHY"}, {"agreed_on": ""}, {"agreed_on": "2099-01-01"}, {"seen": "0" * 64}],
)
def test_nothing_leaves_without_her_agreement_to_this_very_sheet(signed_in, samira, contact, changes):
    url = reverse("referrals:sending", args=[samira.pk])
    form = filled(signed_in.get(url, {"pour": "FINANCE"}))
    preview = signed_in.post(url, {**form, "act": "preview"})
    agreed = {"seen": preview.context["seen"], "manner": "PHONE", "agreed_on": timezone.localdate().isoformat()}

    assert signed_in.post(url, {**form, **agreed, **changes, "act": "send"}).status_code == 422
    assert not Referral.objects.exists()


def test_partners_of_another_department_or_purpose_are_not_offered(signed_in, samira, contact):
    far = factories.AnyDepartment(code="35", name="Ille-et-Vilaine")
    factories.AnyContact(office__department=far, office__network__name="Initiative France")
    factories.AnyContact(
        office__department=contact.office.department,
        office__network=factories.AnyNetwork(name="Cap emploi", purposes=["JOB"]),
    )
    retired = factories.AnyContact(office__department=contact.office.department, office__network__name="France Active")
    retired.retired_at, retired.retired_by = timezone.now(), factories.AnyUser()
    retired.save()
    form = signed_in.get(reverse("referrals:sending", args=[samira.pk]), {"pour": "FINANCE"}).context["form"]

    assert [choice.office.network.name for choice in form.fields["contact"].queryset] == ["Adie"]


def test_another_site_sees_nothing_and_does_nothing(client, referral, samira):
    client.force_login(factories.AnyMandate().user)
    addresses = [
        reverse("referrals:referral", args=[referral.pk]),
        reverse("referrals:sending", args=[samira.pk]),
    ]
    acts = [reverse(f"referrals:{name}", args=[referral.pk]) for name in ("resending", "withdrawal", "revocation")]

    assert [client.get(url).status_code for url in addresses] == [404, 404]
    assert [client.post(url).status_code for url in acts] == [404] * 3
    assert "Khelifi" not in client.get(LIST).content.decode()
    assert queries.state_of(referral) == Kind.SENT


@pytest.mark.parametrize("role", [Role.PILOT, Role.FUNDER])
def test_the_pilot_and_the_funders_see_no_referral_and_no_contact(client, referral, samira, role):
    client.force_login(factories.AnyMandate(role=role, site=None).user)
    for url in (
        LIST,
        reverse("partners:contact", args=[referral.contact_id]),
        reverse("referrals:referral", args=[referral.pk]),
        reverse("referrals:sending", args=[samira.pk]),
    ):
        assert client.get(url).status_code == 404


def test_a_person_who_moves_to_another_site_takes_her_referrals_along(client, referral, samira):
    elsewhere = factories.AnyMandate()
    samira.site = elsewhere.site
    samira.save()
    client.force_login(elsewhere.user)

    assert client.get(reverse("referrals:referral", args=[referral.pk])).status_code == 200


def test_reading_a_referral_is_journaled(signed_in, referral, samira, advisor):
    signed_in.get(reverse("referrals:referral", args=[referral.pk]))

    entry = Entry.objects.get(action="referrals.referral.read")
    assert (entry.subject_id, entry.actor_id, entry.details) == (samira.pk, advisor.pk, {"referral_id": referral.pk})


def test_the_views_of_the_list_and_their_counts(signed_in, referral, send, at):
    recent = send(contact=factories.AnyContact(), at=timezone.now())
    taken = send(contact=factories.AnyContact())
    services.answer(link=queries.link_of(secret_of(taken)), kind=Kind.ACCEPTED, form_key="", at=at)
    refused = send(contact=factories.AnyContact())
    services.answer(
        link=queries.link_of(secret_of(refused)), kind=Kind.REFUSED, form_key="", reason=Reason.NO_ROOM, at=at
    )

    def shown(view):
        return {found.pk for found in signed_in.get(LIST, {"view": view}).context["page"]}

    assert shown("") == {referral.pk, recent.pk, taken.pk, refused.pk}
    assert shown("waiting") == {referral.pk, recent.pk}
    assert shown("late") == {referral.pk}
    assert shown("underway") == {taken.pk}
    assert shown("answered") == {taken.pk, refused.pk}
    assert shown("closed") == {refused.pk}
    assert [chip["count"] for chip in signed_in.get(LIST).context["views"]] == [4, 2, 1, 1, 2, 1]
    assert len(signed_in.get(LIST, {"words": "khélifi adie"}).context["page"]) == 1


@pytest.mark.parametrize("query", ["view=%00", "page=-1", "purpose=X", "site=nope", "words=%00a"])
def test_a_strange_address_gets_a_page(signed_in, referral, query):
    assert signed_in.get(f"{LIST}?{query}").status_code == 200


def test_lists_cost_the_same_for_one_or_thirty(signed_in, send, samira):
    pages = [LIST, reverse("desk:home"), reverse("desk:person", args=[samira.pk]), reverse("partners:offices")]

    def add(count):
        for _ in range(count):
            send(contact=factories.AnyContact())

    add(1)
    for url in pages:
        signed_in.get(url)
    costs = []
    for _round in range(2):
        for url in pages:
            with CaptureQueriesContext(connection) as captured:
                signed_in.get(url)
            costs.append(len(captured))
        add(23)

    assert costs[:4] == costs[4:]


def test_her_page_and_home_tell_what_partners_said(signed_in, referral, samira):
    person, home = reverse("desk:person", args=[samira.pk]), reverse("desk:home")
    assert signed_in.get(home).context["referrals"].waiting_count == 1  # thirty days without an answer
    assert f"{LIST}?view=waiting" in signed_in.get(home).content.decode()
    now = timezone.now()
    link = queries.link_of(secret_of(referral))
    services.answer(link=link, kind=Kind.ACCEPTED, form_key="", at=now)
    services.answer(link=link, kind=Kind.FIRST_MEETING, form_key="", at=now)

    assert signed_in.get(person).context["confirmed_by"] == dict.fromkeys(
        samira.transitions.values_list("pk", flat=True), "Adie"
    )
    # one line a referral: its last word
    assert [answer.kind for answer in signed_in.get(home).context["referrals"].answered] == ["FIRST_MEETING"]


def test_acts_of_the_advisor(signed_in, referral):
    assert signed_in.post(reverse("referrals:resending", args=[referral.pk])).status_code == 302
    assert signed_in.post(reverse("referrals:revocation", args=[referral.pk])).status_code == 302
    assert signed_in.post(reverse("referrals:resending", args=[referral.pk])).status_code == 422
    assert queries.state_of(referral) == Kind.WITHDRAWN
