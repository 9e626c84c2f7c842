"""Who pays for an action: agreements, by shares that are at most the whole; or a number, where none is known here."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.funding.models import Agreement
from citeslab.funding.values import WHOLE
from citeslab.network.models import Merger
from citeslab.ui.values import day
from citeslab.workshops.models import ActionShare, Workshop
from citeslab.workshops.queries import payable
from citeslab.workshops.services.registering import locked


class AboveWhole(Exception):
    def __str__(self):
        return _("These shares are more than the whole action: together they are at most 100.")


class NotPayable(Exception):
    """The agreement does not run on the day of the action, or is another host's."""

    def __init__(self, agreement: Agreement, workshop: Workshop):
        super().__init__()
        self.agreement, self.workshop = agreement, workshop

    def __str__(self):
        return _("The agreement %(reference)s does not pay for an action of %(day)s at this site.") % {
            "reference": self.agreement.reference,
            "day": day(self.workshop.held_on),
        }


@transaction.atomic
def pay_by(*, workshop: Workshop, shares: Mapping[Agreement, int], by: User, at: datetime) -> None:
    """These agreements pay for the action, each a share in hundredths of a percent, and no other does.

    Its number is that of the one that pays most. Raises `AboveWhole` or `NotPayable`.
    """
    workshop = locked(workshop)
    if sum(shares.values()) > WHOLE:
        raise AboveWhole
    fitting = set(payable(workshop).values_list("pk", flat=True))
    for agreement in shares:
        if agreement.pk not in fitting:
            raise NotPayable(agreement, workshop)
    write(workshop, shares)
    main = max(shares, key=lambda one: (shares[one], -one.pk)) if shares else None
    workshop.agreement = main.reference if main else ""
    workshop.save(update_fields=["agreement"])
    audit.record("workshops.workshop.paid_by", workshop, by=by, at=at, agreements=[one.pk for one in shares])


def write(workshop: Workshop, shares: Mapping[Agreement, int]) -> None:
    workshop.agreement_shares.all().delete()
    ActionShare.objects.bulk_create(
        ActionShare(workshop=workshop, agreement=agreement, share=share) for agreement, share in shares.items()
    )


def follow_number(workshop: Workshop) -> None:
    """The number of the programme names an agreement: it pays whole, unless it already pays a share."""
    if workshop.agreement and workshop.agreement_shares.filter(agreement__reference=workshop.agreement).exists():
        return
    named = payable(workshop).filter(reference=workshop.agreement).first() if workshop.agreement else None
    write(workshop, {named: WHOLE} if named else {})


@transaction.atomic
def adopt(*, agreement: Agreement, former: str = "") -> int:
    """Actions that wrote this number before the agreement was known are paid by it; how many.

    Those that it pays for under its `former` number are called by the new one.
    """
    if former and former != agreement.reference:
        renamed = Workshop.objects.filter(agreement=former, agreement_shares__agreement=agreement)
        Workshop.objects.filter(pk__in=renamed.values("pk")).update(agreement=agreement.reference)
    waiting = Workshop.objects.filter(agreement=agreement.reference, agreement_shares=None)
    waiting = waiting.filter(held_on__gte=agreement.begins_on, held_on__lt=agreement.ends_on)
    if agreement.organization_id:
        waiting = waiting.filter(site__organization__in=Merger.objects.gone_into(agreement.organization_id))
    made = ActionShare.objects.bulk_create(
        ActionShare(workshop_id=key, agreement=agreement, share=WHOLE) for key in waiting.values_list("pk", flat=True)
    )
    return len(made)
