"""The partner's acts, by a link and without an account; and the steps that her answers make on the pathway."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import is_siret
from citeslab.followup import services as followup
from citeslab.followup.enums import Evidence
from citeslab.followup.models import Transition
from citeslab.notifications import services as notifications
from citeslab.partners.models import Contact
from citeslab.referrals import exports, queries, rules
from citeslab.referrals.enums import Access, Kind, Occasion, Outcome, Reason
from citeslab.referrals.models import PROGRESS, Answer, Knock, Link, Referral
from citeslab.referrals.services.links import locked, partners_user
from citeslab.referrals.services.sending import NotPossible, note, reopen

WRONG_AN_HOUR = 30  # unknown secrets, by source; a secret of 256 bits is not found so: this spares the machine
KNOCKS_AN_HOUR = 120  # of one referral
RENEWAL_EVERY = timedelta(hours=24)


class LinkClosed(Exception):
    def __str__(self):
        return _("This link opens nothing any more.")


class WrongDay(Exception):
    field = "occurred_on"

    def __str__(self):
        return _("This day cannot be: give one between the sending of the referral and today.")


class WrongSiret(Exception):
    field = "siret"

    def __str__(self):
        return _("This is no SIRET: its 14 digits do not fit together. Read them again on the registration notice.")


class ReasonUnsaid(Exception):
    field = "text"

    def __str__(self):
        return _("Say in a few words why: it helps us to refer better.")


REFUSALS = (NotPossible, WrongDay, WrongSiret, ReasonUnsaid)  # of an answer, each with its words


class TooMany(Exception):
    def __str__(self):
        return _("This address was asked too many times. Wait an hour, then open the link again.")


def source_of(address: str) -> str:
    """Who knocks, as a digest keyed by this installation: the address itself is kept nowhere."""
    return salted_hmac("citeslab.referrals.knock", address, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def knock(*, link: Link | None, address: str, at: datetime) -> None:
    """Count a link followed; raises `TooMany`.

    Unknown secrets are counted by source and refuse that source's unknown secrets alone: who tries addresses at
    random must not lock a partner out who shares hers. A known link is counted on its referral.
    """
    lately = Knock.objects.filter(at__gt=at - timedelta(hours=1))
    source = source_of(address)
    if link is None:
        if lately.filter(source=source, referral=None).count() >= WRONG_AN_HOUR:
            raise TooMany
    elif lately.filter(referral=link.referral_id).count() >= KNOCKS_AN_HOUR:
        raise TooMany
    Knock.objects.create(source=source, referral_id=link.referral_id if link else None, at=at)


def opened(link: Link, *, at: datetime) -> Referral:
    """The referral of a link that still opens it, locked; raises `LinkClosed`."""
    referral = locked(link.referral)
    link = Link.objects.select_related("contact", "referral__consent").get(pk=link.pk)
    if queries.access_by(link, at=at) != Access.OPEN:
        raise LinkClosed
    return referral


@transaction.atomic
def open_sheet(*, link: Link, at: datetime) -> Referral:
    """Show the sheet: the first time is noted as "seen", each time is a read in the journal. Raises `LinkClosed`."""
    referral = opened(link, at=at)
    by = partners_user(at=at)
    if queries.state_of(referral) == Kind.SENT:
        note(referral, Kind.SEEN, contact=link.contact, by=by, at=at)
        audit.record("referrals.referral.seen", referral, by=by, at=at, contact_id=link.contact_id)
    audit.record(
        "referrals.sheet.read",
        referral.person,
        by=by,
        at=at,
        referral_id=referral.pk,
        contact_id=link.contact_id,
        office_id=link.contact.office_id,
    )
    return referral


@transaction.atomic
def answer(*, link: Link, at: datetime, **said) -> Answer:
    """Record what the partner says by her link (`said`: as for `written`), and tell the advisor.

    The same form sent twice is one answer. Raises `LinkClosed`, `NotPossible`, `WrongDay`, `WrongSiret` or
    `ReasonUnsaid`.
    """
    referral = opened(link, at=at)
    return written(referral, contact=link.contact, by=partners_user(at=at), at=at, **said)


@transaction.atomic
def note_by_phone(*, referral: Referral, by: User, at: datetime, **said) -> Answer:
    """Record what the partner told an advisor, on the phone or in passing (`said`: as for `written`).

    The contact is left empty: it is the advisor who writes, and a step that it makes is declared, not confirmed.
    Raises `NotPossible`, `WrongDay`, `WrongSiret` or `ReasonUnsaid`.
    """
    return written(locked(referral), contact=None, by=by, at=at, **said)


def written(
    referral: Referral,
    *,
    kind: Kind,
    form_key: str,
    occurred_on: date | None = None,
    reason: str = "",
    outcome: str = "",
    amount_cents: int | None = None,
    siret: str = "",
    text: str = "",
    contact: Contact | None,
    by: User,
    at: datetime,
) -> Answer:
    """Write an answer to a locked referral, and move the pathway when it teaches something."""
    if form_key and (existing := referral.answers.filter(form_key=form_key).first()):
        return existing
    if kind not in PROGRESS or not rules.may_follow(queries.state_of(referral), kind):
        raise NotPossible
    today = timezone.localdate(at)
    day = occurred_on or today
    if not rules.day_is_possible(day, sent_on=timezone.localdate(referral.sent_at), today=today):
        raise WrongDay
    if kind == Kind.REFUSED and reason == Reason.OTHER and not text:
        raise ReasonUnsaid
    siret = "".join(siret.split())
    if outcome == Outcome.REGISTERED and not is_siret(siret):
        raise WrongSiret
    said = note(
        referral,
        kind,
        occurred_on=day,
        contact=contact,
        reason=reason if kind == Kind.REFUSED else "",
        outcome=outcome if kind == Kind.OUTCOME else "",
        amount_cents=amount_cents if outcome == Outcome.LOAN else None,
        siret=siret if outcome == Outcome.REGISTERED else "",
        text=text,
        form_key=form_key,
        by=by,
        at=at,
    )
    if kind in {Kind.ACCEPTED, Kind.FIRST_MEETING}:
        # An acceptance gives thirty days more; a first meeting, thirty from then on at least.
        longer = referral.open_until if kind == Kind.ACCEPTED else at
        referral.open_until = max(referral.open_until, longer + rules.OPEN_LONGER)
        referral.save(update_fields=["open_until"])
    audit.record(
        "referrals.referral.answered",
        referral,
        by=by,
        at=at,
        contact_id=contact.pk if contact else None,
        kind=str(kind),
        outcome=said.outcome,
        reason=said.reason,
    )
    move(said, referral, by=by, at=at)
    if by != referral.advisor:
        notifications.post(
            key=f"referrals.referral.answered:{referral.pk}:{said.pk}",
            to=referral.advisor.email,
            at=at,
            about=referral,
            **exports.answered_to_advisor(said),
        )
    return said


def move(said: Answer, referral: Referral, *, by: User, at: datetime) -> None:
    """Make the step that this answer proves, with its evidence, on the pathway of the referral's project."""
    current = queries.current_step(referral.person, referral.project_id, on=said.occurred_on)
    step = rules.move_of(kind=said.kind, outcome=said.outcome, purpose=referral.purpose, current=current)
    if step and said.contact_id is None:  # an advisor's word for the partner's
        step = rules.as_declared(step, current=current)
    if step is None:
        return
    made = Transition(
        person=referral.person,
        project=referral.project,
        site_id=referral.person.site_id,
        occurred_on=said.occurred_on,
        stage=step.stage,
        exit_reason=step.exit_reason,
        evidence=step.evidence,
        siret=said.siret if step.evidence == Evidence.REGISTERED else "",
    )
    followup.record_transitions(transitions=[made], by=by, at=at)
    said.transition = made
    said.save(update_fields=["transition"])
    audit.record(
        "referrals.pathway.moved",
        referral.person,
        by=by,
        at=at,
        referral_id=referral.pk,
        answer_id=said.pk,
        transition_id=made.pk,
        stage=str(step.stage),
        evidence=str(step.evidence),
    )


@transaction.atomic
def take_back(*, link: Link, at: datetime) -> None:
    """The partner's last answer was a mistake: it is withdrawn, with the step it made.

    Raises `LinkClosed`, or `NotPossible` when the last word is not the partner's.
    """
    referral = opened(link, at=at)
    last = last_word(referral)
    if last.contact_id is None:
        raise NotPossible
    withdraw_word(last, referral, by=partners_user(at=at), at=at)
    notifications.post(
        key=f"referrals.answer.withdrawn:{last.pk}",
        to=referral.advisor.email,
        at=at,
        about=referral,
        **exports.answered_to_advisor(last),
    )


@transaction.atomic
def take_back_noted(*, referral: Referral, by: User, at: datetime) -> None:
    """What an advisor noted for the partner was a mistake: it is withdrawn, with the step it made.

    Raises `NotPossible` when the last word is not one that an advisor noted.
    """
    referral = locked(referral)
    last = last_word(referral)
    if last.contact_id is not None:
        raise NotPossible
    withdraw_word(last, referral, by=by, at=at)


def last_word(referral: Referral) -> Answer:
    last = referral.answers.standing().order_by("-pk").first()
    if last is None or last.kind not in PROGRESS:
        raise NotPossible
    return last


def withdraw_word(last: Answer, referral: Referral, *, by: User, at: datetime) -> None:
    last.withdrawn_at, last.withdrawn_by = at, by
    last.save(update_fields=["withdrawn_at", "withdrawn_by"])
    if last.transition_id:
        followup.withdraw_transitions(transitions=[last.transition_id], by=by, at=at)
    audit.record("referrals.answer.withdrawn", referral, by=by, at=at, answer_id=last.pk, contact_id=last.contact_id)


@transaction.atomic
def undo_move(*, answer: Answer, by: User, at: datetime) -> None:
    """The advisor withdraws the step that an answer made; the answer itself stays. Twice is once."""
    answer = Answer.objects.select_for_update(of=["self"]).select_related("referral__person").get(pk=answer.pk)
    if answer.transition_id is None:
        return
    undone = answer.transition_id
    followup.withdraw_transitions(transitions=[undone], by=by, at=at)
    answer.transition = None
    answer.save(update_fields=["transition"])
    audit.record(
        "referrals.pathway.move_undone",
        answer.referral.person,
        by=by,
        at=at,
        referral_id=answer.referral_id,
        answer_id=answer.pk,
        transition_id=undone,
    )


@transaction.atomic
def renew(*, link: Link, at: datetime) -> bool:
    """Send a new link, to the address that we know and to no other; True when one leaves.

    For a link that expired or was replaced, of a referral still possible, once a day at most. Whoever asks gets the
    same words: the page says nothing of the referral.
    """
    referral = locked(link.referral)
    link = Link.objects.select_related("contact", "referral__consent").get(pk=link.pk)
    if queries.access_by(link, at=at) not in {Access.EXPIRED, Access.REPLACED}:
        return False
    if at > referral.sent_at + rules.RENEWABLE_FOR:
        return False
    lately = referral.links.filter(occasion=Occasion.RENEWAL, made_at__gt=at - RENEWAL_EVERY)
    if lately.exists():
        return False
    by = partners_user(at=at)
    reopen(referral, Occasion.RENEWAL, until=at + rules.OPEN_LONGER, by=by, at=at)
    audit.record("referrals.link.renewed", referral, by=by, at=at, contact_id=link.contact_id)
    return True
