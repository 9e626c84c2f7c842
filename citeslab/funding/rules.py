"""Who reads and writes money."""

from datetime import date

from citeslab.accounts.models import User
from citeslab.funding.models import Agreement
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization, held_by
from citeslab.network.rules import roles

DOCUMENT_DAYS = 3_653  # ten years after the agreement: what accounts and European controls ask


def sees_agreements(user: User, *, on: date) -> bool:
    """The list and the accounts: the pilot of everything, a coordinator of her organization."""
    return bool(roles(user, on=on) & {Role.PILOT, Role.COORDINATOR})


def keeps_funders(user: User, *, on: date) -> bool:
    """Who is a funder, and who reads for it."""
    return Role.PILOT in roles(user, on=on)


def reads_for_a_funder(user: User, *, on: date) -> bool:
    return Role.FUNDER in roles(user, on=on)


def writes(user: User, agreement: Agreement, *, on: date) -> bool:
    return Agreement.objects.written_by(user, on=on).filter(pk=agreement.pk).exists()


def hosts_of(user: User, *, on: date):
    """The organizations for which she writes agreements."""
    if keeps_funders(user, on=on):
        return HostOrganization.objects.order_by("name", "pk")
    held = held_by(user, on=on)
    organizations = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
    return HostOrganization.objects.filter(pk__in=organizations).order_by("name", "pk")
