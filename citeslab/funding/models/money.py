from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet
from citeslab.funding.enums import State, Use
from citeslab.funding.models.agreements import Agreement
from citeslab.funding.values import MOST_CENTS

STEPS = [(one.value, one.label) for one in (State.AGREED, State.JUSTIFIED)]


def an_amount(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(amount_cents__range=(1, MOST_CENTS)),
        violation_error_message=_("An amount is one cent at least, a hundred million euros at most."),
    )


class Instalment(Fact):
    """A part of what is promised, due on a day (FR: tranche). Together they are never more than the promise."""

    PERSONAL = ()

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="instalments")
    due_on = models.DateField(_("due on"))
    amount_cents = models.PositiveBigIntegerField(_("amount, in cents"))

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        constraints = [*Fact.Meta.constraints, an_amount("funding_instalment_of_an_amount")]
        indexes = [models.Index(name="funding_instalment_by_day", fields=["due_on"])]

    def __str__(self):
        return f"instalment #{self.pk}"


class Progress(Fact):
    """The funder agreed to pay an instalment, or took its accounts as justified: how much, and from which day."""

    PERSONAL = ()

    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="steps")
    state = models.CharField(_("step"), max_length=9, choices=STEPS)
    reached_on = models.DateField(_("day"))
    amount_cents = models.PositiveBigIntegerField(_("amount, in cents"))

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("step of an instalment")
        verbose_name_plural = _("steps of an instalment")
        constraints = [
            *Fact.Meta.constraints,
            an_amount("funding_progress_of_an_amount"),
            models.UniqueConstraint(
                name="funding_progress_one_of_a_state",
                fields=["instalment", "state"],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This step is already recorded."),
            ),
        ]

    def __str__(self):
        return f"step #{self.pk} of an instalment"


class Payment(Fact):
    """Money that came for an instalment, for one use. Never before the agreement is signed: the database refuses it."""

    PERSONAL = ()

    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="payments")
    use = models.CharField(_("for"), max_length=9, choices=Use)
    paid_on = models.DateField(_("paid on"))
    amount_cents = models.PositiveBigIntegerField(_("amount, in cents"))

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            *Fact.Meta.constraints,
            an_amount("funding_payment_of_an_amount"),
            models.UniqueConstraint(
                name="funding_payment_one_a_use",
                fields=["instalment", "use"],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This instalment is already paid for this use."),
            ),
        ]
        indexes = [models.Index(name="funding_payment_by_day", fields=["paid_on"])]

    def __str__(self):
        return f"payment #{self.pk}"
