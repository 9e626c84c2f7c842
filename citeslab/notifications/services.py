"""Acts on messages: posted with the act they tell, taken back while they wait, sent, forgotten."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from citeslab.notifications.enums import Channel
from citeslab.notifications.models import Message

# After each refusal the next attempt waits longer; after the last, somebody must look.
PATIENCE = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440)]
KEPT = timedelta(days=30)  # the words of what was sent; that it was sent stays
BLANK = {"recipient": "", "subject": "", "body": "", "calendar": "", "last_error": ""}  # a refusal quotes the address


def post(**said) -> None:
    """Write a message (`message`)."""
    post_all([message(**said)])


def post_all(messages: Iterable[Message]) -> None:
    """Write messages; a task sends each once this transaction is committed and its `send_after` has come.

    One statement: two acts that post the same occasion at once do not wait for each other's savepoints.
    """
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def message(
    *,
    key: str,
    to: str,
    subject: str = "",
    body: str,
    at: datetime,
    channel: Channel = Channel.EMAIL,
    send_after: datetime | None = None,
    useless_after: datetime | None = None,
    calendar: str = "",
    about: models.Model | None = None,
) -> Message:
    """A message to post. It does not leave any more from `useless_after` on, however long the machine was off.

    `key` names the occasion ("agenda.appointment.reminder:12:day-before"): posting it again changes nothing. The text
    is already in the language of who reads it.
    """
    return Message(
        key=key,
        channel=channel,
        recipient=to,
        subject=" ".join(subject.split())[:200],
        body=body,
        calendar=calendar,
        about_kind=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        posted_at=at,
        send_after=send_after or at,
        useless_after=useless_after,
    )


@transaction.atomic
def take_back(*, prefix: str) -> int:
    """Forget the messages whose key begins so and that still wait: what they announce will not happen."""
    count, _rows = Message.objects.waiting().filter(key__startswith=prefix).delete()
    return count


def send_due(*, at: datetime, most: int = 200) -> int:
    """Send what is due, each in a transaction of its own; two workers never send the same one together.

    Killed between the server's "yes" and the commit, a message leaves again, with the same identifier.
    """
    sent = 0
    for _rank in range(most):
        with transaction.atomic():
            message = Message.objects.due(at).order_by("send_after", "pk").select_for_update(skip_locked=True).first()
            if message is None:
                break
            sent += hand_over(message, at=at)
    return sent


def hand_over(message: Message, *, at: datetime) -> bool:
    message.attempts += 1
    try:
        send_email(message) if message.channel == Channel.EMAIL else send_text(message)
    except (OSError, ValueError) as refusal:  # smtplib's refusals are of the first family, a bad address of the second
        message.last_error = f"{type(refusal).__name__}: {refusal}"[:300]
        if isinstance(refusal, ValueError) or message.attempts > len(PATIENCE):
            message.given_up_at = at
        else:
            message.send_after = at + PATIENCE[message.attempts - 1]
    else:
        message.sent_at, message.last_error = at, ""
    message.save()
    return message.sent_at is not None


def identifier(message: Message) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}{message.key}".encode()).hexdigest()[:32]


def send_email(message: Message) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    email = EmailMessage(
        message.subject,
        message.body,
        to=[message.recipient],
        headers={"Message-ID": f"<{identifier(message)}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    if message.calendar:
        email.attach("rendez-vous.ics", message.calendar, "text/calendar; charset=utf-8")
    email.send()


def send_text(message: Message) -> None:
    import_string(settings.SMS_GATEWAY)().send(to=message.recipient, text=message.body, id=identifier(message))


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Give up what came too late to be sent; blank the words of what was sent or given up long ago."""
    Message.objects.waiting().filter(useless_after__lte=at).update(given_up_at=at)
    old = Message.objects.filter(posted_at__lt=at - KEPT).exclude(body="").exclude(sent_at=None, given_up_at=None)
    return old.update(**BLANK)


@transaction.atomic
def forget_people(*, about: Mapping[str, Collection[int]], words: Collection[str]) -> int:
    """Blank what was written about these rows (keys by `app.model`), to these addresses or with these words in it.

    What still waits is dropped: it would name someone who asked to be forgotten.
    """
    hers = Q()
    for kind, keys in about.items():
        hers |= Q(about_kind=kind, about_id__in=keys)
    for word in words:
        hers |= Q(recipient__iexact=word) | Q(subject__icontains=word) | Q(body__icontains=word)
        hers |= Q(calendar__icontains=word) | Q(last_error__icontains=word)
    if not hers:
        return 0
    Message.objects.waiting().filter(hers).delete()
    return Message.objects.filter(hers).update(**BLANK)
