"""Her own space: a code and something she knows open it once; what she asks there comes back there."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citeslab.accounts.models import User
from citeslab.accounts.services import stand_in
from citeslab.audit import services as audit
from citeslab.notifications import services as notifications
from citeslab.notifications.enums import Channel
from citeslab.people.models import Person
from citeslab.rights import queries
from citeslab.rights.definitions import HERSELF
from citeslab.rights.enums import Door, Wish
from citeslab.rights.models import AccessCode, Attempt, CorrectionRequest
from citeslab.rights.values import ALPHABET, CODE_LENGTH, digits, knows, plain_code, same_phone, shown_code

FROM_AN_ADVISOR = timedelta(days=7)  # printed or told: she opens it at home
FROM_A_MESSAGE = timedelta(minutes=15)  # asked a minute ago
TRIES_OF_A_CODE = 5
TRIES_OF_AN_ORIGIN = 5  # wrong ones, in a quarter of an hour
CODES_OF_AN_ORIGIN = 10  # asked for, in an hour: a community center has one address for all
CODES_OF_A_TARGET = 3
LOCK = 7_205_011  # with the origin: two tries of one origin wait for each other


class NothingToCheck(Exception):
    def __str__(self):
        return _(
            "No birth date and no phone is known for this person: nothing would prove that the code is in her hands. "
            "Write one of them in her file, then give the code."
        )


class WrongCode(Exception):
    def __str__(self):
        return _(
            "This code and this answer open nothing. The code may be too old, or already used. Check both, or ask for "
            "another code."
        )


class TooManyAttempts(Exception):
    def __str__(self):
        return _("There were too many tries from here. Wait a quarter of an hour, or call your advisor.")


class AlreadyAnswered(Exception):
    def __str__(self):
        return _("Someone already answered this request.")


def herself(*, at: datetime) -> User:
    """The actor of what a person does in her own space: the journal has one, and it cannot sign in."""
    return stand_in(email=HERSELF, name="the person herself", at=at)


def keyed(*parts: str) -> str:
    """A digest that only this installation can make: a code of 49 bits must not be found from its digest."""
    return salted_hmac("citeslab.rights", "\x1f".join(parts), algorithm="sha256").hexdigest()


def new_code(person: Person, *, asked_by_her: bool, lasts: timedelta, by: User, at: datetime) -> tuple[AccessCode, str]:
    """One code at a time for a person: those that she has not used are closed."""
    AccessCode.objects.filter(person=person, opened_at=None, closed_at=None).update(closed_at=at)
    code = "".join(secrets.choice(ALPHABET) for _letter in range(CODE_LENGTH))
    row = AccessCode.objects.create(
        person=person, digest=keyed(code), asked_by_her=asked_by_her, made_at=at, made_by=by, expires_at=at + lasts
    )
    return row, shown_code(code)


@transaction.atomic
def give_code(*, person: Person, by: User, at: datetime) -> tuple[AccessCode, str]:
    """A code to print or to tell, shown once. Raises `NothingToCheck` when nothing could be asked beside it."""
    if not person.born_on and len(digits(person.phone)) < 4:
        raise NothingToCheck
    row, code = new_code(person, asked_by_her=False, lasts=FROM_AN_ADVISOR, by=by, at=at)
    audit.record("rights.code.given", person, by=by, at=at)
    return row, code


def ask_code(*, contact: str, born_on, origin: str, at: datetime) -> None:
    """Send a code to the address or the phone on file, if one person has it with that birth date.

    Whoever asks learns nothing: the answer is the same. Raises `TooManyAttempts`, whatever was asked.
    """
    target = keyed("target", contact.strip().casefold())
    with transaction.atomic():
        here, there = tries(Door.ASK, origin=origin, target=target, at=at, within=timedelta(hours=1))
        Attempt.objects.create(door=Door.ASK, origin=keyed("origin", origin), target=target, at=at)
        if here < CODES_OF_AN_ORIGIN and there < CODES_OF_A_TARGET:
            send_codes(contact.strip(), born_on, at=at)
    if here >= CODES_OF_AN_ORIGIN:
        raise TooManyAttempts


def send_codes(contact: str, born_on, *, at: datetime) -> None:
    known = Person.objects.named().filter(born_on=born_on).exclude(email="", phone="").order_by("pk")
    is_email = "@" in contact
    found = [
        person
        for person in known
        if (person.email.casefold() == contact.casefold() if is_email else same_phone(person.phone, contact))
    ]
    # Two names on one phone and one birth date are twins: neither may open the other's file.
    if not found or not queries.same_contact(found):
        return
    by = herself(at=at)
    for person in found:
        row, code = new_code(person, asked_by_her=True, lasts=FROM_A_MESSAGE, by=by, at=at)
        notifications.post(
            key=f"rights.code.asked:{row.pk}",
            to=person.email if is_email else person.phone,
            channel=Channel.EMAIL if is_email else Channel.SMS,
            subject=_("Your code"),
            body=_(
                "Your code: %(code)s. It opens your file once, within 15 minutes, on %(url)s. If you did not ask for "
                "it, do nothing."
            )
            % {"code": code, "url": f"{settings.PUBLIC_URL}/mes-donnees/"},
            at=at,
            about=person,
        )
        audit.record("rights.code.asked", person, by=by, at=at)


def tries(door: Door, *, origin: str, target: str, at: datetime, within: timedelta) -> tuple[int, int]:
    """Tries at a door lately, from here and at that target; the origin is locked until the transaction ends."""
    here = keyed("origin", origin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, here])
    lately = Attempt.objects.filter(door=door, at__gt=at - within)
    return lately.filter(origin=here).count(), lately.filter(target=target).count()


def open_space(*, code: str, answer: str, origin: str, at: datetime) -> AccessCode:
    """Open her space with a code and something she knows; the code is used up.

    Raises `WrongCode`, which never says what was wrong, or `TooManyAttempts`. A refusal is counted and stays counted:
    it is raised after its transaction.
    """
    digest = keyed(plain_code(code))
    with transaction.atomic():
        here, _there = tries(Door.OPEN, origin=origin, target=digest, at=at, within=timedelta(minutes=15))
        refused = here >= TRIES_OF_AN_ORIGIN
        visit = None if refused else try_code(digest, answer, at)
        if visit is None and not refused:
            Attempt.objects.create(door=Door.OPEN, origin=keyed("origin", origin), target=digest, at=at)
    if refused:
        raise TooManyAttempts
    if visit is None:
        raise WrongCode
    return visit


def try_code(digest: str, answer: str, at: datetime) -> AccessCode | None:
    row = AccessCode.objects.usable(at).filter(digest=digest).select_for_update(of=("self",)).first()
    if row is None or row.person.anonymised_at:
        return None
    if not knows(answer, born_on=row.person.born_on, phone="" if row.asked_by_her else row.person.phone):
        row.attempts += 1
        row.closed_at = at if row.attempts >= TRIES_OF_A_CODE else None
        row.save(update_fields=["attempts", "closed_at"])
        return None
    row.opened_at = at
    row.save(update_fields=["opened_at"])
    audit.record("rights.space.opened", row.person, by=herself(at=at), at=at)
    return row


@transaction.atomic
def leave(*, visit: AccessCode, at: datetime) -> None:
    AccessCode.objects.filter(pk=visit.pk, closed_at=None).update(closed_at=at)


@transaction.atomic
def ask_correction(*, person: Person, wish: Wish, text: str, at: datetime) -> CorrectionRequest:
    """Put what she asks on the list of her site's advisors. The same request sent twice is one."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    waiting = CorrectionRequest.objects.filter(person=person, answered_at=None)
    if known := waiting.filter(wish=wish, text=text).first():
        return known
    request = CorrectionRequest.objects.create(person=person, wish=wish, text=text, asked_at=at)
    audit.record("rights.request.asked", person, by=herself(at=at), at=at, wish=wish)
    return request


@transaction.atomic
def answer_request(*, request: CorrectionRequest, answer: str, by: User, at: datetime) -> None:
    """Answer a request: she reads it in her space, and a message tells her that it is there.

    Raises `AlreadyAnswered`: the first answer stands.
    """
    row = CorrectionRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    if row.answered_at:
        raise AlreadyAnswered
    row.answer, row.answered_at, row.answered_by = answer, at, by
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("rights.request.answered", row.person, by=by, at=at, request_id=row.pk)
    tell(
        row.person,
        key=f"rights.request.answered:{row.pk}",
        subject=gettext_lazy("An answer waits for you"),
        body=gettext_lazy(
            "Your advisor answered what you asked about your file. Read the answer in your space: %(url)s"
        ),
        at=at,
    )


def tell(person: Person, *, key: str, subject: Promise, body: Promise, at: datetime) -> bool:
    """Write to her by e-mail, or else by text, in the network's language. Says whether she can be reached."""
    if not person.email and not person.phone:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        notifications.post(
            key=key,
            to=person.email or person.phone,
            channel=Channel.EMAIL if person.email else Channel.SMS,
            subject=str(subject),
            body=str(body) % {"url": f"{settings.PUBLIC_URL}/mes-donnees/", "site": person.site.name},
            at=at,
            about=person,
        )
    return True
