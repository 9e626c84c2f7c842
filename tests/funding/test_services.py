"""What may be promised, shared and paid, and what is refused with words."""

import threading
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from citeslab.audit.models import Entry
from citeslab.funding import queries, services
from citeslab.funding.enums import Axis, ReportKind, Rhythm, State, Use
from citeslab.funding.models import Agreement, Instalment, Payment, PostShare
from citeslab.funding.services import Terms
from tests import factories

pytestmark = pytest.mark.django_db
JANUARY, JULY, END = date(2016, 1, 1), date(2016, 7, 1), date(2017, 1, 1)


@pytest.fixture
def by():
    return factories.AnyUser(name="Agnès Lorrain")


@pytest.fixture
def acts(by, at):
    """The services, called by somebody at some time."""

    class Acts:
        def __getattr__(self, name):
            return partial(getattr(services, name), by=by, at=at)

    return Acts()


def terms(**more) -> Terms:
    given = {
        "funder": factories.AnyFunder(),
        "organization": factories.AnyHostOrganization(),
        "reference": "CV-2026-1",
        "rhythm": Rhythm.ANNUAL,
        "begins_on": date(2026, 1, 1),
        "ends_on": date(2027, 1, 1),
        "committed_cents": 1_000_001,
    }
    return Terms(**given | more)


# -- agreements


def test_a_new_agreement_has_its_instalments_and_its_reports(acts, by):
    agreement = acts.record(terms=terms(), instalments=3)

    assert list(agreement.instalments.order_by("due_on").values_list("due_on", "amount_cents")) == [
        (date(2026, 1, 1), 333_334),
        (date(2026, 5, 2), 333_334),
        (date(2026, 9, 1), 333_333),
    ]
    assert list(agreement.reports.values_list("kind", "due_on")) == [(ReportKind.FINAL, date(2027, 6, 30))]
    line = Entry.objects.get(action="funding.agreement.recorded")
    assert (line.subject_id, line.actor_id, line.details) == (agreement.pk, by.pk, {"funder_id": agreement.funder_id})


def test_a_reference_is_of_one_agreement(acts, agreement):
    with pytest.raises(services.AgreementKnown):
        acts.record(terms=terms(reference=agreement.reference))
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("department", "99"),
        ("region", "99"),
        ("epci", "1"),
        ("commune", "00000"),
        ("site", "0"),
        ("site", "x"),
        ("site", "9" * 30),
        ("qpv", "QP1"),
        ("", "25"),
    ],
)
def test_a_perimeter_that_does_not_exist_is_refused(acts, site, level, code):
    with pytest.raises(services.NoSuchPlace):
        acts.record(terms=terms(level=level, code=code))
    assert not Agreement.objects.exists()


def test_a_perimeter_tells_its_region(acts, site):
    factories.AnyCommune(epci_code="242500361")
    places = [
        ("region", "27"),
        ("department", "25"),
        ("epci", "242500361"),
        ("commune", "25056"),
        ("site", str(site.pk)),
    ]
    made = [
        acts.record(terms=terms(level=level, code=code, reference=f"{level}-1")).region_id for level, code in places
    ]

    assert made == ["27"] * 5
    assert acts.record(terms=terms()).region_id is None


def test_what_is_signed_stays(acts, agreement):
    other = terms(reference="CV-2")
    with pytest.raises(services.AlreadySigned, match="4 janvier 2016"):
        acts.change(agreement=agreement, terms=other)
    Agreement.objects.update(signed_on=None)

    assert acts.change(agreement=agreement, terms=other).reference == "CV-2"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"committed_cents": 0}, "funding_agreement_promises_an_amount"),
        ({"committed_cents": 10_000_000_001}, "funding_agreement_promises_an_amount"),
        ({"ends_on": date(2017, 2, 1)}, "funding_agreement_as_long_as_its_rhythm"),
        ({"rhythm": Rhythm.TRIENNIAL, "ends_on": date(2019, 6, 1)}, "funding_agreement_as_long_as_its_rhythm"),
        ({"ends_on": date(2016, 1, 1)}, "funding_agreement_ends_after_it_begins"),
        ({"level": "department"}, "funding_agreement_whole_perimeter"),
        ({"code": "25"}, "funding_agreement_whole_perimeter"),
        ({"level": "qpv", "code": "QP1"}, "funding_agreement_whole_perimeter"),
        (
            {"organization": None, "level": "department", "code": "25"},
            "funding_agreement_without_a_host_is_of_the_network",
        ),
    ],
)
def test_the_database_keeps_what_an_agreement_promises(given, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factories.AnyAgreement(**given)


def test_a_report_leaves_once(acts, agreement, by):
    report = acts.owe_report(agreement=agreement, kind=ReportKind.FINAL, due_on=date(2017, 6, 30))
    assert acts.owe_report(agreement=agreement, kind=ReportKind.FINAL, due_on=date(2017, 6, 30)) == report
    acts.send_report(report=report, sent_on=date(2017, 6, 1))
    acts.send_report(report=report, sent_on=date(2017, 6, 15))

    report.refresh_from_db()
    assert (report.sent_on, report.sent_by) == (date(2017, 6, 1), by)
    assert Entry.objects.filter(action="funding.report.sent").count() == 1


# -- shares of a post


def share(acts, agreement, post, part, first=JANUARY, end=END):
    return acts.share_post(agreement=agreement, post=post, share=part, begins_on=first, ends_on=end)


def test_several_funders_pay_a_post_to_its_whole(acts, agreement, post):
    others = [factories.AnyAgreement() for _ in range(2)]
    for one, part in zip([agreement, *others], [5_000, 3_333, 1_667], strict=True):
        share(acts, one, post, part)

    with pytest.raises(services.AboveWhole, match="financé en entier"):
        share(acts, factories.AnyAgreement(), post, 1)
    assert PostShare.objects.count() == 3


def test_a_share_above_what_is_left_says_what_is(acts, agreement, post):
    share(acts, agreement, post, 6_000, first=JULY)
    other = factories.AnyAgreement()
    with pytest.raises(services.AboveWhole) as refusal:
        share(acts, other, post, 5_000)

    assert (refusal.value.left, refusal.value.on) == (4_000, JULY)
    assert "40" in str(refusal.value)
    share(acts, other, post, 5_000, end=JULY)  # before, half of it was free
    share(acts, other, post, 4_000, first=JULY)


def test_a_funder_pays_a_post_once_on_a_day_whatever_the_agreement(acts, agreement, post):
    share(acts, agreement, post, 2_000)
    twin = factories.AnyAgreement(funder=agreement.funder, begins_on=JULY, ends_on=date(2017, 7, 1))
    with pytest.raises(services.AlreadyShared, match="CV-2016"):
        share(acts, twin, post, 1_000, first=date(2016, 12, 31), end=date(2017, 7, 1))

    share(acts, twin, post, 1_000, first=END, end=date(2017, 7, 1))  # the days after are free
    with pytest.raises(IntegrityError, match="funding_postshare_one_by_funder_and_day"), transaction.atomic():
        factories.AnyPostShare(agreement=twin, post=post, share=100)


def test_a_share_withdrawn_leaves_its_place(acts, agreement, post):
    made = share(acts, agreement, post, 10_000)
    acts.withdraw_share(share=made)
    acts.withdraw_share(share=made)

    assert share(acts, agreement, post, 10_000).share == 10_000
    assert Entry.objects.filter(action="funding.share.withdrawn").count() == 1


@pytest.mark.parametrize(("first", "end"), [(date(2015, 12, 31), END), (JANUARY, date(2017, 1, 2))])
def test_a_share_stays_in_the_days_of_its_agreement(acts, agreement, post, first, end):
    with pytest.raises(services.OutsideDays):
        share(acts, agreement, post, 1_000, first=first, end=end)


def test_a_share_begins_with_its_post(acts, agreement, site):
    late = factories.AnyPost(site=site, begins_on=JULY)
    with pytest.raises(services.OutsideDays, match="1er juillet 2016"):
        share(acts, agreement, late, 1_000)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"share": 0}, "funding_postshare_of_one_post"),
        ({"share": 10_001}, "funding_postshare_of_one_post"),
        ({"share": 5_001}, "funding_postshare_at_most_the_whole_post"),
        ({"ends_on": date(2017, 2, 1)}, "funding_postshare_in_the_days_of_its_agreement"),
    ],
)
def test_the_database_keeps_what_shares_promise(agreement, post, given, name):
    factories.AnyPostShare(agreement=agreement, post=post)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factories.AnyPostShare(post=post, **given)


def test_the_funder_of_a_share_is_its_agreements(agreement, post):
    with pytest.raises(IntegrityError, match="funding_postshare_of_the_agreements_funder"), transaction.atomic():
        factories.AnyPostShare(agreement=agreement, post=post, funder=factories.AnyFunder())


# -- money


def test_an_instalment_goes_from_due_to_justified(acts, instalment):
    acts.agree(instalment=instalment, reached_on=JANUARY, amount_cents=900_000)
    acts.pay(instalment=instalment, amounts={Use.POST: 700_000, Use.ACTION: 199_999}, paid_on=JULY)
    acts.justify(instalment=instalment, reached_on=END, amount_cents=899_999)

    assert list(Payment.objects.order_by("pk").values_list("use", "amount_cents")) == [
        (Use.POST, 700_000),
        (Use.ACTION, 199_999),
    ]
    steps = ["funding.instalment.agreed", "funding.instalment.paid", "funding.instalment.justified"]
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == steps


@pytest.mark.parametrize(("signed_on", "said"), [(None, "pas signée"), (date(2016, 7, 2), "2 juillet 2016")])
def test_nothing_is_paid_before_the_signature(acts, agreement, instalment, signed_on, said):
    Agreement.objects.update(signed_on=signed_on)
    with pytest.raises(services.NotSigned, match=said):
        acts.pay(instalment=instalment, amounts={Use.POST: 1}, paid_on=JULY)

    with pytest.raises(IntegrityError, match="funding_payment_after_the_signature"), transaction.atomic():
        factories.AnyPayment(instalment=instalment, paid_on=JULY)


def test_a_signature_does_not_come_after_a_payment(acts, agreement, instalment):
    acts.pay(instalment=instalment, amounts={Use.POST: 1}, paid_on=JULY)
    with pytest.raises(services.AlreadySigned, match="1er juillet 2016"):
        acts.sign(agreement=agreement, signed_on=date(2016, 7, 2))
    with pytest.raises(IntegrityError, match="funding_payment_after_the_signature"), transaction.atomic():
        Agreement.objects.update(signed_on=None)

    assert acts.sign(agreement=agreement, signed_on=JULY).signed_on == JULY


def test_an_instalment_paid_is_not_paid_again(acts, instalment):
    acts.pay(instalment=instalment, amounts={Use.POST: 1}, paid_on=JULY)
    with pytest.raises(services.AlreadyPaid, match="Agnès Lorrain"):
        acts.pay(instalment=instalment, amounts={Use.ACTION: 1}, paid_on=JULY)
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_pay_the_same_instalment_at_once_one_does(instalment, at):
    people = [factories.AnyUser(), factories.AnyUser()]
    ready, outcomes = threading.Barrier(2), []

    def pay(user):
        try:
            ready.wait()
            services.pay(instalment=instalment, amounts={Use.POST: 1_000}, paid_on=JULY, by=user, at=at)
            outcomes.append("paid")
        except services.AlreadyPaid:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=pay, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["paid", "told"]
    assert Payment.objects.count() == 1


def test_no_more_is_agreed_paid_or_justified_than_came_before(acts, instalment):
    with pytest.raises(services.AboveInstalment):
        acts.agree(instalment=instalment, reached_on=JANUARY, amount_cents=1_000_001)
    acts.agree(instalment=instalment, reached_on=JANUARY, amount_cents=800_000)
    with pytest.raises(services.AboveInstalment):
        acts.pay(instalment=instalment, amounts={Use.POST: 400_000, Use.ACTION: 400_001}, paid_on=JULY)
    with pytest.raises(services.NotPaid):
        acts.justify(instalment=instalment, reached_on=END, amount_cents=1)
    acts.pay(instalment=instalment, amounts={Use.POST: 500_000}, paid_on=JULY)
    with pytest.raises(services.AboveInstalment):
        acts.justify(instalment=instalment, reached_on=END, amount_cents=500_001)


def test_instalments_are_at_most_the_promise(acts, agreement, instalment):
    with pytest.raises(services.AbovePromise) as refusal:
        acts.plan_instalment(agreement=agreement, due_on=JULY, amount_cents=2_000_001)
    assert refusal.value.left == 2_000_000
    with pytest.raises(IntegrityError, match="funding_instalment_within_the_promise"), transaction.atomic():
        factories.AnyInstalment(agreement=agreement, amount_cents=2_000_001)

    acts.plan_instalment(agreement=agreement, due_on=JULY, amount_cents=2_000_000)


def test_the_last_step_is_taken_back_first(acts, instalment):
    acts.agree(instalment=instalment, reached_on=JANUARY, amount_cents=1_000_000)
    acts.pay(instalment=instalment, amounts={Use.POST: 1, Use.TRAINING: 2}, paid_on=JULY)
    acts.justify(instalment=instalment, reached_on=END, amount_cents=3)
    with pytest.raises(services.StandsOnIt):
        acts.withdraw_instalment(instalment=instalment)
    taken = [acts.take_back(instalment=instalment) for _ in range(4)]

    assert taken == [State.JUSTIFIED, State.PAID, State.AGREED, None]
    assert Payment.objects.exclude(withdrawn_at=None).count() == 2  # withdrawn, never erased
    acts.withdraw_instalment(instalment=instalment)
    assert not Instalment.objects.standing().exists()


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (lambda one: factories.AnyPayment(instalment=one, amount_cents=0), "funding_payment_of_an_amount"),
        (lambda one: factories.AnyPayment(instalment=one, amount_cents=10**10 + 1), "funding_payment_of_an_amount"),
        (
            lambda one: factories.AnyPayment(instalment=one, amount_cents=1_000_001),
            "funding_payment_within_its_instalment",
        ),
        (lambda one: factories.AnyPayment.create_batch(2, instalment=one), "funding_payment_one_a_use"),
        (lambda one: factories.AnyProgress.create_batch(2, instalment=one), "funding_progress_one_of_a_state"),
        (lambda one: factories.AnyProgress(instalment=one, amount_cents=0), "funding_progress_of_an_amount"),
        (lambda one: factories.AnyInstalment(amount_cents=0), "funding_instalment_of_an_amount"),
        (
            lambda one: factories.AnyReportDue.create_batch(2, agreement=one.agreement),
            "funding_reportdue_one_a_day",
        ),
    ],
)
def test_the_database_keeps_what_money_promises(instalment, made, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        made(instalment)


# -- readers of accounts


def test_one_reads_an_account_once_and_for_a_time(acts, agreement):
    user = factories.AnyUser()
    delegate = acts.let_read(funder=agreement.funder, user=user, begins_on=JANUARY)
    with pytest.raises(services.AlreadyReads):
        acts.let_read(funder=agreement.funder, user=user, begins_on=JULY)
    acts.end_reading(delegate=delegate, ends_on=JULY)
    acts.end_reading(delegate=delegate, ends_on=END)

    delegate.refresh_from_db()
    assert delegate.ends_on == JULY
    again = acts.let_read(funder=agreement.funder, user=user, begins_on=JULY)
    acts.end_reading(delegate=again, ends_on=JULY)
    assert agreement.funder.delegates.count() == 1


def test_a_funder_has_one_name(acts):
    acts.add_funder(name="Préfecture du Doubs", kind="STATE")
    with pytest.raises(services.FunderKnown):
        acts.add_funder(name="PRÉFECTURE du Doubs", kind="STATE")


# -- what changes around it


def test_the_funder_of_an_unsigned_agreement_may_change_though_a_share_was_withdrawn(acts, post):
    said = terms(organization=post.site.organization, begins_on=JANUARY, ends_on=END)
    agreement = acts.record(terms=said)
    share = acts.share_post(agreement=agreement, post=post, share=5_000, begins_on=JANUARY, ends_on=END)
    acts.withdraw_share(share=share)
    other = factories.AnyFunder()
    acts.change(agreement=agreement, terms=replace(said, funder=other))
    share.refresh_from_db()
    assert share.funder == other


def test_a_post_that_ends_is_paid_until_its_end(acts, site, agreement, post):
    second = factories.AnyPost(site=site)
    for one in (post, second):
        acts.share_post(agreement=agreement, post=one, share=5_000, begins_on=JANUARY, ends_on=END)
    second.ends_on = JULY
    second.save()

    days = (END - JANUARY).days, (JULY - JANUARY).days
    paid = {share.post: cents for share, cents in queries.posts_paid(agreement, sum(days))}
    assert (paid[post], paid[second]) == days
    assert queries.paid_for(agreement.funder, on=date(2016, 8, 1)).posts == 1


def test_money_for_posts_that_never_ran_is_shared_as_it_was_promised(acts, agreement, post):
    acts.share_post(agreement=agreement, post=post, share=5_000, begins_on=JULY, ends_on=END)
    post.ends_on = JULY
    post.save()
    assert [cents for _share, cents in queries.posts_paid(agreement, 700)] == [700]


# -- what moved under somebody's feet


def test_an_instalment_withdrawn_meanwhile_is_neither_agreed_nor_paid(acts, agreement):
    instalment = factories.AnyInstalment(agreement=agreement, amount_cents=1_000)
    seen = Instalment.objects.get(pk=instalment.pk)
    acts.withdraw_instalment(instalment=instalment)

    with pytest.raises(services.InstalmentGone):
        acts.pay(instalment=seen, amounts={Use.POST: 1_000}, paid_on=JULY)
    with pytest.raises(services.InstalmentGone):
        acts.agree(instalment=seen, reached_on=JULY, amount_cents=1_000)
    with pytest.raises(IntegrityError, match="funding_payment_of_what_stands"), transaction.atomic():
        factories.AnyPayment(instalment=seen, amount_cents=1_000, paid_on=JULY)


def test_what_is_not_signed_is_promised_nowhere(agreement):
    factories.AnyAgreement(funder=agreement.funder, signed_on=None, committed_cents=9_000_000)
    found = queries.accounts(Agreement.objects.filter(funder=agreement.funder), by=Axis.FUNDER)

    assert found.total.committed == agreement.committed_cents


def test_actions_follow_a_corrected_number_and_keep_their_shares(acts, site):
    draft = factories.AnyAgreement(organization=site.organization, signed_on=None, reference="CV-1")
    action = factories.AnyWorkshop(site=site, held_on=date(2016, 3, 1), agreement="CV-1")
    factories.AnyActionShare(workshop=action, agreement=draft, share=4_000)
    same = terms(funder=draft.funder, organization=site.organization, begins_on=JANUARY, ends_on=END, reference="CV-01")
    acts.change(agreement=draft, terms=same)
    action.refresh_from_db()

    assert (action.agreement, action.agreement_shares.get().share) == ("CV-01", 4_000)
    for other in ({"begins_on": JULY}, {"organization": factories.AnyHostOrganization()}):
        with pytest.raises(services.HoldsMore):
            acts.change(agreement=draft, terms=replace(same, **other))
    draft.refresh_from_db()
    assert (draft.begins_on, draft.organization) == (JANUARY, site.organization)
