"""Who lives with whom."""

from datetime import datetime

from django.db import transaction

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.people.models import HouseholdTie, Person


@transaction.atomic
def tie_household(*, person: Person, other: Person, by: User, at: datetime) -> HouseholdTie:
    """Say that two people live under one roof. Saying it twice gives the same tie."""
    one, other = sorted([person, other], key=lambda who: who.pk)
    list(Person.objects.select_for_update(of=["self"]).filter(pk__in=[one.pk, other.pk]).order_by("pk"))
    if known := HouseholdTie.objects.standing().filter(one=one, other=other).first():
        return known
    tie = HouseholdTie.objects.create(one=one, other=other, recorded_at=at, recorded_by=by)
    audit.record("people.household.tied", person, by=by, at=at, one=one.pk, other=other.pk)
    return tie


@transaction.atomic
def untie_household(*, tie: HouseholdTie, by: User, at: datetime) -> None:
    """Take back that two people live under one roof."""
    if HouseholdTie.objects.standing().filter(pk=tie.pk).update(withdrawn_at=at, withdrawn_by=by):
        audit.record("people.household.untied", tie.one, by=by, at=at, one=tie.one_id, other=tie.other_id)
