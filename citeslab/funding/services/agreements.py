"""Acts on agreements: recorded, changed until they are signed, signed; what they owe in writing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg import Error as PostgresError

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.funding import queries
from citeslab.funding.enums import ReportKind, Rhythm
from citeslab.funding.models import Agreement, Funder, Instalment, ReportDue
from citeslab.funding.signals import agreement_recorded
from citeslab.funding.values import reports_of, spaced, split
from citeslab.network.models import HostOrganization
from citeslab.ui.values import day

MOST_INSTALMENTS = 36


@dataclass(frozen=True)
class Terms:
    """What an agreement says: `ends_on` is the day after the last."""

    funder: Funder
    organization: HostOrganization | None
    reference: str
    rhythm: Rhythm
    begins_on: date
    ends_on: date
    committed_cents: int
    level: str = ""
    code: str = ""
    objectives: str = ""


class AgreementKnown(Exception):
    def __str__(self):
        return _("Another agreement has this reference. Look for it in the list, or add the year to this one.")


class NoSuchPlace(Exception):
    def __str__(self):
        return _("This perimeter does not exist. Choose another one in the list.")


class HoldsMore(Exception):
    def __str__(self):
        return _(
            "Its instalments, or its shares of posts and actions, would not fit any more: they are above this amount, "
            "outside these days, or another host's. Withdraw those first."
        )


class AlreadySigned(Exception):
    """`on` is when, or the first day on which something was paid, where a signature cannot come later."""

    def __init__(self, on: date, *, is_paid: bool = False):
        super().__init__()
        self.on, self.is_paid = on, is_paid

    def __str__(self):
        if self.is_paid:
            return _("Money was paid on %(day)s: the signature cannot come later.") % {"day": day(self.on)}
        return _("This agreement was signed on %(day)s: what it says stays. Record an amendment as another one.") % {
            "day": day(self.on)
        }


@transaction.atomic
def record(
    *,
    terms: Terms,
    signed_on: date | None = None,
    instalments: int = 0,
    owes_reports: bool = True,
    by: User,
    at: datetime,
) -> Agreement:
    """A new agreement, its promise cut into so many instalments, and its reports.

    Actions that wrote its number before it was known are told. Raises `AgreementKnown` or `NoSuchPlace`.
    """
    agreement = Agreement(signed_on=signed_on, recorded_at=at, recorded_by=by)
    write(agreement, terms)
    cut(agreement, instalments, by=by, at=at)
    if owes_reports:
        owe(agreement, reports_of(terms.begins_on, terms.ends_on), by=by, at=at)
    audit.record("funding.agreement.recorded", agreement, by=by, at=at, funder_id=agreement.funder_id)
    agreement_recorded.send(Agreement, agreement=agreement)
    return agreement


def write(agreement: Agreement, terms: Terms) -> None:
    for one in fields(terms):
        setattr(agreement, one.name, getattr(terms, one.name))
    host = terms.organization.name if terms.organization else ""
    agreement.sort_key = sort_key(terms.reference, terms.funder.name, host)[:400]
    try:
        agreement.region = queries.region_of(terms.level, terms.code)
    except LookupError as error:
        raise NoSuchPlace from error
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        if "reference" not in constraint_of(error):
            raise
        raise AgreementKnown from error


def constraint_of(error: IntegrityError) -> str:
    """The name of the promise that would not be kept."""
    return error.__cause__.diag.constraint_name or "" if isinstance(error.__cause__, PostgresError) else ""


def cut(agreement: Agreement, number: int, *, by: User, at: datetime) -> None:
    if not number:
        return
    parts = split(agreement.committed_cents, [1] * number)
    days = spaced(agreement.begins_on, agreement.ends_on, number)
    Instalment.objects.bulk_create(
        Instalment(agreement=agreement, due_on=due_on, amount_cents=cents, recorded_at=at, recorded_by=by)
        for due_on, cents in zip(days, parts, strict=True)
        if cents
    )


def owe(agreement: Agreement, days: Sequence[date], *, by: User, at: datetime) -> None:
    last = len(days) - 1
    ReportDue.objects.bulk_create(
        ReportDue(
            agreement=agreement,
            kind=ReportKind.FINAL if place == last else ReportKind.ACTIVITY,
            due_on=due_on,
            recorded_at=at,
            recorded_by=by,
        )
        for place, due_on in enumerate(days)
    )


@transaction.atomic
def change(*, agreement: Agreement, terms: Terms, by: User, at: datetime) -> Agreement:
    """Write other terms, until it is signed. Raises `AlreadySigned`, `AgreementKnown` or `NoSuchPlace`.

    Its instalments and reports stay as they were planned: they are added and withdrawn one by one.
    """
    agreement = locked(agreement)
    if agreement.signed_on:
        raise AlreadySigned(agreement.signed_on)
    former = agreement.reference
    try:
        with transaction.atomic():
            write(agreement, terms)
    except IntegrityError as error:
        raise HoldsMore from error
    if queries.actions_outside(agreement).exists():
        raise HoldsMore
    audit.record("funding.agreement.changed", agreement, by=by, at=at)
    agreement_recorded.send(Agreement, agreement=agreement, former=former)
    return agreement


def locked(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_for_update(of=["self"]).get(pk=agreement.pk)


@transaction.atomic
def sign(*, agreement: Agreement, signed_on: date, by: User, at: datetime) -> Agreement:
    """From that day on it may be paid. Said again with another day, it corrects it, never after a payment."""
    agreement = locked(agreement)
    if agreement.signed_on == signed_on:
        return agreement
    paid = agreement.instalments.filter(payments__withdrawn_at=None).order_by("payments__paid_on")
    first = paid.values_list("payments__paid_on", flat=True).exclude(payments__paid_on=None).first()
    if first and first < signed_on:
        raise AlreadySigned(first, is_paid=True)
    before, agreement.signed_on = agreement.signed_on, signed_on
    agreement.save(update_fields=["signed_on"])
    audit.record(
        "funding.agreement.signed", agreement, by=by, at=at, signed_on=str(signed_on), before=str(before or "")
    )
    return agreement


# -- what is owed in writing ------------------------------------------------------------------------------------------


@transaction.atomic
def owe_report(*, agreement: Agreement, kind: ReportKind, due_on: date, by: User, at: datetime) -> ReportDue:
    """One more report in the calendar; the same one twice is once."""
    locked(agreement)
    known = agreement.reports.standing().filter(kind=kind, due_on=due_on).first()
    if known:
        return known
    report = agreement.reports.create(kind=kind, due_on=due_on, recorded_at=at, recorded_by=by)
    audit.record("funding.report.owed", report, by=by, at=at, agreement_id=agreement.pk)
    return report


@transaction.atomic
def send_report(*, report: ReportDue, sent_on: date, by: User, at: datetime) -> None:
    """Say that it left. Twice is once: the first day stays."""
    report = ReportDue.objects.select_for_update(of=["self"]).get(pk=report.pk)
    if report.sent_on or report.withdrawn_at:
        return
    report.sent_on, report.sent_by = sent_on, by
    report.save(update_fields=["sent_on", "sent_by"])
    audit.record("funding.report.sent", report, by=by, at=at, agreement_id=report.agreement_id)


@transaction.atomic
def withdraw_report(*, report: ReportDue, by: User, at: datetime) -> None:
    """It is owed no more. Twice is once."""
    report = ReportDue.objects.select_for_update(of=["self"]).get(pk=report.pk)
    if report.withdrawn_at:
        return
    report.withdrawn_at, report.withdrawn_by = at, by
    report.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("funding.report.withdrawn", report, by=by, at=at, agreement_id=report.agreement_id)
