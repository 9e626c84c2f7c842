"""A referral sent, answered, reminded, expired, taken back: what is written, and what it moves."""

from datetime import date

import pytest

from citeslab.audit.models import Entry
from citeslab.core.values import is_siret
from citeslab.followup.enums import Evidence, ExitReason, Stage
from citeslab.followup.models import Transition
from citeslab.notifications.models import Message
from citeslab.partners.enums import Purpose
from citeslab.partners.services import correct_contact
from citeslab.referrals import queries, services
from citeslab.referrals.enums import Kind, Occasion, Outcome, Reason, SheetField
from citeslab.referrals.models import Answer, Referral
from tests import factories
from tests.referrals.conftest import days, secret_of

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"


def state(referral):
    return queries.state_of(referral)


def link(referral, rank=-1):
    return queries.link_of(secret_of(referral, rank))


def say(referral, kind, at, key="", **said):
    return services.answer(link=link(referral), kind=kind, form_key=key, at=at, **said)


def steps(person):
    return list(
        Transition.objects.standing()
        .filter(person=person)
        .in_order()
        .values_list("stage", "exit_reason", "evidence", "occurred_on")
    )


def test_the_sheet_is_exactly_what_she_agreed_to(referral, samira):
    assert referral.sheet == {"NAME": "Samira Khelifi", "PHONE": "+33639980142", "PROJECT": "Traiteur à domicile"}
    assert referral.consent.fields == ["NAME", "PHONE", "PROJECT"]

    samira.phone = "+33639980199"
    samira.save()
    assert Referral.objects.get().sheet["PHONE"] == "+33639980142"


def test_a_field_that_is_not_known_is_left_out(send):
    assert send(fields=[SheetField.NAME, SheetField.BORN_ON, SheetField.ADDRESS]).sheet == {"NAME": "Samira Khelifi"}


def test_nothing_leaves_without_a_name(send):
    with pytest.raises(services.NothingAgreed):
        send(fields=[SheetField.PHONE])
    assert not Message.objects.exists()


def test_the_message_names_nobody_and_the_table_keeps_no_secret(referral):
    message = Message.objects.get()
    secret = secret_of(referral)

    assert len(secret) == 43  # 256 bits
    for told in ("Samira", "Khelifi", "39980142", "Traiteur"):
        assert told not in message.subject + message.body
    assert "S.K." in message.body
    assert secret not in str(list(referral.links.values()))


def test_the_same_form_sent_twice_is_one_referral(send):
    first, second = send(form_key="k"), send(form_key="k")

    assert first == second
    assert Message.objects.count() == 1


def test_a_second_referral_to_the_same_contact_is_refused_while_one_is_underway(send, referral, advisor, at):
    with pytest.raises(services.AlreadySent):
        send()
    services.withdraw(referral=referral, by=advisor, at=at)
    assert send() != referral


def test_a_sheet_that_changed_since_the_preview_does_not_leave(send):
    with pytest.raises(services.SheetChanged):
        send(previewed={"NAME": "Samira Khelifi"})
    assert not Referral.objects.exists()


def test_the_whole_way_moves_the_path_with_its_evidence(referral, samira, at, advisor):
    services.open_sheet(link=link(referral), at=at)
    say(referral, Kind.ACCEPTED, at + days(1), text="Je la vois le 19.")
    say(referral, Kind.FIRST_MEETING, at + days(9), occurred_on=date(2026, 11, 27))
    say(
        referral, Kind.OUTCOME, at + days(20), outcome=Outcome.LOAN, amount_cents=600_000, occurred_on=date(2026, 12, 8)
    )
    say(referral, Kind.OUTCOME, at + days(40), outcome=Outcome.REGISTERED, siret="732 829 320 00074")

    found = Referral.objects.with_state().with_days().get()
    assert (found.state, found.outcome) == (Kind.OUTCOME, Outcome.REGISTERED)
    assert (found.seen_on, found.accepted_on, found.met_on) == (
        date(2026, 11, 20),
        date(2026, 11, 21),
        date(2026, 11, 27),
    )
    assert steps(samira) == [
        (Stage.PARC, "", Evidence.PARTNER, date(2026, 11, 27)),
        (Stage.SORT, ExitReason.CREATION, Evidence.REGISTERED, date(2026, 12, 30)),
    ]
    assert set(queries.confirmations(samira).values()) == {"Adie"}
    assert Transition.objects.first().project == referral.project
    told = Message.objects.filter(recipient=advisor.email)
    assert told.count() == 4
    assert all("Samira" not in message.body for message in told)
    moved = Entry.objects.filter(action="referrals.pathway.moved")
    assert [entry.details["stage"] for entry in moved] == ["PARC", "SORT"]


@pytest.mark.parametrize(
    ("purpose", "kind", "said", "expected"),
    [
        (Purpose.FINANCE, Kind.FIRST_MEETING, {}, [("PARC", "", "PARTNER")]),
        (Purpose.JOB, Kind.FIRST_MEETING, {}, []),
        (Purpose.JOB, Kind.OUTCOME, {"outcome": Outcome.JOB}, [("SORT", "EMPLOYMENT", "PARTNER")]),
        (Purpose.FINANCE, Kind.OUTCOME, {"outcome": Outcome.LOAN}, [("PARC", "", "PARTNER")]),
        (Purpose.FINANCE, Kind.OUTCOME, {"outcome": Outcome.DROPPED}, []),
        (
            Purpose.COACHING,
            Kind.OUTCOME,
            {"outcome": Outcome.REGISTERED, "siret": SIRET},
            [("SORT", "CREATION", "REGISTERED")],
        ),
    ],
)
def test_what_an_answer_proves(send, samira, at, purpose, kind, said, expected):
    referral = send(purpose=purpose)
    say(referral, Kind.ACCEPTED, at)
    say(referral, kind, at, **said)

    assert [row[:3] for row in steps(samira)] == expected


@pytest.mark.parametrize("reason", [ExitReason.CREATION, ExitReason.DECEASED, ExitReason.DUPLICATE])
def test_who_left_for_good_is_not_brought_back(referral, samira, at, reason):
    factories.AnyTransition(
        person=samira, project=referral.project, stage=Stage.SORT, exit_reason=reason, occurred_on=date(2026, 11, 1)
    )
    say(referral, Kind.ACCEPTED, at)
    say(referral, Kind.OUTCOME, at, outcome=Outcome.LOAN)

    assert len(steps(samira)) == 1


def test_the_advisor_withdraws_the_step_and_the_answer_stays(referral, samira, at, advisor):
    say(referral, Kind.ACCEPTED, at)
    met = say(referral, Kind.FIRST_MEETING, at)
    services.undo_move(answer=met, by=advisor, at=at)
    services.undo_move(answer=met, by=advisor, at=at)

    assert steps(samira) == []
    assert state(referral) == Kind.FIRST_MEETING
    assert Entry.objects.filter(action="referrals.pathway.move_undone").count() == 1


def test_a_partner_takes_a_wrong_answer_back_with_its_step(referral, samira, at):
    say(referral, Kind.ACCEPTED, at)
    say(referral, Kind.OUTCOME, at, outcome=Outcome.JOB)
    services.take_back(link=link(referral), at=at)

    assert steps(samira) == []
    assert state(referral) == Kind.ACCEPTED
    assert Answer.objects.filter(referral=referral, kind=Kind.OUTCOME).count() == 1  # withdrawn, not removed


def test_nothing_of_the_network_is_taken_back_by_a_partner(referral, at):
    with pytest.raises(services.NotPossible):
        services.take_back(link=link(referral), at=at)


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ([], Kind.FIRST_MEETING),
        ([], Kind.OUTCOME),
        ([], Kind.WITHDRAWN),
        ([], Kind.EXPIRED),
        ([], Kind.SEEN),
        ([Kind.ACCEPTED], Kind.ACCEPTED),
        ([Kind.REFUSED], Kind.FIRST_MEETING),
    ],
)
def test_an_answer_out_of_turn_is_refused(referral, at, before, kind):
    for earlier in before:
        say(referral, earlier, at, reason=Reason.NO_ROOM)
    with pytest.raises(services.NotPossible):
        say(referral, kind, at)


def test_the_same_answer_sent_twice_is_one(referral, at):
    first = say(referral, Kind.ACCEPTED, at, key="k")
    second = say(referral, Kind.ACCEPTED, at, key="k")

    assert first == second
    assert referral.answers.filter(kind=Kind.ACCEPTED).count() == 1


@pytest.mark.parametrize("day", [date(2026, 11, 19), date(2026, 11, 21), date(1899, 1, 1)])
def test_a_day_before_the_sending_or_to_come_is_refused(referral, at, day):
    say(referral, Kind.ACCEPTED, at)
    with pytest.raises(services.WrongDay):
        say(referral, Kind.FIRST_MEETING, at, occurred_on=day)


@pytest.mark.parametrize("siret", ["", "1234", "73282932000075", "0" * 14, "7328293200007a", "=1+1"])
def test_a_registration_needs_a_siret_whose_key_is_right(referral, samira, at, siret):
    say(referral, Kind.ACCEPTED, at)
    with pytest.raises(services.WrongSiret):
        say(referral, Kind.OUTCOME, at, outcome=Outcome.REGISTERED, siret=siret)
    assert steps(samira) == []


@pytest.mark.parametrize("siret", [SIRET, "35600000049837", "44306184100047"])
def test_true_sirets_are_known(siret):
    assert is_siret(siret)


def test_an_acceptance_leaves_thirty_days_more(referral, at):
    assert referral.open_until == at + days(60)
    say(referral, Kind.ACCEPTED, at + days(10))
    referral.refresh_from_db()
    assert referral.open_until == at + days(90)


def test_taking_the_agreement_back_closes_the_link_and_tells_the_partner(referral, contact, advisor, at):
    before = link(referral)
    services.revoke_consent(referral=referral, by=advisor, at=at)
    services.revoke_consent(referral=referral, by=advisor, at=at)

    for act in (services.open_sheet, services.take_back):
        with pytest.raises(services.LinkClosed):
            act(link=before, at=at)
    assert state(referral) == Kind.WITHDRAWN
    waiting = Message.objects.waiting().filter(recipient=contact.email)
    assert [message.key for message in waiting] == [f"referrals.referral.closed:{referral.pk}"]
    with pytest.raises(services.NotPossible):
        services.resend(referral=referral, by=advisor, at=at)


def test_partners_are_reminded_on_days_9_21_and_45_once(referral, contact, at):
    reminders = referral.links.filter(occasion=Occasion.REMINDER)
    sent = []
    for day in range(0, 60):
        for _run in range(2):
            services.remind_partners(at=at + days(day) + days(0.02))
        sent.append(reminders.count())

    assert [day for day in range(1, 60) if sent[day] > sent[day - 1]] == [9, 21, 45]
    assert list(reminders.order_by("pk").values_list("reminder_day", flat=True)) == [9, 21, 45]
    assert Message.objects.filter(recipient=contact.email).count() == 4
    assert Message.objects.filter(key__startswith="referrals.advisor.reminded:").count() == 3


def test_a_task_that_comes_late_sends_one_reminder(referral, at):
    services.remind_partners(at=at + days(30))

    assert referral.links.filter(occasion=Occasion.REMINDER).get().reminder_day == 21


@pytest.mark.parametrize("kind", [Kind.ACCEPTED, Kind.REFUSED])
def test_who_answered_is_not_reminded(referral, at, kind):
    say(referral, kind, at, reason=Reason.NO_ROOM)
    assert services.remind_partners(at=at + days(9)) == 0


def test_a_reminder_has_a_link_of_its_own_and_the_first_one_still_works(referral, at):
    services.remind_partners(at=at + days(9))

    assert secret_of(referral, 0) != secret_of(referral, 1)
    services.open_sheet(link=link(referral, 0), at=at + days(10))
    say(referral, Kind.ACCEPTED, at + days(10))


def test_what_is_not_answered_expires_once_and_a_new_link_takes_it_up_again(referral, advisor, at):
    services.open_sheet(link=link(referral), at=at)
    assert services.expire(at=at + days(59)) == 0
    assert [services.expire(at=at + days(60)), services.expire(at=at + days(60))] == [1, 0]
    assert state(referral) == Kind.EXPIRED

    services.resend(referral=referral, by=advisor, at=at + days(61))
    assert state(referral) == Kind.SEEN
    services.open_sheet(link=link(referral), at=at + days(62))


def test_what_came_to_an_end_does_not_expire(referral, at):
    say(referral, Kind.REFUSED, at, reason=Reason.NOT_READY)
    assert services.expire(at=at + days(61)) == 0


def test_a_new_link_leaves_only_for_the_known_contact_once_a_day(referral, contact, at):
    old = link(referral)
    assert services.renew(link=old, at=at) is False  # it still works
    services.expire(at=at + days(60))

    assert [services.renew(link=old, at=at + days(61)) for _ in range(2)] == [True, False]
    assert Message.objects.latest("pk").recipient == contact.email
    with pytest.raises(services.LinkClosed):
        services.open_sheet(link=old, at=at + days(61))
    services.open_sheet(link=link(referral), at=at + days(62))
    assert services.renew(link=old, at=at + days(200)) is False


def test_referrals_underway_follow_to_another_advisor(referral, send, advisor, at):
    closed = send(contact=factories.AnyContact())
    services.withdraw(referral=closed, by=advisor, at=at)
    other = factories.AnyUser()

    assert services.hand_over(advisor=advisor, to=other, since=at.date(), by=other, at=at) == 1
    say(referral, Kind.ACCEPTED, at)
    assert Message.objects.latest("pk").recipient == other.email
    closed.refresh_from_db()
    assert (closed.advisor, closed.sent_by) == (advisor, advisor)
    assert services.hand_over(advisor=advisor, to=other, since=at.date(), by=other, at=at) == 0


def test_forgetting_a_person_leaves_dates_and_no_word(referral, samira, advisor, at):
    before = link(referral)
    say(referral, Kind.ACCEPTED, at, text="Elle s'appelle Samira.")
    say(referral, Kind.OUTCOME, at, outcome=Outcome.REGISTERED, siret=SIRET)
    services.forget(person=samira, by=advisor, at=at)

    referral.refresh_from_db()
    assert (referral.sheet, referral.message) == ({}, "")
    assert set(referral.answers.values_list("text", "siret")) == {("", "")}
    with pytest.raises(services.LinkClosed):
        services.open_sheet(link=before, at=at)


def test_home_hears_who_waits_and_what_was_answered(referral, send, site, at):
    other = send(contact=factories.AnyContact())
    say(other, Kind.REFUSED, at, reason=Reason.NO_ROOM)

    assert [found.pk for found in queries.waiting([site], at.date())] == [referral.pk]
    assert [found.referral_id for found in queries.lately_answered([site], at)] == [other.pk]
    assert list(queries.waiting([factories.AnySite()], at.date())) == []
    assert list(queries.lately_answered([site], at + days(1))) == []


def test_the_delays_of_each_network(send, at):
    bge = factories.AnyNetwork(name="BGE")
    for took in (1, 3, 8):
        referral = send(contact=factories.AnyContact(office__network=bge))
        services.open_sheet(link=link(referral), at=at)
        say(referral, Kind.ACCEPTED, at + days(took))
    send(contact=factories.AnyContact(office__network=bge))
    send()

    found = {
        row.network: (row.sent, row.seen, row.answered, row.median_days)
        for row in queries.delays(Referral.objects.all())
    }
    assert found == {"BGE": (4, 3, 3, 3.0), "Adie": (1, 0, 0, None)}


def test_a_directory_corrected_by_someone_else_redirects_no_link(referral, contact, advisor, at):
    old, first = contact.email, link(referral)
    correct_contact(contact=contact, name=contact.name, email="ailleurs@exemple.fr", by=factories.AnyUser(), at=at)
    services.remind_partners(at=at + days(9))
    services.expire(at=at + days(60))
    services.renew(link=first, at=at + days(61))

    messages = Message.objects.filter(key__startswith="referrals.link.sent:")
    assert set(messages.values_list("recipient", flat=True)) == {old}
    services.resend(referral=referral, by=advisor, at=at + days(62))
    assert Message.objects.latest("pk").recipient == "ailleurs@exemple.fr"
