"""What a session has proven."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as OWNER,
)
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY as RECORDS,
)
from django.conf import settings

from citeslab.accounts.enums import Factor

FRESH_SECONDS = 15 * 60
DEMONSTRATION = "demonstration"


def proofs(session) -> list[dict]:
    """How this session was opened and confirmed, in order; nothing that another account left."""
    if "_auth_user_id" not in session or session.get(OWNER) != session["_auth_user_id"]:
        return []
    records = session.get(RECORDS)
    return records if isinstance(records, list) else []


def has_second_factor(session) -> bool:
    """Did she show a second factor to open this session?

    The one-click accounts of the demonstration are taken at their word, in demonstration mode alone. An identity
    provider is believed when it says that it asked for two factors.
    """
    return any(
        (proof.get("method") == "mfa" and proof.get("type") in Factor.values)
        or (proof.get("method") == DEMONSTRATION and settings.DEMO)
        or (proof.get("method") == "socialaccount" and proof.get("second_factor") is True)
        for proof in proofs(session)
    )


def is_fresh(session) -> bool:
    """Was she asked to prove herself a short while ago? What protects the account asks for it."""
    return any(time.time() - proof.get("at", 0) < FRESH_SECONDS for proof in proofs(session))
