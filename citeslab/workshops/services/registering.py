"""Registration: a seat or a place in the line, whatever comes at the same instant."""

from copy import copy
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.accounts.services import command_line_user, stand_in
from citeslab.audit import services as audit
from citeslab.core.values import midnight
from citeslab.notifications import services as notifications
from citeslab.partners.models import Office
from citeslab.people.models import Person
from citeslab.workshops import queries, rules
from citeslab.workshops.enums import Channel, Kind, Occasion
from citeslab.workshops.models import Attendance, Call, Presence, Registration, Session, Signature, Workshop
from citeslab.workshops.services import telling
from citeslab.workshops.values import Guest

PARTICIPANTS = "participants@citeslab.invalid"
DECIDED = ("cancelled_at", "kind", "capacity")  # of an action: what tells whether someone may be registered
AT_ONCE = 200  # offers that one turn of the clock looks at


class CalledOff(Exception):
    def __str__(self):
        return _("This action was called off: nobody can be registered for it.")


class NoNames(Exception):
    def __str__(self):
        return _("In a school nobody is registered by name: count the heads.")


class Over(Exception):
    def __str__(self):
        return _("This action has begun: come and see the advisor there, or choose another one.")


class OfferOver(Exception):
    def __str__(self):
        return _("This seat was offered until a time that has passed, and someone else has it. You stay in the line.")


class NotRegistered(Exception):
    def __str__(self):
        return _("This registration was taken back.")


def participants_user(*, at: datetime) -> User:
    """The actor of what people do on the public pages and by their own links."""
    return stand_in(email=PARTICIPANTS, name="participants", at=at)


def locked(workshop: Workshop) -> Workshop:
    """The action as the table says now; until the act ends, nobody else gives a seat of it."""
    return Workshop.objects.select_for_update(of=["self"]).select_related("site").get(pk=workshop.pk)


def locked_for_seats(workshop: Workshop) -> Workshop:
    """The same, for those who come in a rush: what was read of it before the lock is not read again behind it."""
    found = copy(workshop)  # the caller's stays as it was read
    found.refresh_from_db(fields=[*DECIDED, "sequence"], from_queryset=Workshop.objects.select_for_update())
    return found if found.sequence == workshop.sequence else locked(found)  # its programme was changed meanwhile


@transaction.atomic
def register(
    *,
    workshop: Workshop,
    who: Person | Guest,
    channel: Channel = Channel.ADVISOR,
    office: Office | None = None,
    key: UUID | None = None,
    by: User,
    at: datetime,
) -> Registration:
    """Give a seat, or a place in the line when there is none. The same `key`, or the same person twice, is once.

    Who walks in has a seat, and none of those that were for registering: she is there. `office` is the partner's who
    sent her. Raises `CalledOff`, `Over` once it has begun (but for an advisor), or `NoNames` in a school.
    """
    key = key or uuid4()
    once = Q(key=key) | same(who)
    prepared, read = queries.Prepared.of(workshop, who=once, at=at), workshop.sequence
    workshop = locked_for_seats(workshop)
    if workshop.sequence != read:
        prepared = queries.Prepared.of(workshop, who=once, at=at)
    room = prepared.read()
    if room.passed:  # an offer that is over goes to the next of the line before anyone new
        pass_on(workshop, by=command_line_user(at=at), at=at)
        room = prepared.read()
    if room.known:
        return known(workshop.registrations.filter(once).order_by("person_id", "pk")[0], who, by=by, at=at)
    if workshop.cancelled_at:
        raise CalledOff
    if workshop.kind == Kind.SCHOOL:
        raise NoNames
    if channel in {Channel.HERSELF, Channel.PARTNER} and queries.begins_at(workshop) <= at:
        raise Over
    made = Registration(
        workshop=workshop,
        **named(who),
        number=room.last + 1,
        channel=channel,
        office=office,
        key=key,
        recorded_at=at,
        recorded_by=by,
    )
    if channel != Channel.WALK_IN:
        made.is_waiting = not room.seats.has_one_for(rules.group_of(made))
    made.save(force_insert=True)
    audit.record(
        "workshops.person.registered",
        subject(made),
        by=by,
        at=at,
        workshop_id=workshop.pk,
        channel=str(channel),
        is_waiting=made.is_waiting,
    )
    telling.registered(made, at=at)
    return made


def known(registration: Registration, who: Person | Guest, *, by: User, at: datetime) -> Registration:
    """The one that stands; a slip of hers is of her file, once her advisor registers it."""
    if isinstance(who, Person) and registration.person_id is None:
        change(registration, person=who, first_name="", preferred_name="", phone="", email="")
        told = {"workshop_id": registration.workshop_id, "registration_id": registration.pk}
        audit.record("workshops.person.recognised", who, by=by, at=at, **told)
    return registration


def named(who: Person | Guest) -> dict[str, object]:
    if isinstance(who, Person):
        return {"person": who}
    return {"first_name": who.first_name, "preferred_name": who.preferred_name, "phone": who.phone, "email": who.email}


def same(who: Person | Guest) -> Q:
    """Standing registrations of the same person, as far as a name and a number or an address tell."""
    standing = Q(withdrawn_at=None)
    if isinstance(who, Person):
        return standing & (Q(person=who) | as_guest(who))
    if not (who.phone or who.email):
        return Q(pk=None)  # two people may have one name
    hers = Q(
        first_name__iexact=who.first_name, preferred_name__iexact=who.preferred_name, phone=who.phone, email=who.email
    )
    reach = Q(person__phone=who.phone) if who.phone else Q(person__email__iexact=who.email)
    on_file = Q(person__first_name__iexact=who.first_name, person__preferred_name__iexact=who.preferred_name) & reach
    return standing & (hers | on_file)


def as_guest(person: Person) -> Q:
    """What she wrote herself, before her file was known here: her name, with her number or her address."""
    reach = Q(phone=person.phone) if person.phone else Q(pk=None)
    reach |= Q(email__iexact=person.email) if person.email else Q(pk=None)
    names = Q(first_name__iexact=person.first_name, preferred_name__iexact=person.preferred_name)
    return Q(person=None) & names & reach


def subject(registration: Registration) -> models.Model:
    """Who the journal says this is about: her file, or the registration of who has none."""
    return registration.person or registration


@transaction.atomic
def give_back(*, registration: Registration, by: User, at: datetime) -> None:
    """By her own link, until it begins: what was marked and signed at the action is not hers to undo. Raises `Over`."""
    workshop = locked(registration.workshop)
    there = Presence.objects.standing().filter(registration=registration).exists()
    if registration.withdrawn_at is None and (there or queries.begins_at(workshop) <= at):
        raise Over
    unregister(registration=registration, by=by, at=at)


@transaction.atomic
def unregister(*, registration: Registration, by: User, at: datetime) -> None:
    """Free the seat: it is offered to the first of the line. What was marked at the action goes with it. Twice is
    once.
    """
    workshop = locked(registration.workshop)
    registration = fresh(registration, workshop)
    if registration.withdrawn_at:
        return
    gone = {"withdrawn_at": at, "withdrawn_by": by}
    change(registration, **gone)
    Presence.objects.standing().filter(registration=registration).update(**gone)
    Signature.objects.standing().filter(registration=registration).update(**gone)
    if registration.person_id:
        Attendance.objects.standing().filter(workshop=workshop, person=registration.person_id).update(**gone)
    audit.record("workshops.person.unregistered", subject(registration), by=by, at=at, workshop_id=workshop.pk)
    telling.forget(registration)
    promote(workshop, by=by, at=at)


def fresh(registration: Registration, workshop: Workshop) -> Registration:
    """As the table says, once the action is locked."""
    found = Registration.objects.select_related("person").get(pk=registration.pk)
    found.workshop = workshop
    return found


def change(registration: Registration, **values) -> None:
    for name, value in values.items():
        setattr(registration, name, value)
    registration.save(update_fields=list(values))


@transaction.atomic
def accept(*, registration: Registration, by: User, at: datetime) -> None:
    """Take the seat that is offered, or one that is free though an offer passed. Twice is once.

    Raises `NotRegistered`, `CalledOff`, `Over` or `OfferOver`.
    """
    workshop = locked(registration.workshop)
    registration = fresh(registration, workshop)
    if registration.withdrawn_at:
        raise NotRegistered
    if not registration.is_waiting:
        return
    if workshop.cancelled_at:
        raise CalledOff
    if queries.begins_at(workshop) <= at:
        raise Over
    is_offered = registration.offered_until is not None and registration.offered_until > at
    if not is_offered and not queries.seats_of(workshop, at=at).has_one_for(rules.group_of(registration)):
        raise OfferOver
    seat(registration, by=by, at=at)


def seat(registration: Registration, *, by: User, at: datetime) -> None:
    change(registration, is_waiting=False, offered_until=None, passed_at=None)
    telling.answered(registration, Occasion.OFFER, by=by, at=at)
    audit.record("workshops.person.seated", subject(registration), by=by, at=at, workshop_id=registration.workshop_id)
    telling.registered(registration, at=at)


def promote(workshop: Workshop, *, by: User, at: datetime) -> None:
    """Offer the seats that are free to the first of the line, in their order, each for a time. The action is locked.

    Who let an offer pass is not asked again; she may still take a seat that is free. When all may come, all have one.
    """
    if workshop.cancelled_at:
        return
    seats = queries.seats_of(workshop, at=at)
    if seats.is_full:
        return
    starts_at = queries.begins_at(workshop)
    if starts_at <= at:
        return
    for registration in workshop.registrations.in_line().filter(offered_until=None).select_related("person"):
        registration.workshop = workshop
        if seats.capacity is None:
            seat(registration, by=by, at=at)
            telling.seated(registration, at=at)
            continue
        group = rules.group_of(registration)
        if registration.passed_at is None and seats.has_one_for(group):
            change(registration, offered_until=rules.offered_until(starts_at=starts_at, at=at))
            seats.taken[group] += 1
            audit.record(
                "workshops.person.offered", subject(registration), by=by, at=at, workshop_id=registration.workshop_id
            )
            telling.offered(registration, at=at)
            if seats.is_full:
                return


def let_offers_pass(*, at: datetime) -> int:
    """Seats offered until now are offered to the next: how many passed. One transaction an action."""
    over = Registration.objects.standing().filter(offered_until__lte=at).order_by("pk")
    actions = Workshop.objects.filter(pk__in=list(over.values_list("workshop", flat=True)[:AT_ONCE]))
    by = command_line_user(at=at)
    return sum(pass_on(workshop, by=by, at=at) for workshop in actions.order_by("pk"))


@transaction.atomic
def pass_on(workshop: Workshop, *, by: User, at: datetime) -> int:
    workshop = locked(workshop)
    if workshop.cancelled_at:  # nobody may take a seat of it meanwhile: offers are made anew when it is restored
        return 0
    passed = list(
        workshop.registrations.standing().filter(offered_until__lte=at).select_related("person").order_by("pk")
    )
    for registration in passed:
        change(registration, offered_until=None, passed_at=at)
        telling.answered(registration, Occasion.OFFER, by=by, at=at)
        audit.record("workshops.person.offer_passed", subject(registration), by=by, at=at, workshop_id=workshop.pk)
    promote(workshop, by=by, at=at)
    return len(passed)


@transaction.atomic
def note_call(*, call: Call, by: User, at: datetime) -> None:
    """She was called. Twice is once."""
    if Call.objects.filter(pk=call.pk, made_at=None).update(made_at=at, made_by=by):
        audit.record("workshops.person.called", subject(call.registration), by=by, at=at, occasion=str(call.occasion))


@transaction.atomic
def forget_guests(*, before: date, at: datetime) -> int:
    """Take the names and numbers off registrations of people without a file, of actions that ended before that day."""
    here = timezone.get_current_timezone()
    later = Session.objects.filter(workshop=OuterRef("workshop"), ends_at__gte=midnight(before, here))
    old = Registration.objects.filter(~Exists(later), person=None, forgotten_at=None, workshop__held_on__lt=before)
    keys = list(old.order_by("pk").values_list("pk", flat=True))
    Registration.objects.filter(pk__in=keys).update(
        first_name="", preferred_name="", phone="", email="", forgotten_at=at
    )
    notifications.forget_people(about={"workshops.registration": keys}, words=())
    Signature.objects.filter(registration__in=keys).delete()
    if keys:
        audit.record("workshops.guests.forgotten", by=command_line_user(at=at), at=at, people=len(keys))
    return len(keys)
