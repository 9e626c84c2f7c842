"""Words and drawings of a referral: its sheet in rows, its way in days, what an answer says."""

from dataclasses import dataclass
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citeslab.followup.enums import Stage
from citeslab.people.values import diploma_in_words
from citeslab.referrals.enums import Kind, Outcome, SheetField
from citeslab.ui import values

register = template.Library()


@register.filter
def sheet_rows(sheet: dict[str, str]) -> list[tuple[str, str]]:
    """What a sheet says, in words; exactly what it holds, in its order."""
    return [(str(field.label).capitalize(), in_words(field, sheet[field])) for field in SheetField if field in sheet]


def in_words(field: SheetField, value: str) -> str:
    match field:
        case SheetField.BORN_ON:
            return values.day(date.fromisoformat(value))
        case SheetField.STAGE:
            return str(Stage(value).label)
        case SheetField.DIPLOMA:
            return diploma_in_words(value)
        case SheetField.PHONE:
            return values.phone(value)
    return value


@dataclass(frozen=True)
class Step:
    name: str
    day: date | datetime | None
    icon: str
    here: bool = False


# What a state looks like: its kind of tag, its icon.
LOOKS = {
    Kind.SENT: ("", "mail"),
    Kind.SEEN: ("", "eye"),
    Kind.ACCEPTED: ("good", "check"),
    Kind.REFUSED: ("wrong", "close"),
    Kind.FIRST_MEETING: ("good", "talk"),
    Kind.OUTCOME: ("good", "check-circle"),
    Kind.EXPIRED: ("look", "clock"),
    Kind.WITHDRAWN: ("", "undo"),
}


@register.filter
def way(referral) -> list[Step]:
    """Sent, seen, accepted, met, outcome: the days that came, and where it stopped."""
    steps = [
        Step(pgettext("a referral", "Sent"), referral.sent_at, "mail", referral.state == Kind.SENT),
        Step(_("Seen"), referral.seen_on, "eye", referral.state == Kind.SEEN),
    ]
    if referral.state == Kind.REFUSED:
        return [*steps, Step(pgettext("a referral", "Refused"), referral.refused_on, "close", True)]
    steps += [
        Step(_("Accepted"), referral.accepted_on, "check", referral.state == Kind.ACCEPTED),
        Step(_("Met"), referral.met_on, "talk", referral.state == Kind.FIRST_MEETING),
        Step(_("Outcome"), referral.came_out_on, "check-circle", referral.state == Kind.OUTCOME),
    ]
    if referral.state in {Kind.EXPIRED, Kind.WITHDRAWN}:
        steps = [step for step in steps if step.day]
        steps.append(Step(state_name(referral), referral.stated_at, LOOKS[Kind(referral.state)][1], True))
    return steps


@register.filter
def state_name(referral) -> str:
    """The state in a word, an outcome by its own name."""
    if referral.state == Kind.OUTCOME and referral.outcome:
        return str(Outcome(referral.outcome).label).capitalize()
    return str(Kind(referral.state).label).capitalize()


@register.filter
def state_kind(referral) -> str:
    if referral.state == Kind.OUTCOME and referral.outcome == Outcome.DROPPED:
        return ""
    return LOOKS[Kind(referral.state)][0]


@register.filter
def state_icon(referral) -> str:
    return LOOKS[Kind(referral.state)][1]


@register.filter
def answer_icon(answer) -> str:
    return LOOKS[Kind(answer.kind)][1]


@register.filter
def days_since(moment: datetime, today: date) -> int:
    return (today - timezone.localdate(moment)).days
