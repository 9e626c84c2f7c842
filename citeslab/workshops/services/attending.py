"""Attendance: who was there, by half-day, what she signed, and the heads without a name."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.people import services as people
from citeslab.people.models import Person
from citeslab.workshops.enums import THERE, ActKind, Channel, How, State
from citeslab.workshops.models import (
    Act,
    Attendance,
    HeadCount,
    Opinion,
    Presence,
    Registration,
    Session,
    Signature,
    Workshop,
)
from citeslab.workshops.services.recording import set_head_counts
from citeslab.workshops.services.registering import CalledOff, change, fresh, locked, register
from citeslab.workshops.values import Guest

WIDE, HIGH = 1000, 400  # the box that a signature is drawn in
MOST_POINTS = 2_000
AHEAD = timedelta(minutes=1)  # a phone is a little before us; further, its clock is wrong
SHOWN_TOGETHER = 5  # opinions
SOURCE = _("a collective action")  # how we met


class NotADrawing(Exception):
    def __str__(self):
        return _("This signature could not be read. Draw it again.")


class NobodyLeft(Exception):
    def __str__(self):
        return _("Nobody of this sex and age is left among the heads counted.")


class OffProgramme(CalledOff):
    def __str__(self):
        return _("This action was called off: put it back on the programme first.")


class TooEarly(Exception):
    def __str__(self):
        return _("This action is still to come: it is said to be held on its day at the earliest.")


class Forgotten(Exception):
    def __str__(self):
        return _("Her name was forgotten three months after the action: nothing more is noted of her.")


@transaction.atomic
def mark(
    *,
    session: Session,
    registration: Registration,
    state: State,
    key: UUID,
    told_at: datetime,
    clock_at: datetime | None = None,
    how: How = How.LIST,
    by: User,
    at: datetime,
) -> Presence:
    """Say how someone attended a half-day. Sent twice (`key`) it is one act; of two, the later told counts.

    Acts may come late and in any order, from a phone that had no network; `clock_at` is what its own clock said. Who
    was there at any half-day came to the action, which was held then; the others did not. A file is opened for who had
    none. Raises `OffProgramme`, `Forgotten`.
    """
    workshop = locked(session.workshop)
    if existing := Presence.objects.filter(key=key).first():
        return existing
    on_programme(workshop)
    not_forgotten(fresh(registration, workshop))
    act = Presence(
        session=session,
        registration=registration,
        state=state,
        how=how,
        key=key,
        told_at=told(told_at, at),
        clock_at=clock_at,
        recorded_at=at,
        recorded_by=by,
    )
    stand(act, by=by, at=at)
    if state in THERE:
        held(workshop, by=by, at=at)
    settle(workshop, registration, by=by, at=at)
    return act


def on_programme(workshop: Workshop) -> None:
    if workshop.cancelled_at:
        raise OffProgramme


def not_forgotten(registration: Registration) -> None:
    if registration.forgotten_at:
        raise Forgotten


def told(told_at: datetime, at: datetime) -> datetime:
    """A phone's clock may be wrong: what it tells of the future is told now."""
    return told_at if told_at <= at + AHEAD else at


def stand(act: Presence | Signature, *, by: User, at: datetime) -> None:
    """Keep this act of a person and a half-day, and let the later told of all stand alone."""
    before = type(act).objects.standing().filter(session=act.session, registration=act.registration).first()
    if before and is_before(act, before):
        act.withdrawn_at, act.withdrawn_by = at, by
    elif before:
        before.withdrawn_at, before.withdrawn_by = at, by
        before.save(update_fields=["withdrawn_at", "withdrawn_by"])
    act.save()


def is_before(act: Presence | Signature, other: Presence | Signature) -> bool:
    """Told before; of two that phones told at one instant, the keys say which, whatever the order of arrival."""
    if act.told_at == other.told_at and getattr(act, "clock_at", True) and getattr(other, "clock_at", True):
        return act.key < other.key
    return act.told_at < other.told_at


def settle(workshop: Workshop, registration: Registration, *, by: User, at: datetime) -> None:
    """The named attendance that the half-days make."""
    told_there = list(registration.presences.filter(state__in=THERE).values_list("withdrawn_at", flat=True))
    came = None in told_there
    registration = fresh(registration, workshop)
    if registration.withdrawn_at:
        return
    # Once said to be there, a file that is hers is recognised even if it was a slip: whatever comes first, what is kept
    # is the same.
    person = registration.person
    if person is None and told_there:
        person = on_file(workshop, registration, may_open=came, by=by, at=at)
    if person is None:
        return
    standing = Attendance.objects.standing().filter(workshop=workshop, person=person)
    if came and not standing.exists():
        Attendance.objects.create(workshop=workshop, person=person, recorded_at=at, recorded_by=by)
    elif not came:
        standing.update(withdrawn_at=at, withdrawn_by=by)
        if person.creation_key == registration.key:
            close_again(registration, person, by=by, at=at)


def on_file(workshop: Workshop, registration: Registration, *, may_open: bool, by: User, at: datetime) -> Person | None:
    """The file of someone who registered without one and came: hers at this site, if she is known, or a new one."""
    person = known_there(workshop, registration)
    if person is None and may_open:
        person = people.create_person(
            site=workshop.site,
            first_name=registration.first_name,
            preferred_name=registration.preferred_name,
            phone=registration.phone,
            email=registration.email,
            contact_source=SOURCE,
            key=registration.key,
            by=by,
            at=at,
        )
    if person is None:
        return None
    change(registration, person=person, first_name="", preferred_name="", phone="", email="")
    audit.record(
        "workshops.person.recognised", person, by=by, at=at, workshop_id=workshop.pk, registration_id=registration.pk
    )
    return person


def close_again(registration: Registration, person: Person, *, by: User, at: datetime) -> None:
    """Her file was opened by a slip: nothing else stands in it, and she is a name on the list again."""
    hers = [registration, *person.attendances.filter(workshop=registration.workshop_id)]
    if people.may_take_back(person, holding=hers, at=at):
        change(
            registration,
            person=None,
            first_name=person.first_name,
            preferred_name=person.preferred_name,
            phone=person.phone,
            email=person.email,
        )
        people.take_back(person=person, by=by, at=at)


def known_there(workshop: Workshop, registration: Registration) -> Person | None:
    """One file of this site, not at this action yet, with the same name and the same number or address."""
    if not (registration.phone or registration.email):
        return None
    reach = {"phone": registration.phone} if registration.phone else {"email__iexact": registration.email}
    key = people.key_of_name(Person(first_name=registration.first_name, preferred_name=registration.preferred_name))
    here = workshop.registrations.standing().exclude(person=None).values("person")
    found = Person.objects.named().filter(site=workshop.site_id, sort_key=key, **reach).exclude(pk__in=here)[:2]
    return found[0] if len(found) == 1 else None


@transaction.atomic
def sign(
    *,
    session: Session,
    registration: Registration,
    strokes: Sequence[Sequence[Sequence[int]]] | None,
    key: UUID,
    told_at: datetime,
    by: User,
    at: datetime,
) -> Signature:
    """Keep what she drew for a half-day; sent twice (`key`) it is one, of two the later told stands.

    `None`: she cannot draw, and ticked a box that says the same. Raises `NotADrawing`, `OffProgramme`, `Forgotten`.
    """
    drawing = [] if strokes is None else drawn(strokes)
    workshop = locked(session.workshop)
    if existing := Signature.objects.filter(key=key).first():
        return existing
    on_programme(workshop)
    registration = fresh(registration, workshop)
    not_forgotten(registration)
    made = Signature(
        session=session,
        registration=registration,
        strokes=drawing,
        key=key,
        told_at=told(told_at, at),
        recorded_at=at,
        recorded_by=by,
    )
    stand(made, by=by, at=at)
    audit.record("workshops.person.signed", registration.person or registration, by=by, at=at, session_id=session.pk)
    return made


@transaction.atomic
def check_in(
    *,
    session: Session,
    who: Registration | Guest,
    strokes: Sequence[Sequence[Sequence[int]]] | None,
    key: UUID,
    told_at: datetime,
    by: User,
    at: datetime,
) -> Registration:
    """By the code of the room: she is there and signs; who is not on the list walks in. Sent twice (`key`) it is once.

    Raises what `sign` and `register` raise.
    """
    if isinstance(who, Guest):
        walked_in = uuid5(key, "who")
        who = register(workshop=session.workshop, who=who, channel=Channel.WALK_IN, key=walked_in, by=by, at=at)
    if strokes is not None:
        drawn(strokes)
    mark(
        session=session,
        registration=who,
        state=State.PRESENT,
        key=key,
        told_at=told_at,
        how=How.CODE,
        by=by,
        at=at,
    )
    sign(
        session=session,
        registration=who,
        strokes=strokes,
        key=uuid5(key, "sign"),
        told_at=told_at,
        by=by,
        at=at,
    )
    return who


@transaction.atomic
def give_opinion(*, workshop: Workshop, faces: Mapping[str, int], key: UUID, on: date) -> None:
    """Keep three faces and a day. No hour, no order of arrival, no journal line: nothing leads back to her.

    Sent twice (`key`) it is one. Opinions come to light by five at least: between two looks at the counts, nobody's own
    can be taken off.
    """
    locked(workshop)
    # A number drawn at random: those of a sequence would tell in which order people spoke.
    Opinion.objects.bulk_create(
        [Opinion(pk=secrets.randbits(62), workshop=workshop, given_on=on, key=key, **faces)], ignore_conflicts=True
    )
    waiting = Opinion.objects.filter(workshop=workshop, is_shown=False)
    if waiting.count() >= SHOWN_TOGETHER:
        waiting.update(is_shown=True)


def drawn(strokes: object) -> list[list[list[int]]]:
    """The polylines, each point brought into the box; raises `NotADrawing` for anything else."""
    try:
        lines = [[[int(x), int(y)] for x, y in line] for line in strokes]  # type: ignore[attr-defined]
    except (TypeError, ValueError, OverflowError):
        raise NotADrawing from None
    lines = [[[min(max(x, 0), WIDE), min(max(y, 0), HIGH)] for x, y in line] for line in lines if line]
    if not lines or sum(map(len, lines)) > MOST_POINTS or sum(map(len, lines)) < 2:
        raise NotADrawing
    return lines


@transaction.atomic
def count_heads(*, workshop: Workshop, heads: Mapping[tuple[str, str], int], by: User, at: datetime) -> None:
    """Make these the heads without a name, by sex and age band. Raises `OffProgramme`."""
    workshop = locked(workshop)
    on_programme(workshop)
    heads_told(workshop, by=by, at=at)
    set_head_counts(head_counts={workshop.pk: heads}, by=by, at=at)
    audit.record("workshops.workshop.heads_counted", workshop, by=by, at=at, heads=sum(heads.values()))
    held(workshop, by=by, at=at)


def heads_told(workshop: Workshop, *, by: User, at: datetime) -> None:
    """A phone that counted before, and is heard later, does not undo what is counted now."""
    Act.objects.create(workshop=workshop, key=uuid4(), kind=ActKind.HEADS, told_at=at, recorded_at=at, recorded_by=by)


@transaction.atomic
def name_head(
    *, workshop: Workshop, who: Person | Guest, sex: str, age_band: str, key: UUID, by: User, at: datetime
) -> Registration:
    """One of the heads counted has given her name: she counts as a person, and as a head no more.

    Sent twice (`key`) it is one. Raises `NobodyLeft`, `OffProgramme`, or what `register` raises.
    """
    workshop = locked(workshop)
    if existing := workshop.registrations.filter(key=key).first():
        return existing
    on_programme(workshop)
    row = HeadCount.objects.standing().filter(workshop=workshop, sex=sex, age_band=age_band).first()
    if row is None:
        raise NobodyLeft
    heads_told(workshop, by=by, at=at)
    row.withdrawn_at, row.withdrawn_by = at, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    if row.heads > 1:
        HeadCount.objects.create(
            workshop=workshop, sex=sex, age_band=age_band, heads=row.heads - 1, recorded_at=at, recorded_by=by
        )
    audit.record("workshops.workshop.head_named", workshop, by=by, at=at)
    made = register(workshop=workshop, who=who, channel=Channel.WALK_IN, key=key, by=by, at=at)
    sessions = list(workshop.sessions.all())
    if not sessions:  # a workbook told its day alone
        attend(workshop, made, by=by, at=at)
    for session in sessions:
        mark(
            session=session,
            registration=made,
            state=State.PRESENT,
            key=uuid5(key, str(session.pk)),
            told_at=at,
            by=by,
            at=at,
        )
    return made


def attend(workshop: Workshop, registration: Registration, *, by: User, at: datetime) -> None:
    """She came, to an action without half-days: a file is opened for who had none."""
    person = registration.person or on_file(workshop, registration, may_open=True, by=by, at=at)
    if not Attendance.objects.standing().filter(workshop=workshop, person=person).exists():
        Attendance.objects.create(workshop=workshop, person=person, recorded_at=at, recorded_by=by)


@transaction.atomic
def close(*, workshop: Workshop, by: User, at: datetime) -> None:
    """Say that a planned action was held, though nothing else is noted of it. Raises `OffProgramme`, `TooEarly`."""
    workshop = locked(workshop)
    on_programme(workshop)
    if not has_come(workshop, at=at):
        raise TooEarly
    held(workshop, by=by, at=at)


def has_come(workshop: Workshop, *, at: datetime) -> bool:
    """Its day, by the clocks of its site."""
    return timezone.localdate(at, workshop.site.zone) >= workshop.held_on


def held(workshop: Workshop, *, by: User, at: datetime) -> None:
    """It counts from now on; before its day there, whatever is told of it, it was not held yet."""
    if workshop.is_planned and has_come(workshop, at=at):
        workshop.is_planned = False
        workshop.save(update_fields=["is_planned"])
        audit.record("workshops.workshop.held", workshop, by=by, at=at)
