"""Which answer may follow which, what a sheet holds, when to remind, and what an outcome moves."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from citeslab.followup.enums import Evidence, ExitReason, Stage
from citeslab.followup.models import Transition
from citeslab.partners.enums import Purpose
from citeslab.people.models import Person, Residence
from citeslab.projects.models import Project
from citeslab.referrals.enums import Access, Kind, Outcome, SheetField
from citeslab.referrals.models import Link

OPEN_FOR = timedelta(days=60)  # after sending
OPEN_LONGER = timedelta(days=30)  # after an acceptance, a first meeting, a link asked for anew
RENEWABLE_FOR = timedelta(days=180)  # a partner may ask for a new link that long after the sending
REMINDER_DAYS = (9, 21, 45)

# A referral only goes forward; going back is a withdrawal of what was said, which stays in the books.
FOLLOWS: dict[str | None, frozenset[Kind]] = {
    None: frozenset({Kind.SENT}),
    Kind.SENT: frozenset({Kind.SEEN, Kind.ACCEPTED, Kind.REFUSED, Kind.EXPIRED, Kind.WITHDRAWN}),
    Kind.SEEN: frozenset({Kind.ACCEPTED, Kind.REFUSED, Kind.EXPIRED, Kind.WITHDRAWN}),
    Kind.ACCEPTED: frozenset({Kind.REFUSED, Kind.FIRST_MEETING, Kind.OUTCOME, Kind.EXPIRED, Kind.WITHDRAWN}),
    Kind.REFUSED: frozenset({Kind.ACCEPTED, Kind.WITHDRAWN}),
    Kind.FIRST_MEETING: frozenset({Kind.REFUSED, Kind.OUTCOME, Kind.EXPIRED, Kind.WITHDRAWN}),
    Kind.OUTCOME: frozenset({Kind.OUTCOME, Kind.WITHDRAWN}),  # a loan, then a registration
    Kind.EXPIRED: frozenset({Kind.WITHDRAWN}),  # a new link withdraws it first
    Kind.WITHDRAWN: frozenset(),
}


def may_follow(state: str | None, kind: Kind) -> bool:
    return kind in FOLLOWS[state]


def access(link: Link, state: str | None, at: datetime) -> Access:
    """What a link opens at that instant. `link.referral.consent` and `link.contact` are at hand."""
    referral = link.referral
    if state == Kind.WITHDRAWN or referral.consent.revoked_at is not None:
        return Access.CLOSED
    if link.contact.retired_at is not None or link.contact_id != referral.contact_id:
        return Access.CLOSED
    if link.closed_at is not None:
        return Access.REPLACED
    return Access.OPEN if at < referral.open_until else Access.EXPIRED


def sheet_of(
    *, fields: Collection[str], person: Person, residence: Residence | None, project: Project | None, stage: str
) -> dict[str, str]:
    """The copy of exactly these fields, in the order of the sheet; a field without a value is left out."""
    known = {
        SheetField.NAME: person.name,
        SheetField.PHONE: person.phone,
        SheetField.EMAIL: person.email,
        SheetField.BORN_ON: person.born_on.isoformat() if person.born_on else "",
        SheetField.ADDRESS: address_of(residence) if residence else "",
        SheetField.COMMUNE: residence.commune_name if residence else "",
        SheetField.SITUATION: person.situation_at_entry,
        SheetField.DIPLOMA: person.diploma,
        SheetField.PROJECT: project.title if project else "",
        SheetField.STAGE: stage,
    }
    return {field.value: known[field] for field in SheetField if field in fields and known[field]}


def address_of(residence: Residence) -> str:
    place = f"{residence.postal_code} {residence.commune_name}".strip()
    return ", ".join(part for part in (residence.address, place) if part)


def initials(person: Person) -> str:
    """What a message says of a person."""
    return "".join(f"{word[0].upper()}." for word in (person.first_name, person.preferred_name) if word)


def reminder_due(*, since: datetime, at: datetime) -> int | None:
    """The last reminder day that has come, `since` the link that waits; late tasks skip the ones before."""
    age = at - since
    return max((day for day in REMINDER_DAYS if age >= timedelta(days=day)), default=None)


@dataclass(frozen=True)
class Move:
    """A step that an outcome makes on a pathway."""

    stage: Stage
    exit_reason: str
    evidence: Evidence


# Someone who left for one of these reasons is not brought back by a partner's word.
SETTLED = {ExitReason.CREATION, ExitReason.TAKEOVER, ExitReason.DECEASED, ExitReason.DUPLICATE}
TOWARDS_CREATION = {Purpose.FINANCE, Purpose.COACHING, Purpose.TEST}


def move_of(*, kind: str, outcome: str, purpose: str, current: Transition | None) -> Move | None:
    """The step that a partner's answer proves, from where the person is; nothing when it teaches nothing.

    A first meeting opens the creation path when the referral was about creating: meeting a job counselor is none.
    """
    stage = current.stage if current else ""
    evidence = current.evidence if current else Evidence.DECLARED
    left_for = current.exit_reason if current else ""
    if left_for in {ExitReason.DECEASED, ExitReason.DUPLICATE}:
        return None
    if outcome == Outcome.REGISTERED:
        if left_for == ExitReason.CREATION and evidence == Evidence.REGISTERED:
            return None
        return Move(Stage.SORT, ExitReason.CREATION, Evidence.REGISTERED)
    if outcome == Outcome.JOB:
        if left_for == ExitReason.EMPLOYMENT and evidence != Evidence.DECLARED:
            return None
        return None if left_for in SETTLED else Move(Stage.SORT, ExitReason.EMPLOYMENT, Evidence.PARTNER)
    opens_the_path = outcome == Outcome.LOAN or (kind == Kind.FIRST_MEETING and purpose in TOWARDS_CREATION)
    if not opens_the_path or left_for in SETTLED:
        return None
    if stage == Stage.PARC and evidence != Evidence.DECLARED:
        return None
    if stage == Stage.SORT and kind == Kind.FIRST_MEETING:
        return None
    return Move(Stage.PARC, "", Evidence.PARTNER)


def as_declared(step: Move, *, current: Transition | None) -> Move | None:
    """The same step on an advisor's word for the partner's; a number that its key proves stays a registration."""
    if step.evidence == Evidence.REGISTERED:
        return step
    if current and (current.stage, current.exit_reason) == (step.stage, step.exit_reason):
        return None
    return replace(step, evidence=Evidence.DECLARED)


def day_is_possible(day: date, *, sent_on: date, today: date) -> bool:
    return sent_on <= day <= today
