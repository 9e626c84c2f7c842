"""One agreement, told: its instalments step by step, what it pays; one funder, told from its agreements."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from citeslab.funding.enums import State, Use
from citeslab.funding.models import Agreement, Instalment, Payment, Progress


@dataclass
class Told:
    """An instalment with what happened to it, of what stands."""

    instalment: Instalment
    agreed: Progress | None = None
    payments: list[Payment] = field(default_factory=list)
    justified: Progress | None = None
    on: date | None = None

    @property
    def paid_cents(self) -> int:
        return sum(payment.amount_cents for payment in self.payments)

    @property
    def ceiling(self) -> int:
        """What may be paid: what was agreed, else what is due."""
        return self.agreed.amount_cents if self.agreed else self.instalment.amount_cents

    @property
    def state(self) -> State:
        if self.justified:
            return State.JUSTIFIED
        if self.payments:
            return State.PAID
        return State.AGREED if self.agreed else State.DUE

    @property
    def is_late(self) -> bool:
        return self.on is not None and not self.payments and self.instalment.due_on < self.on


def instalments_of(agreement: Agreement, *, on: date) -> list[Told]:
    """Its instalments by day; three questions."""
    instalments = agreement.instalments.standing().select_related("recorded_by").order_by("due_on", "pk")
    found = {one.pk: Told(one, on=on) for one in instalments}
    for step in Progress.objects.standing().filter(instalment__in=found).select_related("recorded_by"):
        if step.state == State.AGREED:
            found[step.instalment_id].agreed = step
        else:
            found[step.instalment_id].justified = step
    for payment in Payment.objects.standing().filter(instalment__in=found).order_by("pk"):
        found[payment.instalment_id].payments.append(payment)
    return list(found.values())


def told(instalment: Instalment, *, on: date) -> Told:
    return next(one for one in instalments_of(instalment.agreement, on=on) if one.instalment.pk == instalment.pk)


def paid_by_use(instalments: list[Told]) -> dict[Use, int]:
    """What was paid for each use, in their order; only those that were."""
    sums: defaultdict[Use, int] = defaultdict(int)
    for one in instalments:
        for payment in one.payments:
            sums[Use(payment.use)] += payment.amount_cents
    return {use: sums[use] for use in Use if use in sums}
