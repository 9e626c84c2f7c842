"""Who reaches which address: one line an address. `tests/house/test_access.py` walks them all.

A new page needs a line in `WHO`; if its address takes an argument that no line of `WHAT` makes yet, one there too.
"""

from citeslab.network.enums import Role
from tests import factories

ANONYMOUS, ADVISOR, ENDED, COORDINATOR, PILOT, FUNDER = (
    "anonymous",
    "advisor",
    "ended",
    "coordinator",
    "pilot",
    "funder",
)
ROLES = (ANONYMOUS, ADVISOR, ENDED, COORDINATOR, PILOT, FUNDER)
# Where the object is, for who asks: her site; another site of the same organization; another organization's.
OWN, NEIGHBOR, FOREIGN = "own", "neighbor", "foreign"

EVERYONE = {(role, where) for role in ROLES for where in (OWN, NEIGHBOR, FOREIGN)}
SIGNED_IN = {(role, where) for role, where in EVERYONE if role != ANONYMOUS}
NOBODY: set = set()  # 404, whoever asks: shut in production, or the object is somebody else's alone
# Pages about no one object, for who sees names somewhere.
SEES_NAMES = {(role, where) for role, where in EVERYONE if role in {ADVISOR, COORDINATOR}}
SEES_NETWORK = {(role, where) for role, where in EVERYONE if role in {PILOT, FUNDER}}
# An object of a site: its advisors, and the coordinators of its organization.
OF_SITE = {(ADVISOR, OWN), (COORDINATOR, OWN), (COORDINATOR, NEIGHBOR)}
# What a coordinator alone does for the sites of her organization.
COORDINATES = {(COORDINATOR, OWN), (COORDINATOR, NEIGHBOR)}

WHO = {
    "accounts:sign_in": EVERYONE,
    "accounts:second_step": EVERYONE,
    "accounts:identity": NOBODY,  # no identity provider is configured
    "accounts:identity_return": NOBODY,
    "accounts:forgotten_password": EVERYONE,
    "accounts:new_password": EVERYONE,
    "accounts:sign_out": EVERYONE,
    "account_login": EVERYONE,
    "mfa_authenticate": EVERYONE,
    "accounts:security": SIGNED_IN,
    "accounts:confirmation": SIGNED_IN,
    "accounts:password": SIGNED_IN,
    "accounts:end_of_sessions": SIGNED_IN,
    "accounts:second_factor": SIGNED_IN,
    "accounts:application": SIGNED_IN,
    "accounts:passkey": SIGNED_IN,
    "accounts:recovery_codes": SIGNED_IN,
    "accounts:removal": NOBODY,
    "demo:sign_in": NOBODY,
    "desk:home": SIGNED_IN,
    "desk:people": SEES_NAMES,
    "desk:person": OF_SITE,
    "desk:elsewhere": SEES_NAMES,
    "figures:year_of_site": SEES_NAMES,
    "figures:statements": SIGNED_IN,
    "figures:dictionary": SIGNED_IN,
    "intake:workbooks": SEES_NAMES,
    "intake:workbook": OF_SITE,
    "intake:taking_in": OF_SITE,
    "intake:corrections": OF_SITE,
    "intake:removal": OF_SITE,
    "network:accounts": {(role, where) for role, where in EVERYONE if role in {COORDINATOR, PILOT}},
    "network:invitations": {(role, where) for role, where in EVERYONE if role in {COORDINATOR, PILOT}},
    "network:withdrawal": COORDINATES,
    "network:end_of_mandate": COORDINATES,
    "network:closure": COORDINATES,
    "network:lost_factor": COORDINATES,
    "network:invitation": NOBODY,  # a made-up link opens nothing
    "set_language": EVERYONE,
    "ui:look": NOBODY,
}


def factor(site):
    """A second factor of somebody who works at the site: nobody else's business."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.create(user=factories.AnyUser(), type="totp", data={"secret": "x"}).pk


def of(factory):
    """The key of an object of the site, made by a factory that has a `site`."""
    return lambda site: factory(site=site).pk


def of_person(factory):
    """The key of an object that hangs on a person of the site."""
    return lambda site: factory(person=factories.AnyPerson(site=site)).pk


# What stands for the argument of an address, at a site: by address, or by room.
WHAT = {
    ("accounts:removal", "pk"): factor,
    ("accounts:new_password", "uidb64"): lambda site: "MQ",
    ("accounts:new_password", "token"): lambda site: "a-b",
    ("network:withdrawal", "pk"): of(factories.AnyInvitation),
    ("network:end_of_mandate", "pk"): of(factories.AnyMandate),
    ("network:closure", "pk"): lambda site: factories.AnyMandate(site=site).user.pk,
    ("network:lost_factor", "pk"): lambda site: factories.AnyMandate(site=site).user.pk,
    ("network:invitation", "secret"): lambda site: "a-made-up-secret",
    ("desk", "pk"): of(factories.AnyPerson),
    ("intake", "pk"): of(factories.AnyWorkbook),
}


def user_of(role: str, site):
    """Somebody who holds this role where the site is."""
    from django.utils import timezone

    mandates = {
        ADVISOR: {"site": site},
        ENDED: {"site": site, "ends_on": timezone.localdate()},
        COORDINATOR: {"role": Role.COORDINATOR, "site": None, "organization": site.organization},
        PILOT: {"role": Role.PILOT, "site": None},
        FUNDER: {"role": Role.FUNDER, "site": None},
    }
    return factories.AnyMandate(**mandates[role]).user
