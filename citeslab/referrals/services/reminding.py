"""What the clock does: partners reminded, referrals expired, knocks forgotten. Each may run twice."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.accounts.services import command_line_user
from citeslab.audit import services as audit
from citeslab.notifications import services as notifications
from citeslab.referrals import exports, queries, rules
from citeslab.referrals.enums import Kind, Occasion
from citeslab.referrals.models import UNANSWERED, UNDERWAY, Knock, Referral
from citeslab.referrals.services.links import locked, send_link
from citeslab.referrals.services.sending import note

KNOCKS_KEPT = timedelta(days=2)


def remind_partners(*, at: datetime) -> int:
    """Remind the partners of referrals unanswered 9, 21 and 45 days after their link; tell each advisor in one line.

    Each referral in a transaction of its own: killed half-way, the next run does the rest and nothing twice.
    """
    by = command_line_user(at=at)
    first = min(rules.REMINDER_DAYS)
    old_enough = Referral.objects.waiting().filter(sent_at__lte=at - timedelta(days=first), open_until__gt=at)
    reminded = [key for key in old_enough.order_by("pk").values_list("pk", flat=True) if remind(key, by=by, at=at)]
    tell_advisors(at=at)
    return len(reminded)


@transaction.atomic
def remind(key: int, *, by: User, at: datetime) -> bool:
    referral = locked(Referral(pk=key))
    contact = referral.contact
    if (
        queries.state_of(referral) not in UNANSWERED
        or referral.consent.revoked_at is not None
        or contact.retired_at is not None
        or referral.open_until <= at
    ):
        return False
    waits = referral.links.standing().exclude(occasion=Occasion.REMINDER).order_by("-made_at").first()
    due = rules.reminder_due(since=waits.made_at, at=at) if waits else None
    if due is None or referral.links.standing().filter(reminder_day__gte=due).exists():
        return False
    send_link(referral, Occasion.REMINDER, reminder_day=due, at=at)
    audit.record("referrals.referral.reminded", referral, by=by, at=at, day=due, contact_id=contact.pk)
    return True


@transaction.atomic
def tell_advisors(*, at: datetime) -> None:
    """One message a day to each advisor whose referrals were reminded that day."""
    today = timezone.localdate(at)
    of_advisor: dict[int, list[Referral]] = defaultdict(list)
    reminded = queries.with_names(
        Referral.objects.filter(links__occasion=Occasion.REMINDER, links__made_at__date=today).distinct()
    )
    for referral in reminded.order_by("sent_at", "pk"):
        of_advisor[referral.advisor_id].append(referral)
    for advisor_id, referrals in of_advisor.items():
        notifications.post(
            key=f"referrals.advisor.reminded:{advisor_id}:{today.isoformat()}",
            to=referrals[0].advisor.email,
            at=at,
            **exports.reminded_to_advisor(referrals),
        )


def expire(*, at: datetime) -> int:
    """Close the referrals whose link opens nothing any more while something was still expected; tell the advisor."""
    by = command_line_user(at=at)
    keys = list(Referral.objects.overdue(at=at).order_by("pk").values_list("pk", flat=True))
    forget_knocks(at=at)
    return sum(expire_one(key, by=by, at=at) for key in keys)


@transaction.atomic
def expire_one(key: int, *, by: User, at: datetime) -> bool:
    referral = locked(Referral(pk=key))
    if queries.state_of(referral) not in UNDERWAY or referral.open_until > at:
        return False
    said = note(referral, Kind.EXPIRED, by=by, at=at)
    notifications.take_back(prefix=f"referrals.link.sent:{referral.pk}:")
    notifications.post(
        key=f"referrals.referral.expired:{said.pk}",
        to=referral.advisor.email,
        at=at,
        about=referral,
        **exports.expired_to_advisor(referral),
    )
    audit.record("referrals.referral.expired", referral, by=by, at=at, person_id=referral.person_id)
    return True


def forget_knocks(*, at: datetime) -> None:
    Knock.objects.filter(at__lt=at - KNOCKS_KEPT).delete()
