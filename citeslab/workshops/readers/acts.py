"""Reading what a phone sends, or a file that it saved: acts of a room, none of them trusted.

The format is told in docs/domain/workshops.md, "Without network".
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from citeslab.core.values import dialled
from citeslab.people.enums import Sex
from citeslab.workshops.enums import ActKind, AgeBand, How, State
from citeslab.workshops.values import Act, Guest

FORMAT = "citeslab.acts.1"
MOST_ACTS = 2_000
MOST_BYTES = 1_000_000
MOST_HEADS = 2_000
LONGEST_NAME, LONGEST_ADDRESS = 200, 254
MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_SHIFT = timedelta(days=36_500)


class NotActs(Exception):
    """What came is no list of acts; the message says what to do."""


class Unreadable(Exception):
    """One act that says nothing one can note; the message says why."""


@dataclass(frozen=True)
class Batch:
    """Acts as they came, when they left by the phone's own clock, and how far that clock was (of a file)."""

    acts: list[object]
    sent_at: datetime
    device: UUID | None = None
    workshop: int | None = None
    shift: timedelta | None = None


def batch(text: bytes) -> Batch:
    """What was sent or saved; raises `NotActs`."""
    if len(text) > MOST_BYTES:
        raise NotActs(_("This is too much at once: one megabyte at most."))
    try:
        said = json.loads(text.decode("utf-8-sig"), parse_constant=no_number)
    except (ValueError, RecursionError) as problem:
        raise NotActs(_("This could not be read: it is not a file of the attendance list.")) from problem
    if not isinstance(said, dict) or said.get("format") != FORMAT or not isinstance(said.get("acts"), list):
        raise NotActs(_("This could not be read: it is not a file of the attendance list."))
    if len(said["acts"]) > MOST_ACTS:
        raise NotActs(_("These are too many acts at once: two thousand at most."))
    try:
        return Batch(
            acts=said["acts"],
            sent_at=clock(said.get("sent_at")),
            device=None if said.get("device") is None else key_of(said["device"]),
            workshop=None if said.get("workshop") is None else number(said["workshop"]),
            shift=None if said.get("shift") is None else shift(said["shift"]),
        )
    except Unreadable as problem:
        raise NotActs(str(problem)) from problem


def no_number(said: str) -> object:
    raise ValueError(said)


def shift(said: object) -> timedelta:
    if isinstance(said, bool) or not isinstance(said, int | float) or abs(said) > MOST_SHIFT.total_seconds():
        raise Unreadable(_("The hour of this phone could not be read."))
    return timedelta(seconds=said)


def act(said: object) -> Act:
    """One act; raises `Unreadable`."""
    if not isinstance(said, dict):
        raise Unreadable(_("This act could not be read."))
    key, clock_at = key_of(said.get("key")), clock(said.get("told_at"))
    match said.get("kind"):
        case ActKind.WALK_IN:
            return Act(key, ActKind.WALK_IN, clock_at, guest=guest(said))
        case ActKind.MARK:
            return Act(
                key,
                ActKind.MARK,
                clock_at,
                **about(said),
                state=one_of(State, said.get("state")),
                how=one_of((How.LIST, How.PAPER), said.get("how", How.LIST)),
            )
        case ActKind.SIGN:
            return Act(key, ActKind.SIGN, clock_at, **about(said), strokes=said.get("strokes"))
        case ActKind.HEADS:
            return Act(key, ActKind.HEADS, clock_at, heads=heads(said.get("heads")))
    raise Unreadable(_("This act could not be read."))


def about(said: Mapping[str, object]) -> dict[str, Any]:
    who: dict[str, Any] = {"session": number(said.get("session"))}
    if said.get("registration") is not None:
        return who | {"registration": number(said["registration"])}
    return who | {"walk_in": key_of(said.get("walk_in"))}


def key_of(said: object) -> UUID:
    if not isinstance(said, str) or len(said) > 40:
        raise Unreadable(_("This act has no key of its own."))
    try:
        return UUID(said)
    except ValueError:
        raise Unreadable(_("This act has no key of its own.")) from None


def clock(said: object) -> datetime:
    if isinstance(said, str) and len(said) <= 40:
        try:
            found = datetime.fromisoformat(said)
        except ValueError:
            found = None
        if found and found.tzinfo and FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
    raise Unreadable(_("The hour of this act could not be read."))


def number(said: object) -> int:
    if isinstance(said, bool) or not isinstance(said, int):
        raise Unreadable(_("This act could not be read."))
    return said


def one_of(choices, said: object) -> str:
    if not isinstance(said, str) or said not in [str(choice) for choice in choices]:
        raise Unreadable(_("This act could not be read."))
    return said


def guest(said: Mapping[str, object]) -> Guest:
    first_name = words(said.get("first_name"), LONGEST_NAME)
    preferred_name = words(said.get("preferred_name"), LONGEST_NAME)
    if not (first_name and preferred_name):
        raise Unreadable(_("Someone who walks in has a first name and a name."))
    contact = words(said.get("contact", ""), LONGEST_ADDRESS)
    if not contact:
        return Guest(first_name, preferred_name)
    if "@" in contact:
        if MAILBOX.fullmatch(contact):
            return Guest(first_name, preferred_name, email=contact)
    elif phone := dialled(contact):
        return Guest(first_name, preferred_name, phone=phone)
    raise Unreadable(_("Neither a phone number nor an e-mail address. Check it, or leave it empty."))


def words(said: object, longest: int) -> str:
    if not isinstance(said, str) or len(said) > longest:
        raise Unreadable(_("A name is words, and not too many."))
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in said):
        raise Unreadable(_("A name holds a character that nobody can read. Type it again."))
    return said.strip()


def heads(said: object) -> dict[tuple[str, str], int]:
    """`[["WOMAN", "UNKNOWN", 3], …]`: each sex and age once."""
    if not isinstance(said, list):
        raise Unreadable(_("These heads could not be read."))
    counted: dict[tuple[str, str], int] = {}
    for row in said:
        if not isinstance(row, list) or len(row) != 3:
            raise Unreadable(_("These heads could not be read."))
        of, many = (one_of(Sex, row[0]), one_of(AgeBand, row[1])), number(row[2])
        if of in counted or not 0 <= many <= MOST_HEADS:
            raise Unreadable(_("These heads could not be read."))
        counted[of] = many
    return counted
