"""Who one can be in the demonstration: four invented people, signed in by one click."""

from datetime import date, datetime

from citeslab.accounts.models import User
from citeslab.accounts.services import create_user
from citeslab.demo.services.staff import NAMED_ADVISOR, NAMED_FROM, Staff
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization
from citeslab.network.services import give_mandate

# Key, name, role. The advisor is among the staff: she holds a post and writes facts down.
NAMED = {
    "advisor": (NAMED_ADVISOR, Role.ADVISOR),
    "coordinator": ("Samuel Okafor", Role.COORDINATOR),
    "pilot": ("Agnès Lorrain", Role.PILOT),
    "funder": ("Claire Duval", Role.FUNDER),
}


def email_of(account: str) -> str:
    return f"{account}@exemple.fr"


def name_accounts(*, made: Staff, first_organization: int, until: date, by: User, at: datetime) -> None:
    """The three accounts beside the advisors; the coordinator answers for an organization of several sites."""
    of_sites = [row[2] for row in made.sites]
    shared = next(number for number in of_sites if of_sites.count(number) > 1)
    organization = HostOrganization.objects.get(pk=first_organization + shared)
    for account, (name, role) in NAMED.items():
        if role == Role.ADVISOR:
            continue
        give_mandate(
            user=create_user(email=email_of(account), name=name, password=None, at=at),
            role=role,
            organization=organization if role == Role.COORDINATOR else None,
            begins_on=min(NAMED_FROM, until),
            by=by,
            at=at,
        )
