"""Acts on accounts: made, closed, their passwords, their second factors, their sessions."""

from datetime import datetime, timedelta
from functools import partial

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from citeslab.accounts.enums import Factor
from citeslab.accounts.gateways import Claims
from citeslab.accounts.models import Closure, Identity, Knock, Session, User
from citeslab.accounts.signals import invited_identity_came, message_wanted
from citeslab.audit import services as audit

COMMAND_LINE = "command-line@citeslab.invalid"
KNOCKS_KEPT = timedelta(days=1)
# Looked at and counted in one statement: each public form goes through it.
KNOCK_UNLESS_TOO_OFTEN = """
    INSERT INTO accounts_knock (door, source, at)
    SELECT %s, %s, %s
    WHERE (SELECT count(*) FROM accounts_knock WHERE door = %s AND source = %s AND at > %s) < %s
"""


class TooOften(Exception):
    def __str__(self):
        return _("This was asked too many times from where you are. Wait an hour, or call your advisor.")


@transaction.atomic
def create_user(*, email: str, name: str, password: str | None, at: datetime) -> User:
    """An account; with `password=None` nobody can sign in to it by password."""
    user = User(email=email, name=name, created_at=at)
    user.set_password(password)
    user.save()
    return user


def stand_in(*, email: str, name: str, at: datetime) -> User:
    """The actor of what is done without an account: what is recorded always has one, and nobody signs in to it.

    It never changes: a process that needs it for each of a rush of people keeps it at hand.
    """
    at_hand, name_there = caches["at_hand"], f"accounts.stand_in:{email}"
    if known := at_hand.get(name_there):
        return known
    existing = User.objects.filter(email=email).first()
    if existing:
        # Once committed: it may have been made in this very transaction, which may still fail.
        transaction.on_commit(partial(at_hand.set, name_there, existing, timeout=settings.PAGES_AT_HAND))
        return existing
    try:
        with transaction.atomic():
            return create_user(email=email, name=name, password=None, at=at)
    except IntegrityError:  # another act was the first at that very moment
        return User.objects.get(email=email)


def command_line_user(*, at: datetime) -> User:
    """The actor of what is done by command or by the clock."""
    return stand_in(email=COMMAND_LINE, name="citeslab", at=at)


@transaction.atomic
def close_account(*, user: User, by: User, at: datetime) -> None:
    """Shut the account and every session of it, at once; closing it again changes nothing."""
    _row, is_new = Closure.objects.get_or_create(user=user, defaults={"closed_at": at, "closed_by": by})
    if not is_new:
        return
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user, by=by, at=at)
    audit.record("accounts.account.closed", user, by=by, at=at)


@transaction.atomic
def end_sessions(*, user: User, by: User, at: datetime, except_key: str = "") -> int:
    """Sign her out everywhere, but in the session that asks."""
    ended, _rows = Session.objects.filter(user=user).exclude(session_key=except_key).delete()
    if ended:
        audit.record("accounts.sessions.ended", user, by=by, at=at, count=ended)
    return ended


@transaction.atomic
def end_session(*, session: Session, by: User, at: datetime) -> None:
    session.delete()
    audit.record("accounts.session.ended", by, by=by, at=at)


def forget_sessions(*, at: datetime) -> int:
    """Remove the sessions that are over."""
    count, _rows = Session.objects.filter(expire_date__lte=at).delete()
    return count


@transaction.atomic
def note_sign_in(*, user: User, at: datetime) -> None:
    audit.record("accounts.user.signed_in", user, by=user, at=at)


@transaction.atomic
def note_second_factor(*, user: User, factor: Factor, added: bool, at: datetime) -> None:
    """Tell the journal, and her by e-mail: an addition that she did not make must not stay unseen."""
    verb = "added" if added else "removed"
    audit.record(f"accounts.second_factor.{verb}", user, by=user, at=at, factor=factor)
    said = (
        _("A second factor was added to your account: %(factor)s.")
        if added
        else _("A second factor was removed from your account: %(factor)s.")
    )
    wish_message(
        user,
        occasion=f"second_factor.{verb}",
        subject=_("The protection of your account changed"),
        paragraphs=[
            said % {"factor": factor.label},
            _("If it was not you, sign out everywhere and change your password:")
            + f"\n{settings.PUBLIC_URL}{reverse('accounts:security')}",
        ],
        at=at,
    )


@transaction.atomic
def forget_factors(*, user: User, by: User, at: datetime) -> None:
    """For who lost her phone and her codes: every factor goes, her sessions too; the next sign-in sets one up anew."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    Session.objects.filter(user=user).delete()
    audit.record("accounts.second_factor.forgotten", user, by=by, at=at)
    wish_message(
        user,
        occasion="second_factor.forgotten",
        subject=_("The protection of your account changed"),
        paragraphs=[
            _("Your second factor was taken away, as you asked. Sign in with your password to set up another one:")
            + f"\n{settings.PUBLIC_URL}{reverse('accounts:sign_in')}",
            _("You did not ask for it? Call the coordinator of your organization at once."),
        ],
        at=at,
    )


@transaction.atomic
def change_password(*, user: User, password: str, at: datetime, keep_session: str = "") -> None:
    """Set it, sign the other sessions out, and tell her by e-mail."""
    user.set_password(password)
    user.save(update_fields=["password"])
    Session.objects.filter(user=user).exclude(session_key=keep_session).delete()
    audit.record("accounts.password.changed", user, by=user, at=at)
    wish_message(
        user,
        occasion="password.changed",
        subject=_("Your password changed"),
        paragraphs=[
            _("The password of your account was changed. Your other sessions were signed out."),
            _("If it was not you, ask for another password at once:")
            + f"\n{settings.PUBLIC_URL}{reverse('accounts:forgotten_password')}",
        ],
        at=at,
    )


@transaction.atomic
def send_password_link(*, email: str, at: datetime) -> None:
    """Write to the account of this address, if there is one; the caller answers the same in both cases."""
    user = User.objects.filter(email__iexact=email, is_active=True).exclude(email=COMMAND_LINE).first()
    if user is None:
        return
    parts = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    audit.record("accounts.password.asked", user, by=user, at=at)
    wish_message(
        user,
        occasion="password.link",
        subject=_("Choose another password"),
        paragraphs=[
            _("Somebody, you we hope, asked for another password for your account. Choose it here, within two hours:")
            + f"\n{settings.PUBLIC_URL}{reverse('accounts:new_password', args=parts)}",
            _("If it was not you, do nothing: your password stays as it is."),
        ],
        at=at,
    )


def wish_message(user: User, *, occasion: str, subject: str, paragraphs: list[str], at: datetime) -> None:
    message_wanted.send(
        sender=User,
        key=f"accounts.{occasion}:{user.pk}:{at.timestamp():.6f}",
        to=user.email,
        subject=subject,
        body="\n\n".join([_("Hello,"), *paragraphs, "CitésLab"]),
        at=at,
    )


@transaction.atomic
def link_identity(*, user: User, claims: Claims, at: datetime) -> bool:
    """Tie a proven identity to an account; false when another account has it."""
    identity, is_new = Identity.objects.get_or_create(
        issuer=claims.issuer, subject=claims.subject, defaults={"user": user, "linked_at": at}
    )
    if is_new:
        audit.record("accounts.identity.linked", user, by=user, at=at)
    return identity.user_id == user.pk


@transaction.atomic
def user_of_identity(*, claims: Claims, invitation: str, at: datetime) -> User | None:
    """The account that this identity opens; a new one when it came with an invitation to its very address."""
    known = Identity.objects.filter(issuer=claims.issuer, subject=claims.subject).select_related("user").first()
    if known is not None:
        return known.user if known.user.is_active else None
    if not invitation or not claims.email:
        return None
    answers = invited_identity_came.send(
        sender=User, email=claims.email, name=claims.name or claims.email, invitation=invitation, at=at
    )
    made: list[User] = [account for _receiver, account in answers if isinstance(account, User)]
    if not made:
        return None
    link_identity(user=made[0], claims=claims, at=at)
    return made[0]


def knock(*, door: str, origin: str, most: int, at: datetime) -> None:
    """Count who comes to a door without an account; raises `TooOften` beyond `most` in an hour from one origin.

    The origin (an internet address) itself is kept nowhere.
    """
    source = salted_hmac("citeslab.knock", origin, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(KNOCK_UNLESS_TOO_OFTEN, [door, source, at, door, source, at - timedelta(hours=1), most])
        if not cursor.rowcount:
            raise TooOften


@transaction.atomic
def forget_knocks(*, at: datetime) -> None:
    Knock.objects.filter(at__lt=at - KNOCKS_KEPT).delete()
