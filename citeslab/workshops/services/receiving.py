"""Acts told by phones that had no network: each counts once, in whatever order and however often it comes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.workshops import queries, values
from citeslab.workshops.enums import THERE, ActKind, Channel, End, How, State
from citeslab.workshops.models import Act, Presence, Registration, Session, Signature, Workshop
from citeslab.workshops.readers import acts as readers
from citeslab.workshops.services.attending import (
    Forgotten,
    NotADrawing,
    drawn,
    held,
    not_forgotten,
    on_programme,
    settle,
    stand,
    told,
)
from citeslab.workshops.services.recording import set_head_counts
from citeslab.workshops.services.registering import CalledOff, NoNames, locked, register
from citeslab.workshops.values import Receipt

AT_ONCE = 200  # acts in one transaction: the action's row is not held while a whole day is told
ONE_CLOCK = timedelta(minutes=1)  # a clock that differs by less has not been set anew: the network was slow


class Refused(Exception):
    """This act cannot be noted; the message says why."""


class Later(Exception):
    """The walk-in that this act is about has not come yet."""


@dataclass
class Room:
    """What the acts of one batch are told about."""

    workshop: Workshop
    sessions: Mapping[int, Session]
    registrations: dict[int, Registration]
    walk_ins: dict[UUID, Registration]
    shift: timedelta
    by: User
    at: datetime
    touched: dict[int, Registration] = field(default_factory=dict)
    made: list[Act] = field(default_factory=list)
    heads: values.Act | None = None
    says_held: bool = False  # someone was there, or heads were counted

    def told_at(self, act: values.Act) -> datetime:
        return told(act.clock_at + self.shift, self.at)

    def who(self, act: values.Act) -> Registration:
        if act.walk_in:
            found = self.walk_ins.get(act.walk_in)
            if found is None:
                raise Later
        else:
            found = self.registrations.get(cast(int, act.registration))
        if found is None or found.withdrawn_at:
            raise Refused(_("She is not on the list of this action, or was taken off it."))
        not_forgotten(found)
        return found

    def session(self, act: values.Act) -> Session:
        found = self.sessions.get(cast(int, act.session))
        if found is None:
            raise Refused(_("This half-day is not one of this action any more."))
        return found


def receive(
    *, workshop: Workshop, acts: Sequence[object], sent_at: datetime, by: User, at: datetime, device: UUID | None = None
) -> list[Receipt]:
    """Note the acts of a batch and say what became of each; one that is refused stops no other.

    The clock of a phone may be wrong by days: `sent_at` is what it said when the batch left, and moves each act as far
    as it is from ours. The acts of one `device` are moved alike, so that a slow network does not change their order.
    Many acts are many transactions: broken off, what was noted stays, and is known by its key when it is sent again.
    """
    receipts: dict[int, Receipt] = {}
    read: dict[int, values.Act] = {}
    for place, said in enumerate(acts):
        try:
            read[place] = readers.act(said)
        except readers.Unreadable as problem:
            receipts[place] = Receipt(key_said(said), End.REFUSED, str(problem))
    in_turn = sorted(read.items(), key=lambda one: in_order(one[1]))
    for first in range(0, len(in_turn), AT_ONCE):
        some = dict(in_turn[first : first + AT_ONCE])
        receipts |= receive_some(workshop=workshop, acts=some, shift=at - sent_at, device=device, by=by, at=at)
    return [receipts[place] for place in range(len(acts))]


@transaction.atomic
def receive_some(
    *, workshop: Workshop, acts: Mapping[int, values.Act], shift: timedelta, device: UUID | None, by: User, at: datetime
) -> dict[int, Receipt]:
    workshop = locked(workshop)
    room = opened(workshop, acts.values(), shift=shift_of(workshop, device, shift), by=by, at=at)
    known = queries.acts_known(workshop, [act.key for act in acts.values()])
    receipts = {place: heard(room, act, known, device) for place, act in acts.items()}
    Act.objects.bulk_create(room.made)
    if room.heads:
        set_head_counts(head_counts={workshop.pk: room.heads.heads}, by=by, at=at)
        audit.record("workshops.workshop.heads_counted", workshop, by=by, at=at, heads=sum(room.heads.heads.values()))
    if room.says_held:
        held(workshop, by=by, at=at)
    if room.made:
        audit.record("workshops.workshop.told", workshop, by=by, at=at, acts=len(room.made))
    for registration in room.touched.values():
        settle(workshop, registration, by=by, at=at)
    return receipts


def in_order(act: values.Act) -> tuple[bool, datetime, UUID]:
    """Who walked in comes before what is told of her."""
    return act.kind != ActKind.WALK_IN, act.clock_at, act.key


def key_said(said: object) -> str:
    key = said.get("key") if isinstance(said, dict) else None
    return key[:40] if isinstance(key, str) else ""


def shift_of(workshop: Workshop, device: UUID | None, shift: timedelta) -> timedelta:
    """How far this phone's clock is from ours: as it was for the acts it sent before, if it was not set anew."""
    before = workshop.acts.filter(device=device).order_by("pk").last() if device else None
    if before and before.clock_at and abs(before.told_at - before.clock_at - shift) < ONE_CLOCK:
        return before.told_at - before.clock_at
    return shift


def opened(workshop: Workshop, acts: Iterable[values.Act], *, shift: timedelta, by: User, at: datetime) -> Room:
    about = {act.registration for act in acts if act.registration} & set(
        workshop.registrations.values_list("pk", flat=True)
    )
    walked_in = {act.walk_in for act in acts if act.walk_in}
    named = workshop.acts.filter(key__in=walked_in, kind=ActKind.WALK_IN).select_related("registration__person")
    return Room(
        workshop=workshop,
        sessions={session.pk: session for session in workshop.sessions.all()},
        registrations=workshop.registrations.select_related("person").in_bulk(about),
        walk_ins={act.key: cast(Registration, act.registration) for act in named},
        shift=shift,
        by=by,
        at=at,
    )


def heard(room: Room, act: values.Act, known: dict[UUID, Registration | bool | None], device: UUID | None) -> Receipt:
    key = str(act.key)
    if act.key in known:
        before = known[act.key]
        if before is False:
            return Receipt(key, End.REFUSED, _("This act was told of another action."))
        return receipt(key, End.ALREADY, before if isinstance(before, Registration) else None)
    try:
        whom = note(room, act)
    except Later:
        return Receipt(key, End.LATER, _("Who walked in is not known here yet: it is sent again after her."))
    except (Refused, CalledOff, Forgotten, NoNames, NotADrawing) as refusal:
        return Receipt(key, End.REFUSED, str(refusal))
    known[act.key] = whom
    room.made.append(
        Act(
            workshop=room.workshop,
            key=act.key,
            kind=act.kind,
            registration=whom,
            told_at=room.told_at(act),
            clock_at=act.clock_at,
            device=device,
            recorded_at=room.at,
            recorded_by=room.by,
        )
    )
    return receipt(key, End.ACCEPTED, whom)


def receipt(key: str, end: End, whom: Registration | None) -> Receipt:
    return Receipt(key, end, "", whom.pk, whom.number) if whom else Receipt(key, end)


def note(room: Room, act: values.Act) -> Registration | None:
    """Do what the act says; whom a walk-in made. Raises `Later`, `Refused`, or what the act's own service raises."""
    on_programme(room.workshop)
    match act.kind:
        case ActKind.WALK_IN:
            made = register(
                workshop=room.workshop,
                who=cast(values.Guest, act.guest),
                channel=Channel.WALK_IN,
                key=act.key,
                by=room.by,
                at=room.at,
            )
            # Two phones may note the same person: of her two names one registration, and one row here.
            room.walk_ins[act.key] = room.registrations.setdefault(made.pk, made)
            return made
        case ActKind.MARK:
            registration, session = room.who(act), room.session(act)
            stand(
                Presence(
                    session=session,
                    registration=registration,
                    state=State(act.state),
                    how=How(act.how),
                    key=act.key,
                    told_at=room.told_at(act),
                    clock_at=act.clock_at,
                    recorded_at=room.at,
                    recorded_by=room.by,
                ),
                by=room.by,
                at=room.at,
            )
            room.touched[registration.pk] = registration
            room.says_held |= act.state in THERE
        case ActKind.SIGN:
            registration, session = room.who(act), room.session(act)
            stand(
                Signature(
                    session=session,
                    registration=registration,
                    strokes=drawn(act.strokes),
                    key=act.key,
                    told_at=room.told_at(act),
                    recorded_at=room.at,
                    recorded_by=room.by,
                ),
                by=room.by,
                at=room.at,
            )
            audit.record(
                "workshops.person.signed",
                registration.person or registration,
                by=room.by,
                at=room.at,
                session_id=session.pk,
            )
        case ActKind.HEADS:
            room.says_held = True
            last = queries.heads_told_last(room.workshop)
            mine = (room.told_at(act), act.key)
            if (last is None or mine > last) and (
                room.heads is None or mine > (room.told_at(room.heads), room.heads.key)
            ):
                room.heads = act
    return None
