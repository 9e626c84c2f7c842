"""A partner answers an advisor by phone: the advisor notes it, and her word declares where the partner's confirms."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.followup.enums import Evidence, ExitReason, Stage
from citeslab.followup.models import Transition
from citeslab.notifications.models import Message
from citeslab.referrals import queries, services
from citeslab.referrals.enums import Kind, Outcome, Reason
from citeslab.referrals.models import Answer
from tests.referrals.conftest import days, secret_of

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"


@pytest.fixture
def hear(referral, advisor, at):
    def heard(kind, *, after=1, key="", **said):
        return services.note_by_phone(
            referral=referral, kind=kind, form_key=key, by=advisor, at=at + days(after), **said
        )

    return heard


def steps(person):
    found = Transition.objects.standing().filter(person=person).in_order()
    return list(found.values_list("stage", "exit_reason", "evidence"))


def test_what_she_hears_is_declared_and_nobody_is_told_twice(hear, referral, samira, advisor):
    hear(Kind.ACCEPTED)
    met = hear(Kind.FIRST_MEETING, after=9)

    assert (met.contact, met.recorded_by) == (None, advisor)
    assert steps(samira) == [(Stage.PARC, "", Evidence.DECLARED)]
    assert queries.confirmations(samira) == {}
    assert not Message.objects.filter(recipient=advisor.email).exists()
    # a partner who answers by phone is not reminded
    assert queries.state_of(referral) == Kind.FIRST_MEETING


def test_the_partners_own_word_confirms_what_was_declared(hear, referral, samira, at):
    hear(Kind.ACCEPTED)
    hear(Kind.FIRST_MEETING, after=2)
    link = queries.link_of(secret_of(referral))
    services.answer(
        link=link, kind=Kind.OUTCOME, form_key="", outcome=Outcome.LOAN, amount_cents=300_000, at=at + days(9)
    )

    assert steps(samira) == [(Stage.PARC, "", Evidence.DECLARED), (Stage.PARC, "", Evidence.PARTNER)]


def test_a_number_that_its_key_proves_is_a_registration_by_phone_too(hear, samira):
    hear(Kind.ACCEPTED)
    with pytest.raises(services.WrongSiret):
        hear(Kind.OUTCOME, outcome=Outcome.REGISTERED, siret="73282932000075")
    hear(Kind.OUTCOME, outcome=Outcome.REGISTERED, siret=SIRET)

    assert steps(samira) == [(Stage.SORT, ExitReason.CREATION, Evidence.REGISTERED)]


def test_a_step_already_declared_is_not_declared_again(hear, samira):
    hear(Kind.ACCEPTED)
    hear(Kind.FIRST_MEETING)
    hear(Kind.OUTCOME, outcome=Outcome.LOAN, amount_cents=100)

    assert steps(samira) == [(Stage.PARC, "", Evidence.DECLARED)]


def test_the_same_form_twice_is_one_answer_and_a_colleagues_note_is_told_to_who_follows(hear, referral, pilot, at):
    assert hear(Kind.ACCEPTED, key="k") == hear(Kind.ACCEPTED, key="k")
    services.note_by_phone(referral=referral, kind=Kind.FIRST_MEETING, form_key="", by=pilot, at=at + days(2))

    assert Message.objects.filter(recipient=referral.advisor.email).count() == 1


def test_who_noted_takes_it_back_with_its_step_and_the_partner_cannot(hear, referral, samira, advisor, at):
    hear(Kind.ACCEPTED)
    hear(Kind.FIRST_MEETING)
    with pytest.raises(services.NotPossible):
        services.take_back(link=queries.link_of(secret_of(referral)), at=at + days(2))
    services.take_back_noted(referral=referral, by=advisor, at=at + days(2))

    assert queries.state_of(referral) == Kind.ACCEPTED
    assert steps(samira) == []


def test_what_the_partner_wrote_is_not_for_the_advisor_to_take_back(referral, advisor, at):
    services.answer(link=queries.link_of(secret_of(referral)), kind=Kind.ACCEPTED, form_key="", at=at)
    with pytest.raises(services.NotPossible):
        services.take_back_noted(referral=referral, by=advisor, at=at)


def test_the_page_offers_what_may_follow_and_says_what_is_missing(client, advisor, referral):
    client.force_login(advisor)
    page = reverse("referrals:referral", args=[referral.pk])
    noting = reverse("referrals:noting", args=[referral.pk])
    assert [form.kind for form in client.get(page).context["replies"]] == [Kind.ACCEPTED, Kind.REFUSED]

    wrong = client.post(noting, {"kind": "REFUSED", "refused-reason": Reason.OTHER, "refused-form_key": "r"})
    assert wrong.status_code == 422
    assert "text" in wrong.context["failed"].errors
    tomorrow = date(2100, 1, 1).isoformat()
    assert client.post(noting, {"kind": "ACCEPTED", "accepted-form_key": "a"}).status_code == 302
    refused = client.post(
        noting, {"kind": "FIRST_MEETING", "first_meeting-form_key": "m", "first_meeting-occurred_on": tomorrow}
    )
    assert refused.status_code == 422
    assert "occurred_on" in refused.context["failed"].errors
    assert client.post(noting, {"kind": "SEEN"}).status_code == 422
    assert client.post(reverse("referrals:taking_back", args=[referral.pk])).status_code == 302
    assert not Answer.objects.said().exists()


def test_delays_count_answers_of_the_year_by_network(client, advisor, send):
    sent = send(at=timezone.now() - days(10))
    services.note_by_phone(referral=sent, kind=Kind.ACCEPTED, form_key="", by=advisor, at=timezone.now() - days(7))
    client.force_login(advisor)
    page = client.get(reverse("referrals:delays"))

    (delay,) = page.context["delays"]
    assert (delay.network, delay.sent, delay.seen, delay.answered, delay.median_days) == ("Adie", 1, 0, 1, 3.0)
