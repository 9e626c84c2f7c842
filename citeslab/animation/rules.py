"""Who takes part in the life of the network, and who writes what."""

from datetime import date

from citeslab.accounts.models import User
from citeslab.animation.enums import SHARE_ALIKE, Licence
from citeslab.animation.models import Method, Version, Welcome
from citeslab.network import rules as network
from citeslab.network.enums import Role

MEMBERS = frozenset({Role.ADVISOR, Role.COORDINATOR, Role.PILOT})


def is_member(user: User, *, on: date) -> bool:
    """Advisors, coordinators and the pilot; what funders read are figures."""
    return bool(network.roles(user, on=on) & MEMBERS)


def is_pilot(user: User, *, on: date) -> bool:
    return Role.PILOT in network.roles(user, on=on)


def may_call_meetings(user: User, *, on: date) -> bool:
    """The pilot and the coordinators; they announce things too."""
    return bool(network.roles(user, on=on) & {Role.PILOT, Role.COORDINATOR})


def may_check(user: User, welcome: Welcome, *, on: date) -> bool:
    """Of a list that she sees: herself, or the coordinator of her site. The pilot only reads that of somebody else."""
    return welcome.mandate.user_id == user.pk or not is_pilot(user, on=on)


def may_write(user: User, method: Method, *, on: date) -> bool:
    """Its author site, or the pilot; others make a method of their own that names its source."""
    return Method.objects.written_by(user, on=on).filter(pk=method.pk).exists()


def licences(source: Version | None) -> list[Licence]:
    """Under which licences what is made from `source` may be shared: its own, when that one asks to share alike."""
    if source and source.licence in SHARE_ALIKE:
        return [Licence(source.licence)]
    return list(Licence)
