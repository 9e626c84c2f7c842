"""First contacts: received from the public pages, answered, joined to a file, forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.accounts.services import command_line_user, stand_in
from citeslab.agenda import rules
from citeslab.agenda.enums import ContactOutcome, Wish
from citeslab.agenda.models import Appointment, ContactAnswer, FirstContact
from citeslab.audit import services as audit
from citeslab.network.models import Site
from citeslab.notifications import services as notifications
from citeslab.people import services as people
from citeslab.people.models import Person

RESIDENTS = "residents@citeslab.invalid"
LONGEST_WORDS = 500
TAPPED_TWICE = timedelta(minutes=1)
SOURCE = _("the public site")  # how we met


def residents_user(*, at: datetime) -> User:
    """The actor of what residents do on the public pages."""
    return stand_in(email=RESIDENTS, name="residents", at=at)


@transaction.atomic
def receive(
    *,
    site: Site,
    name: str,
    phone: str = "",
    email: str = "",
    words: str = "",
    commune_name: str = "",
    key: UUID,
    at: datetime,
) -> FirstContact:
    """Keep that someone asks to be called by this site. The same `key` is once.

    Who asks again while she waits, by the same phone or address, is one line that says how often. Two who share a
    phone are two, as their names say: one is called back, then the other.
    """
    list(Site.objects.select_for_update(no_key=True).filter(pk=site.pk).values_list("pk"))  # one at a time for a site
    if known := FirstContact.objects.filter(key=key).first():
        return known
    by = residents_user(at=at)
    reached = FirstContact.objects.waiting().filter(same_reach(phone, email), site=site, wish=Wish.CALL)
    again = next((one for one in reached if rules.is_named_alike(one.name, name)), None)
    if again:
        again.times, again.last_at = again.times + 1, at
        again.name = max(again.name, name, key=len)  # the first of the two, when they are as long
        again.commune_name = again.commune_name or commune_name
        if words and words not in again.words:
            again.words = f"{again.words} {words}".strip()[:LONGEST_WORDS]
        again.save(update_fields=["times", "last_at", "name", "commune_name", "words"])
        audit.record("agenda.contact.repeated", again, by=by, at=at, times=again.times)
        return again
    made = FirstContact.objects.create(
        site=site,
        name=name,
        phone=phone,
        email=email,
        words=words[:LONGEST_WORDS],
        commune_name=commune_name,
        wish=Wish.CALL,
        key=key,
        received_at=at,
        last_at=at,
    )
    audit.record("agenda.contact.received", made, by=by, at=at, site=site.pk)
    return made


def same_reach(phone: str, email: str) -> Q:
    """Reached by this number or this address; nobody, without either."""
    found = Q(pk=None)
    if phone:
        found |= Q(phone=phone)
    if email:
        found |= Q(email__iexact=email)
    return found


@transaction.atomic
def answer(*, contact: FirstContact, outcome: str, by: User, at: datetime) -> None:
    """Note what came of it. One that is settled stays as it is; the same try tapped twice is one."""
    contact = locked(contact)
    outcome = ContactOutcome(outcome)
    if is_settled(contact):
        return
    tried = contact.answers.standing().filter(outcome=ContactOutcome.TRIED, recorded_by=by)
    if outcome == ContactOutcome.TRIED and tried.filter(recorded_at__gt=at - TAPPED_TWICE).exists():
        return
    note(contact, outcome, by=by, at=at)


@transaction.atomic
def take_answer_back(*, contact: FirstContact, by: User, at: datetime) -> None:
    """Withdraw the last answer that stands; a file is parted by `part`."""
    contact = locked(contact)
    last = contact.answers.standing().exclude(outcome=ContactOutcome.JOINED).order_by("-recorded_at", "-pk").first()
    if last:
        withdraw(last, by=by, at=at)
        audit.record("agenda.contact.answer_taken_back", contact, by=by, at=at, outcome=last.outcome)


@transaction.atomic
def join(*, contact: FirstContact, person: Person, by: User, at: datetime) -> None:
    """Say whose file this is: what she booked becomes that person's. Said already, nothing changes.

    What she wrote of how she is reached completes a file that does not know it, and never replaces what it says.
    """
    contact = locked(contact)
    if contact.person_id or contact.forgotten_at:
        return
    for settled in contact.answers.standing().exclude(outcome=ContactOutcome.TRIED):
        withdraw(settled, by=by, at=at)
    missing = {name: getattr(contact, name) for name in ("phone", "email") if not getattr(person, name)}
    missing = {name: value for name, value in missing.items() if value}
    if missing:
        people.correct_person(person=person, wrote=missing, seen=dict.fromkeys(missing, ""), by=by, at=at)
    contact.person = person
    contact.save(update_fields=["person"])
    contact.appointments.update(person=person)
    note(contact, ContactOutcome.JOINED, by=by, at=at)


@transaction.atomic
def open_file(*, contact: FirstContact, first_name: str, preferred_name: str, by: User, at: datetime) -> Person:
    """Open a file for her at the site she wrote to, and join her to it. Twice is one file."""
    contact = locked(contact)
    if contact.person:
        return contact.person
    person = people.create_person(
        site=contact.site,
        first_name=first_name,
        preferred_name=preferred_name,
        phone=contact.phone,
        email=contact.email,
        contact_source=SOURCE,
        key=contact.key,
        by=by,
        at=at,
    )
    join(contact=contact, person=person, by=by, at=at)
    return person


@transaction.atomic
def part(*, contact: FirstContact, by: User, at: datetime) -> None:
    """It was not her: the first contact waits again. A file that was opened for it and never used goes."""
    contact = locked(contact)
    person = contact.person
    if person is None or contact.forgotten_at:
        return
    contact.person = None
    contact.save(update_fields=["person"])
    contact.appointments.update(person=None)
    for joined in contact.answers.standing().filter(outcome=ContactOutcome.JOINED):
        withdraw(joined, by=by, at=at)
    audit.record("agenda.contact.parted", contact, by=by, at=at, person_id=person.pk)
    if person.creation_key == contact.key and people.may_take_back(person, holding=(), at=at):
        people.take_back(person=person, by=by, at=at)


@transaction.atomic
def forget_contacts(*, before: datetime, at: datetime) -> int:
    """Take off names, numbers and words of what was last asked before that instant, unless a time is still to come.

    Who has a file keeps what the file says; who has none is a count.
    """
    recent = Appointment.objects.filter(ends_at__gte=before).exclude(contact=None).values("contact")
    old = FirstContact.objects.filter(forgotten_at=None, last_at__lt=before).exclude(pk__in=recent)
    keys = list(old.order_by("pk").values_list("pk", flat=True))
    blank = dict.fromkeys(("name", "phone", "email", "words", "commune_name"), "")
    FirstContact.objects.filter(pk__in=keys).update(**blank, forgotten_at=at)
    if keys:
        of_nobody = Appointment.objects.filter(contact__in=keys, person=None).values_list("pk", flat=True)
        notifications.forget_people(about={"agenda.appointment": list(of_nobody)}, words=())
        audit.record("agenda.contacts.forgotten", by=command_line_user(at=at), at=at, count=len(keys))
    return len(keys)


# -- a booked time that is given back, and kept after all -------------------------------------------------------------


def given_back(appointment: Appointment, *, by: User, at: datetime) -> None:
    """Who gave back the only time that she had booked waits for nobody."""
    contact = appointment.contact
    if contact is None or appointment.person_id or contact.appointments.standing().exists():
        return
    contact = locked(contact)
    if contact.wish == Wish.BOOK and not is_settled(contact):
        note(contact, ContactOutcome.GAVE_BACK, by=by, at=at)


def kept_after_all(appointment: Appointment, *, by: User, at: datetime) -> None:
    if appointment.contact_id:
        for gone in ContactAnswer.objects.standing().filter(
            contact=appointment.contact_id, outcome=ContactOutcome.GAVE_BACK
        ):
            withdraw(gone, by=by, at=at)


# -- what these acts share --------------------------------------------------------------------------------------------


def locked(contact: FirstContact) -> FirstContact:
    rows = FirstContact.objects.select_for_update(of=["self"]).select_related("site", "person")
    return rows.get(pk=contact.pk)


def is_settled(contact: FirstContact) -> bool:
    return bool(contact.person_id) or contact.answers.standing().exclude(outcome=ContactOutcome.TRIED).exists()


def note(contact: FirstContact, outcome: ContactOutcome, *, by: User, at: datetime) -> None:
    ContactAnswer.objects.create(contact=contact, outcome=outcome, recorded_at=at, recorded_by=by)
    details = {"person_id": contact.person_id} if contact.person_id else {}
    audit.record(f"agenda.contact.{outcome.lower()}", contact.person or contact, by=by, at=at, **details)


def withdraw(given: ContactAnswer, *, by: User, at: datetime) -> None:
    given.withdrawn_at, given.withdrawn_by = at, by
    given.save(update_fields=["withdrawn_at", "withdrawn_by"])
