"""What the sign-in library asks us, and what follows a sign-in."""

import base64
import hashlib
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citeslab.accounts import services
from citeslab.ui.values import day

WRONG_CODE = _("This code is not the right one, or it is over. Type the one that your application shows now.")
TOO_MANY = _(
    "Too many attempts. For the safety of this account, wait five minutes, then try again. "
    "If you forgot your password, ask for another one."
)


@receiver(user_logged_in)
def begin_session(sender, request, user, **kwargs):
    """A session lasts a working day at most, whatever is done with it, and says which browser holds it."""
    now = timezone.now()
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session["opened_at"] = request.session["seen_at"] = now.timestamp()
    request.session["agent"] = request.META.get("HTTP_USER_AGENT", "")[:200]


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; attempts are counted per account and per network address; our pages say their own words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        return (credentials.get("email") or credentials.get("username") or "").strip().lower()

    def login(self, request, user) -> None:
        """The end of every way in: a session opens, and the journal says so."""
        super().login(request, user)
        services.note_sign_in(user=user, at=timezone.now())

    def is_reauthentication_required(self, *, app, **kwargs) -> bool:
        return False  # our views ask again by themselves (`views.fresh`)

    def add_message(self, *args, **kwargs) -> None:
        pass

    def send_mail(self, template_prefix, email, context) -> None:
        raise NotImplementedError("Messages leave by the room `notifications`.")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are kept under a key that the database does not hold."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return settings.MFA_TOTP_ISSUER

    def generate_authenticator_name(self, user, type) -> str:
        return str(_("Passkey of %(day)s")) % {"day": day(timezone.localdate())}

    def get_public_key_credential_user_entity(self, user) -> dict:
        return super().get_public_key_credential_user_entity(user) | {"display_name": user.name}


def vault() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor {key!s}".encode()).digest())) for key in keys]
    )
