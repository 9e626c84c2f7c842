"""Acts on money: an instalment is planned, agreed, paid for its uses, justified; what is taken back stays told."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.funding.enums import State, Use
from citeslab.funding.models import Agreement, Instalment, Payment, Progress
from citeslab.ui.values import day, money


class AbovePromise(Exception):
    def __init__(self, left: int):
        super().__init__()
        self.left = left

    def __str__(self):
        if self.left <= 0:
            return _("All that the agreement promises is already in its instalments. Withdraw one first.")
        return _("Of the promise, %(left)s is left to plan. Give that at most.") % {"left": money(self.left)}


class NotSigned(Exception):
    """Nothing is paid before the agreement is signed; `on` is when it was, if it was."""

    def __init__(self, on: date | None):
        super().__init__()
        self.on = on

    def __str__(self):
        if self.on is None:
            return _("This agreement is not signed: nothing can be paid. Record the day of its signature first.")
        return _("The agreement was signed on %(day)s: a payment cannot come before. Check the two days.") % {
            "day": day(self.on)
        }


class AlreadyPaid(Exception):
    """Someone paid this instalment meanwhile."""

    def __init__(self, payment: Payment):
        super().__init__()
        self.payment = payment

    def __str__(self):
        return _("%(who)s has already recorded this payment, made on %(day)s. Nothing was written twice.") % {
            "who": self.payment.recorded_by.name,
            "day": day(self.payment.paid_on),
        }


class AboveInstalment(Exception):
    """More than what was `most`."""

    def __init__(self, most: int):
        super().__init__()
        self.most = most

    def __str__(self):
        return _("That is more than what it may be: %(most)s at most.") % {"most": money(self.most)}


class NotPaid(Exception):
    def __str__(self):
        return _("This instalment is not paid: there is nothing to justify. Record the payment first.")


class InstalmentGone(Exception):
    def __str__(self):
        return _("This instalment was withdrawn meanwhile: nothing was noted.")


class StandsOnIt(Exception):
    def __str__(self):
        return _("What came after rests on it. Take that back first.")


@transaction.atomic
def plan_instalment(*, agreement: Agreement, due_on: date, amount_cents: int, by: User, at: datetime) -> Instalment:
    """One more part of the promise. Raises `AbovePromise`."""
    agreement = Agreement.objects.select_for_update(of=["self"]).get(pk=agreement.pk)
    left = agreement.committed_cents - total(agreement.instalments.standing())
    if amount_cents > left:
        raise AbovePromise(left)
    instalment = agreement.instalments.create(due_on=due_on, amount_cents=amount_cents, recorded_at=at, recorded_by=by)
    audit.record("funding.instalment.planned", instalment, by=by, at=at, agreement_id=agreement.pk)
    return instalment


def total(rows) -> int:
    return rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0


def locked(instalment: Instalment) -> Instalment:
    """Whoever writes about an instalment waits for the one before: of two who pay it at once, the second is told."""
    return Instalment.objects.select_for_update(of=["self"]).select_related("agreement").get(pk=instalment.pk)


def standing(instalment: Instalment) -> Instalment:
    """The same, where something is noted of it. Raises `InstalmentGone`."""
    found = locked(instalment)
    if found.withdrawn_at:
        raise InstalmentGone
    return found


@transaction.atomic
def agree(*, instalment: Instalment, reached_on: date, amount_cents: int, by: User, at: datetime) -> Progress:
    """The funder agreed to pay that much of it. Raises `AboveInstalment`, or `AlreadyPaid`; said again it stays."""
    instalment = standing(instalment)
    known = step(instalment, State.AGREED)
    if known:
        return known
    refuse_paid(instalment)
    if amount_cents > instalment.amount_cents:
        raise AboveInstalment(instalment.amount_cents)
    return reach(instalment, State.AGREED, reached_on, amount_cents, by=by, at=at)


def step(instalment: Instalment, state: State) -> Progress | None:
    return instalment.steps.standing().filter(state=state).first()


def reach(
    instalment: Instalment, state: State, reached_on: date, amount_cents: int, *, by: User, at: datetime
) -> Progress:
    reached = instalment.steps.create(
        state=state, reached_on=reached_on, amount_cents=amount_cents, recorded_at=at, recorded_by=by
    )
    audit.record(f"funding.instalment.{state.lower()}", instalment, by=by, at=at, amount_cents=amount_cents)
    return reached


def refuse_paid(instalment: Instalment) -> None:
    paid = instalment.payments.standing().select_related("recorded_by").order_by("pk").first()
    if paid:
        raise AlreadyPaid(paid)


@transaction.atomic
def pay(*, instalment: Instalment, amounts: Mapping[Use, int], paid_on: date, by: User, at: datetime) -> list[Payment]:
    """The money came, so much for each use: one act an instalment.

    Raises `AlreadyPaid`, `NotSigned` or `AboveInstalment`.
    """
    instalment = standing(instalment)
    refuse_paid(instalment)
    signed_on = instalment.agreement.signed_on
    if signed_on is None or paid_on < signed_on:
        raise NotSigned(signed_on)
    agreed = step(instalment, State.AGREED)
    most = agreed.amount_cents if agreed else instalment.amount_cents
    if sum(amounts.values()) > most:
        raise AboveInstalment(most)
    payments = [
        instalment.payments.create(use=use, paid_on=paid_on, amount_cents=cents, recorded_at=at, recorded_by=by)
        for use, cents in amounts.items()
        if cents
    ]
    audit.record("funding.instalment.paid", instalment, by=by, at=at, amount_cents=sum(amounts.values()))
    return payments


@transaction.atomic
def justify(*, instalment: Instalment, reached_on: date, amount_cents: int, by: User, at: datetime) -> Progress:
    """The funder took the accounts of what it paid. Raises `NotPaid` or `AboveInstalment`; said again it stays."""
    instalment = standing(instalment)
    known = step(instalment, State.JUSTIFIED)
    if known:
        return known
    paid = total(instalment.payments.standing())
    if not paid:
        raise NotPaid
    if amount_cents > paid:
        raise AboveInstalment(paid)
    return reach(instalment, State.JUSTIFIED, reached_on, amount_cents, by=by, at=at)


@transaction.atomic
def take_back(*, instalment: Instalment, by: User, at: datetime) -> State | None:
    """Withdraw the last step of an instalment, and give which one it was, or none. Recorded anew, it is another."""
    instalment = locked(instalment)
    for state, rows in (
        (State.JUSTIFIED, instalment.steps.standing().filter(state=State.JUSTIFIED)),
        (State.PAID, instalment.payments.standing()),
        (State.AGREED, instalment.steps.standing().filter(state=State.AGREED)),
    ):
        if rows.update(withdrawn_at=at, withdrawn_by=by):
            audit.record("funding.instalment.taken_back", instalment, by=by, at=at, step=state.value)
            return state
    return None


@transaction.atomic
def withdraw_instalment(*, instalment: Instalment, by: User, at: datetime) -> None:
    """It is not due any more. Raises `StandsOnIt` once it was agreed or paid. Twice is once."""
    instalment = locked(instalment)
    if instalment.withdrawn_at:
        return
    if instalment.steps.standing().exists() or instalment.payments.standing().exists():
        raise StandsOnIt
    instalment.withdrawn_at, instalment.withdrawn_by = at, by
    instalment.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("funding.instalment.withdrawn", instalment, by=by, at=at, agreement_id=instalment.agreement_id)
